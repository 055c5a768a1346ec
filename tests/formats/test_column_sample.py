"""What a plan learns of columns by looking at a few rows."""

from __future__ import annotations

from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.formats.karospace.choices.column_sample import (
    MOST_COLUMNS,
    N_PLACES,
    N_ROWS,
    look_at_columns,
)
from karospace_stream.select.obs_columns.ranking import MOST_NUMBERS, ColumnFacts, rank_columns
from karospace_stream.source import open_source
from karospace_stream.source.anndata_source import AnnDataSource

N = 5_000


def look(**columns: Any) -> dict[str, ColumnFacts]:
    adata = anndata.AnnData(obs=pd.DataFrame(columns, index=[str(number) for number in range(N)]))
    return {each.name: each for each in look_at_columns(open_source(adata))}


def test_text_flags_and_numbers_that_are_called_labels_are_looked_at() -> None:
    found = look(
        batch=np.array(["one", "two"], object)[np.arange(N) % 2],
        ok=np.arange(N) % 3 == 0,
        leiden=np.arange(N) % 7,
        area=np.arange(N),
        n_counts=np.arange(N),
        kind=pd.Categorical(["a", "b"] * (N // 2), categories=["a", "b", "c"]),
    )
    assert {name: each.n_classes for name, each in found.items()} == {
        "batch": 2,
        "ok": 2,
        "leiden": 7,
        "area": None,
        "n_counts": N_PLACES * N_ROWS,
        "kind": 3,
    }
    assert found["batch"].n_rows == N_PLACES * N_ROWS
    assert (found["batch"].length, found["kind"].n_rows) == (3, N)


def test_rows_are_those_of_several_places() -> None:
    """Cells are often sorted: a column that is the same at the beginning may well have more values."""
    found = look(batch=np.where(np.arange(N) < N - 1, "most", "last"), ok=np.arange(N) > N // 2)
    assert found["batch"].n_classes == found["ok"].n_classes == 2


def test_missing_values_are_no_class() -> None:
    found = look(batch=[None, "a"] * (N // 2))
    assert (found["batch"].n_classes, found["batch"].n_rows) == (1, N_PLACES * N_ROWS // 2)


def test_numbers_with_a_single_value_are_left_out() -> None:
    """Of whole numbers and others; missing values are no value."""
    constants = {
        "in_tissue": np.ones(N, np.int64),
        "n_counts": np.full(N, 7, np.uint32),
        "S_score": np.where(np.arange(N) % 2, np.nan, 0.5),
        "G2M_score": np.full(N, np.nan, np.float32),
        "total": pd.array([3, None] * (N // 2), dtype="Int32"),
    }
    facts = tuple(look(**constants, row=np.arange(N), total_counts=np.arange(N) / 3).values())
    ranked = rank_columns(facts)
    assert [each.name for each in ranked if each.taken] == ["total_counts"]
    reasons = {each.name: each.reason for each in ranked}
    assert reasons["n_counts"] == reasons["S_score"] == "a single value in the rows looked at"
    assert reasons["G2M_score"] == "no value in the rows looked at"
    ranked = rank_columns(tuple(look(**constants, row=np.arange(N)).values()))
    assert [each.name for each in ranked if each.taken] == ["row"]
    assert not any(each.taken for each in rank_columns(tuple(look(**constants).values())))


def test_only_numbers_that_would_be_taken_are_looked_at() -> None:
    """A constant one makes room for the next; after as many as promised, none is taken unseen."""
    scores = {
        f"set{number}_score": np.full(N, number == 0, float) + np.arange(N) * (number > 2)
        for number in range(20)
    }
    found = look(**scores, area=np.arange(N))
    looked = [name for name, each in found.items() if each.n_classes is not None]
    assert looked == [f"set{number}_score" for number in range(3 + MOST_NUMBERS)]
    many = look(**{f"n{number}": np.zeros(N) for number in range(MOST_COLUMNS + 9)}, area=np.arange(N))
    assert sum(each.n_classes is not None for each in many.values()) == MOST_COLUMNS
    ranked = rank_columns(tuple(many.values()))
    assert not any(each.taken for each in ranked)
    assert ranked[-1].reason == "numbers that were not looked at"


def test_no_more_rows_and_columns_than_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    read: dict[str, int] = {}
    true = AnnDataSource.obs_column

    def counted(source: AnnDataSource, name: str, start: int, stop: int) -> Any:
        read[name] = read.get(name, 0) + stop - start
        return true(source, name, start, stop)

    monkeypatch.setattr(AnnDataSource, "obs_column", counted)
    texts = {f"text {number}": ["a", "b"] * (N // 2) for number in range(MOST_COLUMNS + 9)}
    found = look(**texts, cell_type=["T", "B"] * (N // 2), barcode=[str(number) for number in range(N)])
    assert len(read) == MOST_COLUMNS
    assert set(read.values()) == {N_PLACES * N_ROWS}
    assert found["cell_type"].n_classes == 2  # names that promise a label go first
    assert found[f"text {MOST_COLUMNS}"].n_classes is None
    assert found["barcode"].n_classes is None


def test_a_damaged_column_that_nobody_asked_for_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: Any) -> Any:
        raise BadInputError("damaged")

    monkeypatch.setattr(AnnDataSource, "obs_column", damaged)
    assert look(batch=["a", "b"] * (N // 2))["batch"].n_classes is None
