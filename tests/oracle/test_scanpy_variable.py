"""Variable genes are those of ``scanpy.pp.highly_variable_genes``, in its order."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from karospace_stream.measures.variable.flavors import FLAVORS
from tests.oracle.others import ROOT, made_once

DATA = ROOT.parent / "shared" / "data"
#: Real files, whether ``raw`` holds the values, a batch column, coordinates if there are no embeddings.
REAL: tuple[tuple[str, bool, str | None, str], ...] = (
    ("anndata_v050_pbmc68k.h5ad", True, "phase", ""),
    ("scp_indexed_by_gene_id.h5ad", False, "cell_type", "obs:nCount_RNA,nFeature_RNA"),
    ("soma_pbmc_small.h5ad", True, "groups", ""),
    ("soma_visium.h5ad", False, "in_tissue", ""),
    ("squidpy_visium_test_data.h5ad", False, "leiden", ""),
)
#: Scanpy refuses these too: bins that coincide, and too few genes for the fit.
REFUSED = ("bins coincide", "cannot be fitted", "no finite numbers")


def draw(folder: Path) -> None:
    """Counts and their logarithms; genes that no cell expresses, genes alike, odd batches, all layouts."""
    rng = np.random.default_rng(7)
    n_cells, n_genes = 600, 400
    rates = rng.gamma(0.5, 2, n_genes) * rng.gamma(2, 0.5, (n_cells, 1)) * np.exp(rng.normal(size=n_genes))
    counts = rng.poisson(rates * rng.gamma(1, 1, (n_cells, n_genes))).astype("f4")
    counts[:, 40:45] = counts[:, 20:25]  # ties
    counts[:, rng.integers(0, n_genes, 12)] = 0
    batch = rng.choice(["a", "b", "c", "d"], n_cells, p=[0.4, 0.3, 0.2, 0.1]).astype(object)
    batch[:9] = None
    batch[9] = "alone"
    counts[batch == "d", 100:200] = 0
    logged = np.log1p(counts / np.maximum(counts.sum(1, keepdims=True), 1) * 1e4)
    layouts: dict[str, Any] = {
        "counts_csr": sparse.csr_matrix(counts),
        "counts_integer": sparse.csr_matrix(counts.astype("i4")),
        "logged_csr": sparse.csr_matrix(logged.astype("f4")),
        "logged_csc": sparse.csc_matrix(logged.astype("f8")),
        "logged_dense": logged.astype("f4"),
        "logged_base": sparse.csr_matrix((logged / np.log(2)).astype("f4")),
    }
    for name, values in layouts.items():
        obs = pd.DataFrame({"batch": pd.Categorical(batch)}, index=[f"cell-{i}" for i in range(n_cells)])
        var = pd.DataFrame(index=[f"gene-{number}" for number in rng.permutation(n_genes)])
        adata = anndata.AnnData(values, obs=obs, var=var, obsm={"X_umap": rng.random((n_cells, 2))})
        if name == "logged_base":
            adata.uns["log1p"] = {"base": 2.0}
        adata.write_h5ad(folder / f"{name}.h5ad")


def cases(drawn: Path) -> list[dict[str, Any]]:
    sources: list[tuple[Path, bool, str | None, str]]
    sources = [(DATA / name, *rest) for name, *rest in REAL if (DATA / name).exists()]
    sources += [(path, False, "batch", "") for path in sorted(drawn.glob("*.h5ad"))]
    found = []
    for (path, raw, batch, coords), flavor, batched in product(sources, FLAVORS, (False, True)):
        for n in (10, 90):
            case = {"source": str(path), "raw": raw, "flavor": flavor, "batch": batch if batched else None}
            found.append(case | {"n": n, "coords": coords, "name": f"case_{len(found):03d}"})
    return found


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory, monkeypatch_session: pytest.MonkeyPatch) -> Path:
    """A folder with all cases, and what both found in each."""

    def prepare(folder: Path) -> list[str]:
        draw(folder)
        (folder / "cases.json").write_text(json.dumps(cases(folder)))
        return []

    monkeypatch_session.setenv("PYTHONPATH", str(ROOT))
    script = Path(__file__).with_name("scanpy") / "variable.py"
    return made_once(tmp_path_factory, "scanpy-variable", "scanpy", script, prepare)


@pytest.fixture(scope="session")
def monkeypatch_session() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.mark.big
def test_variable_genes(peer: Path) -> None:
    several = json.loads((peer / "cases.json").read_text())
    compared = 0
    for case in several:
        found = np.load(peer / f"{case['name']}.npz")
        if "our_error" in found:
            assert any(each in str(found["our_error"]) for each in REFUSED), (case, found["our_error"])
            whole = "integer" in case["source"]  # Scanpy takes the exponentials of counts in float64
            assert "their_error" in found or whole, (case, found["our_error"])
            continue
        assert "their_error" not in found, (case, found.get("their_error"))
        compare(case, found)
        compared += 1
    assert compared > len(several) / 2


def compare(case: dict[str, Any], found: Any) -> None:
    """The same genes; the same order, except among genes that Scanpy gives equal numbers."""
    compare_columns(case, found)
    order, theirs = found["order"], np.flatnonzero(found["highly_variable"])
    assert len(np.unique(order)) == len(order)
    if case["flavor"] == "seurat_v3":
        assert order.tolist() == by_rank(found["variances"], case["n"]).tolist(), case
        # Scanpy ranks equal variances in any order.
        assert len(set(order) - set(theirs)) <= n_tied(found["variances"]), case
        return
    if case["batch"] is not None:
        norm, n_batches = found["dispersions_norm"], found["highly_variable_nbatches"]
        in_order = np.lexsort((np.where(np.isnan(norm), np.inf, -norm), -n_batches))[: len(order)]
        assert n_batches[order].tolist() == n_batches[in_order].tolist(), case
        np.testing.assert_allclose(norm[order], norm[in_order], rtol=1e-9, err_msg=str(case))
    else:
        norm = found["dispersions_norm"]
        best = np.sort(norm[~np.isnan(norm)])[::-1][: case["n"]]
        np.testing.assert_allclose(norm[order], best, rtol=1e-9, err_msg=str(case))
        if not np.isinf(norm[order]).all():  # then Scanpy takes none
            assert set(order) <= set(theirs), case
        return
    assert set(order) == set(theirs), case


def compare_columns(case: dict[str, Any], found: Any) -> None:
    """The columns of var under scanpy's names; those of choices depend on the order of equal numbers."""
    names = {name.removeprefix("ours/") for name in found if name.startswith("ours/")}
    assert names == {name.removeprefix("theirs/") for name in found if name.startswith("theirs/")}, case
    tied = {"highly_variable_rank", "highly_variable_nbatches"} if case["flavor"] == "seurat_v3" else set()
    for name in names - {"highly_variable", *tied}:
        ours, theirs = found[f"ours/{name}"], found[f"theirs/{name}"]
        if name in ("highly_variable_nbatches", "highly_variable_intersection"):
            assert (ours != theirs).mean() < 0.02, (case, name)
            continue
        rtol = 2e-7 if name == "dispersions_norm" else 1e-9  # which is float32 in var
        np.testing.assert_allclose(ours, theirs, rtol, atol=1e-12, err_msg=f"{case} {name}")
    assert found["ours/highly_variable"].sum() == len(found["order"]), case


def by_rank(variances: Any, n: int) -> Any:
    """Scanpy's rule, with equal variances in the order of the genes."""
    rounded = np.array([[float(f"{each:.11e}") for each in row] for row in variances])
    ranks = np.argsort(np.argsort(-rounded, axis=1, kind="stable"), axis=1, kind="stable").astype("f4")
    ranks[ranks >= n] = np.nan
    n_batches = np.sum(~np.isnan(ranks), axis=0)
    median = np.ma.median(np.ma.masked_invalid(ranks), axis=0).filled(np.inf)
    return np.lexsort((-n_batches, median))[:n]


def n_tied(variances: Any) -> int:
    """Genes that share their variance with another one in some batch."""
    tied = np.zeros(variances.shape[1], bool)
    for row in variances:
        _, where, counts = np.unique(np.round(row, 10), return_inverse=True, return_counts=True)
        tied |= counts[where] > 1
    return int(tied.sum())
