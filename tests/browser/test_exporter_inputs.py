"""The graphical exporter with several inputs: picked, put in order, read in ways of their own, exported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.app.client import Client
from tests.browser.axe import violations
from tests.browser.page import ViewerPage
from tests.browser.test_exporter import SIZES, client, export, fill, newest, page, problem

__all__ = ["client", "page"]  # fixtures


@pytest.fixture
def lung(tmp_path: Path) -> Path:
    """A folder with three samples and a table."""
    folder = tmp_path / "lung"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name, n_cells in {"s1": 30, "s2": 20, "s10": 25}.items():
        adata = anndata.AnnData(rng.poisson(1, (n_cells, 5)).astype(np.float32))
        adata.obs_names = [f"{name}-{cell}" for cell in range(n_cells)]
        adata.obs["kind"] = pd.Categorical(["a", "b"] * (n_cells // 2) + ["a"] * (n_cells % 2))
        adata.obsm["X_umap"] = rng.random((n_cells, 2))
        adata.write_h5ad(folder / f"{name}.h5ad")
    cells = [f"s1-{cell}" for cell in range(30)]
    pd.DataFrame({"cell": cells, "score": range(30)}).to_csv(folder / "scores.csv", index=False)
    return folder


def test_several_inputs_are_picked_ordered_and_exported(page: Page, lung: Path) -> None:
    page.get_by_role("button", name="Browse: Input").click()
    picker = page.get_by_role("dialog", name="Input")
    picker.get_by_label("Folder", exact=True).fill(str(lung))
    picker.get_by_role("button", name="Go", exact=True).click()
    expect(picker.locator(".entries .name")).to_have_text(["s1.h5ad", "s2.h5ad", "s10.h5ad"])
    picker.get_by_role("button", name="Choose several").click()
    picker.get_by_role("checkbox", name="s2.h5ad").check()
    picker.get_by_role("checkbox", name="s1.h5ad").check()
    picker.get_by_role("button", name="Take 2").click()
    chosen = page.get_by_role("list", name="Chosen inputs, in their order")
    expect(chosen.locator("li")).to_contain_text(["s2.h5ad", "s1.h5ad"])
    holds = page.get_by_role("region", name="What the input holds")
    expect(holds).to_contain_text("50 cells \u00d7 5 genes")
    expect(holds).to_contain_text("s2 (20 cells), s1 (30 cells)")
    expect(page.get_by_role("combobox", name="Output", exact=True)).to_have_value(f"{lung}-karospace")

    page.get_by_role("button", name="Move s1.h5ad up").click()
    another = page.get_by_label("Path or URL of another input")
    another.fill(str(lung / "s10.h5ad"))
    another.press("Enter")
    expect(holds).to_contain_text("s1 (30 cells), s2 (20 cells), s10 (25 cells)")
    page.get_by_role("button", name="Leave s2.h5ad out").click()
    expect(holds).to_contain_text("55 cells \u00d7 5 genes")

    page.get_by_text("How the input is read").click()
    page.get_by_label("Column for the input").fill("sample")
    expect(holds).to_contain_text("kind, sample")
    page.get_by_role("button", name="Browse: Tables of cells").click()
    page.get_by_role("dialog", name="Tables of cells").get_by_role("button", name="scores.csv").click()
    expect(holds).to_contain_text("kind, sample, score")
    expect(page.get_by_label("Column with the cell ids")).to_be_visible()
    page.get_by_label("Normalise counts").fill("1e4")
    page.get_by_label("Normalise counts").fill("much")
    expect(problem(page, "normalize")).not_to_have_text("")
    page.get_by_label("Normalise counts").fill("1e4")
    expect(problem(page, "normalize")).to_have_text("")

    page.get_by_text("The same as a command, and in Python").click()
    command = page.locator("pre").filter(has_text="karospace-stream export")
    expect(command).to_contain_text(f"export {lung / 's1.h5ad'} {lung / 's10.h5ad'} {lung}-karospace")
    expect(command).to_contain_text("--batch-column sample")
    expect(page.locator("pre").filter(has_text="import export")).to_contain_text(
        f"[\n        '{lung / 's1.h5ad'}',\n        '{lung / 's10.h5ad'}',\n    ],"
    )
    export(page)
    expect(newest(page)).to_contain_text("Done")
    expect(newest(page)).to_contain_text("s1.h5ad and 1 more")
    page.reload()
    expect(chosen.locator("li")).to_contain_text(["s1.h5ad", "s10.h5ad"])
    page.get_by_role("button", name="Leave s10.h5ad out").click()
    expect(page.get_by_role("combobox", name="Input", exact=True)).to_have_value(str(lung / "s1.h5ad"))
    expect(page.get_by_label("Genes of several inputs")).to_be_hidden()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_list_of_inputs_is_accessible(
    client: Client, new_page: Callable[..., ViewerPage], lung: Path, size: str, scheme: str
) -> None:
    page = new_page(viewport=SIZES[size], color_scheme=scheme).page
    page.goto(client.server.url)
    fill(page, "Input", str(lung))
    holds = page.get_by_role("region", name="What the input holds")
    expect(holds).to_contain_text("75 cells \u00d7 5 genes")
    expect(page.get_by_role("combobox", name="Output", exact=True)).to_have_value(f"{lung}-karospace")
    page.get_by_role("button", name="Add more inputs").click()
    expect(page.get_by_label("Path or URL of another input")).to_be_visible()
    page.get_by_text("How the input is read").click()
    expect(page.get_by_label("Genes of several inputs")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Browse: Another input").click()
    page.get_by_role("button", name="Choose several").click()
    expect(page.get_by_role("checkbox", name="s2.h5ad")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_missing_coordinates_are_said_once_with_the_way_to_the_field(page: Page, tmp_path: Path) -> None:
    adata = anndata.AnnData(np.ones((6, 3), np.float32))
    adata.obs["left"], adata.obs["height"] = np.arange(6.0), np.arange(6.0)
    adata.write_h5ad(tmp_path / "plain.h5ad")
    fill(page, "Input", str(tmp_path / "plain.h5ad"))
    said = page.get_by_text("the cells need coordinates")
    expect(said).to_have_count(1)
    expect(said).to_contain_text("“Coordinates” set to obs:X,Y (left, height)")
    expect(said).not_to_contain_text("--")
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)
    expect(page.locator("details.fold[open]")).to_have_count(0)
    said.get_by_role("button", name="Show").click()
    named = page.get_by_label("By name")
    expect(named).to_be_focused()
    named.fill("obs:left")
    expect(problem(page, "coords")).to_contain_text("must name two columns")
    assert violations(page) == []
    named.fill("obs:left,height")
    expect(problem(page, "coords")).to_have_text("")
    expect(page.get_by_label("The plan")).to_contain_text("left")
