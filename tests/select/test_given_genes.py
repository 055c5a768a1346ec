"""Genes as Python gives them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.options import read_options

NAMES = ["a", "b", "c", "d"]


@pytest.fixture
def adata() -> anndata.AnnData:
    made = anndata.AnnData(np.arange(12, dtype=np.float32).reshape(3, 4), var=pd.DataFrame(index=NAMES))
    made.var["highly_variable"] = [False, True, False, True]
    made.obsm["X_umap"] = np.ones((3, 2))
    return made


@pytest.mark.parametrize(
    ("given", "labels"),
    [
        (["d", "b"], ("d", "b")),
        (("d",), ("d",)),
        (np.array(["d", "b"]), ("d", "b")),
        (np.array(["d", "b"], dtype=object), ("d", "b")),
        (pd.Index(["d", "b"]), ("d", "b")),
        (pd.Series(["d", "b"]), ("d", "b")),
        (pd.Series(["d", "b"], dtype="category"), ("d", "b")),
        (dict.fromkeys(["d", "b"]).keys(), ("d", "b")),
        ((name for name in ["d", "b"]), ("d", "b")),
        (np.str_("all"), ("a", "b", "c", "d")),
        ([False, True, False, True], ("b", "d")),
        (np.array([False, True, False, True]), ("b", "d")),
        (pd.Series([False, True, False, True], index=NAMES), ("b", "d")),
        (pd.array([False, True, False, True], dtype="boolean"), ("b", "d")),
    ],
    ids=lambda value: type(value).__name__,  # the text of some is another one in each process
)
def test_names_and_masks(given: Any, labels: tuple[str, ...], adata: anndata.AnnData) -> None:
    assert karospace_stream.plan_export(adata, genes=given).selection.labels == labels


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"a", "b"}, "in an order; got a set"),
        ({"a": 1}, "in an order; got a dict"),
        (3, "genes must be text such as 'hvgs:500', names of genes, or a mask over var; got 3"),
        (None, "got None"),
        ([1, 2], "got 1 among them"),
        (["a", True], "got True among them"),
        (np.eye(2), "got a ndarray of 2 dimensions"),
        (pd.array([True, None, False, True], dtype="boolean"), "got <NA> among them"),
        ([True, False], "genes: a mask must have one value for each of 4 genes, got 2"),
        ([False] * 4, "genes: the mask must choose at least one gene, it chooses none"),
        ([], "the list must name at least one gene"),
    ],
    ids=lambda value: type(value).__name__,  # the text of some is another one in each process
)
def test_what_is_refused(given: Any, message: str, adata: anndata.AnnData) -> None:
    with pytest.raises(BadOptionError, match=re.escape(message)):
        karospace_stream.plan_export(adata, genes=given)


def test_a_mask_is_recorded_by_names(adata: anndata.AnnData, tmp_path: Path) -> None:
    mask = adata.var["highly_variable"]
    karospace_stream.export(adata, tmp_path / "by_mask", genes=mask, name="x")
    karospace_stream.export(adata, tmp_path / "by_name", genes=["b", "d"], name="x")
    one, other = (
        json.loads((tmp_path / name / "checksums.json").read_bytes()) for name in ("by_mask", "by_name")
    )
    assert one["options"] == other["options"]
    assert one["options"]["genes"] == ["b", "d"]
    assert karospace_stream.verify(tmp_path / "by_mask", source=adata)
    assert json.loads(json.dumps(read_options({"genes": mask}).to_json()))["genes"] == {
        "n_genes": 4,
        "chosen": [1, 3],
    }


def test_a_mask_takes_all_genes_of_a_name_or_none() -> None:
    made = anndata.AnnData(np.ones((2, 3), np.float32), obsm={"X_umap": np.ones((2, 2))})
    made.var_names = ["a", "a", "b"]
    with pytest.raises(BadOptionError, match="some of those called 'a'; var_names_make_unique"):
        karospace_stream.plan_export(made, genes=[True, False, True])
    assert karospace_stream.plan_export(made, genes=[True, True, False]).selection.genes.tolist() == [0, 1]
    assert karospace_stream.plan_export(made, genes=[False, False, True]).selection.genes.tolist() == [2]


def test_a_mask_over_raw(adata: anndata.AnnData) -> None:
    adata.raw = adata.copy()
    smaller = adata[:, :2].copy()
    plan = karospace_stream.plan_export(smaller, raw=True, genes=[False, False, True, True])
    assert plan.selection.labels == ("c", "d")
    with pytest.raises(BadOptionError, match="each of 2 genes, got 4"):
        karospace_stream.plan_export(smaller, genes=[False, False, True, True])
