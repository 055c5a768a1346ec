"""Highly variable genes by the variance of clipped counts that are normalised by a fit: ``seurat_v3``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.measures.variable.columns import Columns
from karospace_stream.measures.variable.flavors import BatchMeans

Floats = npt.NDArray[np.float64]
_SPAN = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The standard deviation that is expected of each gene by its mean in one batch."""

    means: BatchMeans
    deviation: Floats

    @property
    def limits(self) -> Floats:
        """Larger values are clipped to this."""
        limits: Floats = self.deviation * np.sqrt(self.means.n_cells) + self.means.mean
        return limits

    def normalised(self, first: Floats, second: Floats) -> Floats:
        """The variances, from the sums of clipped values and of their squares."""
        n, mean = self.means.n_cells, self.means.mean
        scale = 1 / ((n - 1) * np.square(self.deviation))
        variances: Floats = scale * ((n * np.square(mean)) + second - 2 * first * mean)
        return variances


def require_loess() -> None:
    """Raise if scikit-misc is not installed.

    Raises
    ------
    BadOptionError
        Says how to install it.
    """
    if find_spec("skmisc") is None:
        raise BadOptionError(
            "--hvg-flavor seurat_v3: scikit-misc must be installed, and is not; "
            "pip install 'karospace-stream[hvg]' installs it"
        )


def fit(means: BatchMeans) -> Fit:
    """Fit the logarithm of variances by that of means.

    Raises
    ------
    BadInputError
        If too few genes vary.
    """
    varied = means.variance > 0
    expected = np.zeros(len(means.mean))
    with np.errstate(divide="ignore", invalid="ignore"):
        x, y = np.log10(means.mean[varied]), np.log10(means.variance[varied])
    try:
        expected[varied] = loess(x, y)
    except ValueError as error:
        why = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise BadInputError(
            f"--hvg-flavor seurat_v3: the variances of {len(x):,} genes that vary in {means.n_cells:,} cells "
            f"cannot be fitted ({why}); use --hvg-flavor seurat, or larger batches"
        ) from error
    return Fit(means, np.sqrt(10**expected))


def loess(x: Floats, y: Floats) -> Floats:
    """Values of the local regression of ``y`` on ``x``."""
    from skmisc import loess as skmisc

    if not len(x):
        raise ValueError("no gene varies")
    if not np.isfinite(x).all():
        raise ValueError("some means are negative")
    model = skmisc.loess(x, y, span=_SPAN, degree=2)
    model.fit()
    return np.asarray(model.outputs.fitted_values, np.float64)


def by_rank_in_batches(variances: Sequence[Floats], n_top: int) -> tuple[npt.NDArray[np.int64], Columns]:
    """The genes of the lowest median rank in the batches where they are among the best, and their ranks.

    Ties are broken by the number of these batches, then by the order of var.

    Parameters
    ----------
    variances
        Normalised ones of all genes, for each batch.
    """
    n_genes = len(variances[0])
    ranks = np.full((len(variances), n_genes), np.nan, np.float32)
    for row, each in zip(ranks, variances, strict=True):
        best = np.argsort(np.where(np.isnan(each), np.inf, -each), kind="stable")[:n_top]
        row[best] = np.arange(len(best))
    n_batches = np.sum(~np.isnan(ranks), axis=0)
    median = np.full(n_genes, np.nan)
    some = n_batches > 0
    median[some] = np.nanmedian(ranks[:, some], axis=0)
    order = np.lexsort((np.arange(n_genes), -n_batches, np.where(some, median, np.inf)))[:n_top]
    found: Columns = {
        "highly_variable_rank": median.astype(np.float32),
        "variances_norm": np.mean(variances, axis=0),
        "highly_variable_nbatches": n_batches,
    }
    return order.astype(np.int64), found
