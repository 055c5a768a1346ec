"""Decide how to turn the matrix: arithmetic on integers, with no array of values in sight.

All sizes are upper bounds, not estimates: a band is assumed to be full, although a gene is
rarely seen in more than a few cells in a hundred. So what is planned cannot be exceeded.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.model.plan import Strategy, TransposePlan
from karospace_stream.transpose.kernels import MAX_BLOCK_ROWS, SLICE_VALUES

_FRAGMENT_VALUE = 6  # uint16 offset + float32
_SCRATCH_VALUE = 6.2  # the same behind Blosc, which adds at most 16 bytes a frame
_PIECE_NBYTES = 1_500  # of a piece without its values: array headers, lists
_READ_SLACK = 12 << 20  # beside what is read: a ranged read, small chunks, lists
_FEWEST_VALUES = 1 << 20  # below this a block is not worth a task
_MOST_BAND_GENES = 256
_MOST_PASS_GENES = 4096
_TURNED_FAST_VALUES = 5_000_000
_PIECE_VALUES = 3_000  # of one block in one band: below this, calls cost more than the work
_PLACES = 24  # two int64 and two int32 for each value of a piece that is put in its place
_TASKS_A_WORKER = 4  # at least, so that the last one running does not hold up the rest


@dataclass(frozen=True, slots=True)
class TransposeRequest:
    """What the plan is made from.

    Attributes
    ----------
    layout, gene_major
        Of the source.
    value_itemsize, index_itemsize
        Bytes of one stored value and index (index 0 where dense).
    cast
        Whether the values are of another type than float32.
    held_values
        Stored values of the largest chunk that is in memory as a whole while parts of it are
        taken: of a Dask array, where chunks are computed; 0 where parts are read from a file.
    read_nbytes, chunk_values
        Bytes that reading takes beside the result; values that cannot be had without each other: in
        the largest chunk of storage, or in the rows of a dense one.
    chunk_rows
        Rows of a dense chunk of storage; blocks end with one where they can.
    n_genes_source
        Width of the source.
    lines, values_before
        Places where the source may be cut (rows; genes for CSC), from 0 to the end, rows at most
        ``MAX_BLOCK_ROWS`` apart, and the stored values before each; int64.
    source_genes
        Selected source columns, sorted, int64.
    n_cells_source, n_cells
        Cells of the source, and those exported.
    cells_selected, genes_selected
        Whether rows are left out; whether columns are left out or reordered.
    max_part_nbytes
        Bytes of the largest part of a gene before compression.
    workers
        Tasks at once.
    other_nbytes
        Most that one task of any stage that does not touch the matrix takes.
    memory_nbytes
        What all tasks together may take, above what the processes need when idle.
    shared_memory
        Whether the workers are threads of one process.
    """

    layout: str
    gene_major: bool
    value_itemsize: int
    index_itemsize: int
    cast: bool
    held_values: int
    read_nbytes: int
    chunk_values: int
    chunk_rows: int
    n_genes_source: int
    lines: npt.NDArray[np.int64]
    values_before: npt.NDArray[np.int64]
    source_genes: npt.NDArray[np.int64]
    n_cells_source: int
    n_cells: int
    cells_selected: bool
    genes_selected: bool
    max_part_nbytes: int
    workers: int
    other_nbytes: int
    memory_nbytes: int
    shared_memory: bool

    @property
    def n_genes(self) -> int:
        """Exported genes."""
        return len(self.source_genes)


class DoesNotFitError(Exception):
    """No cut keeps to the budget.

    Attributes
    ----------
    stage
        What needs the most: ``scatter``, ``gather`` or ``other``.
    needed_nbytes
        The smallest ``memory_nbytes`` that works for as many workers.
    """

    def __init__(self, stage: str, needed_nbytes: int) -> None:
        super().__init__(f"{stage} needs {needed_nbytes} bytes")
        self.stage = stage
        self.needed_nbytes = needed_nbytes


def plan_transpose(request: TransposeRequest, strategy: Strategy | None = None) -> TransposePlan:
    """Choose the strategy that reads and writes least, and cut the matrix to the budget.

    Parameters
    ----------
    strategy
        Force one; None chooses.

    Raises
    ------
    DoesNotFitError
        If no cut keeps to ``request.memory_nbytes``; of several strategies, the least demanding.
    ValueError
        If the strategy that was forced cannot work on this source.
    """
    _check_forced(request, strategy)
    failures = []
    for each in [strategy] if strategy else _possible(request):
        try:
            return _plan_pass(request) if each == "pass" else _plan_rows(request, each)
        except DoesNotFitError as error:
            failures.append(error)
    raise min(failures, key=lambda error: error.needed_nbytes)


def _check_forced(request: TransposeRequest, strategy: Strategy | None) -> None:
    if strategy == "pass" and not request.gene_major:
        raise ValueError("the pass strategy needs a source that is stored gene by gene (CSC)")
    if strategy == "memory" and not request.shared_memory:
        raise ValueError("the memory strategy needs workers that share memory (threads or sync)")
    if request.layout == "csc" and strategy not in (None, "pass"):
        raise ValueError(f"a CSC source is gene-major already; the {strategy} strategy cannot read it")


def _possible(request: TransposeRequest) -> list[Strategy]:
    """Strategies that work on this source, the cheapest first."""
    if request.layout == "csc":
        return ["pass"]
    possible: list[Strategy] = ["pass"] if request.gene_major else []
    return [*possible, "memory", "spill"] if request.shared_memory else [*possible, "spill"]


def _plan_rows(request: TransposeRequest, strategy: Strategy) -> TransposePlan:
    """Cut as finely as the budget asks for.

    What is held, and what a band takes, depend on the number of blocks: so every size is tried
    whole. Behind the best one come sizes that do not depend on the budget, so that a larger
    budget always works where a smaller one does.
    """
    best = _best_block_values(request)
    sizes = _block_sizes(request, strategy)
    failures = []
    for most_values in (best, *sorted(sizes, key=lambda size: (size > best, -size))):
        row_cuts = _cut(request.lines, request.values_before, most_values, MAX_BLOCK_ROWS, request.chunk_rows)
        try:
            return _plan_cuts(request, strategy, row_cuts)
        except DoesNotFitError as error:
            failures.append(error)
    raise min(failures[1:], key=lambda error: error.needed_nbytes)


def _block_sizes(request: TransposeRequest, strategy: Strategy) -> list[int]:
    """Stored values of a block, from what gives every worker a few down to the smallest."""
    fewest = _FEWEST_VALUES if strategy == "memory" else int(np.diff(request.values_before).max(initial=1))
    sizes = [max(fewest, _FEWEST_VALUES, _enough_values(request))]
    while sizes[-1] > fewest:
        sizes.append(max(fewest, sizes[-1] * 3 // 4))
    return sizes


def _enough_values(request: TransposeRequest) -> int:
    return int(request.values_before[-1]) // (_TASKS_A_WORKER * request.workers)


def _best_block_values(request: TransposeRequest) -> int:
    """Stored values that a block of rows should have, if memory allows.

    Small blocks are turned fastest: 110 million values a second at 5 million values, 40 at 22
    million, since every gene is a place in memory that is written to in turn. But each block
    costs every band a read, so that its share of a band must not become too small.
    """
    per_gene, fixed = _gather_cost(request, (0, min(MAX_BLOCK_ROWS, request.n_cells)))
    width = (request.memory_nbytes // request.workers - fixed) // per_gene
    n_bands = -(-request.n_genes // max(1, min(width, _MOST_BAND_GENES)))
    fast = _TURNED_FAST_VALUES * (4 if request.layout == "dense" else 1)
    worth = max(fast, _PIECE_VALUES * n_bands)
    # A block smaller than a chunk would have that chunk inflated once for each of its blocks.
    return max(_FEWEST_VALUES, min(_enough_values(request), worth), request.chunk_values)


def _plan_cuts(request: TransposeRequest, strategy: Strategy, row_cuts: tuple[int, ...]) -> TransposePlan:
    """The plan for given row blocks: bands of whole genes, as wide as a worker's share allows."""
    n_blocks = len(row_cuts) - 1
    resident = 0
    if strategy == "memory":
        resident = _FRAGMENT_VALUE * _kept(request) + 8 * (request.n_genes + 1) * n_blocks
    per_value, fixed_scatter = _scatter_cost(request)
    scatter = fixed_scatter + per_value * _largest(request, row_cuts)
    per_gene, fixed = _gather_cost(request, row_cuts)
    needs = {"scatter": scatter, "gather": fixed + per_gene, "other": request.other_nbytes}
    worst = max(needs, key=needs.__getitem__)
    share = (request.memory_nbytes - resident) // request.workers
    if share < needs[worst]:
        raise DoesNotFitError(worst, resident + needs[worst] * request.workers)
    wanted = -(-request.n_genes // (_TASKS_A_WORKER * request.workers))
    width = max(1, min((share - fixed) // per_gene, wanted, _MOST_BAND_GENES))
    gene_cuts = (*range(0, request.n_genes, width), request.n_genes)
    n_bands = len(gene_cuts) - 1
    return TransposePlan(
        strategy=strategy,
        row_cuts=row_cuts,
        gene_cuts=gene_cuts,
        bands_per_task=_bands_per_task(n_bands, request.workers),
        scatter_nbytes=scatter,
        gather_nbytes=fixed + width * per_gene,
        resident_nbytes=resident,
        scratch_nbytes=0 if strategy == "memory" else _scratch(request, n_blocks, n_bands),
        read_values=int(request.values_before[-1]),
    )


def _plan_pass(request: TransposeRequest) -> TransposePlan:
    item = request.value_itemsize
    # A dense rectangle is there together with the values and rows that are taken from it.
    per_value = 2 * item + 4 if request.layout == "dense" else item + request.index_itemsize
    # Repeats are summed in a copy, then float32.
    per_value += item + (request.index_itemsize or 8) + 4
    fixed = _READ_SLACK + request.read_nbytes + 4 * request.n_cells + _held_nbytes(request)
    fixed += 8 * request.n_cells_source if request.cells_selected else 0
    fixed += 2 * min(request.max_part_nbytes, 4 * request.n_cells)
    if request.cells_selected:  # positions, mask, values before, and what is kept
        per_value += 8 + 1 + 8 + 8 + item
    share = request.memory_nbytes // request.workers
    lengths = _gene_lengths(request)
    longest = int(lengths.max(initial=0))
    least = fixed + per_value * longest
    if share < max(least, request.other_nbytes):
        stage = "gather" if least >= request.other_nbytes else "other"
        raise DoesNotFitError(stage, max(least, request.other_nbytes) * request.workers)
    fitting = (share - fixed) // per_value
    wanted = max(_FEWEST_VALUES, int(lengths.sum()) // (_TASKS_A_WORKER * request.workers))
    before = np.concatenate([[0], np.cumsum(lengths)])
    most_values = max(longest, min(fitting, wanted, _TURNED_FAST_VALUES))
    cuts = _cut(np.arange(request.n_genes + 1), before, most_values, _MOST_PASS_GENES)
    most = max((int(before[b] - before[a]) for a, b in itertools.pairwise(cuts)), default=0)
    return TransposePlan(
        strategy="pass",
        row_cuts=(),
        gene_cuts=cuts,
        bands_per_task=_bands_per_task(len(cuts) - 1, request.workers),
        scatter_nbytes=0,
        gather_nbytes=fixed + per_value * most,
        resident_nbytes=0,
        scratch_nbytes=0,
        read_values=int(lengths.sum()),
    )


def _kept(request: TransposeRequest) -> int:
    """Most values that are exported."""
    return min(int(request.values_before[-1]), request.n_cells * request.n_genes)


def _gather_cost(request: TransposeRequest, row_cuts: tuple[int, ...]) -> tuple[int, int]:
    """Bytes for each gene of a band, and bytes whatever the band."""
    n_blocks = len(row_cuts) - 1
    tallest = min(int(np.diff(row_cuts).max(initial=0)), request.n_cells)
    merged = 8 if request.n_cells < 2**31 else 12
    # All pieces and the merged band; one piece packed, and the places where its values go.
    pieces = int((_SCRATCH_VALUE + merged) * request.n_cells + (_SCRATCH_VALUE + _PLACES) * tallest)
    pieces += 32 * (n_blocks + 1)
    # One dense gene, and its largest part packed (twice: it grows while it is made).
    dense = 4 * request.n_cells + 2 * min(request.max_part_nbytes, 4 * request.n_cells)
    return pieces + 16, dense + _PIECE_NBYTES * n_blocks + _READ_SLACK // 4


def _scatter_cost(request: TransposeRequest) -> tuple[int, int]:
    """Bytes for each stored value of a block, and bytes whatever the block."""
    item, index = request.value_itemsize, request.index_itemsize
    table = 8 * (request.n_genes_source + 1) * 3 + _held_nbytes(request)
    if request.layout == "dense":
        slices = max(SLICE_VALUES, MAX_BLOCK_ROWS, request.n_genes) * (item + 4 + 1 + 2 * 8)
        return item + 2 * _FRAGMENT_VALUE + 1, _READ_SLACK + request.read_nbytes + table + slices
    turned = item + 4
    # The block stays: Dask holds it until its task has ended. Beside it lie what was picked from
    # it and its transpose; later the transpose, its offsets and its float32 values.
    picked = turned if (request.cells_selected or request.genes_selected) else 0
    cast = 2 + (4 if request.cast else 0)
    return item + index + turned + max(picked, cast) + 1, _READ_SLACK + request.read_nbytes + table


def _held_nbytes(request: TransposeRequest) -> int:
    return request.held_values * (request.value_itemsize + request.index_itemsize)


def _cut(
    lines: npt.NDArray[np.int64],
    before: npt.NDArray[np.int64],
    most_values: int,
    most_lines: int,
    even: int = 1,
) -> tuple[int, ...]:
    """Cut greedily: each block as long as both limits allow, and at least one step.

    Where a line that is a multiple of ``even`` lies within a block, the block ends there.
    """
    last = len(lines) - 1
    by_values = np.searchsorted(before, before + most_values, side="right") - 1
    by_lines = np.searchsorted(lines, lines + most_lines, side="right") - 1
    furthest, here = np.minimum(by_values, by_lines), np.arange(last + 1)
    if even > 1:
        evenly = np.searchsorted(lines, lines[furthest] // even * even)
        furthest = np.where((evenly > here) & (furthest < last), evenly, furthest)
    following = np.minimum(np.maximum(furthest, here + 1), last).tolist()
    at, cuts = 0, [0]
    while at < last:
        at = following[at]
        cuts.append(int(lines[at]))
    return tuple(cuts)


def _largest(request: TransposeRequest, row_cuts: tuple[int, ...]) -> int:
    at = np.searchsorted(request.lines, np.asarray(row_cuts))
    return int(np.diff(request.values_before[at]).max(initial=0))


def _gene_lengths(request: TransposeRequest) -> npt.NDArray[np.int64]:
    """Stored values of each selected gene, in source order."""
    if request.layout == "dense":
        n_rows = int(request.lines[-1])
        return np.full(request.n_genes, n_rows, dtype=np.int64)
    at = np.searchsorted(request.lines, request.source_genes)
    return np.diff(request.values_before)[at]


def _scratch(request: TransposeRequest, n_blocks: int, n_bands: int) -> int:
    frames = n_blocks * n_bands * (3 * 16 + 8)
    return int(_SCRATCH_VALUE * _kept(request)) + frames + 4 * n_blocks * request.n_genes


def _bands_per_task(n_bands: int, workers: int) -> int:
    return max(1, n_bands // (32 * workers))
