"""The plan of transposing the matrix, and its cost: numbers only."""

from __future__ import annotations

from dataclasses import dataclass
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
        Bands that one gather task takes one after another.
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


@dataclass(frozen=True, slots=True)
class StageCost:
    """Projected cost of one stage: memory of one worker's task, and how many tasks."""

    name: str
    task_nbytes: int
    n_tasks: int
