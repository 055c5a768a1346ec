"""Damaged files are found out, and the message names file, key and place."""

from __future__ import annotations

import os
import pickle

import anndata as ad
import h5py
import numcodecs
import numpy as np
import pandas as pd
import pytest
import zarr
from scipy import sparse

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source

X = sparse.random(40, 10, 0.5, "csr", dtype="f4", rng=0)


@pytest.fixture
def path(tmp_path, quietly):
    obs = pd.DataFrame({"n": np.arange(40.0)}, index=[f"c{i}" for i in range(40)])
    adata = ad.AnnData(X, obs=obs, var=pd.DataFrame(index=[f"g{i}" for i in range(10)]))
    with h5py.File(tmp_path / "x.h5ad", "w") as root:
        quietly(ad.io.write_elem, root, "/", adata, dataset_kwargs={"compression": "gzip"})
        del root["X"]
        ad.io.write_elem(root, "X", X, dataset_kwargs={"compression": "gzip", "chunks": (50,)})
    return tmp_path / "x.h5ad"


def chunk_span(path, key, number):
    with h5py.File(path) as root:
        info = root[key].id.get_chunk_info(number)
    return info.byte_offset, info.size


def overwrite(path, offset, data):
    with path.open("r+b") as raw:
        raw.seek(offset)
        raw.write(data)


@pytest.mark.parametrize("damage", [b"\0" * 20, b"\xff" * 20])
def test_bad_deflate_data(path, damage):
    offset, _ = chunk_span(path, "X/data", 1)
    overwrite(path, offset, damage)
    reader = open_source(path).matrix("X")
    reader.read_rows(0, 5)  # the other chunks are good
    with pytest.raises(
        BadInputError, match=rf"X/data in .*x\.h5ad is damaged in the chunk at \[50\] \(byte {offset}"
    ):
        reader.read_rows(0, 40)


def test_one_flipped_bit_is_seen_by_the_checksum(path):
    offset, size = chunk_span(path, "X/data", 0)
    with path.open("rb") as raw:
        raw.seek(offset + size - 1)
        last = raw.read(1)[0]
    overwrite(path, offset + size - 1, bytes([last ^ 1]))  # of the Adler-32 at the end
    with pytest.raises(BadInputError, match=r"X/data .* damaged in the chunk at \[0\]"):
        open_source(path).matrix("X").read_rows(0, 5)


@pytest.mark.parametrize(
    ("part", "at", "value", "words"),
    [
        ("indices", 20, 10, r"X/indices in .* holds the index 10, but the matrix is 10 wide"),
        ("indices", 20, -1, r"X/indices in .* holds the index -1"),
        ("indptr", 2, 10**6, r"X/indptr in .* must not decrease, but does between lines 0 and 40"),
        ("indptr", 0, 1, r"X/indptr in .* must begin at 0, but begins at 1"),
        ("indptr", 40, 300, r"X/indptr in .* is 300 at line 40, but there are 200 values"),
    ],
)
def test_bad_indices(path, part, at, value, words):
    with h5py.File(path, "a") as root:
        root["X"][part][at] = value
    with pytest.raises(BadInputError, match=words):
        open_source(path).matrix("X").read_rows(0, 40)


def test_counts_prove_all_of_indptr(path):
    with h5py.File(path, "a") as root:
        root["X/indptr"][40] = 199
    with pytest.raises(BadInputError, match=r"X/indptr in .* ends at 199, but there are 200 values"):
        open_source(path).matrix("X").count_before(np.array([0]))


def test_parts_of_other_lengths(path):
    with h5py.File(path, "a") as root:
        root["X/indices"].resize((150,))
    source = open_source(path)
    assert source.catalog.matrix is None
    with pytest.raises(BadInputError, match=r"'X' .* cannot be read: the arrays of X .* do not match"):
        source.matrix("X")


def test_a_file_that_was_cut_after_it_was_opened(path):
    source = pickle.loads(pickle.dumps(open_source(path)))
    os.truncate(path, path.stat().st_size - 1000)
    with pytest.raises(BadInputError, match=r"changed while it was read"):
        source.matrix("X").read_rows(0, 40)
    path.unlink()
    with pytest.raises(BadInputError, match=r"was deleted or moved"):
        source.obs_names(0, 3)


def test_a_new_file_at_the_same_path_is_not_read_by_the_old_table(path, quietly):
    assert open_source(path).matrix("X").read_rows(0, 40).data.size == 200
    path.unlink()
    quietly(ad.AnnData(X[:, :9], obs=pd.DataFrame(index=[f"{i}" for i in range(40)])).write_h5ad, path)
    source = open_source(path)
    np.testing.assert_array_equal(source.matrix("X").read_rows(0, 40).data, X[:, :9].data)


@pytest.mark.parametrize("version", [2, 3])
def test_a_bad_zarr_chunk(tmp_path, version, write_zarr):
    store = tmp_path / "x.zarr"
    write_zarr(ad.AnnData(X.toarray()), store, version)
    chunks = [
        file for file in (store / "X").rglob("*") if file.is_file() and not file.name.startswith(("z", "."))
    ]
    assert chunks
    before = open_source(store)
    chunks[0].write_bytes(b"not a chunk")
    with pytest.raises(
        BadInputError, match=r"rows 0 to 40 of X in .*x\.zarr cannot be read, the store is damaged"
    ):
        open_source(store).matrix("X").read_rows(0, 40)
    chunks[0].rename(chunks[0].with_name("elsewhere"))
    assert open_source(store).catalog.fingerprint != before.catalog.fingerprint


def test_fingerprint_of_a_file(path):
    before = open_source(path).catalog.fingerprint
    assert open_source(path).catalog.fingerprint == before
    os.utime(path, ns=(1, 1))
    assert open_source(path).catalog.fingerprint != before


def test_stale_consolidated_metadata(tmp_path, quietly):
    store = tmp_path / "stale.zarr"
    root = zarr.open_group(store, mode="w", zarr_format=2)
    zarr.consolidate_metadata(store)
    adata = ad.AnnData(X.toarray())
    for key in ("X", "obs", "var"):
        ad.io.write_elem(root, key, getattr(adata, key))
    assert open_source(store).catalog.n_cells == 40


@pytest.mark.parametrize("version", [2, 3])
def test_a_blosc_chunk_that_was_cut_gives_no_foreign_memory(tmp_path, version, quietly):
    values = np.random.default_rng(0).random((40, 2))
    root = zarr.open_group(tmp_path / "x.zarr", mode="w", zarr_format=version)
    quietly(ad.io.write_elem, root, "/", ad.AnnData(X.toarray()))
    root = zarr.open_group(tmp_path / "x.zarr", mode="a")
    codec = {2: numcodecs.Blosc("lz4"), 3: zarr.codecs.BloscCodec(cname="lz4")}[version]
    array = root.create_array("obsm/X_umap", data=values, compressors=codec, chunks=values.shape)
    array.attrs.update({"encoding-type": "array", "encoding-version": "0.2.0"})
    [chunk] = [file for file in (tmp_path / "x.zarr" / "obsm").rglob("*0") if file.is_file()]
    np.testing.assert_array_equal(open_source(tmp_path / "x.zarr").obsm("X_umap", 0, 40, 2), values)
    chunk.write_bytes(chunk.read_bytes()[:-300])
    with pytest.raises(BadInputError, match=r"blosc data must have \d+ bytes, got \d+"):
        open_source(tmp_path / "x.zarr").obsm("X_umap", 0, 40, 2)
