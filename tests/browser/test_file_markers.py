"""Markers that the file had already: in the legend and the table, beside computed ones or alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest
from playwright.sync_api import expect

import karospace_stream
from karospace_stream.formats.registry import heads
from karospace_stream.serving import start
from karospace_stream.serving.files import LocalFiles
from tests.browser.axe import violations
from tests.browser.page import NOT_FOUND, Said, ViewerPage
from tests.browser.sample import HOSTILE
from tests.browser.stores import write_store
from tests.browser.test_looks import SIZES
from tests.browser.test_markers import LINK, drawer, panel

ABSENT = "<i>not exported</i>"
SUMMARY = "From the file: Wilcoxon rank-sum test, against the rest, values of raw"


def entry(column: str, groups: list[str], **params: Any) -> dict[str, Any]:
    """Markers as scanpy stores them: the first gene of each group is not exported."""
    names = [ABSENT, *HOSTILE[:3]]
    records = {
        "names": (names, object),
        "scores": ([9.5, 4, 3, -2], "f4"),
        "pvals": ([0, 1e-9, 0.5, 1], "f8"),
    }
    made: dict[str, Any] = {
        "params": {"groupby": column, "method": "wilcoxon", "reference": "rest", "use_raw": True, **params}
    }
    for name, (values, dtype) in records.items():
        made[name] = np.zeros(len(names), [(group, dtype) for group in groups])
        for group in groups:
            made[name][group] = values
    return made


@pytest.fixture(scope="module")
def marked(sample: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Markers of the file for two columns, of which one is compared in the export too."""
    data = sample.copy()
    data.uns["rank_genes_groups"] = entry("cell_type", ["B cell", "T cell"])
    data.uns["by_row"] = entry("__proto__", ["upper", "lower"], layer="counts", method="logreg")
    folder = tmp_path_factory.mktemp("marked") / "bundle"
    karospace_stream.export(data, folder, anno="all", name="sample", group_by="cell_type", markers="wilcoxon")
    return folder


@pytest.fixture
def url(marked: Path, served: Callable[[Path], str]) -> str:
    return served(marked)


def test_the_legend_has_those_of_the_file_first(viewer: ViewerPage, url: str) -> None:
    page = viewer.page
    viewer.open(url + LINK)
    page.get_by_role("button", name="Markers of T cell").click()
    below = page.get_by_role("group", name="Markers of T cell")
    names = below.get_by_role("table").get_by_role("button")
    expect(names).to_have_text([ABSENT, *HOSTILE[:3]])
    expect(below).to_contain_text(SUMMARY)
    expect(below.get_by_role("columnheader")).to_have_text(["Gene", "Score"])
    names.first.click(force=True)  # not exported: nothing happens
    names.nth(1).click()
    expect(page.get_by_role("combobox", name="Gene", exact=True)).to_have_value(HOSTILE[0])


def test_computed_ones_are_a_choice_that_the_legend_follows(viewer: ViewerPage, url: str) -> None:
    page = viewer.page
    viewer.open(url + LINK)
    choice = panel(page).get_by_label("Groups of")
    expect(choice.locator("option")).to_have_text(
        [
            "cell_type (file: wilcoxon)",
            "__proto__ (file: logreg, by_row)",
            "cell_type",
        ]
    )
    expect(choice).to_have_value("0")
    choice.select_option("2")
    page.get_by_role("button", name="Markers of T cell").click()
    below = page.get_by_role("group", name="Markers of T cell")
    expect(below.get_by_role("table").get_by_role("button")).to_have_count(len(HOSTILE))
    expect(below).not_to_contain_text("From the file")
    panel(page).get_by_role("button", name="Gene table").click()
    expect(drawer(page)).to_contain_text("Wilcoxon rank-sum test without tie correction")


def test_the_table_states_the_parameters(viewer: ViewerPage, url: str) -> None:
    page = viewer.page
    viewer.open(url + LINK)
    panel(page).get_by_role("button", name="Gene table").click()
    table = page.get_by_role("table", name="Markers of B cell").and_(page.locator(".grid"))
    expect(table.get_by_role("rowheader")).to_have_text([ABSENT, *HOSTILE[:3]])
    expect(table.get_by_role("columnheader")).to_have_text(["Gene", "Score ↓", "p", "Share", "Mean"])
    # The gene that is not exported has a score, but neither share nor mean.
    expect(table.get_by_role("row").nth(1).get_by_role("cell")).to_have_text(
        ["9.50", "< 1e\N{MINUS SIGN}300", "—", "—"]
    )
    expect(drawer(page)).to_contain_text(
        "From the file, uns[“rank_genes_groups”]: Wilcoxon rank-sum test, against the rest, values of raw."
    )
    expect(drawer(page)).to_contain_text("1 of its genes is not exported.")


