"""Highly variable genes by their dispersion among genes of a similar mean: ``seurat``, ``cell_ranger``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.measures.variable.columns import Columns, in_order
from karospace_stream.measures.variable.flavors import BatchMeans, Flavor

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
_N_BINS = 20
_NO_MEAN = 1e-12  # instead of 0
_MAD_SCALE = 0.6744897501960817  # the third quartile of the normal distribution


def by_dispersion(means: BatchMeans, flavor: Flavor, n_top: int) -> tuple[npt.NDArray[np.int64], Columns]:
    """The genes of the largest normalised dispersions, best first; equal ones in the order of var.

    Also the columns of scanpy.

    Genes without a normalised dispersion are none of them.

    Raises
    ------
    BadInputError
        If the genes cannot be sorted into bins.
    """
    mean, dispersion, norm = _normalised(means, flavor)
    order = _best(norm)[: min(n_top, int(np.sum(~np.isnan(norm))))]
    found: Columns = {"means": mean, "dispersions": dispersion, "dispersions_norm": _single(norm)}
    return order, in_order(flavor, found, order, len(norm), batched=False)


def by_dispersion_in_batches(
    batches: Iterable[BatchMeans], flavor: Flavor, n_top: int, names: Sequence[str]
) -> tuple[npt.NDArray[np.int64], Columns]:
    """The genes that are among the best in most batches, and of these those of the largest mean dispersion.

    Also the columns of scanpy, averaged over batches.

    Parameters
    ----------
    names
        Of all genes: ties of both are in their order.

    Raises
    ------
    BadInputError
        If the genes cannot be sorted into bins.
    """
    n_genes, several = len(names), list(batches)
    n_batches = np.zeros(n_genes, np.int64)
    totals = {name: _Mean(n_genes) for name in ("means", "dispersions", "dispersions_norm")}
    for means in several:
        expressed = np.flatnonzero(means.n_positive > 0)
        found = _normalised(_some(means, expressed), flavor)
        n_batches[expressed[_in_batch(found[-1], n_top)]] += 1
        for total, values in zip(totals.values(), found, strict=True):
            of_all = np.zeros(n_genes)  # of genes that no cell of the batch expresses
            of_all[expressed] = values
            total.add(of_all)
    columns: Columns = {name: total.mean() for name, total in totals.items()}
    by_name = np.argsort(np.asarray(names, dtype=object), kind="stable")
    order = by_name[_best(columns["dispersions_norm"][by_name])]
    order = order[np.argsort(-n_batches[order], kind="stable")][:n_top]
    columns |= {"highly_variable_nbatches": n_batches}
    columns |= {"highly_variable_intersection": n_batches == len(several)}
    columns["dispersions_norm"] = _single(columns["dispersions_norm"])
    return order, in_order(flavor, columns, order, n_genes, batched=True)


class _Mean:
    """A mean over batches that passes over NaN, by Kahan's sum, so that rounding separates no equal means.

    As of pandas.
    """

    def __init__(self, n_genes: int) -> None:
        self._n = np.zeros(n_genes, np.int64)
        self._total, self._lost = np.zeros((2, n_genes))

    def add(self, values: Floats) -> None:
        there = ~np.isnan(values)
        self._n += there
        term = np.where(there, values, 0) - self._lost
        new = self._total + term
        with np.errstate(invalid="ignore"):
            self._lost = np.nan_to_num((new - self._total) - term, nan=0.0, posinf=0.0, neginf=0.0)
        self._total = new

    def mean(self) -> Floats:
        with np.errstate(invalid="ignore"):
            found: Floats = self._total / self._n
        return found


def _single(norm: Floats) -> npt.NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return norm.astype(np.float32)


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


def _normalised(means: BatchMeans, flavor: Flavor) -> tuple[Floats, Floats, Floats]:
    """Means and dispersions as the flavor transforms them, and the normalised dispersions."""
    import pandas as pd

    if not len(means.mean):
        return np.zeros(0), np.zeros(0), np.zeros(0)
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
    return mean, dispersion, norm


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
