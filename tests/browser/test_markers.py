"""Markers of a group: in the legend, in the table of all genes, in the dot plot."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import anndata
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

import karospace_stream
from tests.browser.axe import violations
from tests.browser.page import ViewerPage
from tests.browser.sample import HOSTILE, HOSTILE_COLUMN
from tests.browser.test_looks import SIZES

GROUPS = ["B cell", "T cell", "Monocyte"]
LINK = "#embedding=X_umap&column=cell_type"


@pytest.fixture(scope="module")
def marked(sample: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with the markers of two columns."""
    folder = tmp_path_factory.mktemp("marked") / "bundle"
    karospace_stream.export(
        sample, folder, anno="all", name="sample", group_by=["cell_type", HOSTILE_COLUMN], markers="wilcoxon"
    )
    return folder


@pytest.fixture
def url(marked: Path, served: Callable[[Path], str]) -> str:
    return served(marked)


def drawer(page: Page) -> Locator:
    return page.get_by_role("region", name="Drawer")


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Markers", exact=True)


def open_table(viewer: ViewerPage, url: str) -> Locator:
    viewer.open(url + LINK)
    panel(viewer.page).get_by_role("button", name="Gene table").click()
    table = viewer.page.get_by_role("table", name="Markers of B cell").and_(viewer.page.locator(".grid"))
    expect(table.get_by_role("rowheader")).to_have_count(len(HOSTILE))
    return table


def best_of(sample: anndata.AnnData, group: str) -> str:
    """The gene whose values in a group most often exceed those outside."""
    inside = (sample.obs["cell_type"] == group).to_numpy()
    values = np.asarray(sample.X)
    pairs = values[inside][:, None] - values[~inside][None]
    wins = np.sign(pairs).sum(axis=(0, 1), dtype=np.float64)
    # All have the same variance but for ties, which are not corrected.
    return HOSTILE[int(np.argmax(wins))]


