"""A Zarr store in one zip file: the same as its folder; zips that are damaged or hostile are refused."""

from __future__ import annotations

import pickle
import struct
import warnings
import zipfile
from pathlib import Path

import anndata as ad
import numpy as np
import pytest
import zarr

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source
from tests.damage.sample import sample

METHODS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}


def pack(folder: Path, target: Path, method: int = zipfile.ZIP_STORED, top: str = "") -> Path:
    with zipfile.ZipFile(target, "w", method) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{top}{file.relative_to(folder).as_posix()}")  # folders too, as zip does
    return target


@pytest.fixture(scope="module")
def adata():
    return sample(np.random.default_rng(0))


@pytest.fixture(scope="module")
def folders(adata, tmp_path_factory, write_zarr):
    """Zarr of both versions, and one of shards, which are read in part."""
    folder = tmp_path_factory.mktemp("stores")
    for version in (2, 3):
        write_zarr(adata, folder / f"v{version}.zarr", version)
    write_zarr(adata, folder / "shards.zarr", 3)
    root = zarr.open_group(folder / "shards.zarr", use_consolidated=False)
    root.create_array(
        "layers/dense", data=adata.layers["dense"], chunks=(5, 12), shards=(20, 12), overwrite=True
    ).attrs.update({"encoding-type": "array", "encoding-version": "0.2.0"})
    (folder / "shards.zarr" / "zarr.json").write_text(
        '{"zarr_format": 3, "node_type": "group", "attributes": {}}'  # no consolidated metadata
    )
    return folder


@pytest.mark.parametrize("top", ["", "in it.zarr/"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["v2", "v3", "shards"])
def test_is_read_as_its_folder(folders, adata, tmp_path, name, method, top, assert_same):
    path = pack(folders / f"{name}.zarr", tmp_path / "x.zarr.zip", METHODS[method], top)
    source = pickle.loads(pickle.dumps(open_source(path)))
    assert (source.catalog.name, source.catalog.container) == ("x", "zarr")
    assert source.catalog.location == str(path)
    assert_same(source, adata)
    source.check()


def test_what_zarr_itself_has_packed(adata, tmp_path, assert_same):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its zips hold some documents twice, and the last one counts
        with zarr.storage.ZipStore(tmp_path / "x.zip", mode="w") as store:
            ad.io.write_elem(zarr.open_group(store, mode="w"), "/", adata)
    assert_same(open_source(tmp_path / "x.zip"), adata)


def test_zip64(folders, adata, tmp_path, assert_same, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 3)  # as if there were more than 65,535 entries
    folder, path = folders / "v3.zarr", tmp_path / "x.zarr.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                with archive.open(file.relative_to(folder).as_posix(), "w", force_zip64=True) as entry:
                    entry.write(file.read_bytes())
    assert b"PK\x06\x06" in path.read_bytes()  # the end of a directory of 64 bits
    assert_same(open_source(path), adata)


def test_one_that_changes_is_refused(folders, tmp_path):
    path = pack(folders / "v3.zarr", tmp_path / "x.zarr.zip")
    source = open_source(path)
    pack(folders / "v2.zarr", path)
    for read in (source.check, lambda: source.obs_names(0, 2)):
        with pytest.raises(BadInputError, match="changed while it was read"):
            read()
    assert open_source(path).catalog.fingerprint != source.catalog.fingerprint


@pytest.mark.parametrize("inside", ["mod/rna", "tables/one", "table/one"])
@pytest.mark.parametrize("top", ["", "outer.zarr/"])
def test_an_anndata_that_lies_deeper(folders, adata, tmp_path, inside, top, assert_same):
    path = tmp_path / "x.zarr.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for group in ("", *(f"{part}/" for part in (inside.partition("/")[0],))):
            archive.writestr(f"{top}{group}.zgroup", '{"zarr_format": 2}')
        for file in sorted((folders / "v2.zarr").rglob("*")):
            if file.is_file():
                archive.write(file, f"{top}{inside}/{file.relative_to(folders / 'v2.zarr').as_posix()}")
    with pytest.raises(BadInputError, match="not an AnnData"):
        open_source(path)
    inner = f"{path}/{top}{inside}"
    source = open_source(inner)
    assert (source.catalog.name, source.catalog.location) == (inside.rpartition("/")[2], inner)
    assert_same(source, adata)
    with pytest.raises(BadInputError, match="without a Zarr group at 'nowhere'"):
        open_source(f"{path}/nowhere")


def rewritten(data: bytes, signature: bytes, number: int, field: tuple[int, str], value: int) -> bytes:
    """Change a number of one header, counted from the first."""
    at = -1
    for _ in range(number + 1):
        at = data.index(signature, at + 1)
    changed = bytearray(data)
    struct.pack_into(field[1], changed, at + field[0], value)
    return bytes(changed)


CENTRAL, LOCAL = b"PK\x01\x02", b"PK\x03\x04"
FLAGS, METHOD, STORED, SIZE, OFFSET = (8, "<H"), (10, "<H"), (20, "<I"), (24, "<I"), (42, "<I")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (OFFSET, 0, "overlaps the next entry"),
        (OFFSET, 2**31, "overlaps the next entry"),
        (STORED, 2**31, "overlaps the next entry"),
        (SIZE, 2**31, "must have 2147483648 bytes, but"),
        (METHOD, 93, "compressed by method 93"),
        (FLAGS, 1, "entries are encrypted"),
    ],
)
def test_a_directory_that_lies(folders, tmp_path, field, value, words):
    path = pack(folders / "v3.zarr", tmp_path / "x.zarr.zip")
    path.write_bytes(rewritten(path.read_bytes(), CENTRAL, 5, field, value))
    with pytest.raises(BadInputError, match=words):
        open_source(path)


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "..", "a/.."])
def test_names_that_lead_out(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "x.zarr.zip", "w") as archive:
        archive.writestr("zarr.json", "{}")
        archive.writestr(name, "{}")
    with pytest.raises(BadInputError, match="has a name that points outside"):
        open_source(tmp_path / "x.zarr.zip")


