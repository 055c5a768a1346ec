"""Transcripts over the tissue: in the right place, in the colour of their gene, named under the pointer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
from playwright.sync_api import expect

import karospace_stream
from tests.browser.page import ViewerPage

#: Where all transcripts of each gene are, far from each other; cells are in the corners and in the middle.
PLACES = {"Gene1": (250.0, 300.0), "Gene2": (700.0, 650.0)}


def make_bundle(folder: Path) -> Path:
    """Two genes, each with a dense disc of transcripts."""
    corners = np.array([[0, 0], [1000, 0], [0, 1000], [1000, 1000], [500, 500]], np.float64)
    cells = anndata.AnnData(np.eye(5, 2, dtype=np.float32))
    cells.var_names = list(PLACES)
    cells.obsm["spatial"] = corners
    rng = np.random.default_rng(0)
    molecules = [
        pd.DataFrame(rng.normal(place, 8, (400, 2)), columns=["x", "y"]).assign(gene=gene)
        for gene, place in PLACES.items()
    ]
    pd.concat(molecules).to_csv(folder / "molecules.csv", index=False)
    karospace_stream.export(cells, folder / "bundle", transcripts=folder / "molecules.csv", preview=False)
    return folder / "bundle"


def choose(viewer: ViewerPage, gene: str) -> None:
    field = viewer.page.get_by_role("combobox", name="Add a gene")
    field.fill(gene)
    field.press("Enter")
    expect(viewer.page.get_by_text("All in view are shown.")).to_be_visible()
    viewer.settle()


def middle_of(viewer: ViewerPage, color: tuple[int, int, int]) -> tuple[float, float]:
    """The middle of the pixels of a colour."""
    rows, columns = np.nonzero(np.abs(viewer.pixels().astype(int) - color).max(axis=2) < 8)
    assert len(rows) > 30
    return float(columns.mean()), float(rows.mean())


def middle_of_cells(viewer: ViewerPage) -> tuple[float, float]:
    """The cell in the middle, of which nothing else is near."""
    picture = viewer.pixels().astype(int)
    height, width = picture.shape[:2]
    top, left = height // 2 - 60, width // 2 - 60
    near = picture[top : top + 120, left : left + 120]
    rows, columns = np.nonzero(np.abs(near - picture[2, 2]).max(axis=2) > 40)
    assert len(rows)
    return left + float(columns.mean()), top + float(rows.mean())


def test_a_gene_is_where_its_transcripts_are(
    tmp_path: Path, new_page: Callable[..., ViewerPage], served: Callable[[Path], str]
) -> None:
    url = served(make_bundle(tmp_path))
    viewer = new_page()
    viewer.open(url)
    choose(viewer, "Gene1")
    choose(viewer, "Gene2")
    swatches = viewer.page.locator(".transcripts input[type=color]")
    for at, color in enumerate(("#ff0000", "#0000ff")):
        swatches.nth(at).evaluate(
            "(field, color) => { field.value = color; field.dispatchEvent(new Event('input')) }",
            color,
        )
    viewer.settle()
    first, second = middle_of(viewer, (255, 0, 0)), middle_of(viewer, (0, 0, 255))
    middle = middle_of_cells(viewer)
    scale = (second[0] - first[0]) / (PLACES["Gene2"][0] - PLACES["Gene1"][0])
    for found, place in zip((first, second), PLACES.values(), strict=True):
        expected = [at + (each - 500) * scale for at, each in zip(middle, place, strict=True)]
        np.testing.assert_allclose(found, expected, atol=2)

    box = viewer.canvas.bounding_box()
    assert box is not None
    viewer.page.mouse.move(box["x"] + first[0], box["y"] + first[1])
    expect(viewer.page.locator(".transcript-tip")).to_have_text("Gene1")

    other = new_page()
    other.open(viewer.page.url)
    chips = other.page.get_by_role("list", name="Genes whose transcripts are shown")
    expect(chips.get_by_role("listitem")).to_have_count(2)
    np.testing.assert_allclose(middle_of(other, (255, 0, 0)), first, atol=2)
    other.page.get_by_role("button", name="Remove the transcripts of Gene1").click()
    other.settle()
    assert not (np.abs(other.pixels().astype(int) - (255, 0, 0)).max(axis=2) < 8).any()
