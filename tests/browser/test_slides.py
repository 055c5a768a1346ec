"""Slides of 40,000 x 40,000 pixels: where they lie, what is asked for, and in which colours."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser import slides
from tests.browser.page import Said, ViewerPage


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return slides.write_bundle(tmp_path_factory.mktemp("slides") / "bundle", [slides.RGB, slides.CHANNELS])


@pytest.fixture
def served_slides(folder: Path) -> Iterator[tuple[str, list[str]]]:
    with slides.serving(folder) as served:
        yield served


def open_at(viewer: ViewerPage, url: str) -> None:
    viewer.page.goto("about:blank")
    viewer.open(url)
    wait(viewer)


def wait(viewer: ViewerPage) -> None:
    """Until all tiles in view are drawn."""
    viewer.settle()
    expect(section(viewer).locator("[data-loading]")).to_have_attribute("data-loading", "0")
    viewer.settle()


def section(viewer: ViewerPage) -> Locator:
    return viewer.page.get_by_role("region", name="Image", exact=True)


def inked(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """How much of each pixel is ink, from what is drawn at 75 % over a light ground."""
    return np.clip((picture[..., 0].astype(float) - picture[..., 2]) / 255 + 0.25, 0, None)


@pytest.mark.parametrize(("x", "y", "zoom"), [(24, 24, 8.5), (24, 24, 6.25), (40, 8, 7.3)])
def test_markers_lie_under_their_cells(
    viewer: ViewerPage, served_slides: tuple[str, list[str]], x: float, y: float, zoom: float
) -> None:
    url, _ = served_slides
    open_at(viewer, f"{url}#view={x},{y},{zoom}")
    viewer.slide("Point opacity", "0.05")
    viewer.slide("Image opacity", "1")
    wait(viewer)
    picture = viewer.pixels().astype(float)
    high, wide = picture.shape[:2]
    ink = picture[..., 0] - picture[..., 2] > 60
    for place in slides.PLACES:
        spot = (place - [x, y]) * 2**zoom + [wide / 2, high / 2]
        if not ((spot > 40) & (spot < [wide - 100, high - 40])).all():
            continue
        rows, columns = np.nonzero(ink)
        near = np.hypot(columns + 0.5 - spot[0], rows + 0.5 - spot[1]) < 38
        middle = np.array([columns[near].mean(), rows[near].mean()]) + 0.5
        assert np.abs(middle - spot).max() < 1


def test_only_tiles_in_view_are_asked_for_at_the_level_of_the_zoom(
    viewer: ViewerPage, served_slides: tuple[str, list[str]]
) -> None:
    url, asked = served_slides
    seen = []
    for zoom in (3, 6, 9):
        asked.clear()
        open_at(viewer, f"{url}#view=24,24,{zoom}")
        tiles = {tuple(map(int, re.findall(r"\d+", path)[1:])) for path in asked}
        assert len(tiles) == len(asked)
        (level,) = {tile[0] for tile in tiles}
        seen.append(level)
        # The window is 860 x 800 pixels, turned, and each shows up to 1.7 of the slide.
        assert 1 <= len(asked) <= 20
        if zoom == 9:
            middle = slides.pixels_of(np.array([[24.0, 24.0]]))[0] / slides.TILE / 2**level
            for _, row, column in tiles:
                assert np.hypot(column + 0.5 - middle[0], row + 0.5 - middle[1]) < 3.5
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 3
    # What was seen is not asked for again.
    asked.clear()
    viewer.stage.press("+")
    viewer.stage.press("-")
    wait(viewer)
    first = len(asked)
    viewer.stage.press("+")
    viewer.stage.press("-")
    wait(viewer)
    assert len(asked) == first


def test_channels_are_added_in_their_colours(
    viewer: ViewerPage, served_slides: tuple[str, list[str]]
) -> None:
    url, asked = served_slides
    open_at(viewer, url)
    section(viewer).get_by_label("Which image").select_option(label="channels")
    viewer.slide("Image opacity", "1")

    def color() -> list[int]:
        wait(viewer)
        picture = viewer.pixels()
        return [int(part) for part in picture[picture.shape[0] // 2 + 60, picture.shape[1] // 2 + 70]]

    def near(wanted: list[float]) -> None:
        assert np.abs(np.subtract(color(), wanted)).max() <= 2

    blue, green = (255 * value / 1200 for value in slides.VALUES)
    near([0, green, blue])
    viewer.slide("Brightness", "0.5")
    near([0, green / 2, blue / 2])
    viewer.slide("Brightness", "1")
    viewer.slide("Gamma", "2")
    near([0, green**2 / 255, blue**2 / 255])
    viewer.slide("Gamma", "1")
    count = len(asked)
    section(viewer).get_by_label("DAPI", exact=True).uncheck()
    near([0, green, 0])
    section(viewer).get_by_label("Colour of CD3").fill("#ff0000")
    near([green, 0, 0])
    # All values are there already.
    assert len(asked) == count
    viewer.wait_for_link("image=")
    link = viewer.page.url
    open_at(viewer, link)
    viewer.slide("Image opacity", "1")
    near([green, 0, 0])
    section(viewer).get_by_role("button", name="Reset the image").click()
    near([0, green, blue])


def test_a_figure_has_the_slide_at_its_own_resolution(
    viewer: ViewerPage, served_slides: tuple[str, list[str]]
) -> None:
    url, asked = served_slides
    open_at(viewer, f"{url}#view=24,24,6.25")
    viewer.slide("Point opacity", "0.05")
    before = {path.split("/")[-2] for path in asked}
    viewer.page.get_by_role("button", name="Image", exact=True).last.click()
    dialog = viewer.page.get_by_role("dialog")
    expect(dialog.locator("canvas")).to_have_attribute("data-drawn", "true")
    with viewer.page.expect_download() as download:
        dialog.get_by_role("button", name="Save").click()
    picture = np.asarray(Image.open(io.BytesIO(Path(download.value.path()).read_bytes())).convert("RGB"))
    assert (np.abs(picture.astype(int)[..., 2] - picture[..., 0]) > 20).mean() > 0.3
    # Finer tiles than those of the page.
    assert min(path.split("/")[-2] for path in asked) < min(before)
    expect(dialog).to_have_count(0)
    wait(viewer)
    assert (viewer.pixels()[..., 2].astype(int) - viewer.pixels()[..., 0] > 20).mean() > 0.3


def test_tiles_that_failed_are_asked_for_again(
    viewer: ViewerPage, served_slides: tuple[str, list[str]], said: Said
) -> None:
    url, asked = served_slides
    failing = True
    viewer.page.route(
        "**/slides/**", lambda route: route.fulfill(status=503) if failing else route.continue_()
    )
    open_at(viewer, f"{url}#view=24,24,6")
    status = section(viewer).get_by_role("status")
    expect(status).to_contain_text("could not be loaded")
    assert asked == []
    failing = False
    # Without the user.
    expect(status).to_have_count(0)
    wait(viewer)
    assert len(asked) > 0
    viewer.slide("Image opacity", "1")
    picture = viewer.pixels().astype(int)
    assert (picture[..., 2] - picture[..., 0] > 20).mean() > 0.3
    said.were_expected()
