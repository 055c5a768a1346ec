"""Light and dark, wide and narrow: nothing cut off, and pictures to look at in the test's folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.page import ViewerPage

SIZES = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.few(1)
def test_nothing_is_cut_off(
    new_page: Callable[..., ViewerPage],
    served: Callable[[Path], str],
    sample_bundle: Path,
    tmp_path: Path,
    scheme: str,
    size: str,
) -> None:
    viewer = new_page(viewport=SIZES[size], color_scheme=scheme)
    url = served(sample_bundle)
    for name, link in (("annotation", "#embedding=X_umap"), ("gene", "#gene=Case")):
        viewer.page.goto("about:blank")
        viewer.open(url + link)
        viewer.page.screenshot(path=tmp_path / f"{name}_{scheme}_{size}.png")
        overflow = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert viewer.page.evaluate(overflow) == 0
        for box in viewer.page.locator(".sections, .rest, header, footer").all():
            assert box.evaluate("e => e.scrollWidth - e.clientWidth") == 0
        for button in ("Image", "Copy link", "Help", "Zoom in", "Show all cells"):
            expect(viewer.page.get_by_role("button", name=button)).to_be_in_viewport(ratio=1)
    viewer.open(url + "#embedding=X_umap&column=cell_type")
    background = viewer.pixels()[1, 1].mean()
    assert background > 200 if scheme == "light" else background < 60


def test_the_chosen_theme_outlives_a_reload(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    viewer.open(served(sample_bundle) + "#embedding=X_umap")
    assert viewer.pixels()[1, 1].mean() > 200
    button = viewer.page.get_by_role("button", name="Theme")
    for expected in ("light", "dark"):
        button.click()
        expect(button).to_have_accessible_name(f"Theme: {expected}")
    viewer.page.reload()
    viewer.wait()
    assert viewer.pixels()[1, 1].mean() < 60


def test_a_phone_taps_for_the_tooltip(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], sample_bundle: Path
) -> None:
    viewer = new_page(viewport=SIZES["narrow"], has_touch=True, is_mobile=True)
    viewer.open(served(sample_bundle) + "#embedding=X_umap")
    box = viewer.canvas.bounding_box()
    assert box is not None
    spots = viewer.spots()
    x, y = spots[np.argmin(np.abs(spots - (box["width"] / 2, box["height"] / 2)).sum(axis=1))]
    viewer.page.touchscreen.tap(box["x"] + int(x), box["y"] + int(y))
    cell_id, values = viewer.told()
    assert cell_id.startswith("cell <")
    assert "cell_type" in values
    tooltip = viewer.tooltip.bounding_box()
    assert tooltip is not None
    assert tooltip["x"] >= 0
    assert tooltip["x"] + tooltip["width"] <= SIZES["narrow"]["width"]
