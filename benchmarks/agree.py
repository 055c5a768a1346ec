"""Do the outputs hold the same? A ratio of two programs that do different things means nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from benchmarks.outputs import BaselineOutput, CellucidOutput, GeneMajorOutput, KaroSpaceOutput, Output

READERS: Mapping[str, Callable[[Path], Output]] = {
    "ours": KaroSpaceOutput,
    "baseline": BaselineOutput,
    "cellucid 0.0.9": CellucidOutput,
    "cellucid 0.9.5": GeneMajorOutput,
}
_FLOOR_TOLERANCE = 0.02


class DisagreementError(Exception):
    """Two sides of a ratio did not do the same."""


def compare(ours: Path, theirs: Path, program: str, n_genes: int = 12) -> int:
    """Compare genes spread over all that both have, value by value; give how many.

    Raises
    ------
    DisagreementError
        If any value differs, a gene is missing, or there is nothing to compare.
    """
    left, right = KaroSpaceOutput(ours), READERS[program](theirs)
    shared = sorted(set(left.genes) & set(right.genes))
    if not shared or (program != "baseline" and len(shared) != len(left.genes)):
        raise DisagreementError(
            f"{program} wrote {len(right.genes)} genes, we {len(left.genes)}, {len(shared)} are the same"
        )
    chosen = [shared[number] for number in np.linspace(0, len(shared) - 1, n_genes).astype(int)]
    for name in chosen:
        one, other = left.gene(name), right.gene(name)
        if one.shape != other.shape or not np.array_equal(one, other):
            raise DisagreementError(f"{name}: {program} wrote other values than we did")
    return len(chosen)


def compare_size(ours: tuple[int, int], floor: tuple[int, int]) -> None:
    """The floor wrote the same objects, and nearly as many bytes: it deflates a sample of the genes.

    Parameters
    ----------
    ours, floor
        Bytes, and number of objects.

    Raises
    ------
    DisagreementError
        If not.
    """
    if ours[1] != floor[1]:
        raise DisagreementError(f"the floor wrote {floor[1]} objects, we {ours[1]}")
    if abs(floor[0] / ours[0] - 1) > _FLOOR_TOLERANCE:
        raise DisagreementError(
            f"the floor wrote {floor[0]:,} bytes, we {ours[0]:,}: more than {_FLOOR_TOLERANCE:.0%} apart"
        )
