"""Decide how to transpose the matrix, by arithmetic on integers: no array of values is involved."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from karospace_stream.model.plan import Strategy, TransposePlan
from karospace_stream.transpose.costs import (
    READ_SLACK,
    fragment_value,
    gather_cost,
    held_nbytes,
    scatter_cost,
    scratch_value,
    store_cost,
)
from karospace_stream.transpose.cuts import cut_lines
from karospace_stream.transpose.kernels import MAX_BLOCK_ROWS
from karospace_stream.transpose.request import TransposeRequest

_FEWEST_VALUES = 1 << 20  # below this a block is not worth a task
_MOST_BAND_GENES = 256
_MOST_PASS_GENES = 4096
_TURNED_FAST_VALUES = 5_000_000
_PIECE_VALUES = 3_000  # of one block in one band: below this, calls cost more than the work
_MANY_TASKS, _FEW_TASKS = 32, 8  # of gathering, for each worker
_TASKS_A_WORKER = 4  # at least, so that the last one running does not hold up the rest


class DoesNotFitError(Exception):
    """No cut stays within the budget.

    Attributes
    ----------
    stage
        The stage that needs the most memory: ``scatter``, ``gather`` or ``other``.
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
        If no cut stays within ``request.memory_nbytes``; of several strategies, the least demanding.
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
        raise ValueError(f"a CSC source is already gene-major; the {strategy} strategy cannot read it")


def _possible(request: TransposeRequest) -> list[Strategy]:
    """Strategies that work on this source, the cheapest first."""
    if request.layout == "csc":
        return ["pass"]
    possible: list[Strategy] = ["pass"] if request.gene_major else []
    return [*possible, "memory", "spill"] if request.shared_memory else [*possible, "spill"]


def _plan_rows(request: TransposeRequest, strategy: Strategy) -> TransposePlan:
    """Cut as finely as the budget requires.

    The memory held, and that of a band, depend on the number of blocks: so we make a complete plan
    for each size. After the best size come sizes that do not depend on the budget, so that a larger
    budget always works if a smaller one does.
    """
    best = _best_block_values(request)
    sizes = _block_sizes(request, strategy)
    failures = []
    for most_values in (best, *sorted(sizes, key=lambda size: (size > best, -size))):
        row_cuts = cut_lines(
            request.lines, request.values_before, most_values, MAX_BLOCK_ROWS, request.chunk_rows
        )
        try:
            return _plan_cuts(request, strategy, row_cuts)
        except DoesNotFitError as error:
            failures.append(error)
    raise min(failures[1:], key=lambda error: error.needed_nbytes)


