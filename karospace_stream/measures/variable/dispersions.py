"""Highly variable genes by their dispersion among genes of a similar mean: ``seurat``, ``cell_ranger``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.measures.variable.flavors import BatchMeans, Flavor

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
_N_BINS = 20
_NO_MEAN = 1e-12  # instead of 0
_MAD_SCALE = 0.6744897501960817  # the third quartile of the normal distribution


def by_dispersion(means: BatchMeans, flavor: Flavor, n_top: int) -> npt.NDArray[np.int64]:
    """The genes of the largest normalised dispersions, best first; equal ones in the order of var.

    Genes without a normalised dispersion are none of them.

    Raises
    ------
    BadInputError
        If the genes cannot be sorted into bins.
    """
    norm = _normalised(means, flavor)
    return _best(norm)[: min(n_top, int(np.sum(~np.isnan(norm))))]


def by_dispersion_in_batches(
    batches: Iterable[BatchMeans], flavor: Flavor, n_top: int, names: Sequence[str]
) -> npt.NDArray[np.int64]:
    """The genes that are among the best in most batches, and of these those of the largest mean dispersion.

    Parameters
    ----------
    names
        Of all genes: ties of both are in their order.

    Raises
    ------
    BadInputError
        If the genes cannot be sorted into bins.
    """
    n_genes = len(names)
    n_batches, n_norms = np.zeros((2, n_genes), np.int64)
    total, lost = np.zeros((2, n_genes))
    for means in batches:
        expressed = np.flatnonzero(means.n_positive > 0)
        norm = np.zeros(n_genes)  # of genes that no cell of the batch expresses
        norm[expressed] = _normalised(_some(means, expressed), flavor)
        n_batches[expressed[_in_batch(norm[expressed], n_top)]] += 1
        there = ~np.isnan(norm)
        n_norms += there
        # Kahan's sum, as of pandas, so that rounding separates no equal means.
        term = np.where(there, norm, 0) - lost
        new = total + term
        with np.errstate(invalid="ignore"):
            lost = np.nan_to_num((new - total) - term, nan=0.0, posinf=0.0, neginf=0.0)
        total = new
    with np.errstate(invalid="ignore"):
        mean_norm = total / n_norms
    by_name = np.argsort(np.asarray(names, dtype=object), kind="stable")
    order = by_name[_best(mean_norm[by_name])]
    return order[np.argsort(-n_batches[order], kind="stable")][:n_top]


def _some(means: BatchMeans, genes: npt.NDArray[np.int64]) -> BatchMeans:
    return BatchMeans(means.n_cells, means.mean[genes], means.variance[genes], means.n_positive[genes])


def _best(norm: Floats) -> npt.NDArray[np.int64]:
    """Falling, the missing ones last."""
    return np.argsort(np.where(np.isnan(norm), np.inf, -norm), kind="stable").astype(np.int64)


def _in_batch(norm: Floats, n_top: int) -> npt.NDArray[np.bool_]:
    """The best of one batch, and all that equal the last of them."""
    there = np.sort(norm[~np.isnan(norm)])[::-1]
    if not len(there):
        return np.zeros(len(norm), bool)
    at_least = there[min(n_top, len(there)) - 1]
    return np.asarray(np.nan_to_num(norm, nan=-np.inf) >= at_least)


def _normalised(means: BatchMeans, flavor: Flavor) -> Floats:
    import pandas as pd

    if not len(means.mean):
        return np.zeros(0)
    mean = np.where(means.mean == 0, _NO_MEAN, means.mean)
    with np.errstate(divide="ignore", invalid="ignore"):
        dispersion = means.variance / mean
        if flavor == "seurat":
            dispersion = np.log(np.where(dispersion == 0, np.nan, dispersion))
            mean = np.log1p(mean)
    table = pd.DataFrame({"mean": mean, "dispersion": dispersion})
    table["bin"] = _bins(table["mean"], flavor)
    grouped = table.groupby("bin")["dispersion"]
    if flavor == "seurat":
        center, spread = grouped.mean(), grouped.std()
        alone = spread.isna()  # one gene in a bin: its normalised dispersion is 1
        spread, center = spread.mask(alone, center), center.mask(alone, 0.0)
    else:
        center, spread = grouped.median(), grouped.agg(_median_deviation)
    with np.errstate(divide="ignore", invalid="ignore"):
        norm: Floats = (dispersion - center[table["bin"]].to_numpy()) / spread[table["bin"]].to_numpy()
    norm[table["bin"] < 0] = np.nan
    return norm


def _bins(mean: pd.Series[float], flavor: Flavor) -> npt.NDArray[np.integer]:
    """The bin of each gene, -1 for none."""
    import pandas as pd

    if flavor == "seurat":
        return pd.cut(mean, bins=_N_BINS).cat.codes.to_numpy()
    borders = np.r_[-np.inf, np.percentile(mean, np.arange(10, 105, 5)), np.inf]
    if len(np.unique(borders)) < len(borders):
        raise BadInputError(
            "--hvg-flavor cell_ranger: genes are sorted by their mean into bins of 5 %, but so many have the "
            "same mean, such as 0, that bins coincide; use --hvg-flavor seurat, or remove genes that few "
            "cells express"
        )
    return pd.cut(mean, bins=borders.tolist()).cat.codes.to_numpy()


def _median_deviation(values: pd.Series[float]) -> float:
    exact = values.to_numpy()
    return float(np.median(np.abs(exact - np.median(exact)) / _MAD_SCALE))
