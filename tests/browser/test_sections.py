"""Sections on top of each other, and side by side: an image lies under the cells of its section only."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import expect

import karospace_stream
from tests.browser.page import NOT_FOUND, Said, ViewerPage
from tests.made.sections import INKS, MARKS, make_sections

Color = tuple[int, int, int]


@pytest.fixture(scope="module")
def adata() -> anndata.AnnData:
    return make_sections()


def painted(picture: npt.NDArray[np.uint8], color: Color) -> npt.NDArray[np.int64]:
    """Pixels of nearly this colour, ``(n, 2)`` as x and y."""
    near = np.abs(picture.astype(int) - color).max(axis=2) < 12
    return np.stack(np.nonzero(near)[::-1], axis=1)


def is_there(picture: npt.NDArray[np.uint8], color: Color) -> bool:
    """Whether an image of this colour is; some rims of cells have it, too."""
    return len(painted(picture, color)) > 1_000


def first_cell(adata: anndata.AnnData, section: str) -> str:
    return str(adata.obs_names[adata.obs["section"] == section][0])


def check_names(viewer: ViewerPage, adata: anndata.AnnData) -> None:
    """Each section has its name above its own cells, row by row, unless names are switched off."""
    names = viewer.page.locator(".labels .section")
    expect(names).to_have_text(sorted(adata.obs["section"].unique()))
    boxes = {name.inner_text(): name.bounding_box() or {} for name in names.all()}
    downwards = sorted(boxes, key=lambda name: boxes[name]["y"])
    rows = [sorted(downwards[at : at + 4], key=lambda name: boxes[name]["x"]) for at in (0, 4, 8)]
    assert [name for row in rows for name in row] == [str(number) for number in range(1, 13)]
    toggle = viewer.page.get_by_label("Names of the sections")
    toggle.uncheck()
    expect(names).to_have_count(0)
    viewer.wait_for_link("sections=unnamed")
    toggle.check()
    expect(names).to_have_count(12)


def test_an_image_is_under_the_cells_of_its_section_only(
    viewer: ViewerPage, served: Callable[[Path], str], adata: anndata.AnnData, tmp_path: Path
) -> None:
    karospace_stream.export(adata, tmp_path / "plain")
    url = served(tmp_path / "plain")
    viewer.open(url)
    expect(viewer.page.locator(".note")).to_contain_text("12 sections lie on top of each other")
    expect(viewer.page.locator(".note")).to_contain_text("--arrange-by section")
    picture = viewer.pixels()
    assert not any(is_there(picture, ink) for ink in INKS.values())
    choice = viewer.page.get_by_label("Show with its image")
    assert choice.locator("option").all_text_contents() == ["All of section, no image", "1", "10"]
    for section, other in (("10", "1"), ("1", "10")):
        choice.select_option(label=section)
        expect(viewer.page.get_by_role("checkbox", name="Tissue image")).to_be_visible()
        viewer.wait()
        viewer.slide("Image opacity", "1")
        viewer.slide("Point size", "0.25")
        picture = viewer.pixels()
        expect(viewer.page.locator(".note")).to_have_count(0)
        assert is_there(picture, INKS[section])
        assert not is_there(picture, INKS[other])
        x, y = painted(picture, MARKS[section]).mean(axis=0)
        viewer.point_at(x, y)
        assert viewer.told()[0] == first_cell(adata, section)
    # A link carries it, and the filter leads there as well.
    viewer.page.goto("about:blank")
    viewer.open(url + '#shown=[["section",["10"]]]')
    expect(choice).to_have_value("1")
    choice.select_option(index=0)
    viewer.wait()
    expect(viewer.page.locator(".note")).to_have_count(1)
    picture = viewer.pixels()
    assert not any(is_there(picture, ink) for ink in INKS.values())


def test_each_panel_shows_the_image_of_its_own_section(
    viewer: ViewerPage, served: Callable[[Path], str], adata: anndata.AnnData, tmp_path: Path
) -> None:
    karospace_stream.export(adata, tmp_path / "plain")
    # Found at once, when the first panels and their points are there; nothing is scrolled.
    viewer.page.goto(served(tmp_path / "plain"))
    grid = viewer.page.locator(".section-grid")
    expect(grid.locator("[data-settled='true']")).to_be_attached()
    grid.get_by_role("searchbox").fill("1")
    expect(grid.locator(".section-panel")).to_have_count(4)
    for section, other in (("1", "10"), ("10", "1")):
        at = grid.locator(".section-panel").filter(has=viewer.page.get_by_text(section, exact=True))
        for _ in range(50):
            picture = np.asarray(Image.open(io.BytesIO(at.locator(".cells").screenshot(caret="initial"))))
            if is_there(picture[..., :3], INKS[section]):
                break
            viewer.page.wait_for_timeout(100)
        assert is_there(picture[..., :3], INKS[section])
        assert not is_there(picture[..., :3], INKS[other])
    # What is told of overlapping sections is not true of panels, nor of one section.
    note = viewer.page.locator(".note").filter(has_text="lie on top of each other")
    expect(note).to_have_count(0)
    viewer.page.get_by_role("button", name="One", exact=True).click()
    expect(viewer.page.locator(".section-bar")).to_be_visible()
    expect(note).to_have_count(0)
    viewer.page.get_by_role("button", name="All", exact=True).click()
    expect(note).to_have_count(1)


def test_sections_side_by_side_lie_on_their_images(
    viewer: ViewerPage, served: Callable[[Path], str], adata: anndata.AnnData, tmp_path: Path
) -> None:
    karospace_stream.export(adata, tmp_path / "laid", arrange_by="section")
    viewer.open(served(tmp_path / "laid"))
    expect(viewer.page.locator(".note")).to_have_count(0)
    viewer.wait()
    check_names(viewer, adata)
    viewer.slide("Image opacity", "1")
    picture = viewer.pixels()
    for section in INKS:
        ink = painted(picture, INKS[section])
        width, height = np.ptp(np.quantile(ink, (0.05, 0.95), axis=0), axis=0) / 0.9
        share = len(ink) / (width * height)
        assert 0.6 < share < 0.97, "cells lie on the image, and none of it elsewhere"
    viewer.slide("Point size", "0.25")
    picture = viewer.pixels()
    for section in INKS:
        x, y = painted(picture, MARKS[section]).mean(axis=0)
        viewer.point_at(x, y)
        assert viewer.told()[0] == first_cell(adata, section)
    # The filter takes the image of a section away with its cells.
    viewer.choose_column("section")
    viewer.toggle("10")
    assert not is_there(viewer.pixels(), INKS["10"])
    assert is_there(viewer.pixels(), INKS["1"])


@pytest.mark.parametrize("format", ["anndata", "cellucid"])
def test_sections_have_names_in_every_format(
    viewer: ViewerPage,
    served: Callable[[Path], str],
    adata: anndata.AnnData,
    format: str,
    said: Said,
    tmp_path: Path,
) -> None:
    target = tmp_path / ("laid.zarr" if format == "anndata" else "laid")
    karospace_stream.export(adata, target, format=format, arrange_by="section", coords="obsm:spatial")
    viewer.open(served(target))
    said.were_expected(NOT_FOUND)  # the marks of the formats that are looked for first
    expect(viewer.caption).to_contain_text("Spatial")
    viewer.choose_column("cell_type")
    viewer.wait()
    expect(viewer.page.locator(".labels .section")).to_have_text(sorted(adata.obs["section"].unique()))


@pytest.mark.parametrize("format", ["anndata", "cellucid"])
def test_the_page_of_every_format_says_that_sections_overlap(
    viewer: ViewerPage,
    served: Callable[[Path], str],
    adata: anndata.AnnData,
    format: str,
    said: Said,
    tmp_path: Path,
) -> None:
    target = tmp_path / ("plain.zarr" if format == "anndata" else "plain")
    karospace_stream.export(adata, target, format=format, coords="obsm:spatial")
    address = served(target)
    viewer.open(address)
    said.were_expected(NOT_FOUND)  # the marks of the formats that are looked for first
    note = viewer.page.locator(".note").filter(has_text="12 sections lie on top of each other")
    expect(note).to_contain_text("--arrange-by section")
    # It is not true of one section alone.
    viewer.page.goto("about:blank")
    viewer.open(address + '#shown=[["section",["10"]]]')
    expect(note).to_have_count(0)


def test_the_image_of_one_section_lies_under_its_own_coordinates_whichever_come_first(
    viewer: ViewerPage, served: Callable[[Path], str], adata: anndata.AnnData, tmp_path: Path
) -> None:
    one = adata[adata.obs["section"] == "10"].copy()
    del one.uns["spatial"]["1"]
    karospace_stream.export(one, tmp_path / "one", coords="obsm:X_umap")
    viewer.open(served(tmp_path / "one"))
    expect(viewer.caption).to_contain_text("UMAP")
    assert not is_there(viewer.pixels(), INKS["10"])
    viewer.page.get_by_label("Embedding").select_option(label="Spatial")
    expect(viewer.caption).to_contain_text("Spatial")
    viewer.wait()
    viewer.slide("Image opacity", "1")
    viewer.slide("Point size", "0.25")
    picture = viewer.pixels()
    assert is_there(picture, INKS["10"])
    x, y = painted(picture, MARKS["10"]).mean(axis=0)
    viewer.point_at(x, y)
    assert viewer.told()[0] == first_cell(adata, "10")
