"""Chunks that inflate to 150 MB where some hundred bytes are declared: refused or left out, within memory."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.verification.api import verify
from tests.e2e.support import Measured, run_measured
from tests.hostile.bombs import HDF5_FILTERS, ZARR_CODECS, h5_bomb, small_data, zarr_bomb

MEMORY = "300MB"
#: More than the same export without a bomb holds, which would add its own 150.
MORE_NBYTES = 75e6
#: A chunk of text may inflate to 75 MB, which these two decoders copy: a bomb would add 300.
COPIED = dict.fromkeys(("bz2", "lzma"), 150e6)
ARRAYS = ("X/data", "X/indptr", "obs/score", "obsm/X_umap", "var/_index", "obs/kind/categories")

FORMATS = ("karospace", "cellucid", "anndata")
#: Found by the plan, which goes on without the column. Only KaroSpace needs its first number.
LEFT_OUT = {("obs/kind/categories", each): "obs:kind" for each in FORMATS}
LEFT_OUT["obs/score", "karospace"] = "obs:score"


def export_measured(source: Path, folder: Path, format: str) -> tuple[Path, Measured]:
    target = folder / ("out.zarr" if format == "anndata" else "out")
    words = ("--genes", "all", "--anno", "all", "--memory", MEMORY, "--format", format)
    return target, run_measured("export", source, target, *words)


@functools.cache
def usual_nbytes(format: str) -> int:
    """The peak of the export without a bomb: mostly libraries, which differ from machine to machine."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "small.h5ad"
        small_data().write_h5ad(source)
        _, done = export_measured(source, Path(folder), format)
    assert done.exit_code == 0, done.stderr
    return done.peak_nbytes


def treated_as_damaged(
    source: Path, folder: Path, key: str, format: str, more_nbytes: float = MORE_NBYTES
) -> None:
    target, done = export_measured(source, folder, format)
    lines = [line for line in done.stderr.strip().splitlines() if line.startswith(("error: ", "note: "))]
    assert 50e6 < done.peak_nbytes < usual_nbytes(format) + more_nbytes
    if (key, format) in LEFT_OUT:
        assert done.exit_code == 0, done.stderr
        (note,) = (line for line in lines if line.startswith(f"note: {LEFT_OUT[key, format]} is left out: "))
        assert "cannot be read" in note
        assert verify(target)
        return
    assert done.exit_code == BadInputError.exit_code, done.stderr
    (error,) = (line for line in lines if line.startswith("error: "))
    assert key in error
    assert source.name in error
    assert not list(folder.glob("*out*"))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("key", ARRAYS)
@pytest.mark.parametrize("kind", HDF5_FILTERS)
@pytest.mark.few(1)
def test_hdf5(kind: str, key: str, format: str, tmp_path: Path) -> None:
    source = h5_bomb(tmp_path / "bomb.h5ad", kind, key)
    treated_as_damaged(source, tmp_path, key, format)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("key", ARRAYS)
@pytest.mark.parametrize(
    ("version", "kind"), [*((2, kind) for kind in ZARR_CODECS), (3, "gzip"), (3, "zstd"), (3, "blosc")]
)
@pytest.mark.few(1)
def test_zarr(version: int, kind: str, key: str, format: str, tmp_path: Path) -> None:
    source = zarr_bomb(tmp_path / "bomb.zarr", version, kind, key)
    treated_as_damaged(source, tmp_path, key, format, COPIED.get(kind, MORE_NBYTES))
