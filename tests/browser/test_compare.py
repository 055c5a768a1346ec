"""Two groups of cells compared gene by gene: with scipy's and the exporter's own numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import expect
from scipy import stats

import karospace_stream
from karospace_stream.testing.synth import write_synthetic
from tests.browser.axe import violations
from tests.browser.comparing import (
    REST,
    SELECTION,
    choose_sides,
    drawer,
    open_comparison,
    run,
    saved_table,
    start,
)
from tests.browser.page import ViewerPage
from tests.browser.sample import HOSTILE
from tests.oracle.test_scanpy import ranking

LINK = "#embedding=X_umap&column=cell_type"
WILCOXON, WELCH = "Wilcoxon", "Welch"


@pytest.fixture(scope="module")
def bundles(sample: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sample with the tests of the exporter."""
    found = {}
    for test in ("wilcoxon", "t-test"):
        found[test] = tmp_path_factory.mktemp(test) / "bundle"
        options = {"anno": "all", "name": "sample", "group_by": "cell_type", "markers": test}
        karospace_stream.export(sample, found[test], progress=False, **options)
    return found


def expected(adata: anndata.AnnData, first: Any, second: Any) -> dict[str, np.ndarray]:
    """By scipy, in the order of the genes."""
    values = np.asarray(adata.X, np.float64)
    one, other = values[first], values[second]
    ranked = stats.mannwhitneyu(one, other, use_continuity=False, method="asymptotic")
    n, m = len(one), len(other)
    plain = (ranked.statistic - n * m / 2) / np.sqrt(n * m * (n + m + 1) / 12)
    welch = stats.ttest_ind(one, other, equal_var=False)
    return {
        "auc": ranked.statistic / (n * m),
        "scores": plain,
        "pvals": 2 * stats.norm.sf(np.abs(plain)),
        "tie_correct": ranked.pvalue,
        "t": welch.statistic,
        "t_pvals": welch.pvalue,
        "t_pvals_adj": stats.false_discovery_control(welch.pvalue),
        "pct_nz_group": (one != 0).mean(0),
        "pct_nz_reference": (other != 0).mean(0),
        "mean_group": one.mean(0),
        "mean_reference": other.mean(0),
    }


def near(found: Any, wanted: Any) -> None:
    np.testing.assert_allclose(np.asarray(found, float), wanted, 1e-6, 1e-12)


def test_a_category_and_the_rest(
    viewer: ViewerPage,
    served: Callable[[Path], str],
    bundles: dict[str, Path],
    sample: anndata.AnnData,
    tmp_path: Path,
) -> None:
    page = viewer.page
    viewer.open(served(bundles["wilcoxon"]) + LINK)
    open_comparison(page)
    choose_sides(page, ("cell_type", "B cell"), REST)
    run(page, "B cell (cell_type) against the rest: 100 cells and 200 cells.")
    inside = (sample.obs["cell_type"] == "B cell").to_numpy()
    wanted = expected(sample, inside, ~inside)

    head, table = saved_table(page, tmp_path / "table.csv")
    assert head.startswith(
        "# B cell (cell_type) against the rest: 100 cells and 200 cells. Wilcoxon rank-sum test"
    )
    assert "8 genes: all genes. No filters." in head
    table = table.loc[HOSTILE]
    for name in (
        "scores",
        "pvals",
        "auc",
        "pct_nz_group",
        "pct_nz_reference",
        "mean_group",
        "mean_reference",
    ):
        near(table[name], wanted[name])
    for test, button in (("wilcoxon", WILCOXON), ("t-test", WELCH)):
        # Another test follows from what was loaded.
        drawer(page).get_by_role("button", name=button).click()
        _, table = saved_table(page, tmp_path / "table.csv")
        stated = json.loads((bundles[test] / "atlas.json").read_text())["statistics"]
        entry = stated["groupings"][0]["rankings"][0]
        engine = ranking(bundles[test], entry, stated["columns"])
        columns = {"score": "scores", "log_fold_change": "logfoldchanges"}
        columns |= {"p_value": "pvals", "adjusted_p_value": "pvals_adj"}
        for theirs, ours in columns.items():
            near(table.loc[HOSTILE, ours], engine[theirs])
    near(table.loc[HOSTILE, "scores"], wanted["t"])
    near(table.loc[HOSTILE, "pvals"], wanted["t_pvals"])
    near(table.loc[HOSTILE, "pvals_adj"], wanted["t_pvals_adj"])
    drawer(page).get_by_role("button", name=WILCOXON).click()
    drawer(page).get_by_text("Correct for ties").click()
    _, table = saved_table(page, tmp_path / "table.csv")
    near(table.loc[HOSTILE, "pvals"], wanted["tie_correct"])

    drawer(page).get_by_role("table").get_by_role("button", name="Case", exact=True).click()
    expect(viewer.caption.locator("strong")).to_have_text("Case")
    drawer(page).get_by_label("Genes of the list").fill("3")
    drawer(page).get_by_role("button", name="As a gene list").click()
    expect(drawer(page).get_by_text("has 3 genes.")).to_be_visible()
    drawer(page).get_by_label("Genes to compare").select_option(label="A gene list or set")
    run(page, "B cell")
    _, table = saved_table(page, tmp_path / "list.csv")
    assert len(table) == 3


