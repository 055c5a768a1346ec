"""Bright discs of images lie under their cells, wherever the page draws them, and however it turns them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser import fiducials
from tests.browser.page import FRAMES, ViewerPage

#: Degrees, and whether a section is mirrored.
TURNS = [(0, False), (37, True), (90, False), (180, True), (270, False)]
OTHERS = [(degrees, not flipped) for degrees, flipped in TURNS]
#: How often the view is made larger before it is looked at again: at all zooms, or at one between.
STEPS, BETWEEN = [0, 2, 2], [2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fiducials.write_bundle(tmp_path_factory.mktemp("fiducials"))


def link(*turned: tuple[str, int, bool]) -> str:
    all_of = [{"section": name, "degrees": degrees, "flipped": flipped} for name, degrees, flipped in turned]
    return f"turned={quote(json.dumps(all_of))}&column=kind"


def wait(viewer: ViewerPage) -> None:
    viewer.settle()
    loading = viewer.page.get_by_role("region", name="Image", exact=True).locator("[data-loading]")
    expect(loading).to_have_attribute("data-loading", "0")
    viewer.settle()


def check_large(
    viewer: ViewerPage, url: str, turns: dict[str, list[tuple[int, bool]]], *, at_all_zooms: bool
) -> None:
    """The first turn of each section at all zooms, others too or at one; distances are below 0.4 pixels."""
    levels: set[str] = set()
    viewer.page.on("request", lambda each: levels.update(re.findall(r"/slides/\d+/(\d+)/", each.url)))
    viewer.page.goto(f"{url}#section=a")
    viewer.wait()
    viewer.slide("Image opacity", "1")
    viewer.slide("Point opacity", "1")
    for name, of_section in turns.items():
        for number, (degrees, flipped) in enumerate(of_section):
            viewer.page.goto(f"{url}#section={name}&{link((name, degrees, flipped))}")
            viewer.wait()
            viewer.stage.press("0")
            for step in STEPS if at_all_zooms or number == 0 else BETWEEN:
                for _ in range(step):
                    viewer.stage.press("+")
                wait(viewer)
                picture = viewer.pixels()
                found = fiducials.find(picture)
                assert len(found) >= (5 if step == 0 else 2)
                assert max(each.apart for each in found) < 1
    assert len(levels) >= 3


def test_discs_lie_under_the_cells_of_a_section_shown_large(
    viewer: ViewerPage, served: Callable[[Path], str], folder: Path
) -> None:
    check_large(viewer, served(folder), {"a": TURNS, "b": [(37, False), (270, True)]}, at_all_zooms=False)


@pytest.mark.big
def test_discs_lie_under_the_cells_in_all_turns_of_both_sections(
    viewer: ViewerPage, served: Callable[[Path], str], folder: Path
) -> None:
    check_large(viewer, served(folder), dict.fromkeys(fiducials.AFFINES, TURNS + OTHERS), at_all_zooms=True)


def still(viewer: ViewerPage) -> npt.NDArray[np.uint8]:
    """What the canvas of the grid shows, once that has stopped changing."""
    before = b""
    while True:
        viewer.page.evaluate(FRAMES)
        png = viewer.page.locator(".section-grid canvas").screenshot(caret="initial")
        if png == before:
            return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
        before = png


def test_discs_lie_under_the_cells_of_each_panel_of_the_grid(
    viewer: ViewerPage, served: Callable[[Path], str], folder: Path
) -> None:
    url = served(folder)
    drawn = viewer.page.locator(".section-grid [data-settled]")
    for turns in zip(TURNS, OTHERS[1:] + OTHERS[:1], strict=True):
        turned = [(name, *turn) for name, turn in zip(fiducials.AFFINES, turns, strict=True)]
        viewer.page.goto("about:blank")  # a page that is open already may write its own address meanwhile
        viewer.page.goto(f"{url}#{link(*turned)}")
        expect(drawn).to_have_attribute("data-settled", "true")
        # There are discs and cells to compare once the images are there.
        for name, value in (("Image opacity", "1"), ("Point opacity", "1"), ("Point size", "0.5")):
            viewer.page.get_by_role("slider", name=name).fill(value)
        expect(drawn).to_have_attribute("data-images", "2")
        expect(viewer.page.locator(".grid-toolbar strong", has_text="kind")).to_be_visible()
        expect(viewer.page.locator(".busy")).to_have_count(0)
        found = fiducials.find(still(viewer))
        assert len(found) == 2 * len(fiducials.UNDER)
        assert max(each.apart for each in found) < 1
