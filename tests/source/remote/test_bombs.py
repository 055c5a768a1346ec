"""Objects far larger than a chunk of their array can be: refused after some bytes of them."""

from __future__ import annotations

from pathlib import Path

import anndata as ad
import numpy as np
import pytest

import karospace_stream
from karospace_stream.errors import BadInputError

BOMB_NBYTES = 50_000_000


def store_with_a_bomb(folder: Path, write_zarr, version: int, key: str) -> Path:
    data = ad.AnnData(np.ones((50, 3), "f4"), {"score": np.arange(50.0)}, obsm={"X_umap": np.ones((50, 2))})
    path = folder / "a.zarr"
    write_zarr(data, path, version)
    (chunk,) = (
        each
        for each in (path / key).rglob("*")
        if each.is_file() and not each.name.startswith((".z", "zarr"))
    )
    chunk.write_bytes(np.random.default_rng(0).bytes(BOMB_NBYTES))
    return path


@pytest.mark.parametrize("key", ["X", "obs/score", "obsm/X_umap"])
@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("shelf", ["http", "memory"], indirect=True)
@pytest.mark.few(2)
def test_no_more_is_fetched_than_a_chunk_can_have(version, key, shelf, request, tmp_path, write_zarr):
    path = store_with_a_bomb(tmp_path, write_zarr, version, key)
    shelf.put(path)
    options = {"genes": "all", "anno": "all", "storage_options": shelf.options, "scheduler": "sync"}
    with pytest.raises(
        BadInputError, match=rf"{key}.* must have at most [\d,]+ bytes, but is larger"
    ) as caught:
        karospace_stream.export(f"{shelf.url}/a.zarr", tmp_path / "out", **options)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.glob("*out*"))
    if shelf.url.startswith("http"):
        web = request.getfixturevalue("web")
        assert web.sent < BOMB_NBYTES / 2  # what fits into the buffers of two sockets
