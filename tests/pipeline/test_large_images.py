"""Images that the page does not draw: exported all the same, and plan and report say so."""

from __future__ import annotations

from pathlib import Path

import anndata
import numpy as np
import pytest
from PIL import Image

import karospace_stream
from karospace_stream.formats.karospace.choices.pictures import MOST_PIXELS, too_large

SIDE = 8192


def data() -> anndata.AnnData:
    return anndata.AnnData(np.ones((4, 2), "f4"), obsm={"X_umap": np.zeros((4, 2))})


def test_the_limit_is_the_pages() -> None:
    page = Path(__file__).parents[2] / "viewer" / "src" / "bundle" / "pictures.ts"
    assert f"MOST_PIXELS = {SIDE} * {SIDE};" in page.read_text()
    assert MOST_PIXELS == SIDE**2
    assert too_large(SIDE, SIDE, "it") == ()
    assert "it has 8,193 x 8,192 pixels" in too_large(SIDE + 1, SIDE, "it")[0].text


@pytest.mark.parametrize("height", [SIDE, SIDE + 1])
def test_an_image_file(height: int, tmp_path: Path) -> None:
    path = tmp_path / "tissue.png"
    Image.new("1", (SIDE, height)).save(path)
    report = karospace_stream.export(data(), tmp_path / "out", genes="all", image=path)
    told = [note for note in report.notes if "67,108,864" in note]
    assert [str(path) in note for note in told] == [True] * (height > SIDE)


@pytest.mark.parametrize("height", [SIDE, SIDE + 1])
def test_an_image_of_the_source(height: int) -> None:
    adata = data()
    adata.uns["spatial"] = {"slide": {"images": {"hires": np.zeros((height, SIDE), "u1")}}}
    plan = karospace_stream.plan_export(adata, genes="all", memory="12GB")
    told = [note for note in plan.notes if "67,108,864" in note]
    assert ["'slide'" in note and "'hires'" in note for note in told] == [True] * (height > SIDE)
    without = karospace_stream.plan_export(adata, genes="all", memory="12GB", image=False)
    assert not any("67,108,864" in note for note in without.notes)