def test_a_column_without_computed_statistics(viewer: ViewerPage, url: str) -> None:
    page = viewer.page
    viewer.open(f"{url}#embedding=X_umap&column=__proto__")
    page.get_by_role("button", name="Markers of upper").click()
    expect(page.get_by_role("group", name="Markers of upper")).to_contain_text("values of layer “counts”")
    panel(page).get_by_role("button", name="Dot plot").click()
    expect(drawer(page)).to_contain_text("This export has no means and shares by __proto__")
    drawer(page).get_by_role("tab", name="Variable genes").click()
    expect(drawer(page)).to_contain_text("This export has no means and variances by __proto__")


def test_variable_genes_are_of_columns_only(viewer: ViewerPage, url: str) -> None:
    page = viewer.page
    viewer.open(f"{url}#embedding=X_umap&column=__proto__")
    panel(page).get_by_role("button", name="Variable genes").click()
    choice = drawer(page).get_by_label("Groups of")
    expect(choice.locator("option")).to_have_text(["__proto__ (file: logreg, by_row)", "cell_type"])
    choice.select_option(label="cell_type")
    expect(page.get_by_role("table", name="Variable genes")).to_be_visible()
    # Markers of the file stay the first of that column.
    expect(panel(page).get_by_label("Groups of")).to_have_value("0")
    expect(choice).to_have_count(0)


def test_the_dot_plot_draws_them_with_the_tables(viewer: ViewerPage, url: str) -> None:
    page = viewer.page
    viewer.open(url + LINK)
    panel(page).get_by_role("button", name="Dot plot").click()
    expect(drawer(page).get_by_role("group", name="Dot plot of 2 genes by cell_type")).to_be_visible()


@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize("by", ["anndata", "export"])
@pytest.mark.few(2)
def test_a_store(
    viewer: ViewerPage,
    said: Said,
    sample: anndata.AnnData,
    url: str,
    tmp_path: Path,
    by: str,
    zarr_format: Any,
) -> None:
    """As anndata writes it, and as the exporter does."""
    data = sample.copy()
    data.uns["rank_genes_groups"] = entry("cell_type", ["B cell", "T cell"])
    store, page = tmp_path / "store.zarr", viewer.page
    if by == "anndata":
        write_store(data, store, zarr_format)
    else:
        karospace_stream.export(data, store, format="anndata", zarr_format=zarr_format, group_by="none")
    with start(LocalFiles([str(tmp_path)]), str(tmp_path), heads=heads(), port=0) as server:
        viewer.open_elsewhere(f"{url}?data={server.url}store.zarr{LINK}")
        page.get_by_role("button", name="Markers of T cell").click()
        below = page.get_by_role("group", name="Markers of T cell")
        names = below.get_by_role("table").get_by_role("button")
        expect(names).to_have_text([ABSENT, *HOSTILE[:3]])
        expect(below).to_contain_text(SUMMARY)
        panel(page).get_by_role("button", name="Gene table").click()
        table = page.get_by_role("table", name="Markers of B cell").and_(page.locator(".grid"))
        expect(table.get_by_role("columnheader")).to_have_text(["Gene", "Score ↓", "p"])
    # Which of the two formats it is, only the answer tells.
    assert said == ([NOT_FOUND] if zarr_format == 3 else [])
    said.clear()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.few(1)
def test_looks(new_page: Callable[..., ViewerPage], url: str, tmp_path: Path, scheme: str, size: str) -> None:
    viewer = new_page(viewport=SIZES[size], color_scheme=scheme)
    page = viewer.page
    viewer.open(url + LINK)
    if size == "wide":
        page.get_by_role("button", name="Markers of T cell").click()
        page.screenshot(path=tmp_path / f"legend_{scheme}_{size}.png")
    panel(page).get_by_role("button", name="Gene table").click()
    expect(drawer(page)).to_contain_text("From the file")
    page.screenshot(path=tmp_path / f"table_{scheme}_{size}.png")
    assert violations(page) == []
