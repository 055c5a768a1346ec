"""Lists of genes, their means and scores, and blends, on a real file with pandas as the judge."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import karospace_stream
from tests.browser.axe import violations
from tests.browser.conftest import SHARED
from tests.browser.page import ViewerPage, changed

T_CELLS = ["CD3D", "CD3E", "CD2"]


@pytest.fixture(scope="module")
def real() -> anndata.AnnData:
    source = SHARED / "data" / "anndata_v050_pbmc68k.h5ad"
    if not source.is_file():
        pytest.skip(f"the shared data are not at {source.parent}")
    with warnings.catch_warnings():
        # It was written by anndata 0.5.
        warnings.simplefilter("ignore")
        adata = anndata.read_h5ad(source)
    # X is scaled; raw has zeros.
    return adata.raw.to_adata()


@pytest.fixture(scope="module")
def real_bundle(real: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists") / "real"
    sets = {"B cells": ["CD79A", "CD79B", "absent"]}
    karospace_stream.export(real, folder, anno="all", group_by="louvain", gene_sets=sets, progress=False)
    return folder


def values_of(page: Page) -> pd.DataFrame:
    """The values that colour all cells, by their names, from the CSV of the selection."""
    page.get_by_role("button", name="All shown").click()
    with page.expect_download() as download:
        page.get_by_role("region", name="Selection").get_by_role("button", name="CSV").click()
    return pd.read_csv(io.BytesIO(Path(download.value.path()).read_bytes()), index_col="cell_id")


def open_at(viewer: ViewerPage, url: str) -> None:
    viewer.page.goto("about:blank")
    viewer.open(url)


@pytest.mark.few(1)
def test_lists_of_genes(
    viewer: ViewerPage, served: Callable[[Path], str], real: anndata.AnnData, real_bundle: Path
) -> None:
    page, url = viewer.page, served(real_bundle)
    viewer.open(url + "#column=louvain")
    frame = real.to_df().astype(np.float64)
    region = page.get_by_role("region", name="Gene lists", exact=True)
    undo = page.get_by_role("button", name=re.compile("^Undo"))

    # A list is pasted as R writes it; what is wrong with it is said, and can be mended.
    region.get_by_role("button", name="New list").click()
    region.get_by_label("Name of the list").fill("B cells")
    region.get_by_label("Genes: names").fill('c("CD3D", "CD3EE", "cd2", "CD2")')
    expect(page.get_by_role("alert")).to_contain_text("There is a gene list “B cells”")
    region.get_by_label("Name of the list").fill("T cells")
    report = region.locator(".list-report")
    expect(report).to_contain_text("2 genes")
    expect(report).to_contain_text("More than once: CD2.")
    report.get_by_role("button", name="Take CD3E instead of CD3EE").click()
    expect(report).to_contain_text("3 genes")
    assert not violations(page)
    region.get_by_role("button", name="Save the list").click()
    buttons = region.get_by_role("list", name="Genes of T cells").get_by_role("button")
    expect(buttons).to_have_text(["CD3D", "CD3E", "CD2"])

    # Its mean, z-scores and score are those of pandas.
    colour = region.get_by_role("button", name="Colour", exact=True)
    colour.click()
    expect(viewer.caption.locator("strong")).to_have_text("T cells (mean of 3 genes)")
    viewer.wait()
    means = frame[T_CELLS].mean(axis=1)
    got = values_of(page)["T cells (mean of 3 genes)"]
    np.testing.assert_allclose(got[means.index], means, rtol=1e-6, atol=1e-7)
    legend = page.get_by_role("region", name="Colour range")
    share = f"({(means > 0).sum()} of {len(means)})"
    expect(legend).to_contain_text("Mean of the values of 3 genes.")
    expect(legend).to_contain_text(share)
    x, y = viewer.spots()[200]
    viewer.point_at(x, y)
    cell, told = viewer.told()
    assert float(told["T cells (mean of 3 genes)"]) == pytest.approx(means[cell], rel=0.01)

    region.get_by_label("Value of each cell").select_option("Mean of z-scores")
    colour.click()
    expect(viewer.caption.locator("strong")).to_have_text("T cells (mean z-score of 3 genes)")
    viewer.wait()
    zscores = ((frame[T_CELLS] - frame[T_CELLS].mean()) / frame[T_CELLS].std()).mean(axis=1)
    np.testing.assert_allclose(values_of(page).iloc[:, 0][zscores.index], zscores, rtol=1e-5, atol=1e-6)

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    region.get_by_label("Value of each cell").select_option("Score against control genes")
    colour.click()
    expect(viewer.caption.locator("strong")).to_have_text("T cells (score of 3 genes)")
    viewer.wait()
    legend.get_by_role("button", name="Copy the control genes").click()
    expect(legend).to_contain_text("Copied.")
    control = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert not set(control) & set(T_CELLS)
    assert len(control) > 50
    scores = means - frame[control].mean(axis=1)
    np.testing.assert_allclose(values_of(page).iloc[:, 0][scores.index], scores, rtol=1e-5, atol=1e-6)

    # A link and a session of another page have the same; a change is undone.
    viewer.wait_for_link("lists=")
    link = page.url
    open_at(viewer, link)
    expect(viewer.caption.locator("strong")).to_have_text("T cells (score of 3 genes)")
    expect(buttons).to_have_count(3)
    region.get_by_role("button", name="Edit", exact=True).click()
    region.get_by_label("Name of the list").fill("Fewer")
    region.get_by_label("Genes: names").fill("CD3D CD3E")
    region.get_by_role("button", name="Save the list").click()
    expect(viewer.caption.locator("strong")).to_have_text("Fewer (score of 2 genes)")
    region.get_by_role("button", name="Delete").click()
    expect(region.get_by_role("list", name="Genes of Fewer")).to_have_count(0)
    undo.click()
    field = region.get_by_role("combobox", name="List")
    field.fill("few")
    field.press("Enter")
    expect(region.get_by_role("list", name="Genes of Fewer").get_by_role("button")).to_have_count(2)
    region.get_by_role("button", name="Dot plot").click()
    expect(page.get_by_role("group", name="Dot plot of 2 genes by louvain")).to_be_visible()


@pytest.mark.few(1)
def test_blended_genes_and_their_search(
    viewer: ViewerPage, served: Callable[[Path], str], real: anndata.AnnData, real_bundle: Path
) -> None:
    page, url = viewer.page, served(real_bundle)
    viewer.open(url + "#column=louvain")
    frame = real.to_df()
    caption = viewer.caption.locator("strong")

    # Sets are found where colours are searched; of equal matches, the best markers come first.
    search = page.get_by_role("combobox", name="Gene", exact=True)
    search.fill("b cel")
    expect(page.get_by_role("listbox").get_by_role("option").first).to_have_text("B cells list of 2 genes")
    search.press("Enter")
    expect(caption).to_have_text("B cells (mean of 2 genes)")
    viewer.wait()
    search.fill("cd7")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_have_text("CD7")
    search.fill("cd")
    found = options.all_inner_texts()
    # The file has CD53 and CD160 far before CD79A, which marks a group.
    assert found.index("CD79A") < found.index("CD53")
    expect(page.get_by_role("listbox")).to_have_attribute("title", re.compile("the best markers of"))
    search.press("Escape")

    viewer.choose_gene("CD3D")
    single = viewer.pixels()
    page.get_by_role("button", name="Blend with another gene").click()
    other = page.get_by_role("combobox", name="Blend with")
    expect(other).to_be_focused()
    other.fill("cd79a")
    other.press("Enter")
    expect(caption).to_have_text("CD3D + CD79A")
    viewer.wait()
    assert changed(single, viewer.pixels()) > 500
    legend = page.get_by_role("region", name="Blend", exact=True)
    a, b = frame["CD3D"] > 0, frame["CD79A"] > 0
    counts = [(a & b).sum(), (b & ~a).sum(), (a & ~b).sum(), (~a & ~b).sum()]
    expect(legend.locator(".groups-legend .count")).to_have_text([str(count) for count in counts])
    expect(legend.get_by_role("img", name="Mixtures")).to_be_visible()
    assert not violations(page)

    # The range of one gene changes the picture, and is undone.
    before = viewer.pixels()
    viewer.slide("Highest colour of CD3D at", "300")
    assert changed(before, viewer.pixels()) > 50
    viewer.wait_for_link("blend=")
    expect(page).to_have_url(re.compile(re.escape("blend=%5B%5B%22CD3D%22%2C0%2C")))
    link, picture = page.url, viewer.pixels()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    viewer.settle()
    assert changed(before, viewer.pixels()) == 0

    # A tooltip shows all values, and a filter changes the counts.
    x, y = viewer.spots()[250]
    viewer.point_at(x, y)
    cell, told = viewer.told()
    for gene in ("CD3D", "CD79A"):
        assert float(told[gene]) == pytest.approx(frame.loc[cell, gene], rel=0.01, abs=1e-6)
    columns = values_of(page)
    assert list(columns) == ["CD3D", "CD79A"]
    np.testing.assert_allclose(columns.loc[frame.index], frame[["CD3D", "CD79A"]], rtol=1e-6)
    page.get_by_role("button", name="Clear", exact=True).click()

    page.get_by_role("button", name="Blend with a third gene").click()
    other.fill("NKG7")
    other.press("Enter")
    expect(caption).to_have_text("CD3D + CD79A + NKG7")
    viewer.wait()
    expect(legend.locator(".groups-legend li")).to_have_count(8)
    everything = (a & b & (frame["NKG7"] > 0)).sum()
    expect(legend.locator(".groups-legend .count").first).to_have_text(str(everything))
    legend.get_by_role("button", name="Take CD79A out of the blend").click()
    expect(caption).to_have_text("CD3D + NKG7")

    # Another page follows the link, in the dark too, and knows the genes that were used last.
    open_at(viewer, link)
    expect(caption).to_have_text("CD3D + CD79A")
    assert changed(picture, viewer.pixels()) == 0
    recent = page.get_by_role("list", name="Recent genes").get_by_role("button")
    expect(recent).to_have_text(["CD3D", "CD79A", "NKG7"])
    page.emulate_media(color_scheme="dark")
    viewer.settle()
    assert not violations(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Image").click()
        page.get_by_role("button", name=re.compile("Save|Download")).last.click()
    assert download.value.suggested_filename.endswith("CD3D_CD79A.png")