def test_plots(
    new_page: Callable[..., ViewerPage],
    served: Callable[[Path], str],
    bundles: dict[str, Path],
    tmp_path: Path,
) -> None:
    url = served(bundles["wilcoxon"])
    for scheme, width in (("light", 1400), ("dark", 390)):
        viewer = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = viewer.page
        viewer.open(url + LINK)
        open_comparison(page)
        fold = drawer(page).get_by_role("button", name="What is compared")
        if fold.is_visible():
            fold.click()
        choose_sides(page, ("cell_type", "B cell"), ("cell_type", "T cell"))
        run(page, "100 cells and 100 cells.")
        assert not violations(page)
        for name in ("Volcano", "MA plot"):
            drawer(page).get_by_role("button", name=name).click()
            plot = drawer(page).get_by_role("region", name="arrow keys lead through the numbers")
            plot.press("ArrowRight")
            gene = drawer(page).locator(".readout").inner_text().split(":")[0]
            assert gene in HOSTILE
            plot.press("Enter")
            expect(viewer.caption.locator("strong")).to_have_text(gene)
            assert not violations(page)
            page.screenshot(path=tmp_path / f"{name}_{scheme}.png")
        for kind in ("SVG", "PNG", "CSV"):
            with page.expect_download() as download:
                drawer(page).get_by_role("button", name=kind, exact=True).click()
            download.value.save_as(tmp_path / f"plot.{kind}")
        assert set(pd.read_csv(tmp_path / "plot.CSV")["names"]) == set(HOSTILE)
        assert (tmp_path / "plot.SVG").read_text().startswith("<svg")
        with Image.open(tmp_path / "plot.PNG") as png:
            assert png.convert("RGB").getpixel((1, 1)) == (255, 255, 255)


def test_scaled_values(
    new_page: Callable[..., ViewerPage],
    served: Callable[[Path], str],
    sample: anndata.AnnData,
    tmp_path: Path,
) -> None:
    scaled = sample.copy()
    values = np.asarray(sample.X, np.float64)
    spread = values.std(0)
    scaled.X = ((values - values.mean(0)) / np.where(spread > 0, spread, 1)).astype(np.float32)
    karospace_stream.export(scaled, tmp_path / "bundle", anno="all", name="scaled", progress=False)
    viewer = new_page(viewport={"width": 1400, "height": 900})
    page = viewer.page
    viewer.open(served(tmp_path / "bundle") + LINK)
    # It can run as it opens: the first category of the colours.
    open_comparison(page)
    kinds = scaled.obs["cell_type"]
    first = kinds.cat.categories[0]
    expect(drawer(page).get_by_text("Off at first, as in scanpy.")).to_be_visible()
    run(page, f"{first} (cell_type) against the rest: ")
    inside = (kinds == first).to_numpy()
    _, table = saved_table(page, tmp_path / "table.csv")
    means = [np.asarray(scaled.X, np.float64)[each].mean(0) for each in (inside, ~inside)]
    ratio = np.divide(*(np.expm1(each) + 1e-9 for each in means))
    n_without = int((ratio < 0).sum())
    assert n_without > len(HOSTILE) / 2
    assert int((table["logfoldchanges"].replace("", "nan").astype(float).isna()).sum()) == n_without
    told = f"{n_without} of {len(HOSTILE)} genes have no fold change, as their means are negative (scaled"
    expect(drawer(page).locator(".facts")).to_contain_text(told)
    significant = table["pvals_adj"].astype(float) < 0.05
    more = table["mean_group"].astype(float) > table["mean_reference"].astype(float)
    for name in ("Volcano", "MA plot"):
        drawer(page).get_by_role("button", name=name).click()
        plot = drawer(page).locator("svg.gene-scatter")
        expect(drawer(page).locator(".facts")).to_contain_text(told)
        expect(plot).to_contain_text("Difference of the means")
        expect(plot).to_contain_text(f"{(significant & more).sum()} more in {first}")
        expect(plot).to_contain_text(f"{(significant & ~more).sum()} more in the rest")

    # The whole form of a gene list is in view.
    lists = page.get_by_role("region", name="Gene lists", exact=True)
    page.get_by_role("button", name="Gene lists", exact=True).click()
    lists.get_by_role("button", name="New list").click()
    save, cancel = (lists.get_by_role("button", name=each) for each in ("Save the list", "Cancel"))
    for button in (save, cancel):
        expect(button).to_be_in_viewport(ratio=1)
    lists.get_by_label("Genes: names").fill("\n".join(f"nobody_{each}" for each in range(20)))
    expect(lists.locator(".list-report")).to_contain_text("and 12 more")
    for button in (save, cancel):
        expect(button).to_be_in_viewport(ratio=1)


