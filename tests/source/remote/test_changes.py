"""A file or store that is not what it was when the source was opened."""

from __future__ import annotations

import anndata as ad
import numpy as np
import pytest
from scipy import sparse

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source
from karospace_stream.source.files import remote_file

X = sparse.random(300, 40, 0.3, "csr", dtype="f4", rng=0)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.h5ad"
    ad.AnnData(X, obs={"n": np.arange(300)}).write_h5ad(path, compression="gzip")
    return path


def rewrite(path):
    """As large as before, with other values."""
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def test_a_file_is_looked_at_once_more(shelf, path):
    source = shelf.open(path)
    source.check()
    rewrite(path)
    shelf.put(path)
    with pytest.raises(BadInputError, match=r"a\.h5ad changed while it was read"):
        source.check()
    open_source(f"{shelf.url}/a.h5ad", storage_options=shelf.options).check()


def test_a_file_that_is_gone(web, path):
    source = open_source(web.put(path))
    del web.files["/a.h5ad"]
    with pytest.raises(BadInputError, match=r"a\.h5ad was deleted or moved after the job began"):
        source.check()
    with pytest.raises(BadInputError, match="was deleted or moved"):
        source.matrix("X").read_rows(0, 300)


def test_a_file_is_looked_at_now_and_then(web, path, monkeypatch):
    source = open_source(web.put(path))
    asked = web.count
    for _ in range(10):
        source.obs_column("n", 0, 300)
    asked_for_data = web.count - asked
    assert asked_for_data <= 2
    monkeypatch.setattr(remote_file, "_FRESH_S", 0.0)
    source.obs_column("n", 0, 300)
    rewrite(path)
    web.put(path)
    with pytest.raises(BadInputError, match="changed while it was read"):
        source.obs_column("n", 0, 300)


def test_what_looks_like_damage_may_be_another_file(web, path):
    source = open_source(web.put(path))
    source.matrix("X").count_before(np.array([0]))  # now this process knows where the chunks are
    stored = source.matrix("X").data
    stored.read(slice(0, 1))
    web.files["/a.h5ad"] = bytes(len(path.read_bytes()))
    with pytest.raises(BadInputError, match="changed while it was read"):
        source.matrix("X").read_rows(0, 300)


def test_a_file_that_is_just_damaged(web, path):
    import h5py

    with h5py.File(path) as root:
        chunk = root["X/data"].id.get_chunk_info(0)
    data = bytearray(path.read_bytes())
    data[chunk.byte_offset : chunk.byte_offset + 20] = bytes(20)
    web.files["/a.h5ad"] = bytes(data)
    source = open_source(f"{web.address}/a.h5ad")
    with pytest.raises(
        BadInputError, match=rf"X/data in {web.address}/a\.h5ad is damaged in the chunk at \[0\]"
    ):
        source.matrix("X").read_rows(0, 300)


@pytest.mark.parametrize("version", [2, 3])
def test_a_zarr_store(shelf, tmp_path, write_zarr, version):
    write_zarr(ad.AnnData(X, obs={"n": np.arange(300)}), tmp_path / "a.zarr", version)
    source = shelf.open(tmp_path / "a.zarr")
    source.check()
    if shelf.url.startswith("http"):  # where nothing can be listed, the metadata have to tell
        document = tmp_path / "a.zarr" / ("zarr.json" if version == 3 else ".zmetadata")
        document.write_bytes(document.read_bytes() + b"\n")
    else:
        folder = tmp_path / "a.zarr" / "X" / "data"
        rewrite(
            max((each for each in folder.rglob("*") if each.is_file()), key=lambda each: each.stat().st_size)
        )
    shelf.put(tmp_path / "a.zarr")
    with pytest.raises(BadInputError, match=r"a\.zarr changed while it was read"):
        source.check()
