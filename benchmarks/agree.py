"""Do the outputs hold the same? A ratio of two programs that do different things means nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from benchmarks.outputs import BaselineOutput, CellucidOutput, GeneMajorOutput, KaroSpaceOutput, Output
from benchmarks.same import DisagreementError, compare_bytes, compare_cellucid, compare_stores
from benchmarks.sides import Side

READERS: Mapping[str, Callable[[Path], Output]] = {
    "ours": KaroSpaceOutput,
    "baseline": BaselineOutput,
    "cellucid 0.0.9": CellucidOutput,
    "cellucid 0.9.5": GeneMajorOutput,
}
_FLOOR_TOLERANCE = 0.02


def compare_sides(one: Side, other: Side, ours: Path, theirs: Path) -> str:
    """Compare what two sides left, as closely as their formats allow; tell what was found.

    Parameters
    ----------
    one, ours
        A side of ours, and its output: one folder a format where it wrote several.
    other, theirs
        Any side but a floor, and its output.

    Raises
    ------
    DisagreementError
        If they do not hold the same.
    """
    if other.program == "ours" and one.formats != other.formats:
        count = compare_bytes(ours / other.formats[0], theirs)
        return f"{count} files of {one.label} and {other.label} are the same bytes"
    if one.formats == ("cellucid",):
        count = compare_cellucid(ours, theirs)
        return f"{count} files of {one.label} and {other.label} hold the same"
    if one.formats == ("anndata",):
        count = compare_stores(ours, theirs, bytes_too="--compression" not in one.options)
        return f"{count} files of {one.label} and {other.label} are the same"
    count = compare(ours, theirs, other.program)
    return f"{count} genes of {one.label} and {other.label} agree in every value"


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
