"""Means and shares of groups in an AnnData store: from varm, or the shares beside scanpy's markers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
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
from tests.browser.test_file_markers import entry
from tests.browser.test_looks import SIZES
from tests.browser.test_markers import GROUPS, LINK, drawer, panel

GENE = "Case"


@pytest.fixture(scope="module")
def stores(sample: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One as the exporter writes it, one with markers and shares of groups, one with markers alone."""
    folder = tmp_path_factory.mktemp("stores")
    own = folder / "own.zarr"
    karospace_stream.export(
        sample, own, format="anndata", zarr_format=2, group_by="cell_type", markers="wilcoxon"
    )
    data = sample.copy()
    data.uns["rank_genes_groups"] = entry("cell_type", GROUPS[:2])
    write_store(data, folder / "alone.zarr", 2)
    # Of a gene that is not in the store, and of all others in another order.
    names = ["absent", *HOSTILE[::-1]]
    shares = pd.DataFrame({group: np.linspace(0.1 * at, 1, 9) for at, group in enumerate(GROUPS)}, names)
    data.uns["rank_genes_groups"]["pts"] = shares
    write_store(data, folder / "pts.zarr", 2)
    return folder


@pytest.fixture
def address(
    stores: Path, served: Callable[[Path], str], bundle: Path, said: Said
) -> Iterator[Callable[[str], str]]:
    page = served(bundle)
    # The chunk of a parameter that is False is not stored.
    said.were_expected(NOT_FOUND)
    with start(LocalFiles([str(stores)]), str(stores), heads=heads(), port=0) as server:
        yield lambda name: f"{page}?data={server.url}{name}{LINK}"


def mean_and_share(sample: anndata.AnnData, gene: str, group: str) -> tuple[str, str]:
    values = np.asarray(sample[(sample.obs["cell_type"] == group).to_numpy(), gene].X)
    return f"{values.mean():.3g}", f"{100 * (values != 0).mean():.1f} %"


def test_the_dot_plot_has_means_and_shares_of_varm(
    viewer: ViewerPage, address: Callable[[str], str], sample: anndata.AnnData
) -> None:
    page = viewer.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    viewer.open_elsewhere(address("own.zarr"))
    assert not [url for url in asked if "/varm/" in url]
    # What is beside the markers of a column is no choice of its own.
    expect(panel(page).get_by_label("Groups of")).to_have_count(0)
    panel(page).get_by_role("button", name="Dot plot").click()
    drawer(page).get_by_role("button", name="These genes").click()
    drawer(page).get_by_label("Names of genes").fill(f"{GENE}, {HOSTILE[1]}")
    drawer(page).get_by_role("button", name="Draw", exact=True).click()
    drawn = drawer(page).get_by_role("group", name="Dot plot of 2 genes by cell_type")
    expect(drawn).to_be_visible()
    mean, share = max(mean_and_share(sample, GENE, group) for group in GROUPS)
    description = drawn.get_by_role("button", name=GENE, exact=True).get_attribute("aria-description")
    assert description is not None
    assert description.endswith(f", {mean}, {share} of its cells")
    assert not [url for url in asked if "/X/data" in url]
    drawer(page).get_by_role("button", name="Heat map").click()
    expect(drawer(page).get_by_role("group", name="Heat map of 2 genes by cell_type")).to_be_visible()
    drawer(page).get_by_role("tab", name="Variable genes").click()
    expect(drawer(page)).to_contain_text(
        "An AnnData store holds no variances by cell_type. Export it as a bundle with --group-by “cell_type”"
    )


def test_the_table_has_them_too(
    viewer: ViewerPage, address: Callable[[str], str], sample: anndata.AnnData
) -> None:
    page = viewer.page
    viewer.open_elsewhere(address("own.zarr"))
    panel(page).get_by_role("button", name="Gene table").click()
    table = page.get_by_role("table", name="Markers of B cell").and_(page.locator(".grid"))
    row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=GENE, exact=True))
    mean, share = mean_and_share(sample, GENE, "B cell")
    expect(row).to_contain_text(mean)
    expect(row).to_contain_text(share)


def test_shares_beside_markers_are_drawn_alone(viewer: ViewerPage, address: Callable[[str], str]) -> None:
    page = viewer.page
    viewer.open_elsewhere(address("pts.zarr"))
    panel(page).get_by_role("button", name="Dot plot").click()
    drawn = drawer(page).get_by_role("group", name="Dot plot of 2 genes by cell_type")
    expect(drawn).to_contain_text("Share of cells that express it")
    # The first gene is in the last row of the shares.
    expect(drawn.get_by_role("button").first).to_have_attribute(
        "aria-description", f"{HOSTILE[0]}: highest share in B cell, 100.0 % of its cells"
    )
    expect(drawer(page)).to_contain_text("no means: colours show the shares. Write it with --format anndata")


def test_a_store_with_markers_alone_says_how_to_write_it(
    viewer: ViewerPage, address: Callable[[str], str]
) -> None:
    page = viewer.page
    viewer.open_elsewhere(address("alone.zarr"))
    panel(page).get_by_role("button", name="Dot plot").click()
    expect(drawer(page)).to_contain_text(
        "This store has no means and shares by cell_type, only markers. "
        "Write it with --format anndata --group-by “cell_type” to see them."
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["own", "pts"])
@pytest.mark.few(2)
def test_looks(
    new_page: Callable[..., ViewerPage],
    address: Callable[[str], str],
    tmp_path: Path,
    name: str,
    scheme: Any,
    size: str,
) -> None:
    viewer = new_page(viewport=SIZES[size], color_scheme=scheme)
    page = viewer.page
    viewer.open_elsewhere(address(f"{name}.zarr"))
    panel(page).get_by_role("button", name="Dot plot").click()
    expect(drawer(page).locator("svg.plot")).to_be_visible()
    if size == "narrow":
        drawer(page).get_by_role("button", name="Genes and look of the plot").click()
    drawer(page).get_by_label("Similar genes together").check(force=True)
    page.screenshot(path=tmp_path / f"{name}_{scheme}_{size}.png")
    assert violations(page) == []
