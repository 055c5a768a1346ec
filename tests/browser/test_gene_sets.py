"""Gene sets in the panel: found by name, coloured by score, drawn as a plot; genes with large loadings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pytest
from playwright.sync_api import expect

import karospace_stream
from tests.browser.axe import violations
from tests.browser.page import NOT_FOUND, Said, ViewerPage

LINK = "#embedding=X_umap&column=cell_type"


@pytest.fixture(scope="module", params=["karospace", "anndata"])
def with_sets(
    request: pytest.FixtureRequest, sample: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The sample with two sets, loadings and markers, in both formats that have a place for them."""
    folder = tmp_path_factory.mktemp("sets") / "bundle"
    adata = sample.copy()
    values = np.zeros((adata.n_vars, 2))
    values[:3, 0] = [3, -2, 1]
    adata.varm["PCs"] = values
    names = [str(name) for name in adata.var_names]
    sets = {"First set": [*names[:2], "absent"], "Other": names[2:4]}
    options = {"anno": ["cell_type"], "name": "sample", "group_by": "cell_type", "gene_sets": sets}
    karospace_stream.export(adata, folder, progress=False, format=request.param, **options)
    return folder


def test_sets(with_sets: Path, served: Callable[[Path], str], viewer: ViewerPage, said: Said) -> None:
    viewer.open(served(with_sets) + LINK)
    # The page looks for other formats before it finds a store.
    assert set(said) <= {NOT_FOUND}
    said.were_expected(NOT_FOUND)
    page = viewer.page
    region = page.get_by_role("region", name="Gene lists", exact=True)
    field = region.get_by_role("combobox", name="List")
    field.fill("first")
    field.press("Enter")
    expect(region).to_contain_text("2 of 3 genes (1 not in the file), from ")
    assert not violations(page)
    score = region.get_by_role("button", name="Colour", exact=True)
    score.click()
    expect(score).to_have_attribute("aria-pressed", "true")
    region.get_by_role("list", name="Genes of First set").get_by_role("button").first.click()
    expect(score).to_have_attribute("aria-pressed", "false")
    region.get_by_role("button", name="Dot plot").click()
    drawer = page.get_by_role("region", name="Drawer")
    expect(drawer.get_by_role("group", name="Dot plot of 2 genes by cell_type")).to_be_visible()


def test_loadings(with_sets: Path, served: Callable[[Path], str], viewer: ViewerPage, said: Said) -> None:
    viewer.open(served(with_sets) + LINK)
    # The page looks for other formats before it finds a store.
    assert set(said) <= {NOT_FOUND}
    said.were_expected(NOT_FOUND)
    page = viewer.page
    page.get_by_role("button", name="Loadings").click()
    region = page.get_by_role("region", name="Loadings", exact=True)
    highest = region.get_by_role("list", name="Highest loadings of PCs 1").get_by_role("button")
    expect(highest).to_have_count(2)
    expect(region.get_by_role("list", name="Lowest loadings of PCs 1").get_by_role("button")).to_have_count(1)
    highest.first.click()
    expect(highest.first).to_have_attribute("aria-pressed", "true")
    region.get_by_label("Component").select_option("1")
    expect(highest).to_have_count(0)
    assert not violations(page)
