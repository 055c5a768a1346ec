"""The size of an export: ranges, the sample that they are told from, and where people read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest
from click.testing import CliRunner
from scipy import sparse

import karospace_stream
from karospace_stream.cli import program
from karospace_stream.encode.packed_share import packed_share
from karospace_stream.model.size import Size
from karospace_stream.plan.noticed.other_cells import tell_genes_apart

RNG = np.random.default_rng(0)
COUNTS = RNG.poisson(0.4, (600, 80)).astype(np.float32)
COUNTS[:, 10:20] *= RNG.random((600, 10)) < 0.05  # hardly expressed
LIBRARIES = RNG.integers(1_000, 20_000, (600, 1))
LOG = np.log1p(COUNTS * 10_000 / LIBRARIES).astype(np.float32)
FORMS: dict[str, Any] = {
    "dense": np.asarray,
    "csr": sparse.csr_matrix,
    "csc": sparse.csc_matrix,
}


def data(x: Any) -> anndata.AnnData:
    return anndata.AnnData(x, obsm={"X_umap": RNG.normal(size=(600, 2))})


def test_sizes_add_up() -> None:
    size = Size.exactly(10) + Size(2, 6) * 2
    assert (size.low, size.high) == (14, 22)
    assert size * Size(0.5, 2) == Size(7, 44)
    assert Size(100, 400).middle == 200
    assert Size(1.2, 3.4).bounds == (1, 4)
    assert Size(10, 20).packed(Size(0.5, 1)) == Size(5, 20)
    assert Size(10, 20).packed(Size(0.5, 1), when=False) == Size(10, 20)


def test_the_cost_of_a_file_by_itself_is_no_part_of_a_share() -> None:
    assert packed_share(bytes(100_000), 1) < 0.01
    assert packed_share(RNG.bytes(1_000), 1) == pytest.approx(1, abs=0.05)
    assert packed_share(b"", 1) == 1


@pytest.mark.parametrize("form", FORMS)
def test_the_sample_is_of_the_exported_genes(form: str) -> None:
    source, names = data(FORMS[form](LOG)), [f"{gene}" for gene in range(80)]
    plans = {
        name: karospace_stream.plan_export(source, genes=genes)
        for name, genes in {"all": names, "empty": names[10:20], "full": names[:10]}.items()
    }
    samples = {name: plan.sample for name, plan in plans.items()}
    if form == "csc":  # others are read; how full these are is known
        assert all(
            each is not None and each.fullness.low < 1 < each.fullness.high for each in samples.values()
        )
        return
    shares = {name: (LOG[:, plan.selection.genes] != 0).mean() for name, plan in plans.items()}
    for name, sample in samples.items():
        assert sample is not None
        assert sample.values.shape == (len(plans[name].selection.genes), 96)
        wanted = shares[name] / (1 if form == "dense" else shares["all"])
        assert sample.fullness.low <= wanted <= sample.fullness.high
        assert sample.fullness.high < 4 * sample.fullness.low


@pytest.mark.parametrize("form", FORMS)
def test_genes_with_the_highest_means_are_full_ones(form: str, tmp_path: Path) -> None:
    few = np.where(np.arange(80) < 40, LOG, LOG * (RNG.random(LOG.shape) < 0.02))[:, ::-1]
    source, options = data(FORMS[form](few)), {"genes": "top_mean:30", "gzip": True}
    plan = karospace_stream.plan_export(source, format="cellucid", **options)
    karospace_stream.export(source, tmp_path / "out", format="cellucid", **options)
    nbytes = sum(path.stat().st_size for path in (tmp_path / "out").rglob("*") if path.is_file())
    low, high = plan.output_range_nbytes
    assert plan.counting
    assert low <= nbytes <= high


def test_genes_do_not_share_values_that_depend_on_the_cell() -> None:
    values = np.ascontiguousarray(LOG[:96].T)
    apart = tell_genes_apart(values)
    np.testing.assert_allclose(apart, values, rtol=0.01)
    assert ((apart == 0) == (values == 0)).all()
    assert len(np.unique(apart)) > 1.5 * len(np.unique(values))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_counts_are_found_again_in_all_genes(dtype: str) -> None:
    values = np.ascontiguousarray(COUNTS[:96].T, dtype)
    assert tell_genes_apart(values) is values
    empty = np.zeros_like(values)
    assert tell_genes_apart(empty) is empty


def test_doubles_that_are_floats_stay_floats() -> None:
    apart = tell_genes_apart(np.ascontiguousarray(LOG[:96].T, np.float64))
    assert (apart == apart.astype(np.float32)).all()


def test_values_beyond_float32_are_no_error() -> None:
    large = LOG.astype(np.float64) * 1e300
    assert karospace_stream.plan_export(data(large)).output_nbytes > 0
    assert karospace_stream.plan_export(data(np.where(large > 0, np.nan, large))).output_nbytes > 0


def test_a_plan_says_the_range(tmp_path: Path) -> None:
    data(sparse.csr_matrix(LOG)).write_h5ad(tmp_path / "in.h5ad")
    plan = karospace_stream.plan_export(tmp_path / "in.h5ad")
    low, high = plan.output_range_nbytes
    assert low < plan.output_nbytes < high
    made = CliRunner().invoke(program, ["plan", str(tmp_path / "in.h5ad"), "--json"]).output
    assert json.loads(made)["output_range_nbytes"] == [low, high]
    text = CliRunner().invoke(program, ["plan", str(tmp_path / "in.h5ad")]).output
    assert " files, about 1." in text
    exact = karospace_stream.plan_export(tmp_path / "in.h5ad", gzip=False).output_range_nbytes
    assert exact[1] < 1.1 * exact[0]
