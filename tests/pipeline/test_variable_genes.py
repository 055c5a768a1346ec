"""Exports that compute the most variable genes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.measures.variable import clipped
from karospace_stream.model.finding import Finding
from karospace_stream.pipeline.counting.count import count_genes
from karospace_stream.plan.planning import resolve_genes
from karospace_stream.runtime.events import ignore

N_CELLS, N_GENES = 200, 40
KINDS: dict[str, Any] = {
    "csr": sparse.csr_matrix,
    "csc": sparse.csc_matrix,
    "dense": np.asarray,
    "tall": np.asfortranarray,
}


def adata(values: Any = None, **var: Any) -> anndata.AnnData:
    rng = np.random.default_rng(0)
    if values is None:
        rates = rng.gamma(0.5, 3, N_GENES)
        values = np.log1p(rng.poisson(rates * rng.gamma(1, 1, (N_CELLS, N_GENES))) * 1.5).astype("f4")
    n_cells, n_genes = values.shape
    batch = rng.choice(["a", "b", "c"], n_cells).astype(object)
    batch[:2] = None
    batch[2] = "alone"
    obs = pd.DataFrame({"batch": pd.Categorical(batch), "plate": rng.integers(1, 4, n_cells)})
    obs.index = [f"cell-{number}" for number in range(n_cells)]
    named = pd.DataFrame(var, index=[f"gene-{number}" for number in range(n_genes)])
    return anndata.AnnData(values, obs=obs, var=named, obsm={"X_umap": rng.random((n_cells, 2))})


def order_of(source: Any, **options: Any) -> list[int]:
    plan = karospace_stream.plan_export(source, **{"genes": "hvgs:5", "memory": "2GB", **options})
    return resolved(plan).selection.genes.tolist()


def resolved(plan: Any) -> Any:
    return resolve_genes(plan, partial(count_genes, listener=ignore))


def findings(plan: Any) -> dict[str, Finding]:
    return {each.code: each for each in plan.findings}


def test_logarithms_are_computed_as_a_matter_of_course(tmp_path: Path) -> None:
    plan = karospace_stream.plan_export(adata(), genes="hvgs:5")
    assert plan.counting
    assert plan.variable is not None
    assert findings(plan)["variable-genes"].text == (
        "the 5 most variable genes are computed (seurat), since var has no highly_variable column"
    )
    assert "the most variable genes (seurat)" in str(plan.to_json() | {"card": plan._repr_html_()})
    report = karospace_stream.export(adata(), tmp_path / "out", genes="hvgs:5", preview=False)
    assert report.n_genes == 5
    assert not karospace_stream.verify(tmp_path / "out", source=adata()).faults
    assert len(order_of(adata(), downsample=1)) == 5


def test_the_column_of_var_comes_first_unless_a_flavor_is_named() -> None:
    flags = np.zeros(N_GENES, bool)
    flags[[3, 8]] = True
    named = adata(highly_variable=flags)
    plan = karospace_stream.plan_export(named, genes="hvgs:2")
    assert not plan.counting
    assert plan.selection.genes.tolist() == [3, 8]
    assert "variable-genes" not in findings(plan)
    asked = karospace_stream.plan_export(named, genes="hvgs:2", hvg_flavor="seurat")
    assert "although var has a highly_variable column" in findings(asked)["variable-genes"].text
    assert resolved(asked).selection.genes.tolist() == order_of(adata(), genes="hvgs:2")


def test_counts_are_chosen_by_mean_unless_a_flavor_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = adata(np.random.default_rng(1).poisson(2.0, (50, 9)).astype("f4"))
    plan = karospace_stream.plan_export(counts, genes="hvgs:3")
    assert plan.variable is None
    found = findings(plan)["no-highly-variable"]
    assert found.text.startswith("var has no highly_variable column, and X holds raw counts: the genes with")
    assert (found.option, found.value) == ("hvg_flavor", "seurat_v3")
    assert order_of(counts, genes="hvgs:3") == order_of(counts, genes="top_mean:3")
    assert order_of(adata(), hvg_flavor="none") == order_of(adata(), genes="top_mean:5")
    odd = findings(karospace_stream.plan_export(counts, genes="hvgs:3", hvg_flavor="cell_ranger"))
    assert odd["variable-genes-values"].text == (
        "cell_ranger expects logarithms of normalised counts, but X holds raw counts"
    )
    monkeypatch.setattr(clipped, "find_spec", lambda name: True)
    odd = findings(karospace_stream.plan_export(adata(), genes="hvgs:3", hvg_flavor="seurat_v3"))
    assert odd["variable-genes-values"].text == "seurat_v3 expects raw counts, but X holds normalised values"


def test_batches_without_cells_enough_and_cells_without_a_batch_are_said() -> None:
    plan = karospace_stream.plan_export(adata(), genes="hvgs:5", hvg_batch="batch")
    assert "within the 4 batches of 'batch'" in findings(plan)["variable-genes"].text
    after = findings(resolved(plan))
    assert after["cells-without-batch"].text.startswith("2 cells without a value of 'batch'")
    assert after["batch-of-one-cell"].text == (
        "1 batch of one cell did not count for variable genes: 'alone' of batch"
    )
    kept = adata()[3:].copy()
    assert order_of(adata(), hvg_batch="batch") == order_of(kept, hvg_batch="batch")


def test_a_batch_column_of_whole_numbers() -> None:
    source = adata()
    source.obs["text"] = source.obs["plate"].astype(str).astype("category")
    assert order_of(source, hvg_batch="plate") == order_of(source, hvg_batch="text")


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"hvg_batch": "bach"}, BadOptionError, "no obs column 'bach'.*did you mean 'batch'"),
        ({"hvg_flavor": "seurat3"}, BadOptionError, "hvg_flavor.* must be one of auto, seurat"),
        ({"genes": "all", "hvg_flavor": "seurat"}, BadOptionError, "would have no effect"),
        ({"hvg_flavor": "none", "hvg_batch": "batch"}, BadOptionError, "would have no effect"),
        ({"hvg_batch": "score"}, BadInputError, "'score' must hold categories, text or true/false"),
        ({"downsample": 1, "hvg_flavor": "seurat"}, BadInputError, "must be 2 cells or more, got 1"),
    ],
)
def test_refusals(options: dict[str, Any], error: type[Exception], match: str) -> None:
    source = adata()
    source.obs["score"] = np.linspace(0, 1, N_CELLS)
    with pytest.raises(error, match=match):
        order_of(source, **options)


def test_a_batch_column_asks_for_a_flavor_where_the_values_tell_none() -> None:
    counts = adata(np.random.default_rng(1).poisson(2.0, (50, 9)).astype("f4"))
    with pytest.raises(BadOptionError, match="hvg_batch: name hvg_flavor= too, since X holds raw counts;"):
        order_of(counts, hvg_batch="batch")


def test_values_without_an_exponential_are_refused() -> None:
    values = np.random.default_rng(0).random((50, 9)).astype("f4")
    values[3, 3] = 99
    with pytest.raises(BadInputError, match="X must hold logarithms"):
        order_of(adata(values), hvg_flavor="seurat")


def test_values_that_are_not_finite_count_as_zero() -> None:
    source, zeroed = adata(), adata()
    source.X[5, 7], source.X[9, 7] = np.nan, np.inf
    zeroed.X[5, 7] = zeroed.X[9, 7] = 0
    plan = resolved(karospace_stream.plan_export(source, genes="hvgs:5"))
    (said,) = (each.text for each in plan.findings if each.code == "variable-genes-not-finite")
    assert said == "for variable genes, 2 NaN or infinite values counted as 0"
    assert plan.selection.genes.tolist() == order_of(zeroed)


def test_genes_that_cannot_be_ranked_are_left_out() -> None:
    source = adata()
    source.X[:, 6:] = 0
    plan = resolved(karospace_stream.plan_export(source, genes="hvgs:30"))
    assert set(plan.selection.genes.tolist()) <= set(range(6))
    assert "genes vary so that they can be ranked" in findings(plan)["fewer-variable-genes"].text


def test_no_gene_that_can_be_ranked_is_refused() -> None:
    values = np.random.default_rng(0).random((50, 9)).astype("f4")
    with pytest.raises(BadInputError, match="no gene of X varies so that it can be ranked"):
        order_of(adata(values), hvg_flavor="cell_ranger")


def many() -> Any:
    rng = np.random.default_rng(3)
    values = rng.random((TILE + 4_000, 12)) * 10.0 ** rng.integers(-3, 1, (TILE + 4_000, 12))
    return values * (rng.random(values.shape) < 0.1)


@pytest.mark.parametrize("flavor", ["seurat", "seurat_v3"])
def test_sums_depend_on_nothing_but_the_values(
    flavor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from karospace_stream.pipeline.counting import count

    monkeypatch.setattr(clipped, "find_spec", lambda name: True)
    monkeypatch.setattr(clipped, "loess", lambda x, y: np.polyval(np.polyfit(x, y, 2), x))
    taken: list[bytes] = []
    summed = count._summed

    def record(*args: Any) -> Any:
        sums = summed(*args)
        taken.append(sums.first.tobytes() + sums.second.tobytes() + sums.n_positive.tobytes())
        return sums

    monkeypatch.setattr(count, "_summed", record)
    values, seen = many(), set()
    ways = [("csr", {}), ("csr", {"memory": "330MB"}), ("csr", {"scheduler": "processes", "workers": 2})]
    ways += [("csr", {"scheduler": "sync"}), ("csc", {}), ("dense", {"memory": "400MB"}), ("tall", {})]
    for number, (layout, options) in enumerate(ways):
        path = tmp_path / f"{number}.h5ad"
        adata(KINDS[layout](values)).write_h5ad(path)
        asked = {"hvg_batch": "batch", "hvg_flavor": flavor, "downsample": TILE + 3_000, **options}
        seen.add((tuple(order_of(path, **asked)), tuple(taken)))
        taken.clear()
    assert len(seen) == 1


# --- columns of an AnnData store


@pytest.mark.parametrize("flavor", ["seurat", "cell_ranger"])
@pytest.mark.parametrize("batch", [None, "batch"])
@pytest.mark.parametrize("zarr_format", [2, 3])
def test_a_store_has_the_columns_of_scanpy(
    zarr_format: int, batch: str | None, flavor: str, tmp_path: Path
) -> None:
    data = adata(extra=np.arange(N_GENES))
    options: dict[str, Any] = {"genes": "hvgs:9", "hvg_flavor": flavor, "hvg_batch": batch}
    options |= {"format": "anndata", "zarr_format": zarr_format}
    report = karospace_stream.export(data, tmp_path / "out.zarr", progress=False, **options)
    read = anndata.read_zarr(tmp_path / "out.zarr")
    assert read.uns["hvg"] == {"flavor": flavor, **({"batch_key": batch} if batch else {})}
    names = ["highly_variable", "means", "dispersions", "dispersions_norm"]
    batched = ["highly_variable_nbatches", "highly_variable_intersection"] if batch else []
    assert list(read.var) == ["extra", *names, *batched]
    assert read.var["highly_variable"].all()
    norm = read.var["dispersions_norm"]
    assert norm.dtype == np.float32
    found = resolved(karospace_stream.plan_export(data, **options)).selection
    expected = found.variable.columns["dispersions_norm"][found.genes]
    np.testing.assert_array_equal(norm, expected)
    if batch is None:
        assert norm.is_monotonic_decreasing
    else:
        assert read.var["highly_variable_nbatches"].is_monotonic_decreasing
    assert karospace_stream.verify(tmp_path / "out.zarr")
    plan = karospace_stream.plan_export(data, **options)
    assert abs(plan.n_objects - report.n_objects) < 0.1 * report.n_objects


def test_columns_of_the_file_are_replaced_and_the_source_verifies(tmp_path: Path) -> None:
    data = adata(highly_variable=np.arange(N_GENES) < 5, means=np.full(N_GENES, 99.0))
    data.write_h5ad(tmp_path / "in.h5ad")
    options = {"genes": "hvgs:9", "hvg_flavor": "seurat", "format": "anndata", "progress": False}
    karospace_stream.export(tmp_path / "in.h5ad", tmp_path / "out.zarr", **options)
    read = anndata.read_zarr(tmp_path / "out.zarr")
    assert list(read.var) == ["highly_variable", "means", "dispersions", "dispersions_norm"]
    assert read.var["means"].max() < 99
    assert karospace_stream.verify(tmp_path / "out.zarr", source=tmp_path / "in.h5ad")


def test_columns_of_raw(tmp_path: Path) -> None:
    data = adata()
    data.raw = data
    data = data[:, :4].copy()
    options = {"genes": "hvgs:9", "raw": True, "format": "anndata", "progress": False}
    karospace_stream.export(data, tmp_path / "out.zarr", **options)
    assert anndata.read_zarr(tmp_path / "out.zarr").var["dispersions_norm"].notna().all()


def test_genes_that_are_not_computed_have_no_columns(tmp_path: Path) -> None:
    for number, genes in enumerate(("all", "top_mean:5")):
        target = tmp_path / f"{number}.zarr"
        karospace_stream.export(adata(), target, genes=genes, format="anndata", progress=False)
        read = anndata.read_zarr(target)
        assert "hvg" not in read.uns
        assert list(read.var) == []
