"""The image that is saved: cells as the page shows them, only finer; a title, a whole legend, a scale bar."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

import karospace_stream
from tests.browser.page import ViewerPage, changed
from tests.browser.sample import CORNER

Picture = npt.NDArray[np.uint8]
MARGIN = 16


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Picture]:
    """Save the picture as a person does, and read it."""

    def save_from(viewer: ViewerPage, *choices: str, dpi: int = 96, title: str | None = None) -> Picture:
        page = viewer.page
        page.get_by_role("button", name="Image").click()
        dialog = page.get_by_role("dialog", name="Save an image")
        dialog.get_by_label("Pixels per inch", exact=True).fill(str(dpi))
        for choice in choices:
            dialog.get_by_role("button", name=choice).or_(dialog.get_by_label(choice)).click()
        if title is not None:
            dialog.get_by_label("Title").fill(title)
        ready(dialog)
        with page.expect_download() as download:
            dialog.get_by_role("button", name="Save PNG").click()
        expect(dialog).to_have_count(0)
        download.value.save_as(tmp_path / download.value.suggested_filename)
        with Image.open(tmp_path / download.value.suggested_filename) as image:
            np.testing.assert_allclose(image.info["dpi"], dpi, atol=0.02)
            return np.asarray(image.convert("RGB"))

    return save_from


def ready(dialog: Locator) -> None:
    """Until the preview is that of the last choice."""
    expect(dialog.locator("canvas")).to_have_attribute("data-drawn", "true")


def colors_in(picture: Picture) -> set[tuple[int, ...]]:
    return {tuple(color) for color in np.unique(picture.reshape(-1, 3), axis=0).tolist()}


def legend_colors(viewer: ViewerPage, *, checked: bool) -> set[tuple[int, ...]]:
    """Colours of the categories that are on, or off."""
    found = viewer.page.locator(".legend li").evaluate_all(
        "(rows, on) => rows.filter((row) => row.querySelector('input').checked === on)"
        ".map((row) => row.querySelector('.swatch').style.backgroundColor)",
        checked,
    )
    return {tuple(map(int, re.findall(r"\d+", color))) for color in found}


def test_cells_are_those_of_the_page_and_the_legend_is_whole(
    viewer: ViewerPage, served: Callable[[Path], str], clusters: Path, save: Callable[..., Picture]
) -> None:
    viewer.open(served(clusters) + '#column=cluster&hidden=[["cluster",["cluster 2"]]]')
    shown = viewer.pixels()
    height, width = shown.shape[:2]
    saved = save(viewer)
    # The title above, the legend to the right.
    assert saved.shape[0] > height + 40
    cells = saved[saved.shape[0] - height :, :width]
    assert changed(cells, shown) == 0
    legend = saved[saved.shape[0] - height :, width:]
    on, off = (legend_colors(viewer, checked=checked) for checked in (True, False))
    assert len(on) == 39
    assert on <= colors_in(legend)
    assert not off & colors_in(legend)
    assert changed(shown, viewer.pixels()) == 0


def test_it_is_as_fine_as_was_chosen(
    viewer: ViewerPage, served: Callable[[Path], str], clusters: Path, save: Callable[..., Picture]
) -> None:
    viewer.open(served(clusters) + "#column=stage")
    shown = viewer.pixels()
    height, width = shown.shape[:2]
    once = save(viewer)
    thrice = save(viewer, dpi=288)
    assert thrice.shape[0] == 3 * once.shape[0]
    assert abs(thrice.shape[1] - 3 * once.shape[1]) <= 3
    cells = thrice[thrice.shape[0] - 3 * height :, : 3 * width]
    # As large as before, and not only blown up: rims are finer.
    coarse = cells.reshape(height, 3, width, 3, 3).mean(axis=(1, 3))
    on_white = np.where((shown == shown[1, 1]).all(axis=2, keepdims=True), 255, shown)
    assert np.abs(coarse - on_white).mean() < 1
    assert changed(cells, np.repeat(np.repeat(coarse.astype(np.uint8), 3, axis=0), 3, axis=1)) > 1000
    assert changed(shown, viewer.pixels()) == 0
    # The choice is kept for the next image, also of another day.
    viewer.page.reload()
    viewer.wait()
    viewer.page.get_by_role("button", name="Image").click()
    expect(viewer.page.get_by_label("Pixels per inch", exact=True)).to_have_value("288")


def test_the_other_theme_and_the_parts_that_are_wanted(
    viewer: ViewerPage, served: Callable[[Path], str], clusters: Path, save: Callable[..., Picture]
) -> None:
    viewer.open(served(clusters) + "#column=stage")
    light = save(viewer)
    assert tuple(light[0, 0]) == (255, 255, 255)
    dark = save(viewer, "Dark")
    assert dark.shape == light.shape
    assert tuple(dark[0, 0]) == (14, 19, 21)
    assert (230, 235, 237) in colors_in(dark[:60, :200])  # the title
    assert viewer.pixels()[1, 1].mean() > 200
    bare = save(viewer, "White", "Legend", "Caption", title="")
    assert bare.shape[1] == viewer.pixels().shape[1]
    assert bare.shape[0] == viewer.pixels().shape[0]


def test_a_gene_has_its_colours_and_what_grey_is(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path, save: Callable[..., Picture]
) -> None:
    viewer.open(served(sample_bundle) + "#embedding=X_umap&gene=Case")
    width = viewer.pixels().shape[1]
    legend = save(viewer)[:, width:]
    drawn = colors_in(legend)
    for end in ((68, 1, 84), (253, 231, 37)):
        assert min(np.abs(np.subtract(color, end)).sum() for color in drawn) < 12
    assert (216, 219, 221) in drawn  # not expressed
    # Cells have the colours of the picture's background, not of the page's theme.
    dark = save(viewer, "Dark", "Legend")
    assert (54, 61, 66) in colors_in(dark)
    assert (216, 219, 221) not in colors_in(dark)


def test_the_scale_bar_is_as_long_as_it_says(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path, save: Callable[..., Picture]
) -> None:
    x, y = CORNER
    url = served(sample_bundle)
    viewer.open(url + f"#column=cell_type&view={x},{y},0")
    expect(viewer.page.locator(".scale-bar")).to_have_text("100 units")
    viewer.page.get_by_label("Microns per unit, for a scale bar").fill("0.5")
    viewer.page.keyboard.press("Tab")
    bar = viewer.page.locator(".scale-bar")
    # At zoom 0 a unit is a pixel: 50 µm are 100 of them.
    expect(bar).to_have_text("50 µm")
    assert bar.evaluate("e => e.offsetWidth") == 100
    width = viewer.pixels().shape[1]
    saved = save(viewer, dpi=192)
    line = saved[saved.shape[0] - 2 * MARGIN - 4, : 2 * width]
    ink = np.flatnonzero((line == (27, 36, 41)).all(axis=1))
    assert ink[0] == 2 * MARGIN
    assert len(ink) == ink[-1] - ink[0] + 1 == 200
    # A link takes it along; a UMAP has no lengths.
    viewer.wait_for_link("microns=0.5")
    viewer.page.goto("about:blank")
    viewer.open(url + "#embedding=X_umap&microns=0.5")
    expect(bar).to_have_count(0)


def test_a_slide_that_states_its_length_has_a_scale_bar_at_once(
    viewer: ViewerPage, served: Callable[[Path], str], tmp_path: Path
) -> None:
    cells = anndata.AnnData(np.ones((4, 2), np.float32), obsm={"spatial": np.eye(4)[:, :2] * 400})
    cells.uns["spatial"] = {"hd": {"scalefactors": {"microns_per_pixel": 0.5}}}
    karospace_stream.export(cells, tmp_path / "bundle", progress=False)
    viewer.open(served(tmp_path / "bundle") + "#view=200,200,0")
    bar = viewer.page.locator(".scale-bar")
    expect(bar).to_have_text("50 µm")
    assert bar.evaluate("e => e.offsetWidth") == 100
    field = viewer.page.get_by_label("Microns per unit, for a scale bar")
    expect(field).to_have_attribute("placeholder", "0.5, as the data say")
    field.fill("1")
    viewer.page.keyboard.press("Tab")
    expect(bar).to_have_text("100 µm")
    field.fill("")
    viewer.page.keyboard.press("Tab")
    expect(bar).to_have_text("50 µm")


def test_what_a_browser_cannot_draw_is_said(
    viewer: ViewerPage, served: Callable[[Path], str], clusters: Path
) -> None:
    viewer.open(served(clusters))
    viewer.page.get_by_role("button", name="Image").click()
    dialog = viewer.page.get_by_role("dialog", name="Save an image")
    field = dialog.get_by_label("Pixels per inch", exact=True)
    field.fill("2400")
    expect(dialog.get_by_role("status")).to_contain_text("This browser cannot draw more than")
    field.fill("many")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.blur()
    expect(field).to_have_value("2400")
