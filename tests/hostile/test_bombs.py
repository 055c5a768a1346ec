"""Chunks that inflate to 350 MB where some hundred bytes are declared: refused, within the budget."""

from __future__ import annotations

from pathlib import Path

import pytest

from karospace_stream.errors import BadInputError
from tests.e2e.support import run_measured
from tests.hostile.bombs import HDF5_FILTERS, ZARR_CODECS, h5_bomb, zarr_bomb

MEMORY = "400MB"
ARRAYS = ("X/data", "X/indptr", "obs/score", "obsm/X_umap", "var/_index", "obs/kind/categories")


def refused(source: Path, target: Path, key: str, *words: str) -> None:
    done = run_measured("export", source, target, "--genes", "all", "--memory", MEMORY, *words)
    assert done.exit_code == BadInputError.exit_code, done.stderr
    assert key in done.stderr
    assert source.name in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert 50e6 < done.peak_nbytes < 400e6
    assert not list(target.parent.glob("*out*"))


@pytest.mark.parametrize("key", ARRAYS)
@pytest.mark.parametrize("kind", HDF5_FILTERS)
@pytest.mark.few(2)
def test_hdf5(kind: str, key: str, tmp_path: Path) -> None:
    source = h5_bomb(tmp_path / "bomb.h5ad", kind, key)
    refused(source, tmp_path / "out", key, "--anno", "all")


@pytest.mark.parametrize("key", ARRAYS)
@pytest.mark.parametrize(
    ("version", "kind"), [*((2, kind) for kind in ZARR_CODECS), (3, "gzip"), (3, "zstd"), (3, "blosc")]
)
@pytest.mark.few(2)
def test_zarr(version: int, kind: str, key: str, tmp_path: Path) -> None:
    source = zarr_bomb(tmp_path / "bomb.zarr", version, kind, key)
    refused(source, tmp_path / "out", key, "--anno", "all")
