"""The list of several exports: titles, descriptions, pictures; an AnnData store has no picture."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import anndata
import pytest
from playwright.sync_api import expect

import karospace_stream
from tests.browser.axe import violations
from tests.browser.conftest import PAGE
from tests.browser.page import NOT_FOUND, Said, ViewerPage

TITLE = "A grid of cells, as in no tissue"


@pytest.fixture(scope="module")
def several(sample: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("several")
    texts = {"title": TITLE, "description": "Three hundred cells in rows."}
    karospace_stream.export(sample, folder / "grid", coords="obsm:X_umap", **texts)
    karospace_stream.export(sample, folder / "store.zarr", format="anndata", title="The same as a store")
    return folder


@pytest.mark.parametrize("way", ["served", "chosen"])
@pytest.mark.few(1)
def test_a_list_has_titles_descriptions_and_pictures(
    viewer: ViewerPage, served: Callable[[Path], str], several: Path, tmp_path: Path, said: Said, way: str
) -> None:
    page = viewer.page
    if way == "served":
        page.goto(served(several))
    else:
        page.goto(PAGE.as_uri())
        packed = shutil.make_archive(str(tmp_path / "several"), "zip", several)
        page.get_by_label("Choose a zip of an export").set_input_files(packed)
    expect(page.get_by_role("heading", name="Choose a data set")).to_be_visible()
    grid, store = page.locator(".datasets li").all()
    expect(grid.locator(".name")).to_contain_text(TITLE)
    expect(grid).to_contain_text("Three hundred cells in rows.")
    expect(grid).to_contain_text("300 cells · 8 genes")
    expect(store.locator(".name")).to_have_text("The same as a store")
    picture = grid.locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("e => e.decode().then(() => e.naturalWidth)") > 0
    # The page draws the y of a UMAP upwards.
    expect(picture).to_have_class("thumbnail turned")
    expect(store.locator("img")).to_have_count(0)
    expect(store.locator(".thumbnail")).to_be_visible()
    assert violations(page) == []
    page.screenshot(path=tmp_path / f"list_{way}.png")
    store.get_by_role("button").click()
    viewer.wait()
    expect(page.locator(".panel h1")).to_have_text("The same as a store")
    said.were_expected(NOT_FOUND)  # the page looks for an export before it looks for a list
