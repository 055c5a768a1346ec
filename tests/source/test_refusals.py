"""Files that are no AnnData are refused with a sentence that says what they are."""

from __future__ import annotations

import gzip
import re
import zipfile
from contextlib import nullcontext

import anndata as ad
import h5py
import numpy as np
import pytest
import zarr

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source


def refusal(path):
    with pytest.raises(BadInputError) as caught:
        open_source(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message


def test_truncated(data_dir):
    message = refusal(data_dir / "localsc_pbmc3k_processed.h5ad")
    assert "is truncated: it should have 24,653,425 bytes and has 16,384" in message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"cell,gene\nA,B\n", "is a text file"),
        (b"\n <!DOCTYPE html><html>", "is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "is a Git LFS pointer"),
        (gzip.compress(b"x" * 100, mtime=0), "is compressed with gzip"),
        (b"\0\1\2\3" * 100, "is not an HDF5 file"),
        (b"%%MatrixMarket matrix coordinate", "is a Matrix Market file"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 3000, "cannot be opened as HDF5, it is damaged"),
    ],
)
def test_other_files(tmp_path, data, words):
    path = tmp_path / "x.h5ad"
    path.write_bytes(data)
    assert words in refusal(path)


def test_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zarr", "w") as archive:
        archive.writestr("x.h5ad", "no matter what")
    assert (
        "is a zip file without a Zarr store at its top; unpack it and give the AnnData in it: x.h5ad"
        in refusal(tmp_path / "x.zarr")
    )


def test_nothing_there(tmp_path):
    assert "does not exist" in refusal(tmp_path / "nix.h5ad")
    with pytest.raises(BadInputError, match=r"memory://bucket/x\.h5ad does not exist"):
        open_source("memory://bucket/x.h5ad")


def test_folder_that_is_no_store(tmp_path):
    (tmp_path / "a.h5ad").touch()
    message = refusal(tmp_path)
    assert "is a folder but not a Zarr store" in message
    assert message.endswith("it contains a.h5ad")


@pytest.mark.parametrize("version", [2, 3])
def test_zarr_of_something_else(tmp_path, version):
    zarr.open_group(tmp_path / "group.zarr", mode="w", zarr_format=version).create_group("images")
    assert "is not an AnnData: it has no obs and var, but images" in refusal(tmp_path / "group.zarr")
    zarr.create_array(tmp_path / "array.zarr", shape=(2,), dtype="f4", zarr_format=version)
    assert "single Zarr array" in refusal(tmp_path / "array.zarr")


def test_damaged_zarr_metadata(tmp_path):
    (tmp_path / "x.zarr").mkdir()
    (tmp_path / "x.zarr" / "zarr.json").write_text("{")
    assert "x.zarr/zarr.json is damaged: it is no JSON" in refusal(tmp_path / "x.zarr")


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        (["matrix/barcodes", "matrix/data", "matrix/indices", "matrix/indptr"], "10x Genomics"),
        (["GRCh38/barcodes", "GRCh38/data", "GRCh38/indices", "GRCh38/indptr"], "10x Genomics"),
        (["images", "model_weights"], "no obs and var, but images, model_weights"),
        ([], "is empty; an AnnData has obs and var"),
    ],
)
def test_other_hdf5(tmp_path, groups, words):
    with h5py.File(tmp_path / "x.h5ad", "w") as root:
        for name in groups:
            root.create_group(name)
    assert words in refusal(tmp_path / "x.h5ad")


