"""Which genes: every mode, with ties, missing values and repeated names."""

from __future__ import annotations

from typing import Any

import anndata.utils
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karospace_stream.errors import BadOptionError
from karospace_stream.model.column import Column
from karospace_stream.select.genes import choose_genes, needs_means, parse_genes, unique_labels

NAMES = np.asarray(["a", "b", "c", "d", "e", "f"], dtype=object)


def column(kind: Any, values: Any, **others: Any) -> Column:
    return Column("", kind, np.asarray(values), **others)


def flags(*flagged: int) -> Column:
    return column("bool", [index in flagged for index in range(len(NAMES))])


def chosen(text: str, var: dict[str, Column] | None = None, **others: Any) -> list[int]:
    genes = choose_genes(parse_genes(text), len(NAMES), var or {}, **others)
    assert genes.dtype == np.int64
    return genes.tolist()


@pytest.mark.parametrize(
    "text",
    ["", "al", "hvgs", "hvgs:", "hvgs:0", "hvgs:-1", "hvgs:1.5", "top_mean:x", "list:", "ALL"],
)
def test_what_is_no_mode(text: str) -> None:
    with pytest.raises(BadOptionError, match="--genes must be all, hvgs:N, top_mean:N"):
        parse_genes(text)


def test_a_path_may_hold_colons() -> None:
    assert parse_genes("list:C:/genes: mine.txt").path == "C:/genes: mine.txt"


def test_all() -> None:
    assert chosen("all") == [0, 1, 2, 3, 4, 5]


def test_top_mean_with_ties_and_missing_means() -> None:
    means = np.array([1.0, 3.0, np.nan, 3.0, -1.0, 1.0])
    assert chosen("top_mean:4", means=means) == [1, 3, 0, 5]
    assert chosen("top_mean:99", means=means) == [1, 3, 0, 5, 2, 4]


def test_means_that_differ_in_their_last_bits_are_equal() -> None:
    means = np.array([1.0, 1.0 + 1e-15, 1.0 - 1e-15, 2.0, 0.0, 0.0])
    assert chosen("top_mean:4", means=means) == [3, 0, 1, 2]


def test_variable_genes_in_the_order_of_var() -> None:
    assert chosen("hvgs:2", {"highly_variable": flags(5, 1, 3)}) == [1, 3]


def test_variable_genes_by_rank() -> None:
    var = {
        "highly_variable": flags(0, 1, 3, 5),
        "highly_variable_rank": column("float", [np.nan, 2.0, 0.0, 1.0, 0.0, 1.0]),
        "dispersions_norm": column("float", [9.0, 8, 7, 6, 5, 4]),
    }
    assert chosen("hvgs:4", var) == [3, 5, 1, 0]


def test_ranks_that_are_missing_come_last() -> None:
    missing = np.array([True, False, False, False, False, True])
    rank = column("integer", [0, 2, 0, 1, 0, 0], missing=missing)
    var = {"highly_variable": flags(0, 1, 3, 5), "highly_variable_rank": rank}
    assert chosen("hvgs:4", var) == [3, 1, 0, 5]


def test_variable_genes_by_dispersion_where_ranks_are_text() -> None:
    var = {
        "highly_variable": flags(0, 1, 3),
        "highly_variable_rank": column("string", list("abcdef")),
        "dispersions_norm": column("float", [1.0, 2.0, 9.0, 2.0, 0.0, np.nan]),
    }
    assert chosen("hvgs:3", var) == [1, 3, 0]


@pytest.mark.parametrize(
    "flagged",
    [
        column("bool", [0, 1, 0, 1, 0, 0]),
        column("integer", [0, 1, 0, 1, 0, 0]),
        column("float", [0, 1.0, np.nan, 1.0, 0, 0]),
        column("string", ["False", "True", "", "true", "no", "False"]),
        column("category", [0, 1, -1, 1, 0, 0], categories=("False", "True")),
        column("bool", [0, 1, 1, 1, 0, 0], missing=np.arange(6) == 2),
    ],
    ids=["bool", "integer", "float", "text", "category", "nullable"],
)
def test_flags_of_any_kind(flagged: Column) -> None:
    var = {"highly_variable": flagged}
    assert not needs_means(parse_genes("hvgs:2"), var)
    assert chosen("hvgs:2", var) == [1, 3]
    assert needs_means(parse_genes("hvgs:3"), var)


def test_too_few_variable_genes_are_filled_by_mean() -> None:
    means = np.array([5.0, 1, 4, 2, 3, 0])
    assert chosen("hvgs:4", {"highly_variable": flags(3, 5)}, means=means) == [3, 5, 0, 2]
    assert chosen("hvgs:2", {}, means=means) == [0, 2]
    assert chosen("hvgs:50", {"highly_variable": flags(3)}, means=means) == [3, 0, 2, 4, 1, 5]


def test_which_modes_need_means() -> None:
    assert not needs_means(parse_genes("all"), {})
    assert not needs_means(parse_genes("list:x"), {})
    assert needs_means(parse_genes("top_mean:1"), {})
    assert needs_means(parse_genes("hvgs:1"), {})


@given(st.lists(st.sampled_from(["", "a", "b", "a-1", "a-2", "a-1-1", "unnamed-0", "unnamed-1", "é"])))
def test_labels_are_never_empty_and_never_twice(names: list[str]) -> None:
    given_names = np.asarray(names, dtype=object)
    labels, changed = unique_labels(given_names, np.arange(len(names)))
    assert len(set(labels)) == len(labels) == len(names)
    assert all(labels)
    assert changed == sum(label != name for label, name in zip(labels, names, strict=True))


@given(st.lists(st.sampled_from(["a", "b", "a-1", "a-2", "a-1-1"]), min_size=1))
def test_labels_are_those_of_anndata(names: list[str]) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = anndata.utils.make_index_unique(pd.Index(names))
    labels, _ = unique_labels(np.asarray(names, dtype=object), np.arange(len(names)))
    assert list(labels) == list(expected)


def test_labels_follow_the_exported_order() -> None:
    names = np.asarray(["a", "", "a", "b"], dtype=object)
    assert unique_labels(names, np.array([2, 3, 1, 0])) == (("a", "b", "unnamed-1", "a-1"), 2)


def test_none() -> None:
    assert chosen("none") == []
