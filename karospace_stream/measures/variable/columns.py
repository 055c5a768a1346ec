"""The numbers by which variable genes are found, as columns of var: those that scanpy writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.variable.flavors import BatchMeans, Flavor

Columns = dict[str, npt.NDArray[Any]]

_BATCHED = "highly_variable_nbatches"
_INTERSECTION = "highly_variable_intersection"


def columns_of(flavor: Flavor, *, batched: bool) -> tuple[str, ...]:
    """Their names, in scanpy's order."""
    if flavor == "seurat_v3":
        ranked = ("highly_variable", "highly_variable_rank", "means", "variances", "variances_norm")
        return (*ranked, _BATCHED) if batched else ranked
    found = ("highly_variable", "means", "dispersions", "dispersions_norm")
    return (*found, _BATCHED, _INTERSECTION) if batched else found


def in_order(
    flavor: Flavor, found: Columns, order: npt.NDArray[np.int64], n_genes: int, *, batched: bool
) -> Columns:
    """All columns of a flavor; ``highly_variable`` are the genes in the order."""
    chosen = np.zeros(n_genes, bool)
    chosen[order] = True
    every = {"highly_variable": chosen, **found}
    return {name: every[name] for name in columns_of(flavor, batched=batched)}


def over_all(batches: Sequence[BatchMeans]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean and variance over the cells of all batches."""
    if len(batches) == 1:
        return batches[0].mean, batches[0].variance
    n = sum(each.n_cells for each in batches)
    mean = np.sum([each.mean * each.n_cells for each in batches], axis=0) / n
    within = np.sum([each.variance * (each.n_cells - 1) for each in batches], axis=0)
    between = np.sum([each.n_cells * (each.mean - mean) ** 2 for each in batches], axis=0)
    return mean, (within + between) / (n - 1)
