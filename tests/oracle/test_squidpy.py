"""What is computed of neighbours is what Squidpy computes: genes, neighbouring groups and co-occurrence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.testing.synth import write_synthetic
from tests.oracle.others import ROOT, made_once

DATA = ROOT.parent / "shared" / "data"
SEED = 7
#: Real files: the graph, and the column.
REAL = {
    "cellrank50_velocity_umap": ("connectivities", "clusters"),
    "mti_imc_sn": ("spatial_connectivities", "cell type"),
    "squidpy_visium_test_data": ("connectivities", "leiden"),
    "soma_visium": ("spatial_connectivities", "half"),
    "anndata_v050_pbmc68k": ("distances", "louvain"),
}


def ours(path: Path) -> karospace_stream.GeneStatistics:
    told = anndata.read_h5ad(path, backed="r").uns
    return karospace_stream.statistics(
        path,
        group_by=str(told["column"]),
        markers="none",
        neighbourhoods=str(told["key"]),
        permutations=200,
        seed=SEED,
        gene_names="index",
    )


def real(name: str) -> anndata.AnnData:
    """With its graph in the place where graphs are; where it has none, the nearest on the grid."""
    adata = anndata.read_h5ad(DATA / f"{name}.h5ad")
    del adata.raw
    key, column = REAL[name]
    if column not in adata.obs:
        rows = adata.obs["array_row"].to_numpy()
        adata.obs[column] = pd.Categorical(np.where(rows < rows.mean(), "upper", "lower"))
        adata.obsp[key] = six_nearest(np.asarray(adata.obsm["spatial"], float))
    return adata


def six_nearest(xy: np.ndarray) -> sparse.csr_matrix:
    """Not symmetric at the border, and weighted."""
    from scipy.spatial import cKDTree

    apart, near = cKDTree(xy).query(xy, 7)
    rows = np.repeat(np.arange(len(xy)), 6)
    return sparse.csr_matrix((1 / apart[:, 1:].ravel(), (rows, near[:, 1:].ravel())), (len(xy), len(xy)))


def drawn(name: str) -> anndata.AnnData:
    """Cells alone, loops, stored zeros, weights, a graph of one direction, cells without a group."""
    rng = np.random.default_rng(5)
    n_cells = 700
    graph = sparse.random(n_cells, n_cells, 0.01, "lil", np.float32, rng)
    graph.setdiag((rng.random(n_cells) < 0.1).astype(np.float32))
    graph[rng.random(n_cells) < 0.05] = 0  # no neighbours
    graph = graph.tocsr()
    graph.eliminate_zeros()
    if name == "odd":
        graph.data[::17] = 0  # stored all the same
    values = rng.poisson(rng.random(30), (n_cells, 30)).astype(np.float32)
    values[:, 4] = 3  # the same everywhere
    obs = pd.DataFrame(
        {"kind": pd.Categorical(rng.choice(list("abcd"), n_cells))}, index=map(str, range(n_cells))
    )
    if name == "odd":
        obs.loc[obs.index[::9], "kind"] = np.nan
    adata = anndata.AnnData(values, obs, obsm={"spatial": rng.random((n_cells, 2)) * 300})
    adata.obsp["near"] = graph
    return adata


def sources(folder: Path) -> list[Path]:
    found = []

    def keep(name: str, adata: anndata.AnnData, key: str, column: str) -> None:
        path = folder / f"{name}.h5ad"
        adata.uns.clear()
        adata.uns.update({"key": key, "column": column, "seed": str(SEED)})
        adata.write_h5ad(path)
        squidpy: Any = ours(path).squidpy.get(f"{column}_co_occurrence")
        if squidpy is not None and "spatial" in adata.obsm:
            adata.uns["distances"] = squidpy["interval"]
            adata.write_h5ad(path)
        found.append(path)

    for name, (key, column) in REAL.items():
        if (DATA / f"{name}.h5ad").exists():
            keep(name, real(name), key, column)
    for name in ("odd", "plain_drawn"):
        keep(name, drawn(name), "near", "kind")
    for name, options in (("plain", {}), ("counts", {"counts": True})):
        write_synthetic(folder / f"{name}.h5ad", n_cells=900, n_genes=60, n_neighbors=6, **options)
        keep(name, anndata.read_h5ad(folder / f"{name}.h5ad"), "connectivities", "cell_type")
    return found


@pytest.mark.big
@pytest.mark.filterwarnings("ignore")
def test_squidpy(tmp_path_factory: pytest.TempPathFactory) -> None:
    script = Path(__file__).with_name("squidpy") / "run.py"
    peer = made_once(
        tmp_path_factory, "squidpy", "squidpy", script, lambda folder: list(map(str, sources(folder)))
    )
    compared = sorted(peer.glob("*.npz"))
    assert len(compared) >= 4
    n_paired = 0
    for each in compared:
        expected, made = np.load(each), ours(each.with_suffix(".h5ad"))
        for mode, stored, name in (("moran", "moranI", "I"), ("geary", "gearyC", "C")):
            found = made.squidpy[stored].loc[made.genes.index]
            there = np.isfinite(expected[mode])
            np.testing.assert_allclose(found[name][there], expected[mode][there], 1e-6, 1e-8)
            np.testing.assert_allclose(found["pval_norm"][there], expected[f"{mode}_p"][there], 1e-6, 1e-12)
            np.testing.assert_allclose(found["var_norm"][there], expected[f"{mode}_variance"][there], 1e-6)
            if there.all():
                adjusted = expected[f"{mode}_adjusted"]
                np.testing.assert_allclose(found["pval_norm_fdr_bh"], adjusted, 1e-6, 1e-12)
        (column,) = made.neighbours
        names = list(map(str, made.neighbours[column]["group"].cat.categories))
        used = [names.index(name) for name in expected["categories"]]
        unused = [number for number in range(len(names)) if number not in used]
        near = made.squidpy[f"{column}_nhood_enrichment"]
        np.testing.assert_array_equal(near["count"][np.ix_(used, used)], expected["count"])
        np.testing.assert_allclose(near["zscore"][np.ix_(used, used)], expected["zscore"], 1e-9, 1e-9)
        assert not near["count"][unused].any()
        assert np.isnan(near["zscore"][unused]).all()
        if "occ" in expected:
            n_paired += 1
            paired = made.squidpy[f"{column}_co_occurrence"]
            np.testing.assert_allclose(paired["interval"], expected["interval"], 1e-4)
            np.testing.assert_allclose(paired["occ"][np.ix_(used, used)], expected["occ"], 1e-4)
            assert np.isnan(paired["occ"][unused]).all()
    assert n_paired >= 2
