"""Compare the groups of a grouping gene by gene, as ``scanpy.tl.rank_genes_groups`` does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.group_means import Means, means, means_outside
from karospace_stream.measures.p_values import adjusted, upper_tail, welch
from karospace_stream.measures.request import Grouping, StatisticsRequest
from karospace_stream.measures.sums import Floats, GroupSums

_SMALL = 1e-9  # added to both means of a fold change, as in scanpy
#: Cells that a group must have, so that it has a variance.
FEWEST_CELLS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Markers:
    """One group compared with all other cells, or with the reference.

    Attributes
    ----------
    group
        Position of the category.
    order
        int64, ``(n_genes,)``: genes by falling score; equal scores in exported order.
    scores
        z (Wilcoxon) or t, ``(n_genes,)``, as the following, in exported order.
    p_values, adjusted
        Two-sided; adjusted by Benjamini and Hochberg (1995) over all genes.
    log_fold_changes
        log2 of the ratio of the means without their logarithm; NaN where one of them is negative.
    auc
        Probability that a cell of the group has the larger value (ties count half); None unless ranked.
    inside, outside
        The cells of the group, and those that it is compared with.
    """

    group: int
    order: npt.NDArray[np.int64]
    scores: Floats
    p_values: Floats
    adjusted: Floats
    log_fold_changes: Floats
    auc: Floats | None
    inside: Means
    outside: Means


def too_small(grouping: Grouping, n_cells: npt.NDArray[np.int64]) -> list[int]:
    """Groups that cannot be compared: of fewer than two cells, or with fewer than two cells besides.

    Parameters
    ----------
    n_cells
        ``(1 + n_groups,)``, as in `GroupSums`.
    """
    total = int(n_cells.sum())
    found = []
    for group in range(grouping.n_groups):
        inside = int(n_cells[1 + group])
        outside = total - inside if grouping.reference is None else int(n_cells[1 + grouping.reference])
        if min(inside, outside) < FEWEST_CELLS:
            found.append(group)
    return found


def markers(sums: GroupSums, grouping: Grouping, request: StatisticsRequest) -> Iterator[Markers]:
    """Compare every group that is large enough, in category order; the reference itself is none of them."""
    left_out = {*too_small(grouping, sums.n_cells), grouping.reference}
    others = (
        means_outside(sums)
        if grouping.reference is None
        else repeat(_means_of(sums, grouping.reference), grouping.n_groups)
    )
    for group, outside in enumerate(others):
        if group not in left_out:
            yield _compare(sums, group, outside, request)


def _compare(sums: GroupSums, group: int, outside: Means, request: StatisticsRequest) -> Markers:
    inside = _means_of(sums, group)
    auc = None
    if request.test == "wilcoxon":
        scores, p_values, auc = _rank_sum(sums, group, inside, outside)
    else:
        scores, p_values = _t_test(inside, outside, overestimate=request.test == "t-test_overestim_var")
    scores[np.isnan(scores)] = 0  # all values are equal
    p_values[np.isnan(p_values)] = 1
    return Markers(
        group=group,
        order=np.argsort(-scores, kind="stable"),
        scores=scores,
        p_values=p_values,
        adjusted=adjusted(p_values),
        log_fold_changes=_log_fold_changes(inside.mean, outside.mean, request.log_base),
        auc=auc,
        inside=inside,
        outside=outside,
    )


def _means_of(sums: GroupSums, group: int) -> Means:
    at = 1 + group
    return means(sums.n_cells[at], sums.n_expressing[:, at], sums.sums[:, at], sums.squares[:, at])


def _rank_sum(sums: GroupSums, group: int, inside: Means, outside: Means) -> tuple[Floats, Floats, Floats]:
    """Wilcoxon's rank-sum test in its normal approximation."""
    assert sums.u is not None
    n, m = float(inside.n_cells), float(outside.n_cells)
    u, size = sums.u[:, group], n + m
    variance = np.full(len(u), n * m * (size + 1) / 12)
    if sums.ties is not None:
        ties = sums.ties[:, min(group, sums.ties.shape[1] - 1)]
        variance *= 1 - ties / (size**3 - size)
    with np.errstate(invalid="ignore", divide="ignore"):
        scores = (u - n * m / 2) / np.sqrt(variance)
    return scores, 2 * upper_tail(np.abs(scores)), u / (n * m)


def _t_test(inside: Means, outside: Means, *, overestimate: bool) -> tuple[Floats, Floats]:
    """Welch's t-test; with ``overestimate`` as if there were no more cells outside than inside."""
    return welch(inside, outside, inside.n_cells if overestimate else outside.n_cells)


def _log_fold_changes(inside: Floats, outside: Floats, base: float | None) -> Floats:
    scale = 1.0 if base is None else float(np.log(base))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        changes: Floats = np.log2((np.expm1(inside * scale) + _SMALL) / (np.expm1(outside * scale) + _SMALL))
    return changes
