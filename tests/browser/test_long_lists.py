"""Thousands of categories, columns and genes: what is listed is in the page only where it is seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect
from scipy import sparse

import karospace_stream
from tests.browser.page import NOT_FOUND, Said, ViewerPage

N_CELLS, N_CATEGORIES = 6000, 5000
ELEMENTS = "() => document.querySelectorAll('*').length"


def _cells(n_cells: int) -> anndata.AnnData:
    rng = np.random.default_rng(3)
    matrix = sparse.random(n_cells, 3, 0.3, format="csr", dtype=np.float32, random_state=3)
    cells = anndata.AnnData(matrix, obsm={"X_umap": rng.normal(size=(n_cells, 2)).astype(np.float32)})
    cells.obs_names = [f"cell{number}" for number in range(n_cells)]
    return cells


@pytest.fixture(
    scope="module",
    params=["karospace", *(pytest.param(name, marks=pytest.mark.big) for name in ("cellucid", "anndata"))],
)
def many_categories(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    cells = _cells(N_CELLS)
    codes = np.arange(N_CELLS) % N_CATEGORIES
    cells.obs["clone"] = pd.Categorical.from_codes(codes, [f"clone{code:04}" for code in range(N_CATEGORIES)])
    cells.obs["type"] = pd.Categorical.from_codes(codes % 2, ["a", "b"])
    target = tmp_path_factory.mktemp("long") / "export.zarr"
    karospace_stream.export(cells, target, format=request.param, anno="all")
    return target


def test_thousands_of_categories_are_listed_searched_and_filtered(
    viewer: ViewerPage, served: Callable[[Path], str], many_categories: Path, said: Said
) -> None:
    page = viewer.page
    viewer.open(served(many_categories))
    # Nobody tells so many colours apart: the column with few categories comes first.
    expect(viewer.caption.locator("strong")).to_have_text("type")
    viewer.choose_column("clone")
    assert page.evaluate(ELEMENTS) < 500
    rows = page.locator(".legend li")
    expect(rows.first).to_have_attribute("aria-setsize", str(N_CATEGORIES))

    # The keys lead through all of it, and the row with the focus is there wherever the list is.
    rows.first.get_by_role("checkbox").focus()
    page.keyboard.press("End")
    expect(page.locator("li:focus-within")).to_have_attribute("aria-posinset", str(N_CATEGORIES))
    page.keyboard.press("ArrowUp")
    page.locator(".legend .rows").evaluate("list => { list.scrollTop = 0 }")
    expect(rows.first).to_have_attribute("aria-posinset", "1")
    expect(page.locator("li:focus-within")).to_have_attribute("aria-posinset", str(N_CATEGORIES - 1))

    page.get_by_label("Find a category").fill("CLONE012")
    expect(rows).to_have_count(10)
    expect(page.locator(".legend .found")).to_have_text("10 of 5,000")
    page.get_by_role("button", name="Only this: clone0123").click()
    expect(viewer.caption).to_contain_text(f"2 of {N_CELLS:,} cells")
    # All but one of thousands: the address names the one.
    page.wait_for_url("**shown=**")
    assert len(page.url) < 300
    page.reload()
    viewer.wait()
    expect(viewer.caption).to_contain_text(f"2 of {N_CELLS:,} cells")
    said.were_expected(NOT_FOUND)  # of the heads of other formats


def test_thousands_of_columns_are_searched(
    viewer: ViewerPage, served: Callable[[Path], str], tmp_path: Path, said: Said
) -> None:
    cells = _cells(50)
    values = {f"column{number}": np.full(50, number, np.float32) for number in range(1000)}
    cells.obs = pd.DataFrame(values, index=cells.obs_names)
    karospace_stream.export(cells, tmp_path / "export", format="cellucid")
    viewer.open(served(tmp_path / "export"))
    assert viewer.page.evaluate(ELEMENTS) < 500
    field = viewer.page.get_by_role("combobox", name="Annotation")
    field.fill("column98")
    options = viewer.page.get_by_role("option")
    expect(options.first).to_have_attribute("aria-setsize", "11")
    field.press("ArrowDown")
    field.press("Enter")
    expect(viewer.caption.locator("strong")).to_have_text("column980")
    viewer.wait()

    # Of a cell only that of its colour is told, and what is added.
    field = viewer.page.get_by_role("combobox", name="Also show")
    field.fill("column977")
    field.press("Enter")
    expect(viewer.page.get_by_role("button", name="Remove column977 from the tooltip")).to_be_visible()
    x, y = viewer.spots()[0]
    viewer.point_at(x, y)
    _, told = viewer.told()
    assert told == {"column980": "980", "column977": "977"}
    said.were_expected(NOT_FOUND)
