"""The plan of transposing the matrix, and its cost: numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Strategy = Literal["pass", "memory", "spill"]


@dataclass(frozen=True, slots=True)
class TransposePlan:
    """How the matrix becomes gene-major.

    Attributes
    ----------
    strategy
        ``pass``: the source is gene-major already; ``memory``: the selected part is held;
        ``spill``: fragments go through scratch.
    row_cuts
        Source rows that bound the row blocks; empty for ``pass``.
    gene_cuts
        Bounds of the gene bands. Positions in exported order; for ``pass``, positions in the
        exported genes sorted by source column.
    bands_per_task
        Bands that one gather task takes one after another, at least.
    scatter_nbytes, gather_nbytes
        Most that one worker needs during one task, bytes.
    resident_nbytes
        Fragments held from scatter to gather (``memory`` only), bytes, all workers together.
    scratch_nbytes
        Most that scratch grows to (``spill`` only), bytes.
    read_values
        Stored values that are read.
    exact
        Whether values are stored exactly: zeros are dropped, NaN and infinities are values, and the
        lengths of all genes are known before the first one is written. For ``pass``, ``gene_cuts`` are
        then positions in exported order.
    borders
        Bounds of the genes that lie in one object: each is in ``gene_cuts``, and tasks begin nowhere else.
        Empty if tasks may begin with any band.
    in_order
        Whether genes come in exported order, for ``pass`` as well: ``gene_cuts`` are then positions in it.
    value_dtype
        Of intermediate values: float32, or float64 if that is needed to preserve them.
    """

    strategy: Strategy
    row_cuts: tuple[int, ...]
    gene_cuts: tuple[int, ...]
    bands_per_task: int
    scatter_nbytes: int
    gather_nbytes: int
    resident_nbytes: int
    scratch_nbytes: int
    read_values: int
    exact: bool = False
    value_dtype: str = "float32"
    borders: tuple[int, ...] = ()
    in_order: bool = False

    @property
    def tasks(self) -> list[tuple[int, int]]:
        """Bands of each gather task: from the first number up to the second."""
        n_bands, step = len(self.gene_cuts) - 1, self.bands_per_task
        if not self.borders:
            return list(pairwise([*range(0, n_bands, step), n_bands]))
        band_of = {cut: band for band, cut in enumerate(self.gene_cuts)}
        begins = [0]
        for band in (band_of[border] for border in self.borders[1:-1]):
            if band - begins[-1] >= step:
                begins.append(band)
        return list(pairwise([*begins, n_bands]))


@dataclass(frozen=True, slots=True)
class StageCost:
    """Projected cost of one stage: memory of one worker's task, and how many tasks."""

    name: str
    task_nbytes: int
    n_tasks: int
