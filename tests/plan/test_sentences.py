"""What people read about odd values and options: in their words, and with the way out."""

from __future__ import annotations

from pathlib import Path

import anndata as ad
import numpy as np
import pandas as pd
import pytest

from karospace_stream import export, plan_export
from karospace_stream.errors import BadOptionError
from karospace_stream.pipeline.report import Report
from karospace_stream.plan.export_plan import ExportPlan


@pytest.fixture
def data() -> ad.AnnData:
    obs = pd.DataFrame({"kind": pd.Categorical(list("abab"))}, index=list("wxyz"))
    adata = ad.AnnData(np.arange(8.0).reshape(4, 2), obs=obs)
    adata.obsm["X_umap"] = np.arange(8.0).reshape(4, 2)
    return adata


def texts(made: ExportPlan | Report, code: str) -> list[str]:
    return [found.text for found in made.findings if found.code == code]


def test_very_large_numbers(data: ad.AnnData, tmp_path: Path) -> None:
    data.X = np.where(data.X == 7, 1e300, data.X)
    made = export(data, tmp_path / "out")
    (counts,) = texts(made, "raw-counts")
    assert "whole numbers up to 1e+300 in" in counts
    (clipped,) = texts(made, "infinities-clipped")
    assert clipped.startswith("1 value in the matrix, infinite or too large for float32, was clipped to")


def test_large_counts_keep_their_digits(data: ad.AnnData) -> None:
    data.X = data.X * 1_000_000
    (counts,) = texts(plan_export(data), "raw-counts")
    assert "whole numbers up to 7,000,000 in" in counts


def test_colours_of_three_axes(data: ad.AnnData) -> None:
    data.uns["kind_colors"] = np.ones((2, 3, 2))
    assert texts(plan_export(data, anno="all"), "colors-unused") == [
        "uns['kind_colors'] is not used: it must be a list, or a table with a row for each category, "
        "got the shape (2, 3, 2)"
    ]


def test_a_list_of_genes_in_another_encoding(data: ad.AnnData, tmp_path: Path) -> None:
    (tmp_path / "genes").write_text("0\n1\n", "utf-16")
    with pytest.raises(BadOptionError, match="must be UTF-8, but byte 0 is not; save it as UTF-8"):
        plan_export(data, genes=f"list:{tmp_path / 'genes'}")


def test_the_matrix_is_left_out(data: ad.AnnData) -> None:
    data.layers["counts"] = data.X.copy()
    with pytest.raises(BadOptionError) as raised:
        plan_export(data, leave_out=["X"])
    assert str(raised.value) == (
        "leave_out=X: the genes to export are in this matrix; use the layer 'counts' with layer=\"counts\", "
        'or export columns and coordinates without genes with genes="none"'
    )
    with pytest.raises(BadOptionError, match='"layers:counts": the genes to export are in this matrix'):
        plan_export(data, layer="counts", leave_out=["layers:counts"])
    assert plan_export(data, leave_out=["X"], genes="none").selection.matrix == ""
    assert plan_export(data, leave_out=["X"], layer="counts").selection.matrix == "layers/counts"


def test_counts_that_are_compared(data: ad.AnnData) -> None:
    (said,) = texts(plan_export(data, group_by="kind"), "compared-values")
    assert said.startswith("groups are compared by raw counts")
    assert texts(plan_export(data, group_by="kind", markers="none"), "compared-values") == []
    assert texts(plan_export(data, group_by="none"), "compared-values") == []
    assert texts(plan_export(data), "compared-values") == [said]
    data.X = np.array([[0, 1.5], [2.25, 0], [0, 0.5], [1.75, 0]])
    assert texts(plan_export(data, group_by="kind"), "compared-values") == []
    data.X = data.X - 1
    (said,) = texts(plan_export(data, group_by="kind"), "compared-values")
    assert said.startswith("groups are compared by scaled values")
