"""A real file in both formats: depth, edges, vectors, quantised genes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest
import scipy.sparse
from playwright.sync_api import expect

import karospace_stream
from tests.browser.conftest import SHARED
from tests.browser.page import Said, ViewerPage, changed


@pytest.mark.parametrize("target_format", ["karospace", "cellucid"])
@pytest.mark.few(1)
def test_a_real_file_in_depth_with_its_graph_vectors_and_genes(
    viewer: ViewerPage,
    served: Callable[[Path], str],
    tmp_path: Path,
    said: Said,
    target_format: str,
) -> None:
    source = SHARED / "data" / "cellrank50_velocity_umap.h5ad"
    if not source.is_file():
        pytest.skip(f"the shared data are not at {source.parent}")
    adata = anndata.read_h5ad(source)
    # The file has no layout of three axes of its own.
    adata.obsm["X_umap_3d"] = np.hstack([adata.obsm["X_umap"], 20 * adata.obsm["X_diffmap"][:, 1:2]])
    quantised: dict[str, Any] = {"var_quantization": 8} if target_format == "cellucid" else {}
    karospace_stream.export(adata, tmp_path / "real", format=target_format, anno="all", **quantised)
    viewer.open(served(tmp_path / "real") + "#column=clusters")
    page = viewer.page

    layouts = page.get_by_label("Embedding")
    deep = next(text for text in layouts.locator("option").all_text_contents() if "3-D" in text)
    layouts.select_option(label=deep)
    expect(page.get_by_role("group", name="Dimensions")).to_be_visible()
    viewer.wait()
    bare = viewer.pixels()
    page.get_by_label("Edges of the neighbour graph").select_option("all")
    upper = scipy.sparse.triu(adata.obsp["connectivities"] + adata.obsp["connectivities"].T, k=1)
    expect(page.locator(".edge-count")).to_have_text(f"{upper.nnz} edges drawn.")
    viewer.settle()
    assert changed(bare, viewer.pixels()) > 1000
    page.get_by_label("Edges of the neighbour graph").select_option("none")

    vectors = page.get_by_label("Vectors")
    vectors.select_option(index=1)
    viewer.wait()
    with_arrows = viewer.pixels()
    vectors.select_option(label="None")
    viewer.wait()
    assert changed(viewer.pixels(), with_arrows) > 300

    gene = str(adata.var_names[int(np.argmax(np.asarray(adata.X.sum(axis=0)).ravel()))])
    viewer.choose_gene(gene)
    x, y = viewer.spots()[0]
    viewer.point_at(x, y)
    _, values = viewer.told()
    cell = int(viewer.tooltip.get_attribute("data-cell") or -1)
    true = np.asarray(adata[:, gene].X.toarray()).ravel()
    step = np.ptp(true) / 254 if quantised else 0
    # The tooltip has three digits.
    assert abs(float(values[gene]) - true[cell]) <= step + 0.005 * abs(true[cell])
    # To find out which format it is, the page asks for files that are not there.
    assert all("404" in line for line in said), said
    said.were_expected()
