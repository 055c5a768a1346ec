"""Which columns are taken when nobody names any, in which order, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from karospace_stream.formats.columns.number_labels import promises_labels
from karospace_stream.model.catalog import ColumnInfo, ColumnKind
from karospace_stream.select.obs_columns.choose import best_first
from karospace_stream.select.obs_columns.names import label_of, number_of, passed_over
from karospace_stream.select.obs_columns.ranking import ColumnFacts, best_column, rank_columns

NAMES: dict[str, Any] = json.loads((Path(__file__).parent / "column_names.json").read_text("utf-8"))
N_CELLS = 1_000


def facts(name: str, n_classes: int | None = 5, kind: ColumnKind = "category", **more: Any) -> ColumnFacts:
    return ColumnFacts(name, kind, n_classes, N_CELLS, **more)


def numbers(*names: str) -> list[ColumnFacts]:
    return [facts(name, None, "float") for name in names]


def taken(*columns: ColumnFacts) -> list[str]:
    return [each.name for each in rank_columns(columns) if each.taken]


def reason(column: ColumnFacts, *others: ColumnFacts) -> str:
    return next(each.reason for each in rank_columns([column, *others]) if each.name == column.name)


@pytest.mark.parametrize("name", NAMES["labels"])
def test_names_that_promise_a_label(name: str) -> None:
    found = label_of(name)
    assert (None if found is None else found.rank) == NAMES["labels"][name]
    assert not passed_over(name)


@pytest.mark.parametrize("name", NAMES["whole_numbers"])
def test_names_of_whole_numbers_that_are_labels(name: str) -> None:
    assert promises_labels(ColumnInfo(name, "integer", "int64")) == NAMES["whole_numbers"][name]
    assert not promises_labels(ColumnInfo(name, "float", "float64"))


@pytest.mark.parametrize("name", NAMES["passed_over"])
def test_names_that_nobody_looks_at(name: str) -> None:
    assert passed_over(name)
    assert not taken(facts(name))


@pytest.mark.parametrize(
    ("names", "what"),
    [
        (
            "n_counts total_counts nCount_RNA nCount_Spatial n_umis nUMI transcript_counts",
            "counts of the cell",
        ),
        ("n_genes n_genes_by_counts nFeature_RNA nGene", "genes of the cell"),
        ("pct_counts_mt percent.mt percent_mito mitoPercent subsets_Mito_percent", "mitochondrial share"),
        ("doublet_score doublet_scores scrublet_score predicted_doublet_score", "doublet score"),
        ("S_score G2M_score S.Score score", "score"),
        ("latent_time dpt_pseudotime", "time"),
    ],
)
def test_the_usual_numbers(names: str, what: str) -> None:
    for name in names.split():
        found = number_of(name)
        assert found is not None, name
        assert found.reason == what, name


@pytest.mark.parametrize("name", ["log1p_total_counts", "total_counts_mt", "area", "n_cells", "UMAP_1"])
def test_other_numbers_are_left(name: str) -> None:
    assert reason(facts(name, None, "float"), facts("kind")) == "numbers without a usual name"


def test_labels_come_before_others_and_the_plainest_name_first() -> None:
    names = ["donor_id", "louvain", "leiden", "seurat_clusters", "free_annotation", "author_cell_type"]
    assert taken(*map(facts, [*names, "cell_type"])) == ["cell_type", *names[::-1]]


def test_many_resolutions_do_not_take_the_place_of_other_columns() -> None:
    many = [f"leiden_{number / 10}" for number in range(1, 12)]
    columns = map(facts, [*many, "leiden", "donor", "sex"])
    assert taken(*columns) == ["leiden", "leiden_0.1", "donor", "sex", *many[1:5]]


def test_at_most_eight_labels_and_six_numbers() -> None:
    labels = [facts(f"group {number}") for number in range(12)]
    scores = numbers(*(f"set{number}_score" for number in range(9)))
    found = taken(*scores, *labels)
    assert found == [
        *(f"group {number}" for number in range(8)),
        *(f"set{number}_score" for number in range(6)),
    ]
    last = rank_columns([*scores, *labels])[-1]
    assert (last.name, last.taken) == ("group 11", False)
    assert last.reason.startswith("others come first")


def test_numbers_of_one_kind_are_taken_once() -> None:
    found = taken(*numbers("S_score", "total_counts", "n_counts", "n_genes", "pct_counts_mt", "area"))
    assert found == ["total_counts", "n_genes", "pct_counts_mt", "S_score"]


def test_a_file_with_nothing_better_gives_its_first_numbers() -> None:
    assert taken(*numbers("a", "b", "c", "d", "e"), facts("sample", 1)) == ["a", "b", "c", "d"]
    assert taken(facts("a", 1, "float"), facts("b", 2, "float"), *numbers("c")) == ["b", "c"]
    assert taken(facts("sample", 1)) == taken() == []


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (facts("sample", 1), "a single value"),
        (facts("ok", 1, "bool"), "a single value in the rows looked at"),
        (facts("cell_type", 1), "a single value"),
        (facts("in_tissue", 1, "integer"), "a single value in the rows looked at"),
        (facts("n_counts", 1, "float"), "a single value in the rows looked at"),
        (facts("S_score", 0, "float"), "no value in the rows looked at"),
        (facts("cell_type", 0), "no value"),
        (ColumnFacts("area", "float", None, 0), "numbers that were not looked at"),
        (facts("clone", 101), "more than 100 categories"),
        (facts("cell_type", 1_001), "more than 1,000 categories"),
        (facts("name", 900, "string"), "a value of its own for almost every cell"),
        (facts("cell_type", 900, "string"), "a value of its own for almost every cell"),
        (facts("remarks", 30, "string", length=61.0), "free text"),
        (facts("remarks", None, "string"), "text that was not looked at"),
    ],
)
def test_what_is_never_taken(column: ColumnFacts, words: str) -> None:
    if column.name == "cell_type" and column.n_classes == 1_001:
        column = ColumnFacts("cell_type", "category", 1_001, 100_000)
    assert not taken(column)
    assert reason(column) == words


def test_what_is_taken_says_why() -> None:
    assert reason(facts("cell_type", 400)) == "cell type"
    assert reason(facts("batch", 100)) == "100 categories"
    assert reason(facts("batch", 7, "string")) == "about 7 categories"
    assert reason(facts("is_doublet", 2, "bool")) == "yes or no"
    assert reason(facts("leiden", 12, "integer")) == "Leiden clusters"


def test_the_best_label_comes_first() -> None:
    columns = [facts("n", None, "float"), facts("batch"), facts("leiden"), facts("sample", 1)]
    names = [each.name for each in columns]
    assert best_column(columns) == "leiden"
    assert best_first(names, columns) == ("leiden", "n", "batch", "sample")
    assert best_first(["n", "batch"], columns) == ("batch", "n")
    assert best_first(["sample"], columns) == ("sample",)


def test_without_a_label_the_best_number_comes_first() -> None:
    columns = [facts("in_tissue", 1, "integer"), facts("ok", 1, "bool"), *numbers("area", "n_counts")]
    names = [each.name for each in columns]
    assert best_first(names, columns) == ("n_counts", "in_tissue", "ok", "area")
    assert best_first(names[:3], columns) == ("area", "in_tissue", "ok")
    assert best_column(columns[:2]) is None
    assert best_column([facts("leiden", 12, "integer")]) == "leiden"


def test_categories_come_before_labels_that_are_numbers() -> None:
    assert taken(facts("leiden", 12, "integer"), facts("donor")) == ["donor", "leiden"]
    assert best_column([facts("leiden", 12, "integer"), facts("donor")]) == "donor"