def _block_sizes(request: TransposeRequest, strategy: Strategy) -> list[int]:
    """Stored values of a block, from a size that gives every worker a few down to the smallest."""
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
    million, since each gene is another location in memory that is written to in turn. But each block
    costs every band a read, so that its share of a band must not become too small.
    """
    per_gene, fixed = gather_cost(request, (0, min(MAX_BLOCK_ROWS, request.n_cells)))
    width = (request.memory_nbytes // request.workers - fixed) // per_gene
    n_bands = -(-request.n_genes // max(1, min(width, _MOST_BAND_GENES)))
    fast = _TURNED_FAST_VALUES * (4 if request.layout == "dense" else 1)
    worth = max(fast, _PIECE_VALUES * n_bands)
    # With blocks smaller than a chunk, each of its blocks would inflate that chunk again.
    return max(_FEWEST_VALUES, min(_enough_values(request), worth), request.chunk_values)


def _plan_cuts(request: TransposeRequest, strategy: Strategy, row_cuts: tuple[int, ...]) -> TransposePlan:
    """The plan for these row blocks: bands of complete genes, as wide as a worker's share allows."""
    n_blocks = len(row_cuts) - 1
    resident = 0
    if strategy == "memory":
        resident = fragment_value(request) * _kept(request) + 8 * (request.n_genes + 1) * n_blocks
    per_value, fixed_scatter = scatter_cost(request)
    scatter = fixed_scatter + per_value * _largest(request, row_cuts)
    per_gene, fixed = gather_cost(request, row_cuts)
    if strategy == "spill":
        to_store, per_gene_from_store, from_store = store_cost(request, row_cuts)
        scatter, per_gene, fixed = scatter + to_store, per_gene + per_gene_from_store, fixed + from_store
    needs = {"scatter": scatter, "gather": fixed + per_gene, "other": request.other_nbytes}
    worst = max(needs, key=needs.__getitem__)
    share = (request.memory_nbytes - resident) // request.workers
    if share < needs[worst]:
        raise DoesNotFitError(worst, resident + needs[worst] * request.workers)
    wanted = -(-request.n_genes // (_TASKS_A_WORKER * request.workers))
    width = max(1, min((share - fixed) // per_gene, wanted, _MOST_BAND_GENES))
    gene_cuts = _even_cuts(request, width)
    n_bands = len(gene_cuts) - 1
    return TransposePlan(
        strategy=strategy,
        row_cuts=row_cuts,
        gene_cuts=gene_cuts,
        bands_per_task=_bands_per_task(n_bands, request),
        scatter_nbytes=scatter,
        gather_nbytes=fixed + width * per_gene,
        resident_nbytes=resident,
        scratch_nbytes=0 if strategy == "memory" else _scratch(request, n_blocks, n_bands),
        read_values=int(request.values_before[-1]),
        exact=request.exact,
        value_dtype=request.value_dtype,
        borders=request.borders,
        in_order=request.in_order,
    )


def _even_cuts(request: TransposeRequest, width: int) -> tuple[int, ...]:
    """Bands of one width; between borders, of equal ones that are no wider."""
    if not request.borders:
        return (*range(0, request.n_genes, width), request.n_genes)
    cuts = [0]
    for start, stop in itertools.pairwise(request.borders):
        n_bands = -(-(stop - start) // width)
        cuts += [start + (stop - start) * band // n_bands for band in range(1, n_bands + 1)]
    return tuple(cuts)


def _plan_pass(request: TransposeRequest) -> TransposePlan:
    item = request.value_itemsize
    # A dense rectangle is there together with the values and rows that are taken from it.
    per_value = 2 * item + 4 if request.layout == "dense" else item + request.index_itemsize
    # Repeats are summed in a copy, then float32.
    per_value += max(item + (request.index_itemsize or 8) + request.kept_itemsize, request.joining_itemsize)
    per_value += 4 + 1 + 8 if request.exact else 0  # which are not zero, and how many before each
    fixed = READ_SLACK + request.read_nbytes + request.write_nbytes
    fixed += 4 * request.n_cells + held_nbytes(request)
    fixed += 8 * request.n_cells_source if request.cells_selected else 0
    fixed += 2 * min(request.max_part_nbytes, 4 * request.n_cells)
    if request.cells_selected:  # positions, mask, values before, and the result
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
    cuts = cut_lines(np.arange(request.n_genes + 1), before, most_values, _MOST_PASS_GENES)
    cuts = tuple(sorted({*cuts, *request.borders}))
    most = max((int(before[b] - before[a]) for a, b in itertools.pairwise(cuts)), default=0)
    return TransposePlan(
        strategy="pass",
        row_cuts=(),
        gene_cuts=cuts,
        bands_per_task=_bands_per_task(len(cuts) - 1, request),
        scatter_nbytes=0,
        gather_nbytes=fixed + per_value * most,
        resident_nbytes=0,
        scratch_nbytes=0,
        read_values=int(lengths.sum()) * (2 if request.exact else 1),
        exact=request.exact,
        value_dtype=request.value_dtype,
        borders=request.borders,
        in_order=request.in_order,
    )


def _kept(request: TransposeRequest) -> int:
    """Upper bound of the number of exported values."""
    return min(int(request.values_before[-1]), request.n_cells * request.n_genes)


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
    return int(scratch_value(request) * _kept(request)) + frames + 4 * n_blocks * request.n_genes


def _bands_per_task(n_bands: int, request: TransposeRequest) -> int:
    # If chunks extend from one gene into the next, each task reads one band more than its own.
    return max(1, n_bands // ((_FEW_TASKS if request.exact else _MANY_TASKS) * request.workers))
