"""Dot plots computed from the cells shown, where a bundle has no statistics: numbers against pandas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Route, expect

import karospace_stream
from tests.browser.axe import violations
from tests.browser.page import NOT_FOUND, Said, ViewerPage
from tests.browser.sample import HOSTILE
from tests.browser.test_drawer import saved
from tests.browser.test_markers import drawer

GENES = ["Case", HOSTILE[1]]


def check(table: pd.DataFrame, cells: anndata.AnnData, by: pd.Series) -> None:
    """The table has each gene's mean, and its share of cells that are not 0, of each group."""
    values = cells[:, GENES].to_df().astype(float)
    table = table[table["n_cells"] > 0].set_index(["gene", table.columns[1]])
    groups = values.groupby(by.astype(object), observed=True)
    assert len(table) == len(GENES) * groups.ngroups
    for name, rows in groups:
        for gene in GENES:
            found = table.loc[(gene, name)]
            assert found["n_cells"] == len(rows)
            expected = [rows[gene].mean(), (rows[gene] != 0).mean()]
            assert found[["mean", "share"]].tolist() == pytest.approx(expected, rel=1e-6)


def test_the_cells_shown(
    sample: anndata.AnnData,
    served: Callable[[Path], str],
    viewer: ViewerPage,
    said: Said,
    tmp_path: Path,
) -> None:
    data = sample.copy()
    values = np.asarray(data.X).copy()
    values[values < 0.8] = 0
    data.X = values
    karospace_stream.export(data, tmp_path / "cellucid", format="cellucid")
    page = viewer.page
    url = served(tmp_path / "cellucid")
    viewer.open(url)
    said.were_expected(NOT_FOUND)  # the marks of the formats that are looked for first
    viewer.choose_column("cell_type")
    page.get_by_role("region", name="Plots", exact=True).get_by_role("button", name="Dot plot").click()
    expect(drawer(page)).to_contain_text("Type or paste the names of genes")
    names = drawer(page).get_by_label("Names of genes")
    names.fill("\n".join([*GENES, "nothing such"]))
    drawer(page).get_by_role("button", name="Draw", exact=True).click()
    plot = drawer(page).get_by_role("group", name="Dot plot of 2 genes by cell_type")
    expect(plot).to_be_visible()
    expect(drawer(page)).to_contain_text("No exported gene is called nothing such.")
    facts = drawer(page).locator(".facts")
    expect(facts).to_have_text(f"Computed from the {data.n_obs} cells shown.")
    kinds = data.obs["cell_type"]
    check(saved(page, tmp_path / "all.csv"), data, kinds)
    viewer.wait_for_link("markers=")

    # It follows the filters, and loads nothing for that.
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Only this: B cell", exact=True).last.click()
    kept = data[(kinds == "B cell").to_numpy()]
    expect(facts).to_have_text(f"Computed from the {kept.n_obs} cells shown.")
    table = saved(page, tmp_path / "shown.csv")
    check(table, kept, kept.obs["cell_type"])
    assert not asked

    # Another column, of the cells that the filter shows; a link opens the same.
    drawer(page).get_by_label("Groups of").select_option(label="Cells shown, by __proto__")
    drawer(page).get_by_role("button", name="Heat map").click()
    plot = drawer(page).get_by_role("group", name="Heat map of 2 genes by __proto__")
    expect(plot).to_be_visible()
    check(saved(page, tmp_path / "other.csv"), kept, kept.obs["__proto__"])
    viewer.wait_for_link("heat")
    link = page.url
    page.goto("about:blank")
    viewer.open(link)
    expect(plot).to_be_visible()
    expect(facts).to_have_text(f"Computed from the {kept.n_obs} cells shown.")
    for scheme in ("light", "dark"):
        # Colours that still change have less contrast.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_timeout(500)
        assert violations(page) == []


def test_a_bundle_with_statistics_offers_both(
    sample: anndata.AnnData,
    sample_bundle: Path,
    served: Callable[[Path], str],
    viewer: ViewerPage,
    tmp_path: Path,
) -> None:
    page = viewer.page
    viewer.open(served(sample_bundle) + "#column=cell_type")
    page.get_by_role("region", name="Markers", exact=True).get_by_role("button", name="Dot plot").click()
    facts = drawer(page).locator(".facts")
    expect(facts).to_have_text("From the export, of all cells.")
    table = saved(page, tmp_path / "export.csv")
    # The genes stay, and so do the numbers.
    drawer(page).get_by_label("Groups of").select_option(label="Cells shown, by cell_type")
    expect(facts).to_have_text(f"Computed from the {sample.n_obs} cells shown.")
    keys = ["gene", "cell_type"]
    computed = saved(page, tmp_path / "computed.csv").set_index(keys).loc[table.set_index(keys).index]
    for column in ("n_cells", "mean", "share"):
        np.testing.assert_allclose(computed[column], table.set_index(keys)[column], rtol=1e-5)
    # A load can be cancelled, and begun anew.
    address = page.url.split("#")[0]
    page.goto("about:blank")
    viewer.open(address + '#column=cell_type&markers={"view":"plot","shown":{"of":"cell_type"}}')
    held: list[Route] = []
    page.route("**/*", lambda route: held.append(route))
    drawer(page).get_by_label("Names of genes").fill("Case\ncase\n" + HOSTILE[0])
    draw = drawer(page).get_by_role("button", name="Draw", exact=True)
    draw.click()
    expect(drawer(page)).to_contain_text("genes are loaded")
    drawer(page).get_by_role("button", name="Cancel").click()
    expect(drawer(page)).to_contain_text("Nothing is loaded: press “Draw” to load the genes.")
    page.unroute_all()
    draw.click()
    expect(drawer(page).get_by_role("group", name="Dot plot of 3 genes by cell_type")).to_be_visible()
