"""The time of slides, shapes and transcripts is in the estimate of a plan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile

import karospace_stream
from tests.made.cell_shapes import names, polygons, table, write_long
from tests.made.transcripts import make_transcripts, write_xenium_transcripts

_N = 3_000


def _seconds(folder: Path, **options: object) -> float:
    return karospace_stream.plan_export(
        folder / "cells.h5ad", genes="none", group_by="none", workers=1, **options
    ).seconds


@pytest.mark.parametrize(
    ("option", "value", "at_least"),
    [("image", "a.tiff@1,1,0,0", 0.7), ("shapes", "a.parquet", 0.05), ("transcripts", "b.parquet", 0.05)],
)
def test_the_estimate_grows(tmp_path: Path, option: str, value: str, at_least: float) -> None:
    table(_N).write_h5ad(tmp_path / "cells.h5ad")
    tifffile.imwrite(tmp_path / "a.tiff", np.zeros((4_000, 4_000, 3), np.uint8), compression="deflate")
    write_long(tmp_path / "a.parquet", polygons(_N), names(_N))
    write_xenium_transcripts(tmp_path / "b.parquet", make_transcripts(100_000), as_bytes=False)
    without = _seconds(tmp_path)
    assert _seconds(tmp_path, **{option: f"{tmp_path}/{value}"}) - without > at_least
