"""Columns without values and graphs of odd weights: refused, or said in a finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError

N_CELLS, N_GENES = 40, 5
KEY = "near"


def drawn(weights: Any = 1.0) -> anndata.AnnData:
    """Cells along a line; each is a neighbour of the one before it, and of the one after it."""
    rng = np.random.default_rng(0)
    made = anndata.AnnData(rng.poisson(1.0, (N_CELLS, N_GENES)).astype("f4"))
    made.obsm["spatial"] = rng.random((N_CELLS, 2))
    made.obs["kind"] = pd.Categorical(["a", "b"] * (N_CELLS // 2))
    line = sparse.diags([np.ones(N_CELLS - 1)] * 2, [1, -1]).tocsr()
    line.data[: np.size(weights)] = weights
    made.obsp[KEY] = line
    return made


COLUMNS = {
    "no categories": pd.Categorical([None] * N_CELLS),
    "no cells": pd.Categorical([None] * N_CELLS, categories=["x", "y"]),
    "texts": np.array([None] * N_CELLS, object),
    "numbers": pd.array([None] * N_CELLS, "Int64"),
    "flags": pd.array([None] * N_CELLS, "boolean"),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_column_without_values(kind: str, tmp_path: Path) -> None:
    data = drawn()
    data.obs["void"] = COLUMNS[kind]
    said = "group_by: no cell has a value in 'void'; name another column"
    with pytest.raises(BadOptionError, match=said):
        karospace_stream.statistics(data, group_by="void", progress=False)
    for form in ("karospace", "anndata"):
        with pytest.raises(BadOptionError, match=said):
            karospace_stream.export(data, tmp_path / form, format=form, group_by="void", progress=False)
    report = karospace_stream.export(data, tmp_path / "default", progress=False)
    assert "one-group" not in [each.code for each in report.findings]


def test_a_graph_without_entries(tmp_path: Path) -> None:
    data = drawn()
    data.obsp[KEY] = sparse.csr_matrix((N_CELLS, N_CELLS))
    with pytest.raises(BadInputError, match=r"neighbourhoods: obsp\['near'\] must have entries, got none"):
        karospace_stream.statistics(data, neighbourhoods=KEY, progress=False)
    with pytest.raises(BadInputError, match="must have entries"):
        karospace_stream.export(data, tmp_path / "out", neighbourhoods=KEY, progress=False)


ODD = [
    (
        np.zeros(2 * N_CELLS - 2),
        None,
        "no exported cell has a neighbour in obsp['near'] whose weight is not 0",
    ),
    (1.0, 1, "no exported cell has a neighbour in obsp['near'] whose weight is not 0"),
    ([np.nan, np.inf], None, "2 weights of obsp['near'] are NaN or infinite"),
    ([np.nan], None, "1 weight of obsp['near'] is NaN or infinite"),
]


@pytest.mark.parametrize(("weights", "downsample", "said"), ODD)
@pytest.mark.parametrize("form", ["tables", "karospace", "anndata"])
def test_weights_that_leave_no_value(
    form: str, weights: Any, downsample: int | None, said: str, tmp_path: Path
) -> None:
    options: dict[str, Any] = {"neighbourhoods": KEY, "downsample": downsample, "progress": False}
    data = drawn(weights)
    if form == "tables":
        found = karospace_stream.statistics(data, **options)
        assert found.genes[["moran_i", "geary_c", "moran_pval"]].isna().all(axis=None)
        findings = found.findings
    else:
        findings = karospace_stream.export(data, tmp_path / "out", format=form, **options).findings
    (note,) = (each.text for each in findings if each.code == "neighbour-weights")
    assert note == f"{said}, so that Moran's I and Geary's C have no value"


def test_negative_weights() -> None:
    found = karospace_stream.statistics(drawn([-1.0, -2.0, -0.5]), neighbourhoods=KEY, progress=False)
    (note,) = (each.text for each in found.findings if each.code == "neighbour-weights")
    assert note.startswith("3 weights of obsp['near'] are negative, but Moran's I")
    assert found.genes["moran_i"].notna().all()
    assert "neighbour-weights" not in [
        each.code
        for each in karospace_stream.statistics(drawn(), neighbourhoods=KEY, progress=False).findings
    ]


def test_no_genes() -> None:
    said = "takes no genes, so there is nothing to sum"
    with pytest.raises(BadOptionError, match=said):
        karospace_stream.pseudobulk(drawn(), "kind", genes="none", progress=False)
    with pytest.raises(BadOptionError, match=said):
        karospace_stream.statistics(drawn(), group_by="kind", genes="none", progress=False)


def test_variable_genes_of_counts_advise_to_no_option_of_another_command() -> None:
    notes: list[Any] = []
    karospace_stream.pseudobulk(drawn(), "kind", genes="hvgs:2", listener=notes.append)
    (found,) = (
        each.finding
        for each in notes
        if getattr(getattr(each, "finding", None), "code", "") == "no-highly-variable"
    )
    assert (found.option, found.value, "seurat_v3" in found.text) == ("", None, False)


def test_tables_do_not_advise_to_counts() -> None:
    data = drawn()
    data.layers["counts"] = data.X
    data.X = np.log1p(data.X) * 1.3
    found = karospace_stream.statistics(data, group_by="kind", progress=False)
    assert found.findings == ()
