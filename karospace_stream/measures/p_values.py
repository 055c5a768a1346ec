"""P-values from SciPy, which is loaded where one is computed: it takes half a second, and plans need none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.group_means import Means

Floats = npt.NDArray[np.float64]


def upper_tail(z: Floats) -> Floats:
    """Probability that a standard normal variable is larger."""
    from scipy import stats

    found: Floats = stats.norm.sf(z)
    return found


def welch(inside: Means, outside: Means, n_outside: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Welch's t and its two-sided p-value, as if there were ``n_outside`` cells outside."""
    from scipy import stats

    with np.errstate(invalid="ignore", divide="ignore"):
        result = stats.ttest_ind_from_stats(
            inside.mean,
            np.sqrt(inside.variance),
            inside.n_cells,
            outside.mean,
            np.sqrt(outside.variance),
            n_outside,
            equal_var=False,
        )
    return np.array(result.statistic), np.array(result.pvalue)


def adjusted(p_values: Floats) -> Floats:
    """P-values adjusted by Benjamini and Hochberg (1995); NaN stays, and does not count."""
    from scipy import stats

    found, there = np.full(len(p_values), np.nan), ~np.isnan(p_values)
    if there.any():
        found[there] = stats.false_discovery_control(p_values[there])
    return found
