"""Which files are meant by a name that none has."""

from __future__ import annotations

from pathlib import Path

import pytest

from karospace_stream.similar.paths import similar_paths


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("smaple.h5ad", ["sample.h5ad"]),
        ("sample.h5d", ["sample.h5ad"]),
        ("sample", ["sample.h5ad"]),
        ("Heart.zarr", ["heart.zarr"]),
        ("nope.h5ad", []),
        ("lung.h5ad", []),
        ("x.h5ad", []),
    ],
)
def test_a_shared_ending_makes_no_two_names_similar(typed: str, meant: list[str], tmp_path: Path) -> None:
    for name in ("sample.h5ad", "one.h5ad", "open2.h5ad", "y.h5ad", "heart.zarr"):
        (tmp_path / name).touch()
    assert similar_paths(tmp_path / typed) == [str(tmp_path / each) for each in meant]
