"""P-values, by the functions of ``scipy.special``: ``scipy.stats`` takes a second to load."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.group_means import Means

Floats = npt.NDArray[np.float64]


def upper_tail(z: Floats) -> Floats:
    """Probability that a standard normal variable is larger."""
    from scipy import special

    found: Floats = special.ndtr(-z)
    return found


def welch(inside: Means, outside: Means, n_outside: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Welch's t and its two-sided p-value, as if there were ``n_outside`` cells outside.

    With the degrees of freedom of Welch (1947) and Satterthwaite (1946).
    """
    from scipy import special

    n, m = np.asarray(inside.n_cells, np.float64), np.asarray(n_outside, np.float64)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        of_group, of_others = inside.variance / n, outside.variance / m
        together = of_group + of_others
        freedom = together**2 / (of_group**2 / (n - 1) + of_others**2 / (m - 1))
        t = (inside.mean - outside.mean) / np.sqrt(together)
    # Without any variance t is infinite or no number, whatever its degrees of freedom.
    freedom = np.where(np.isnan(freedom), 1, freedom)
    return t, 2 * special.stdtr(freedom, -np.abs(t))


def adjusted(p_values: Floats) -> Floats:
    """P-values adjusted by Benjamini and Hochberg (1995); NaN stays, and does not count."""
    found, there = np.full(len(p_values), np.nan), np.flatnonzero(~np.isnan(p_values))
    falling = there[np.argsort(-p_values[there], kind="stable")]
    ranks = np.arange(len(falling), 0, -1)
    found[falling] = np.minimum.accumulate(p_values[falling] * (len(falling) / ranks)).clip(0, 1)
    return found