def test_a_category_shows_its_markers_and_one_colours_the_cells(
    viewer: ViewerPage, url: str, sample: anndata.AnnData
) -> None:
    page = viewer.page
    viewer.open(url + LINK)
    # By keys alone: the row's check box, then its buttons.
    page.get_by_role("checkbox", name="T cell").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    disclosure = page.get_by_role("button", name="Markers of T cell")
    expect(disclosure).to_be_focused()
    page.keyboard.press("Enter")
    markers = page.get_by_role("group", name="Markers of T cell").get_by_role("table")
    names = markers.get_by_role("button")
    expect(names).to_have_count(len(HOSTILE))
    best = best_of(sample, "T cell")
    expect(names.first).to_have_text(best)
    page.keyboard.press("Tab")
    expect(names.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(names.nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(disclosure).to_be_focused()
    expect(markers).to_have_count(0)
    disclosure.click()
    names.first.click()
    expect(page.get_by_role("combobox", name="Gene", exact=True)).to_have_value(best)
    # The legend is gone with the focused button: the panel has the same group, and the focus.
    expect(panel(page).get_by_label("Group of cell_type")).to_have_value(str(GROUPS.index("T cell")))
    expect(panel(page).get_by_role("button", name=best, exact=True)).to_be_focused()


def test_the_table_is_sorted_filtered_and_saved(
    viewer: ViewerPage, url: str, sample: anndata.AnnData, tmp_path: Path
) -> None:
    page = viewer.page
    table = open_table(viewer, url)
    genes = table.get_by_role("rowheader")
    expect(genes.first).to_have_text(best_of(sample, "B cell"))
    expect(drawer(page)).to_contain_text(
        "Wilcoxon rank-sum test without tie correction: 100 cells in “B cell”"
    )
    expect(drawer(page)).to_contain_text("against all 200 cells outside, 1 of them without a value")

    table.get_by_role("button", name="Mean", exact=True).click()
    inside = (sample.obs["cell_type"] == "B cell").to_numpy()
    means = np.asarray(sample.X)[inside].mean(axis=0)
    expect(genes).to_have_text([HOSTILE[gene] for gene in np.argsort(-means)])
    expect(table.get_by_role("columnheader", name="Mean", exact=False).nth(0)).to_have_attribute(
        "aria-sort", "descending"
    )
    with page.expect_download() as download:
        drawer(page).get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "markers.csv")
    with (tmp_path / "markers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["names"] for row in rows] == [HOSTILE[gene] for gene in np.argsort(-means)]
    np.testing.assert_allclose([float(row["mean_group"]) for row in rows], np.sort(means)[::-1], rtol=1e-6)

    viewer.wait_for_link("markers=%7B%22view%22%3A%22table%22")
    drawer(page).get_by_label("Find a gene in the table").fill("CASE")
    expect(genes).to_have_count(2)
    genes.get_by_role("button", name="case", exact=True).click()
    expect(page.get_by_role("combobox", name="Gene", exact=True)).to_have_value("case")
    page.keyboard.press("Escape")
    expect(drawer(page)).to_have_count(0)
    expect(panel(page).get_by_role("button", name="Gene table")).to_be_focused()


def test_another_grouping_and_group_are_chosen(viewer: ViewerPage, url: str) -> None:
    page = viewer.page
    open_table(viewer, url)
    drawer(page).get_by_label("Groups of").select_option(label=HOSTILE_COLUMN)
    drawer(page).get_by_label("Group of <img").select_option(label="right")
    expect(page.locator(".grid")).to_have_attribute("aria-label", "Markers of right")
    expect(drawer(page)).to_contain_text("150 cells in “right” against all 150 cells outside.")
    # The column that colours the cells is shown, if its groups were compared.
    viewer.choose_column("primary")
    viewer.choose_column("cell_type")
    expect(panel(page).get_by_label("Groups of")).to_have_value("0")


def test_a_plot_takes_two_requests_and_is_saved(viewer: ViewerPage, url: str, tmp_path: Path) -> None:
    page = viewer.page
    viewer.open(url + LINK)
    asked: list[str] = []
    page.on("request", lambda request: None if request.url.startswith("blob:") else asked.append(request.url))
    panel(page).get_by_role("button", name="Dot plot").click()
    plot = page.get_by_role("group", name="genes by cell_type")
    genes = plot.get_by_role("button")
    expect(genes.first).to_be_visible()
    drawer(page).get_by_role("button", name="These genes").click()
    drawer(page).get_by_label("Names of genes").fill("\n".join([*HOSTILE, "no such gene"]))
    drawer(page).get_by_role("button", name="Draw", exact=True).click()
    expect(genes).to_have_count(len(HOSTILE))
    expect(drawer(page)).to_contain_text("No exported gene is called no such gene.")
    assert len(asked) == 2, asked
    assert page.evaluate("window.pwned") is None

    genes.nth(5).focus()
    page.keyboard.press("ArrowRight")
    expect(genes.nth(6)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Gene", exact=True)).to_have_value(HOSTILE[6])
    expect(genes.nth(6)).to_have_attribute("aria-pressed", "true")

    drawer(page).get_by_role("button", name="Heat map").click()
    drawer(page).get_by_label("Scale each gene (0 to 1)").check()
    drawer(page).get_by_label("Similar groups together").check()
    expect(plot.locator("circle")).to_have_count(0)
    for kind in ("SVG", "PNG", "CSV"):
        with page.expect_download() as download:
            drawer(page).get_by_role("button", name=kind, exact=True).click()
        download.value.save_as(tmp_path / f"plot.{kind}")
    assert len(asked) == 2 + 1, asked  # and the values of the gene that colours the cells
    text = (tmp_path / "plot.SVG").read_text()
    assert text.startswith("<svg")
    assert "&lt;/script&gt;" in text
    assert 'role="button"' not in text
    assert 'font-family="Arial, Helvetica, sans-serif"' in text
    with Image.open(tmp_path / "plot.PNG") as png:
        np.testing.assert_allclose(png.info["dpi"], 300, atol=0.01)
        assert png.convert("RGB").getpixel((1, 1)) == (255, 255, 255)
        assert len(png.convert("RGB").getcolors(1 << 24) or []) > 10
    with (tmp_path / "plot.CSV").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == len(HOSTILE) * len(GROUPS)


def test_a_link_opens_the_same_plot(viewer: ViewerPage, url: str) -> None:
    names = '{"view":"plot","column":"cell_type","genes":"con, Case","heat":true}'
    viewer.open(url + "#embedding=X_umap&gene=case&markers=" + quote(names))
    plot = viewer.page.get_by_role("group", name="Heat map of 2 genes by cell_type")
    expect(plot.get_by_role("button")).to_have_text(["con", "Case"])
    expect(drawer(viewer.page).get_by_label("Names of genes")).to_have_value("con, Case")


def test_variable_genes_are_ranked_and_drawn(viewer: ViewerPage, url: str, sample: anndata.AnnData) -> None:
    page = viewer.page
    viewer.open(url + LINK)
    panel(page).get_by_label("Groups of").select_option(label=HOSTILE_COLUMN)
    panel(page).get_by_role("button", name="Variable genes").click()
    table = page.get_by_role("table", name="Variable genes")
    table.get_by_role("button", name="Variance").click()
    # All cells have a value in this column.
    variances = np.asarray(sample.X).var(axis=0, ddof=1)
    order = np.argsort(-variances)
    expect(table.get_by_role("rowheader")).to_have_text([HOSTILE[gene] for gene in order])
    expect(table.get_by_role("row").nth(1)).to_contain_text(f"{variances[order[0]]:#.3g}")
    scatter = page.get_by_role("img", name="Variance of all genes")
    colours = """canvas => {
        const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
    }"""
    assert scatter.evaluate(colours) > 5
    table.get_by_role("rowheader").first.get_by_role("button").click()
    expect(page.get_by_role("combobox", name="Gene", exact=True)).to_have_value(HOSTILE[order[0]])


def test_without_markers_a_sentence_says_how_to_get_them(
    viewer: ViewerPage, served: Callable[[Path], str], sample: anndata.AnnData, tmp_path: Path
) -> None:
    karospace_stream.export(sample, tmp_path / "bundle", anno="all", group_by="none")
    viewer.open(served(tmp_path / "bundle") + LINK)
    expect(viewer.page.locator(".no-markers")).to_have_text(
        "This export has no markers. To see the genes that mark each group, export to KaroSpace with "
        "--group-by cell_type."
    )
    expect(viewer.page.locator(".disclose")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "size"), [("light", "wide"), ("dark", "narrow")])
def test_no_serious_violation(new_page: Callable[..., ViewerPage], url: str, scheme: str, size: str) -> None:
    viewer = new_page(viewport=SIZES[size], color_scheme=scheme)
    page = viewer.page
    viewer.open(url + LINK)
    page.get_by_role("button", name="Markers of T cell").click()
    expect(page.get_by_role("group", name="Markers of T cell").get_by_role("table")).to_be_visible()
    assert violations(page) == []
    panel(page).get_by_role("button", name="Gene table").click()
    expect(page.locator(".grid")).to_be_visible()
    assert violations(page) == []
    drawer(page).get_by_role("tab", name="Dot plot").click()
    expect(page.locator("svg.plot")).to_be_visible()
    assert violations(page) == []
    if size == "narrow":
        drawer(page).get_by_role("button", name="Genes and look of the plot").click()
    drawer(page).get_by_role("button", name="These genes").click()
    expect(drawer(page).get_by_label("Names of genes")).to_be_visible()
    assert violations(page) == []
    drawer(page).get_by_role("tab", name="Variable genes").click()
    expect(page.locator(".scatter")).to_be_visible()
    assert violations(page) == []


def test_a_phone_shows_the_plot_and_the_table_without_scrolling(
    new_page: Callable[..., ViewerPage], url: str
) -> None:
    viewer = new_page(viewport=SIZES["narrow"])
    page = viewer.page
    viewer.open(url + LINK)
    panel(page).get_by_role("button", name="Dot plot").click()
    plot = page.locator("svg.plot")
    for group in GROUPS:
        expect(plot.get_by_text(group, exact=True)).to_be_in_viewport(ratio=1)
    expect(drawer(page)).to_contain_text("Point at a dot for its numbers")
    fold = drawer(page).get_by_role("button", name="Genes and look of the plot")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(drawer(page).get_by_role("button", name="Heat map")).to_be_hidden()
    fold.click()
    drawer(page).get_by_role("button", name="Heat map").click()
    expect(drawer(page)).to_contain_text("Point at a square for its numbers")
    drawer(page).get_by_role("tab", name="Variable genes").click()
    rows = page.get_by_role("table", name="Variable genes").get_by_role("rowheader")
    expect(rows.first).to_be_in_viewport(ratio=1)
