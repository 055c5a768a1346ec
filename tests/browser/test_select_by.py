"""Selecting by value, by name and along the graph; going back and forth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.page import ViewerPage
from tests.browser.shapes import FLAT, flat_at, page_spot
from tests.browser.test_tools import expect_selected, tool

Served = Callable[[Path], str]


def test_by_category_value_and_name(
    viewer: ViewerPage, served: Served, sample: anndata.AnnData, sample_bundle: Path
) -> None:
    page = viewer.page
    viewer.open(served(sample_bundle) + "#embedding=X_umap&column=cell_type")
    kinds = sample.obs["cell_type"]
    row = page.locator(".legend li").filter(has_text="T cell")
    row.hover()
    row.get_by_role("button", name="Select: T cell").click()
    expect_selected(viewer, int((kinds == "T cell").sum()))
    row = page.locator(".legend li").filter(has_text="B cell")
    row.hover()
    row.get_by_role("button", name="Select: B cell").click(modifiers=["Shift"])
    expect_selected(viewer, int(kinds.isin(["T cell", "B cell"]).sum()))

    # By keys alone, of what is shown.
    viewer.toggle("Monocyte")
    page.get_by_role("button", name="By value").click()
    form = page.get_by_role("group", name="Select by value")
    field = form.get_by_role("combobox", name="Shown cells whose cell_type is")
    field.fill("mono")
    field.press("Enter")
    form.get_by_role("button", name="Select", exact=True).press("Enter")
    expect_selected(viewer, 0)
    viewer.toggle("Monocyte")
    form.get_by_role("button", name="Select", exact=True).press("Enter")
    expect_selected(viewer, int((kinds == "Monocyte").sum()))
    assert violations(page) == []

    viewer.choose_gene("Case")
    values = np.asarray(sample[:, "Case"].X).ravel()
    form = page.get_by_role("group", name="Select by value")
    button = form.get_by_role("button", name="Select", exact=True)
    expect(button).to_be_disabled()
    form.get_by_label("Value", exact=True).fill("1.5")
    button.click()
    expect_selected(viewer, int((values >= 1.5).sum()))
    form.get_by_label("Comparison").select_option("between")
    form.get_by_label("From", exact=True).fill("1")
    form.get_by_label("To", exact=True).fill("2,5")
    form.get_by_role("button", name="Intersect with the selection").click()
    button.click()
    expect_selected(viewer, int(((values >= 1.5) & (values <= 2.5)).sum()))
    form.get_by_label("Comparison").select_option("most")
    form.get_by_role("button", name="Replace the selection").click()
    button.click()
    expect_selected(viewer, int((values <= 1).sum()))
    assert violations(page) == []

    page.get_by_role("button", name="By name").click()
    form = page.get_by_role("group", name="Select by name")
    names = form.get_by_label("Names of cells, one per line or with commas")
    names.fill("cell <7>\ncell <9>, cell <299>\nnobody\n")
    form.get_by_role("button", name="Select", exact=True).click()
    expect(form.get_by_role("status")).to_have_text("3 names of 4 found. No cell is called: nobody.")
    expect_selected(viewer, 3)
    expect(viewer.caption).to_contain_text("3 selected")
    assert violations(page) == []


def test_neighbours_of_the_selection(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes(FLAT)
    page = viewer.page
    page.get_by_role("button", name="Neighbours", exact=True).click()
    form = page.get_by_role("group", name="Neighbours of the selection")
    add = form.get_by_role("button", name="Add neighbours")
    expect(add).to_be_disabled()
    page.mouse.move(*page_spot(viewer, flat_at(viewer, -4, 4)))
    page.keyboard.down("Shift")
    page.mouse.click(*page_spot(viewer, flat_at(viewer, -4, 4)))
    page.keyboard.up("Shift")
    expect_selected(viewer, 1)
    form.get_by_role("combobox").select_option("2")
    add.click()
    expect_selected(viewer, 3)
    viewer.toggle("end")
    form.get_by_role("button", name="Only neighbours").click()
    # The last of the chain is hidden, and the others are the selection.
    expect_selected(viewer, 0)
    page.keyboard.press("Control+z")
    expect_selected(viewer, 3)
    viewer.toggle("end")
    form.get_by_role("combobox").select_option("1")
    form.get_by_role("button", name="Only neighbours").click()
    expect_selected(viewer, 1)


def test_what_was_done_is_undone_and_redone(viewer: ViewerPage, served: Served, sample_bundle: Path) -> None:
    page = viewer.page
    viewer.open(served(sample_bundle) + "#embedding=X_umap&column=cell_type")
    undo, redo = tool(viewer, "Undo"), tool(viewer, "Redo")
    expect(undo).to_be_disabled()
    viewer.toggle("B cell")
    page.get_by_role("button", name="All shown", exact=True).click()
    expect_selected(viewer, 200)
    viewer.choose_gene("Case")
    page.get_by_role("combobox", name="Embedding").select_option(index=0)
    viewer.wait()
    expect(undo).to_have_attribute("title", "Undo: the embedding (Ctrl+Z)")
    viewer.stage.focus()
    page.keyboard.press("Control+z")
    expect(viewer.caption.locator(".where")).to_have_text("UMAP")
    page.keyboard.press("Control+z")
    expect(viewer.caption.locator("strong")).to_have_text("cell_type")
    viewer.wait()
    undo.click()
    expect_selected(viewer, 0)
    expect(page.get_by_text("Undone: the selection.")).to_be_attached()
    undo.click()
    expect(viewer.caption).to_contain_text("300 cells")
    expect(undo).to_be_disabled()
    page.keyboard.press("Control+Shift+z")
    expect(viewer.caption).to_contain_text("200 of 300 cells")
    redo.click()
    expect_selected(viewer, 200)
    # In a text field, the keys undo typing.
    field = page.get_by_role("combobox", name="Gene", exact=True)
    field.fill("abc")
    field.press("Control+z")
    expect_selected(viewer, 200)
    page.keyboard.press("Escape")
    # Something new: what was undone is gone.
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(redo).to_be_disabled()
