"""Exports of mixed sections that were cut off go on to the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from tests.e2e.resume.cutting import SMALL, cut_off
from tests.inputs.sectioned.test_order import files, rows_of, write
from tests.made.tissue import make_tissue, sorted_rows

MORE: dict[str, Any] = {"gzip": False, "compression": None}


@pytest.mark.parametrize("stage", ["scatter", "sections", "gather"])
def test_cut_off(stage: str, tmp_path: Path) -> None:
    adata = make_tissue("mixed", missing=True)
    given = write(adata, tmp_path / "given.h5ad")
    options = {**SMALL, **MORE, "strategy": "spill"}
    cut_off(given, tmp_path / "out", stage=stage, strategy="spill", **MORE)
    karospace_stream.export(given, tmp_path / "out", resume=True, **options)
    karospace_stream.export(given, tmp_path / "uncut", **options)
    assert files(tmp_path / "out") == files(tmp_path / "uncut")
    assert (rows_of(tmp_path / "out") == sorted_rows(adata)).all()
