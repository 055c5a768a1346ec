"""Ways to find highly variable genes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Flavor = Literal["seurat", "cell_ranger", "seurat_v3"]
FLAVORS: tuple[Flavor, ...] = get_args(Flavor)

#: Batches of fewer cells have no variance.
FEWEST_CELLS = 2


@dataclass(frozen=True, slots=True, eq=False)
class BatchMeans:
    """Means and variances of all genes in one batch.

    Attributes
    ----------
    n_cells
        At least two.
    mean, variance
        ``(n_genes,)``; the variance with ``n - 1`` in the denominator.
    n_positive
        Cells whose value is above 0.
    """

    n_cells: int
    mean: npt.NDArray[np.float64]
    variance: npt.NDArray[np.float64]
    n_positive: npt.NDArray[np.uint32]


def batch_means(
    n_cells: int,
    first: npt.NDArray[np.float64],
    second: npt.NDArray[np.float64],
    n_positive: npt.NDArray[np.uint32],
) -> BatchMeans:
    """From the sums of values and of squares, as scanpy does: rounding may make a variance negative."""
    mean = first / n_cells
    variance = (second / n_cells - mean**2) * (n_cells / (n_cells - 1))
    return BatchMeans(n_cells, mean, variance, n_positive)