def test_groups_selection_and_filters(
    viewer: ViewerPage,
    served: Callable[[Path], str],
    bundles: dict[str, Path],
    sample: anndata.AnnData,
    tmp_path: Path,
) -> None:
    page = viewer.page
    viewer.open(served(bundles["wilcoxon"]) + LINK)
    panel = page.get_by_role("region", name="Selection", exact=True)
    compare = panel.get_by_role("button", name="Compare with the rest")
    expect(compare).to_be_disabled()
    viewer.toggle("Monocyte")
    panel.get_by_role("button", name="All shown").click()
    panel.get_by_role("button", name="Save as group").click()
    compare.click()
    # Nothing is left beside the selection.
    expect(
        drawer(page).get_by_text("the rest has 0. Choose other cells, or switch filters off.")
    ).to_be_visible()
    expect(drawer(page).get_by_role("button", name="Compare", exact=True)).to_be_disabled()
    viewer.toggle("Monocyte")
    viewer.toggle("T cell")
    choose_sides(page, SELECTION, ("cell_type", "Monocyte"))
    kinds = sample.obs["cell_type"].to_numpy()
    run(page, "the selection against Monocyte (cell_type): ")
    head, table = saved_table(page, tmp_path / "table.csv")
    shown = kinds != "T cell"
    selected = (kinds != "Monocyte") & shown
    wanted = expected(sample, selected, kinds == "Monocyte")
    near(table.loc[HOSTILE, "pvals"], wanted["pvals"])
    assert "cell_type (1 hidden)" in head
    # A group and a category that has some of its cells: those are left out.
    viewer.toggle("T cell")
    choose_sides(page, ("A group of mine", "Group 1"), ("primary", "true"))
    run(page, "Group 1 against true (primary)")
    group, primary = kinds != "Monocyte", sample.obs["primary"].to_numpy()
    assert (
        f"{(group & primary).sum()} cells on both sides are left out."
        in page.locator(".compared-title").inner_text()
    )
    _, table = saved_table(page, tmp_path / "table.csv")
    near(table.loc[HOSTILE, "pvals"], expected(sample, group & ~primary, primary & ~group)["pvals"])


def test_a_cancelled_comparison_asks_for_no_more_genes(
    viewer: ViewerPage, served: Callable[[Path], str], tmp_path: Path
) -> None:
    write_synthetic(tmp_path / "cells.h5ad", n_cells=200, n_genes=600)
    karospace_stream.export(tmp_path / "cells.h5ad", tmp_path / "bundle", anno="all", progress=False)
    page, asked = viewer.page, []
    viewer.open(served(tmp_path / "bundle"))
    open_comparison(page)
    # The first column with categories.
    drawer(page).get_by_label("Cells of the first side").select_option(index=2)
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    limits = {"offline": False, "latency": 60, "downloadThroughput": -1, "uploadThroughput": -1}
    slow.send("Network.emulateNetworkConditions", limits)
    page.on("request", lambda request: asked.append(request.url))
    start(page)
    expect(drawer(page).get_by_text("of 600 genes")).to_be_visible()
    drawer(page).get_by_role("button", name="Cancel").click()
    expect(drawer(page).get_by_role("button", name="Compare", exact=True)).to_be_visible()
    count = len([url for url in asked if "gene_" in url])
    assert 0 < count < 300
    page.wait_for_timeout(500)
    assert len([url for url in asked if "gene_" in url]) == count
