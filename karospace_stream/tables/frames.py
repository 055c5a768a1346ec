"""Data frames of the numbers of genes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from karospace_stream.formats.genes.statistics.summed import ComparedGroups
from karospace_stream.measures.autocorrelation import Autocorrelation
from karospace_stream.measures.group_means import Means
from karospace_stream.measures.markers import Markers
from karospace_stream.measures.sums import Sums

#: Columns of markers that are numbers, in the order of ``scanpy.get.rank_genes_groups_df``.
_OF_MARKERS: dict[str, Callable[[Markers], Any]] = {
    "scores": lambda each: each.scores,
    "logfoldchanges": lambda each: each.log_fold_changes,
    "pvals": lambda each: each.p_values,
    "pvals_adj": lambda each: each.adjusted,
    "pct_nz_group": lambda each: each.inside.share,
    "pct_nz_reference": lambda each: each.outside.share,
    "auc": lambda each: each.auc,
}


def genes_frame(
    labels: Sequence[str], sums: Sums, means: Means, found: Autocorrelation | None = None
) -> pd.DataFrame:
    """A row for each gene, over all cells."""
    totals, more = sums.totals, {}
    if found is not None:
        more = {
            "moran_i": found.moran,
            "moran_pval": found.moran_p,
            "moran_pval_adj": found.moran_adjusted,
            "geary_c": found.geary,
            "geary_pval": found.geary_p,
            "geary_pval_adj": found.geary_adjusted,
        }
    return pd.DataFrame(
        {
            "n_cells": totals.n_expressing,
            "share": means.share,
            "mean": means.mean,
            "mean_expressing": means.mean_expressing,
            "variance": means.variance,
            "minimum": totals.minimum,
            "maximum": totals.maximum,
            **more,
        },
        index=pd.Index(labels, name="gene"),
        copy=False,
    )


def groups_frame(genes: pd.Index, compared: ComparedGroups) -> pd.DataFrame:
    """A row for each gene in each group, group after group."""
    means, categories = compared.means(), compared.grouping.categories
    n_genes, n_groups = means.mean.shape
    return pd.DataFrame(
        {
            "gene": categorical(np.tile(np.arange(n_genes, dtype=np.int32), n_groups), genes),
            "group": categorical(np.repeat(np.arange(n_groups, dtype=np.int32), n_genes), categories),
            "n_cells": np.repeat(means.n_cells, n_genes),
            "share": means.share.ravel("F"),
            "mean": means.mean.ravel("F"),
            "mean_expressing": means.mean_expressing.ravel("F"),
            "variance": means.variance.ravel("F"),
        },
        copy=False,
    )


def markers_frame(genes: pd.Index, compared: ComparedGroups) -> pd.DataFrame:
    """A row for each gene in each group that was compared, by falling score in each."""
    names = [name for name in _OF_MARKERS if name != "auc" or compared.plan.request.ranks]
    shape = (compared.grouping.n_groups, len(genes))
    orders, columns = np.zeros(shape, np.int32), {name: np.zeros(shape) for name in names}
    groups = []  # those that were compared
    for row, each in enumerate(compared.markers()):
        groups.append(each.group)
        orders[row] = each.order
        for name in names:
            columns[name][row] = _OF_MARKERS[name](each)[each.order]
    n_rows, categories = len(groups), compared.grouping.categories
    return pd.DataFrame(
        {
            "group": categorical(np.repeat(np.array(groups, np.int32), len(genes)), categories),
            "names": categorical(orders[:n_rows].ravel(), genes),
            **{name: values[:n_rows].ravel() for name, values in columns.items()},
        },
        copy=False,
    )


def categorical(codes: npt.NDArray[np.integer], names: Sequence[str] | pd.Index) -> pd.Categorical:
    """Codes of categories, in the narrowest integers."""
    narrow = codes.astype(np.min_scalar_type(-max(1, len(names))))
    return pd.Categorical.from_codes(narrow, pd.Index(names, dtype=object))