@pytest.mark.filterwarnings("ignore")  # of anndata, about Zarr
@pytest.mark.parametrize("frame", ["obs", "var"])
@pytest.mark.parametrize("suffix", ["h5ad", "zarr"])
@pytest.mark.parametrize("named", ["gone", "", None])
def test_no_index(tmp_path, suffix, frame, named):
    """anndata ends with a KeyError where nothing is what ``_index`` names, whatever other names there are."""
    path, adata = tmp_path / f"x.{suffix}", ad.AnnData(np.ones((2, 2), "f4"))
    (adata.write_h5ad if suffix == "h5ad" else adata.write_zarr)(path)
    with h5py.File(path, "a") if suffix == "h5ad" else nullcontext(zarr.open_group(path)) as root:
        if named is None:
            del root[f"{frame}/_index"], root[frame].attrs["_index"]
        else:
            root[frame].attrs["_index"] = named
        if suffix == "zarr":
            zarr.consolidate_metadata(root.store)
    words = (
        f"{frame} has no index of names"
        if named is None
        else f"_index of {frame} must name the array .*, got '{named}'"
    )
    with pytest.raises(BadInputError, match=words):
        open_source(path)


def test_index_that_no_attribute_names(tmp_path):
    """No guess: the name is kept for this."""
    ad.AnnData(np.ones((2, 2), "f4")).write_h5ad(tmp_path / "x.h5ad")
    with h5py.File(tmp_path / "x.h5ad", "a") as root:
        del root["obs"].attrs["_index"]
    assert open_source(tmp_path / "x.h5ad").obs_names(0, 2).tolist() == ["0", "1"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (b"data\xe9frame", "must be UTF-8"),
        (np.array([b"data\xe9frame"], object), "must be UTF-8"),  # of any length
        ("dict2", "must be 'dataframe'"),
    ],
)
def test_encoding_of_a_frame(tmp_path, value, words):
    ad.AnnData(np.ones((2, 2), "f4")).write_h5ad(tmp_path / "x.h5ad")
    with h5py.File(tmp_path / "x.h5ad", "a") as root:
        dtype = h5py.string_dtype() if isinstance(value, np.ndarray) else None
        root["obs"].attrs.create("encoding-type", value, dtype=dtype)
    with pytest.raises(BadInputError, match=rf"obs of .*x\.h5ad cannot be read: its encoding-type.*{words}"):
        open_source(tmp_path / "x.h5ad")


def test_damaged_obs(tmp_path):
    with h5py.File(tmp_path / "x.h5ad", "w") as root:
        root["var"] = root["obs"] = np.ones(3)
    with pytest.raises(BadInputError, match=r"obs of .*x\.h5ad cannot be read, the file is damaged"):
        open_source(tmp_path / "x.h5ad")


def test_permission(tmp_path, monkeypatch):
    (tmp_path / "x.h5ad").touch()

    def refuse(path, raw):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(
        "karospace_stream.source.problems.diagnose.refuse_no_hdf5", refuse
    )  # root may read anything
    assert "cannot be read: permission denied" in refusal(tmp_path / "x.h5ad")


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        (("assays/RNA", "reductions", "meta.data"), r"SeuratDisk::Convert\('.*x\.h5', dest = 'h5ad'\)"),
        (("barcode_idx", "feature_idx", "umi"), "is a molecule list of 10x Genomics"),
        (("geneExp/bin1",), "is a GEF file of Stereo-seq"),
    ],
)
def test_hdf5_of_something_else(tmp_path, groups, words):
    with h5py.File(tmp_path / "x.h5", "w") as root:
        for group in groups:
            root.create_group(group)
        if "meta.data" in groups:
            root["cell.names"] = np.array([b"a"])
    assert re.search(words, refusal(tmp_path / "x.h5"))


def test_without_x(tmp_path):
    ad.AnnData(obs={"a": [1, 2]}, var={"b": [3]}).write_h5ad(tmp_path / "x.h5ad")
    source = open_source(tmp_path / "x.h5ad")
    assert source.catalog.matrix is None
    assert source.obs_column("a", 0, 2).values.tolist() == [1, 2]
    with pytest.raises(BadInputError, match="has no matrix 'X'; it has none"):
        source.matrix("X")
    with pytest.raises(BadInputError, match="has no raw"):
        source.var_names(raw=True)
