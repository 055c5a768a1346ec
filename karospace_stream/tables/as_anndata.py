"""All tables as one AnnData of groups x genes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from karospace_stream.measures.rank_genes_groups import (
    RECORDS,
    key_of,
    parameters,
    record_array,
    takes_shares,
)
from karospace_stream.measures.request import Grouping, StatisticsRequest
from karospace_stream.tables.scores import KEY, as_entry, scores_as_anndata

if TYPE_CHECKING:
    from anndata import AnnData

Floats = npt.NDArray[np.float64]
_OF_GROUPS = ("share", "mean_expressing", "variance")
#: Layers of markers, and their columns in the table.
_OF_MARKERS = {
    "scores": "scores",
    "log_fold_changes": "logfoldchanges",
    "pvals": "pvals",
    "pvals_adj": "pvals_adj",
    "share_reference": "pct_nz_reference",
    "auc": "auc",
}


class Tables(Protocol):
    """The tables that become one."""

    @property
    def request(self) -> StatisticsRequest:
        """The columns, and how their groups were compared."""
        ...

    @property
    def genes(self) -> pd.DataFrame:
        """Of all cells."""
        ...

    @property
    def groups(self) -> Mapping[str, pd.DataFrame]:
        """By column."""
        ...

    @property
    def markers(self) -> Mapping[str, pd.DataFrame]:
        """By column; empty without a test."""
        ...

    @property
    def squidpy(self) -> Mapping[str, Any]:
        """Entries of uns."""
        ...

    @property
    def scores(self) -> pd.DataFrame | None:
        """Cells x sets."""
        ...


def as_anndata(made: Tables) -> AnnData:
    """The groups of all columns, one after another, and everything computed of them; or scores alone."""
    from anndata import AnnData  # takes its time

    if made.scores is not None and not (made.groups or made.squidpy):
        return scores_as_anndata(made.scores)

    groupings = made.request.groupings
    whole = AnnData(
        X=_stacked(made, "mean"),
        obs=_obs(made),
        var=made.genes.copy(),
        layers={name: _stacked(made, name) for name in _OF_GROUPS},
    )
    whole.uns.update(made.squidpy)
    if made.scores is not None:
        whole.uns[KEY] = as_entry(made.scores)
    if made.markers:
        whole.layers.update(_marker_layers(made))
        for number, grouping in enumerate(groupings):
            if made.markers[grouping.column].empty:  # no two groups of two cells
                continue
            whole.uns[key_of(grouping, number)] = _rank_genes_groups(made, grouping)
    return whole


def _obs(made: Tables) -> pd.DataFrame:
    groupings = made.request.groupings
    one = len(groupings) == 1
    rows = [(each.column, name) for each in groupings for name in each.categories]
    none = np.zeros(0, np.int64)
    sizes = [made.groups[each.column]["n_cells"].to_numpy()[:: len(made.genes)] for each in groupings]
    return pd.DataFrame(
        {
            "column": pd.Categorical([column for column, _ in rows]),
            "group": np.array([name for _, name in rows], object),
            "n_cells": np.concatenate([none, *sizes]),
        },
        index=[name if one else f"{column}: {name}" for column, name in rows],
    )


def _stacked(made: Tables, name: str) -> Floats:
    n_genes = len(made.genes)
    tables = [table[name].to_numpy().reshape(-1, n_genes) for table in made.groups.values()]
    return np.concatenate([np.zeros((0, n_genes)), *tables])  # no groups beside numbers of genes


def _marker_layers(made: Tables) -> Iterator[tuple[str, Floats]]:
    for layer, column in _OF_MARKERS.items():
        if all(column in table for table in made.markers.values()):
            blocks = [_by_gene(made, each, column) for each in made.request.groupings]
            yield layer, np.concatenate(blocks)


def _by_gene(made: Tables, grouping: Grouping, column: str) -> Floats:
    """A column of the markers, ``(n_groups, n_genes)``; NaN for groups that were not compared."""
    table, values = made.markers[grouping.column], np.full((grouping.n_groups, len(made.genes)), np.nan)
    values[table["group"].cat.codes, table["names"].cat.codes] = table[column]
    return values


def _rank_genes_groups(made: Tables, grouping: Grouping) -> dict[str, Any]:
    table = made.markers[grouping.column]
    groups = {str(name): part for name, part in table.groupby("group", observed=True, sort=False)}
    entry: dict[str, Any] = {"params": parameters(grouping, made.request)}
    for name, dtype in RECORDS.items():
        columns = {group: part[name].to_numpy() for group, part in groups.items()}
        entry[name] = record_array(columns, dtype)
    if not takes_shares(grouping):
        return entry
    shares = made.groups[grouping.column]["share"].to_numpy().reshape(grouping.n_groups, len(made.genes))
    entry["pts"] = _frame(made, dict(zip(grouping.categories, shares, strict=True)))
    if grouping.reference is None:
        others = _by_gene(made, grouping, "pct_nz_reference")
        several = dict(zip(grouping.categories, others, strict=True))
        entry["pts_rest"] = _frame(made, {group: several[group] for group in groups})
    return entry


def _frame(made: Tables, columns: dict[str, Floats]) -> pd.DataFrame:
    return pd.DataFrame(columns, index=pd.Index(made.genes.index, name=None))
