"""The group that others are compared with, for each column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.genes.statistics.references import find_references, without_reference

GROUPS = {"kind": ("A", "B", "a=b"), "a": ("b", "c"), "phase": ("G1", "S")}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([], [None, None, None]),
        (["rest"], [None, None, None]),
        (["B"], [1, None, None]),
        (["B", "S"], [1, None, 1]),
        (["kind=A"], [0, None, None]),
        (["kind=a=b", "S"], [2, None, 1]),
        (["a=b"], [None, 0, None]),
        (["kind=rest", "phase=G1"], [None, None, 0]),
        (["kind=A", "B", "G1"], [0, None, 0]),
    ],
)
def test_references(given: list[str], found: list[int | None]) -> None:
    assert list(find_references(GROUPS, given).values()) == found


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["C"], r"'rest' or a group of 'kind' \(A, B, a=b\) or 'a' \(b, c\) or 'phase' \(G1, S\), got 'C'"),
        (["kind=C"], r"'rest' or a group of 'kind' \(A, B, a=b\), got 'C' for 'kind'"),
        (["kynd=A"], "got 'kynd=A'"),
        (["kind=A", "kind=B"], "one group of 'kind', got 'A' and 'B'"),
    ],
)
def test_refused(given: list[str], why: str) -> None:
    with pytest.raises(BadOptionError, match=why):
        find_references(GROUPS, given)


def test_columns_without_the_group_are_said() -> None:
    said = [each.text for each in without_reference(GROUPS, ["B", "a=b"])]
    assert said == [
        "'phase' has no group 'B', so that each of its groups is compared with all cells outside it"
    ]
    assert list(without_reference(GROUPS, ["rest"])) == []
    assert list(without_reference(GROUPS, ["kind=B"])) == []


def drawn() -> Any:
    rng = np.random.default_rng(0)
    obs = pd.DataFrame(
        {"kind": pd.Categorical(["A", "B", "C"] * 20), "phase": pd.Categorical(["S", "G1"] * 30)},
        index=[f"c{number}" for number in range(60)],
    )
    return anndata.AnnData(rng.poisson(1.0, (60, 7)).astype("f4"), obs=obs)


@pytest.mark.parametrize("reference", [["kind=B", "phase=S"], {"kind": "B", "phase": "S"}, ["B", "S"]])
def test_each_column_has_its_own(reference: Any) -> None:
    """The same as each alone."""
    options: dict[str, Any] = {"markers": "wilcoxon", "progress": False}
    found = karospace_stream.statistics(drawn(), group_by=["kind", "phase"], reference=reference, **options)
    for column, group in (("kind", "B"), ("phase", "S")):
        alone = karospace_stream.statistics(drawn(), group_by=column, reference=group, **options)
        pd.testing.assert_frame_equal(found.markers[column], alone.markers[column])
        assert group not in set(alone.markers[column]["group"])


def test_one_of_two_has_it() -> None:
    found = karospace_stream.statistics(
        drawn(), group_by=["kind", "phase"], reference="B", markers="t-test", progress=False
    )
    assert "no-reference" in [each.code for each in found.findings]
    assert set(found.markers["kind"]["group"]) == {"A", "C"}
    assert set(found.markers["phase"]["group"]) == {"G1", "S"}


@pytest.mark.parametrize(("group", "cells"), [("one", "1 cell"), ("none", "0 cells")])
def test_a_reference_that_is_too_small_is_named(group: str, cells: str, tmp_path: Path) -> None:
    data = drawn()
    kinds = ["A", "B"] * 30
    kinds[7] = "one"
    data.obs["kind"] = pd.Categorical(kinds, categories=["A", "B", "one", "none"])
    found = karospace_stream.statistics(data, group_by="kind", reference=group, progress=False)
    data.obsm["spatial"] = np.random.default_rng(0).random((60, 2))
    several = [found.findings]
    for form in ("karospace", "anndata"):
        options: dict[str, Any] = {"format": form, "group_by": "kind", "reference": group, "progress": False}
        several.append(karospace_stream.export(data, tmp_path / form, **options).findings)
    expected = f"no group of 'kind' has markers, since the reference '{group}' has {cells}: "
    for findings in several:
        (note,) = (each for each in findings if each.code == "small-groups")
        assert (note.text.startswith(expected), note.option) == (True, "reference")
    assert len(found.markers["kind"]) == 0


def test_values_of_bools_and_whole_numbers_name_groups() -> None:
    data = drawn()
    data.obs["flag"] = np.arange(60) % 3 == 0
    data.obs["number"] = np.arange(60) % 4
    found = karospace_stream.statistics(data, group_by=["flag", "number"], progress=False)
    for value in (True, np.True_, "True"):
        pd.testing.assert_frame_equal(
            found.rank_genes_groups("flag", value), found.rank_genes_groups("flag", "True")
        )
    for number in (3, np.int64(3)):
        pd.testing.assert_frame_equal(
            found.rank_genes_groups("number", number), found.rank_genes_groups("number", "3")
        )
    several = found.rank_genes_groups("number", [0, 3])
    assert set(several["group"]) == {"0", "3"}
    with pytest.raises(BadOptionError, match="no group '7' was compared"):
        found.rank_genes_groups("number", 7)
    for column, value in (("flag", True), ("flag", np.False_), ("number", 3), ("number", 0)):
        one, other = (
            karospace_stream.statistics(data, group_by=column, reference=each, progress=False)
            for each in (value, str(value))
        )
        pd.testing.assert_frame_equal(one.markers[column], other.markers[column])
        assert str(value) not in set(one.markers[column]["group"])
