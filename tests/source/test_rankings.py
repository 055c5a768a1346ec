"""Markers that a file has already, in every layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from karospace_stream.errors import DamagedError
from karospace_stream.source import open_source
from tests.made import rankings as made

KEY = "rank_genes_groups"


def names_of(found: Any) -> list[list[str]]:
    names = [*found.names, ""]
    return [[names[code] for code in row] for row in found.codes.tolist()]


def check(source: Any, columns: tuple[str, ...] = tuple(made.TABLES), key: str = KEY) -> Any:
    (info,) = source.catalog.rankings
    assert (info.key, info.n_ranks, info.columns) == (key, made.N_RANKS, columns)
    found = source.ranking(key)
    assert names_of(found) == [list(row) for row in made.NAMES]
    for name in columns:
        np.testing.assert_array_equal(found.values[name], made.TABLES[name])
        assert found.values[name].dtype == made.TABLES[name].dtype
    return info


@pytest.mark.parametrize("kind", ["memory", "h5ad", "zarr2", "zarr3"])
def test_as_scanpy_writes_today(kind: str, tmp_path: Path, write_zarr: Any) -> None:
    data = made.cells()
    frame = pd.DataFrame({"a": [0.5, 1.0], "Ü": [0.25, 0.0]}, index=["g3", "g0"])
    data.uns["mine"] = made.entry() | {"pts": frame}
    data.uns["other"] = {"params": {}, "names": np.array(["x"])}  # not of this shape
    place: Any = data
    if kind == "h5ad":
        data.write_h5ad(place := tmp_path / "data.h5ad")
    elif kind != "memory":
        write_zarr(data, place := tmp_path / "data.zarr", int(kind[-1]))
    source = open_source(place)
    info = check(source, key="mine")
    assert info.groups == made.GROUPS
    assert dict(info.parameters) == made.PARAMETERS
    assert info.column == "kind"
    shares = source.ranking_shares("mine", "pts")
    assert shares.names.tolist() == ["g3", "g0"]
    assert shares.groups == ("a", "Ü")
    np.testing.assert_array_equal(shares.values, frame.to_numpy())


def test_old_bytes_of_a_regression(tmp_path: Path) -> None:
    info = check(open_source(made.rewritten(tmp_path / "a.h5ad", made.as_bytes)), columns=("scores",))
    assert dict(info.parameters) == {
        "groupby": "kind",
        "method": "logreg",
        "reference": "rest",
        "use_raw": True,
    }


def test_plain_tables_take_the_names_of_the_categories(tmp_path: Path) -> None:
    info = check(open_source(made.rewritten(tmp_path / "a.h5ad", made.as_tables)))
    assert info.groups == made.GROUPS


def test_plain_tables_without_the_reference(tmp_path: Path) -> None:
    def change(group: Any) -> None:
        made.as_tables(group)
        group["params/reference"][()] = "b/c"
        for name in ("names", *made.TABLES):
            values = group[name][:, :2]
            del group[name]
            group[name] = values

    (info,) = open_source(made.rewritten(tmp_path / "a.h5ad", change)).catalog.rankings
    assert info.groups == ("a", "Ü")


def test_an_array_for_each_group(tmp_path: Path) -> None:
    info = check(open_source(made.rewritten(tmp_path / "a.h5ad", made.as_columns)))
    assert info.groups == ("a", "b_c", "Ü")


def test_names_that_a_filter_removed() -> None:
    data = made.cells()
    data.uns["filtered"] = made.entry([("g0", np.nan, "g2", np.nan), *made.NAMES[1:]])
    found = open_source(data).ranking("filtered")
    assert names_of(found)[0] == ["g0", "", "g2", ""]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda group: group.pop("scores"), "markers need params, names and scores, but scores is missing"),
        (lambda group: made._replace(group, "scores", np.zeros(3)), "it must be a structured array"),
        (
            lambda group: made._replace(group, "scores", made.records(made.SCORES, "f4")[:2]),
            "names have 4 ranks of 3 groups, but scores 2 ranks of 3 groups",
        ),
        (
            lambda group: [made.as_tables(group), group["params/groupby"].__setitem__((), "nothing")],
            "its 3 groups have no names, and are not the categories of obs['nothing']",
        ),
    ],
)
def test_damaged_ones_are_said(change: Any, why: str, tmp_path: Path) -> None:
    catalog = open_source(made.rewritten(tmp_path / "a.h5ad", change)).catalog
    assert not catalog.rankings
    assert why in dict(catalog.unreadable)["uns/rank_genes_groups"]


def test_a_column_that_does_not_fit_is_left_out(tmp_path: Path) -> None:
    def change(group: Any) -> None:
        made._replace(group, "pvals", made.records(made.P_VALUES, "f8")[:1])

    catalog = open_source(made.rewritten(tmp_path / "a.h5ad", change)).catalog
    assert catalog.rankings[0].columns == ("scores", "logfoldchanges", "pvals_adj")
    assert "1 rank of 3 groups" in dict(catalog.unreadable)["uns/rank_genes_groups/pvals"]


def test_scores_that_are_text(tmp_path: Path) -> None:
    def change(group: Any) -> None:
        made._replace(group, "scores", made.records([["x"] * 4] * 3, "S3"))

    source = open_source(made.rewritten(tmp_path / "a.h5ad", change))
    with pytest.raises(DamagedError, match="scores: its values must be numbers"):
        source.ranking(KEY)


def test_left_out() -> None:
    data = made.cells()
    data.uns.update(one=made.entry(), two=made.entry())
    source = open_source(data).without(["uns:one"])
    assert [each.key for each in source.catalog.rankings] == ["two"]
