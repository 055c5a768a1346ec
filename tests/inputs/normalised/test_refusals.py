"""What is refused, and what is noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError
from tests.inputs.normalised.made import LAYOUTS, as_anndata, counts, expected, exported


@pytest.mark.parametrize("given", [0, -1, "1e", "all", float("nan"), float("inf"), True, ""])
def test_values_of_the_option(given: Any) -> None:
    with pytest.raises(BadOptionError, match="normalize= must be a number above zero"):
        karospace_stream.plan_export(as_anndata(counts(), "csr"), normalize=given)


@pytest.mark.parametrize("given", [1e300, 1e-300, "1e39", 10**400])
def test_totals_that_no_result_can_hold(given: Any) -> None:
    with pytest.raises(BadOptionError, match=r"normalize= must be a number (from 1e-30 to 1e|above zero)"):
        karospace_stream.plan_export(as_anndata(counts(), "csr"), normalize=given)


@pytest.mark.parametrize("layout", LAYOUTS[:3])
@pytest.mark.parametrize(
    ("value", "shown"), [(np.nan, "nan"), (np.inf, "inf"), (-1000.0, "-[0-9.]+")], ids=str
)
def test_cells_that_cannot_be_normalised(layout: str, value: float, shown: str, tmp_path: Path) -> None:
    values = counts(seed=1)
    values[17, 4] = value
    adata = as_anndata(values, layout)
    match = f"normalize: X must hold counts, but the values of cell 17 .* add up to {shown}; "
    with pytest.raises(BadInputError, match=match):
        exported(adata, tmp_path / "out.zarr", normalize=1e4)
    assert not (tmp_path / "out.zarr").exists()
    karospace_stream.plan_export(adata, normalize="median")  # reads a sample


@pytest.mark.parametrize("layout", LAYOUTS[:3])
def test_cells_that_are_not_exported_may_hold_anything(layout: str, tmp_path: Path) -> None:
    values = counts(seed=1)
    adata = as_anndata(values, layout)
    exported(adata, tmp_path / "a.zarr", normalize=1e4, downsample=20)
    cells = anndata.read_zarr(tmp_path / "a.zarr").obs_names.astype(int)
    left = next(cell for cell in range(300) if cell not in cells)
    values[left, 4] = np.nan
    for target in (1e4, "median"):
        out = tmp_path / f"{target}.zarr"
        found = exported(as_anndata(values, layout), out, normalize=target, downsample=20)
        np.testing.assert_allclose(found, expected(values, target, log=False, cells=cells), rtol=5e-7)


@pytest.mark.parametrize("layout", LAYOUTS[:3])
@pytest.mark.parametrize("value", [-1.0, -2.5])
def test_logarithms_of_negative_numbers(layout: str, value: float, tmp_path: Path) -> None:
    values = counts(seed=1)
    values[17, 4] = value
    with pytest.raises(BadInputError, match="log1p=True: X must hold values above -1, such as counts, but"):
        exported(as_anndata(values, layout), tmp_path / "out.zarr", log1p=True)


def test_nothing_to_scale(tmp_path: Path) -> None:
    found = exported(as_anndata(np.zeros((300, 40), "f4"), "csr"), tmp_path / "a.zarr", normalize="median")
    assert not found.any()


def test_variable_genes_of_counts_are_refused() -> None:
    adata = as_anndata(counts(), "csr")
    with pytest.raises(BadOptionError, match=r"seurat_v3.* takes counts, which .*normalize.* changes; use"):
        karospace_stream.plan_export(adata, normalize=1e4, genes="hvgs:5", hvg_flavor="seurat_v3")


def codes(adata: Any, **options: Any) -> dict[str, Any]:
    plan = karospace_stream.plan_export(adata, **options)
    return {each.code: each for each in plan.findings}


def test_findings() -> None:
    found = codes(as_anndata(counts(), "csr"))
    assert (found["raw-counts"].option, found["raw-counts"].value) == ("normalize", 10_000)
    found = codes(as_anndata(counts(), "csr"), normalize=1e4)
    assert (found["no-logarithms"].option, found["no-logarithms"].value) == ("log1p", True)
    assert "not-counts" not in found
    found = codes(as_anndata(counts(), "csr"), normalize=1e4, log1p=True)
    assert not {"raw-counts", "no-logarithms", "not-counts", "counts-elsewhere"} & set(found)
    found = codes(as_anndata(np.log1p(counts()), "csr"), normalize=1e4, log1p=True)
    assert "normalised already" in found["not-counts"].text


def test_dense_inputs_that_lack_genes(tmp_path: Path) -> None:
    """An outer join has NaN where an input lacks a gene, so that cells have no totals."""
    one, other = as_anndata(counts(seed=1), "dense"), as_anndata(counts(seed=2), "dense")[:, 1:].copy()
    given: dict[str, Any] = {"normalize": 1e4, "index_unique": "-"}
    with pytest.raises(BadOptionError, match=r"X is joined from dense inputs .* NaN .*; give join=\"inner\""):
        karospace_stream.plan_export([one, other], join="outer", **given)
    karospace_stream.plan_export([one, other], join="inner", **given)
    karospace_stream.plan_export([one, one.copy()], join="outer", **given)
    sparse_ones = [as_anndata(counts(seed=1), "csr"), as_anndata(counts(seed=2), "csr")[:, 1:].copy()]
    karospace_stream.plan_export(sparse_ones, join="outer", **given)