@pytest.mark.parametrize("cut", [1, 30, 3000])
def test_a_zip_that_was_not_copied_to_its_end(folders, tmp_path, cut):
    path = pack(folders / "v3.zarr", tmp_path / "x.zarr.zip")
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(BadInputError, match="is a damaged or incomplete zip file"):
        open_source(path)


def test_bytes_that_are_damaged(folders, tmp_path):
    for method, words in (("stored", "its checksum differs"), ("deflated", "is damaged: ")):
        path = pack(folders / "v3.zarr", tmp_path / "x.zarr.zip", METHODS[method])
        with zipfile.ZipFile(path) as archive:
            about = archive.getinfo("layers/dense/c/0/0")
        data = bytearray(path.read_bytes())
        data[about.header_offset + 30 + len(about.filename) + about.compress_size // 2] ^= 0xFF
        path.write_bytes(data)
        with pytest.raises(BadInputError, match=words):
            open_source(path).matrix("layers/dense").read_rows(0, 40)
        data[about.header_offset] ^= 0xFF
        path.write_bytes(data)
        with pytest.raises(BadInputError, match="it is not at the offset that the directory gives"):
            open_source(path).matrix("layers/dense").read_rows(0, 40)


def test_a_bomb_is_not_inflated(folders, tmp_path):
    path = tmp_path / "x.zarr.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted((folders / "v3.zarr").rglob("*")):
            if file.is_file():
                name = file.relative_to(folders / "v3.zarr").as_posix()
                archive.writestr(
                    name, bytes(100 << 20) if name == "layers/dense/c/0/0" else file.read_bytes()
                )
    with pytest.raises(BadInputError, match=r"inflates from .* to .*, which is too much; .* zip -0 -r"):
        open_source(path).matrix("layers/dense").read_rows(0, 40)
    # The directory says that it is small, so no more than that is inflated.
    with zipfile.ZipFile(path) as archive:
        number = [about.filename for about in archive.infolist()].index("layers/dense/c/0/0")
    path.write_bytes(rewritten(path.read_bytes(), CENTRAL, number, SIZE, 1920))
    with pytest.raises(BadInputError, match="must inflate to 1920 bytes, but does not"):
        open_source(path).matrix("layers/dense").read_rows(0, 40)
