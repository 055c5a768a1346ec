"""Markers in the layout of ``uns["rank_genes_groups"]``, as scanpy 1.11 writes and reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.request import Grouping, StatisticsRequest

KEY = "rank_genes_groups"
#: Structured arrays with a field for each group that was compared: name, and type of the values.
RECORDS: dict[str, npt.DTypeLike] = {
    "names": object,
    "scores": np.float32,
    "pvals": np.float64,
    "pvals_adj": np.float64,
    "logfoldchanges": np.float32,
}


def key_of(grouping: Grouping, number: int) -> str:
    """The key of a grouping: the usual one for the first, one with the column's name for each further one.

    A slash in the name becomes an underscore, as keys are paths in a file.
    """
    return KEY if number == 0 else f"{KEY}_{grouping.column.replace('/', '_')}"


def parameters(grouping: Grouping, request: StatisticsRequest) -> dict[str, Any]:
    """The entry ``params``. The values compared are those of X."""
    return {
        "groupby": grouping.column,
        "reference": "rest" if grouping.reference is None else grouping.categories[grouping.reference],
        "method": request.test,
        "use_raw": False,
        "layer": None,
        "corr_method": "benjamini-hochberg",
        **({"tie_correct": True} if request.tie_correct and request.ranks else {}),
    }


def takes_shares(grouping: Grouping) -> bool:
    """Whether the data frames ``pts`` and ``pts_rest`` can be stored: their columns are keys of a file."""
    return all(name and "/" not in name and name not in (".", "..") for name in grouping.categories)


def record_array(columns: Mapping[str, npt.NDArray[Any]], dtype: npt.DTypeLike) -> npt.NDArray[np.void]:
    """One structured array with a field for each group."""
    n_rows = max(map(len, columns.values()), default=0)
    made = np.zeros(n_rows, [(name, dtype) for name in columns])
    for name, values in columns.items():
        with np.errstate(over="ignore"):
            made[name] = values
    return made
