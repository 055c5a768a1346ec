"""The legend changes names, colours and order of categories, and puts one in the light."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

import karospace_stream
from tests.browser.page import ViewerPage

#: Cells of three types at places of their own.
PLACES = np.array([[-2, 0], [0, 0], [2, 0]], dtype=np.float64)
TYPES = ["a", "b", "c"]
VIEW = "#column=kind&view=0,0,6"
PINK = (255, 0, 170)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    codes = np.array([0, 1, 2, 2])
    adata = anndata.AnnData(
        np.ones((4, 1), np.float32),
        obs=pd.DataFrame(
            {"kind": pd.Categorical(np.array(TYPES)[codes])}, index=[f"cell {i}" for i in range(4)]
        ),
    )
    adata.obsm["X_umap"] = PLACES[codes]
    folder = tmp_path_factory.mktemp("legend") / "bundle"
    karospace_stream.export(adata, folder, anno="all")
    return folder


def colour_at(viewer: ViewerPage, kind: int) -> tuple[int, ...]:
    picture = viewer.pixels()
    height, width = picture.shape[:2]
    x, y = PLACES[kind] * 64
    return tuple(picture[round(height / 2 - y), round(width / 2 + x)].tolist())


def test_a_category_is_renamed_recoloured_moved_and_put_in_the_light_by_keys(
    viewer: ViewerPage, new_page: Callable[..., ViewerPage], served: Callable[[Path], str], bundle: Path
) -> None:
    page = viewer.page
    url = served(bundle)
    viewer.open(url + VIEW)
    viewer.slide("Point opacity", "1")
    viewer.slide("Point size", "3")
    before = colour_at(viewer, 1)
    boxes = page.locator(".legend").get_by_role("checkbox")

    page.get_by_role("button", name="Order and colours").press("Enter")
    boxes.nth(1).focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Edit: b")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Name to show for b").fill("B cells")
    page.keyboard.press("Enter")
    page.get_by_label("Colour of B cells").fill("#ff00aa")
    viewer.settle()
    assert colour_at(viewer, 1) == PINK != before
    expect(page.locator(".legend li").nth(1)).to_contain_text("B cells")

    page.get_by_role("button", name="Select: B cells").focus()
    page.keyboard.press("Enter")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text())))
    assert rows == [["cell_id", "kind", "kind (as shown)"], ["cell 1", "b", "B cells"]]
    page.get_by_role("button", name="Clear", exact=True).click()

    # The others fade while the button has the focus, and stay so if it is pressed.
    page.get_by_role("button", name="Spotlight: B cells").focus()
    page.keyboard.press("Enter")
    boxes.first.focus()
    viewer.settle()
    assert colour_at(viewer, 1) == PINK
    assert min(colour_at(viewer, 0)) > 200
    page.get_by_role("button", name="End", exact=True).click()
    viewer.settle()
    assert min(colour_at(viewer, 0)) < 200

    boxes.nth(1).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(boxes.first).to_be_focused()
    expect(page.locator(".legend li").first).to_contain_text("B cells")
    viewer.wait_for_link("%22own%22")

    other = new_page()
    other.open(page.url + "&labels=1")
    expect(other.page.locator(".labels").first).to_contain_text("B cells")
    expect(other.page.locator(".legend .swatch").first).to_have_css("background-color", f"rgb{PINK}")
    expect(other.page.locator(".legend li").first).to_contain_text("B cells")

    for _ in range(8):
        page.keyboard.press("Control+z")
    viewer.settle()
    assert colour_at(viewer, 1) == before
    expect(page.locator(".legend li").nth(1).locator(".name")).to_have_text("b")


def test_palettes_are_chosen_copied_and_pasted(
    viewer: ViewerPage, served: Callable[[Path], str], bundle: Path
) -> None:
    page = viewer.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    viewer.open(served(bundle) + VIEW)
    page.get_by_role("button", name="Order and colours").click()
    page.get_by_role("combobox", name="Palette").select_option("okabe-ito")
    page.get_by_role("button", name="Copy JSON").click()
    expect(page.get_by_text("are copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert json.loads(copied) == {"a": "#e69f00", "b": "#56b4e9", "c": "#009e73"}
    page.get_by_role("button", name="Copy Python").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('palette'))")
    scope: dict[str, dict[str, str]] = {}
    exec(page.evaluate("navigator.clipboard.readText()"), scope)
    assert scope["palette"] == json.loads(copied)

    page.get_by_role("button", name="Paste").click()
    page.get_by_role("textbox", name="Palette as JSON").fill("{'a': '#ff00aa', 'x': '#000000', 'c': 'red'}")
    page.get_by_role("button", name="Use these colours").click()
    told = page.locator(".legend-options").get_by_role("status")
    expect(told).to_contain_text("1 of 3 categories have the pasted colours. No category is called “x”.")
    expect(told).to_contain_text("“red”")
    expect(page.locator(".legend .swatch").first).to_have_css("background-color", f"rgb{PINK}")
    page.get_by_role("combobox", name="Order").select_option("size")
    expect(page.locator(".legend li").first).to_contain_text("c")
