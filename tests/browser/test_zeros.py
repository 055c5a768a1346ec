"""Cells that do not express a gene are grey, smaller, and below the others, unless zero means nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from playwright.sync_api import expect

import karospace_stream
from tests.browser.page import ViewerPage

GREY = {"light": (216, 219, 221), "dark": (54, 61, 66)}
LOWEST, HIGHEST = (68, 1, 84), (253, 231, 37)  # of viridis
#: The last cell lies on the first one, and would hide it if cells were drawn by number.
PLACES = np.array([[0, 0], [-2, 0], [2, 0], [0, 2], [0, -2], [0, 0]], dtype=np.float64)
EXPRESSING, SILENT, TOP = 0, 1, 2
VIEW = "&view=0,0,6"
SIZES = [str(size / 20) for size in range(2, 24)]


def make_cells() -> anndata.AnnData:
    counts = np.array([1, 0, 4, 0, 1, 0], dtype=np.float32)
    adata = anndata.AnnData(
        np.stack([counts, counts - 1, np.zeros(6), counts + 1], axis=1).astype(np.float32),
        obs=pd.DataFrame(
            {"part": pd.Categorical(list("aabbba")), "score": counts}, index=[f"cell {i}" for i in range(6)]
        ),
        var=pd.DataFrame(index=["counts", "scaled", "silent", "everywhere"]),
    )
    adata.obsm["X_umap"] = PLACES
    return adata


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zeros") / "bundle"
    karospace_stream.export(make_cells(), folder, anno="all")
    return folder


@pytest.fixture
def open_cells(served: Callable[[Path], str], bundle: Path) -> Callable[[ViewerPage, str], None]:
    url = served(bundle)

    def open_at(viewer: ViewerPage, link: str) -> None:
        viewer.page.goto("about:blank")
        viewer.open(url + link)
        viewer.slide("Point opacity", "1")
        viewer.slide("Point size", "3")

    return open_at


def colour_at(picture: npt.NDArray[np.uint8], cell: int) -> tuple[int, ...]:
    return tuple(picture[_pixel(picture, cell)].tolist())


def area_at(picture: npt.NDArray[np.uint8], cell: int) -> int:
    """Pixels around a cell that are not background."""
    row, column = _pixel(picture, cell)
    around = picture[row - 30 : row + 31, column - 30 : column + 31].astype(int)
    return int((np.abs(around - picture[1, 1].astype(int)).sum(axis=2) > 40).sum())


def ink_at(picture: npt.NDArray[np.uint8], cell: int) -> float:
    """Pixels that a cell covers, those of its soft rim in part."""
    row, column = _pixel(picture, cell)
    background = picture[1, 1].astype(int)
    around = picture[row - 12 : row + 13, column - 12 : column + 13].astype(int)
    covered = np.abs(around - background).sum(axis=2)
    return float(covered.sum() / covered.max())


def _pixel(picture: npt.NDArray[np.uint8], cell: int) -> tuple[int, int]:
    height, width = picture.shape[:2]
    x, y = PLACES[cell] * 64
    return round(height / 2 - y), round(width / 2 + x)


def test_expressing_cells_never_have_less_ink(
    viewer: ViewerPage, open_cells: Callable[[ViewerPage, str], None]
) -> None:
    """Also where the grey one is a square of three pixels and the other a disc."""
    open_cells(viewer, "#gene=counts" + VIEW)
    inks = []
    for size in SIZES:
        viewer.slide("Point size", size)
        picture = viewer.pixels()
        inks.append((ink_at(picture, SILENT), ink_at(picture, TOP)))
    assert min(grey for grey, _ in inks) < 9 < max(grey for grey, _ in inks)
    assert [pair for pair in inks if pair[1] < pair[0]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_silent_cells_are_grey_below_the_others_and_smaller(
    new_page: Callable[..., ViewerPage], open_cells: Callable[[ViewerPage, str], None], scheme: str
) -> None:
    viewer = new_page(color_scheme=scheme)
    open_cells(viewer, "#gene=counts" + VIEW)
    picture = viewer.pixels()
    assert colour_at(picture, SILENT) == GREY[scheme]
    assert colour_at(picture, TOP) == HIGHEST
    # The silent cell at the same place has a higher number.
    assert colour_at(picture, EXPRESSING) not in (GREY[scheme], LOWEST)
    viewer.point_at(picture.shape[1] / 2, picture.shape[0] / 2)
    assert viewer.told() == (f"cell {EXPRESSING}", {"counts": "1"})
    assert 1.4 < area_at(picture, TOP) / area_at(picture, SILENT) < 2
    expect(viewer.page.locator(".expression")).to_have_text(
        "Expressed in 50 % of the cells (3 of 6), with a mean of 2. The bars leave out the zeros (50 %)."
    )
    # A new range or palette changes nothing for them.
    viewer.slide("Lowest colour at", "900")
    viewer.page.get_by_role("button", name="Colours: ").click()
    viewer.page.get_by_role("radio", name="magma").check()
    viewer.settle()
    assert colour_at(viewer.pixels(), SILENT) == GREY[scheme]


def test_grey_is_a_choice_that_links_and_the_browser_keep(
    new_page: Callable[..., ViewerPage], open_cells: Callable[[ViewerPage, str], None]
) -> None:
    viewer = new_page()
    open_cells(viewer, "#gene=counts" + VIEW)
    viewer.page.get_by_label("Grey where not expressed").uncheck()
    viewer.settle()
    picture = viewer.pixels()
    assert colour_at(picture, SILENT) == LOWEST
    # The same size; where the middle of a cell lies within its pixel shows at its edge.
    assert area_at(picture, TOP) == pytest.approx(area_at(picture, SILENT), rel=0.05)
    viewer.wait_for_link("zeros=coloured")

    other = new_page()
    other.open(viewer.page.url)
    expect(other.page.get_by_label("Grey where not expressed")).not_to_be_checked()
    # Who was sent a link has chosen nothing.
    open_cells(other, "")
    other.choose_gene("counts")
    expect(other.page.get_by_label("Grey where not expressed")).to_be_checked()

    open_cells(viewer, "")
    viewer.choose_gene("counts")
    expect(viewer.page.get_by_label("Grey where not expressed")).not_to_be_checked()
    open_cells(viewer, "#gene=counts" + VIEW)
    assert colour_at(viewer.pixels(), SILENT) == GREY["light"]


def test_zero_is_a_value_like_any_other_where_it_says_nothing(
    viewer: ViewerPage, open_cells: Callable[[ViewerPage, str], None]
) -> None:
    for link in ("#gene=scaled", "#column=score", "#gene=everywhere"):
        open_cells(viewer, link + VIEW)
        picture = viewer.pixels()
        assert colour_at(picture, SILENT) == LOWEST, link
        told = viewer.page.get_by_text("below zero")
        expect(told).to_have_count(1 if link == "#gene=scaled" else 0)
        expect(viewer.page.get_by_label("Grey where not expressed")).to_have_count(
            int(link == "#gene=everywhere")
        )
    expect(viewer.page.locator(".expression")).to_have_text(
        "Expressed in 100 % of the cells (6 of 6), with a mean of 2."
    )
    open_cells(viewer, "#gene=silent" + VIEW)
    assert colour_at(viewer.pixels(), TOP) == GREY["light"]
    expect(viewer.page.locator(".expression")).to_have_text("No cell expresses it.")


def test_what_is_said_is_of_the_cells_shown(
    viewer: ViewerPage, open_cells: Callable[[ViewerPage, str], None]
) -> None:
    open_cells(viewer, '#gene=counts&hidden=[["part",["a"]]]')
    said = viewer.page.locator(".expression")
    expect(said).to_have_text(
        "Expressed in 66.7 % of the shown cells (2 of 3), with a mean of 2.5. "
        "The bars leave out the zeros (33.3 %)."
    )
    viewer.page.get_by_label("Filter by").select_option(label="part")
    viewer.page.get_by_role("button", name="Hide all").click()
    expect(said).to_have_text("No shown cell has a value.")
