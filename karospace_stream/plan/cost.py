"""Estimate the cost of a plan: memory, workers, scratch, objects, size, time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError, BudgetError
from karospace_stream.formats.cells.edges import GraphPlan
from karospace_stream.formats.cost import FormatCost
from karospace_stream.formats.genes.pseudobulk.plan import file_cost, file_size
from karospace_stream.formats.genes.sample import GeneSample
from karospace_stream.formats.genes.scratch_size import fragments_size
from karospace_stream.formats.genes.side_plan import SidePlan
from karospace_stream.formats.genes.size import ExportedValues, genes_in_files
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.plan import StageCost, TransposePlan
from karospace_stream.model.selection import Selection
from karospace_stream.model.size import Size
from karospace_stream.model.source import MatrixReader
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.genes.score_memory import SCORE_PASSES, scored_nbytes, scoring_nbytes
from karospace_stream.plan.genes.variable import VariablePlan
from karospace_stream.plan.resources.machine import Machine
from karospace_stream.plan.resources.memory import STORE_NBYTES, idle_nbytes, tables_nbytes
from karospace_stream.plan.resources.most_workers import most_that_fit
from karospace_stream.plan.resources.upload_memory import sent_nbytes
from karospace_stream.source.read_costs import held_values, kept_nbytes, on_way_nbytes, read_nbytes
from karospace_stream.targets import is_archive
from karospace_stream.transpose.exact import is_wide
from karospace_stream.transpose.kernels import MAX_BLOCK_ROWS
from karospace_stream.transpose.plan import DoesNotFitError, plan_transpose
from karospace_stream.transpose.request import TransposeRequest
from karospace_stream.units import format_nbytes

_MOST_LINES = 65_536  # positions where rows may be cut

# Measured on two cores with gzip input and output; see docs/design.
_VALUES_A_SECOND = 9e6  # stored values read and transposed, per worker
_DENSE_NBYTES_A_SECOND = 6e8  # dense output compressed, per worker
_ROWS_A_SECOND = 1.5e5  # with the usual number of columns, per worker
_TEXT_VALUES_A_SECOND = 7e5  # values of text tables, per worker
_TASKS_A_SECOND = 100  # small ones, one per column, per process: they hold Python's lock
_OBJECTS_A_SECOND = 8e3
_PACKED_NBYTES_A_SECOND = 4e8  # read, summed and written once more


@dataclass(frozen=True, slots=True)
class CostInputs:
    """Input of `find_cost`."""

    options: ExportOptions
    selection: Selection
    demands: tuple[FormatCost, ...]
    graph: GraphPlan | None
    side: SidePlan | None
    statistics: StatisticsPlan | None
    variable: VariablePlan | None
    pseudobulk: StatisticsPlan | None
    matrix: MatrixReader | None
    sample: GeneSample | None
    catalog: Catalog
    prepared_nbytes: int
    step_nbytes: int
    machine: Machine
    uses_stores: bool
    stores_output: bool


@dataclass(frozen=True, slots=True)
class PlanCost:
    """A plan that stays within the budget."""

    transpose: TransposePlan
    workers: int
    costs: tuple[StageCost, ...]
    peak_nbytes: int
    n_objects: int
    outputs: tuple[Size, ...]  # of each format
    scratch: Size
    staging_nbytes: int
    seconds: float

    @property
    def output(self) -> Size:
        """Size of all formats together."""
        return sum(self.outputs, Size())


#: A number of workers that fits: the cut, the workers, the stages, and the peak in bytes.
_Fitting = tuple[TransposePlan, int, tuple[StageCost, ...], int]


def find_cost(asked: CostInputs) -> PlanCost:
    """Find the plan with the most workers that stays within the budget.

    Raises
    ------
    BudgetError
        If not even one worker fits into it.
    """
    others = [_with_reading(cost, asked.catalog) for demand in asked.demands for cost in demand.costs]
    if asked.step_nbytes:
        others.append(StageCost("prepare", asked.step_nbytes, 1))
    if asked.graph is not None:
        others.append(asked.graph.cost)
    if asked.side is not None:
        others.append(_with_reading(asked.side.cost, asked.catalog))
    if asked.statistics is not None:
        others.append(asked.statistics.cost(max(demand.statistics_row_nbytes for demand in asked.demands)))
        near = asked.statistics.neighbours
        others += [_with_reading(cost, asked.catalog) for cost in (() if near is None else near.costs)]
    if asked.pseudobulk is not None and any(demand.pseudobulk for demand in asked.demands):
        others.append(file_cost(asked.pseudobulk))
    if asked.variable is not None and asked.variable.side is not None:
        others.append(_with_reading(replace(asked.variable.side.cost, name="batches"), asked.catalog))
    others = [replace(cost, task_nbytes=cost.task_nbytes + _sent(asked)) for cost in others]
    if asked.matrix is None:
        return _without_matrix(asked, others)
    return _with_matrix(asked, asked.matrix, others)


def _with_matrix(asked: CostInputs, matrix: MatrixReader, others: list[StageCost]) -> PlanCost:
    lines, before, held = _lines(matrix)
    worst_other = max(others, key=lambda cost: cost.task_nbytes)
    machine, least = asked.machine, (0, "")

    def attempt(workers: int) -> _Fitting | None:
        nonlocal least
        idle = _idle(asked, workers)
        request = TransposeRequest(
            **_matrix_terms(asked, matrix),
            lines=lines,
            values_before=before,
            held_values=held,
            workers=workers * machine.cut_for,
            other_nbytes=worst_other.task_nbytes,
            memory_nbytes=(machine.budget_nbytes - idle) * machine.cut_for,
        )
        try:
            plan = _transpose(request, asked)
        except DoesNotFitError as error:
            stage = worst_other.name if error.stage == "other" else error.stage
            least = (idle + error.needed_nbytes // machine.cut_for, stage)
            return None
        costs = (*_matrix_costs(plan), *others)
        peak = idle + plan.resident_nbytes + workers * max(cost.task_nbytes for cost in costs)
        return plan, workers, costs, peak

    found = most_that_fit(machine.workers, attempt)
    if found is None:
        raise _too_small(asked, *least)
    return _priced(asked, *found)


def _sent(asked: CostInputs) -> int:
    return sent_nbytes(asked.demands, asked.selection.n_cells) if asked.stores_output else 0


def _with_reading(cost: StageCost, catalog: Catalog) -> StageCost:
    """Add the cost of reading columns or points from their storage to a stage."""
    return replace(cost, task_nbytes=cost.task_nbytes + on_way_nbytes()) if catalog.remote else cost


def _without_matrix(asked: CostInputs, others: list[StageCost]) -> PlanCost:
    nothing = TransposePlan("pass", (), (0,), 1, 0, 0, 0, 0, 0)
    worst = max(others, key=lambda cost: cost.task_nbytes)

    def attempt(workers: int) -> _Fitting | None:
        peak = _idle(asked, workers) + workers * worst.task_nbytes
        return (nothing, workers, tuple(others), peak) if peak <= asked.machine.budget_nbytes else None

    found = most_that_fit(asked.machine.workers, attempt)
    if found is None:
        raise _too_small(asked, _idle(asked, 1) + worst.task_nbytes, worst.name)
    return _priced(asked, *found)


def _transpose(request: TransposeRequest, asked: CostInputs) -> TransposePlan:
    try:
        return plan_transpose(request, asked.options.strategy)
    except ValueError as error:
        raise BadOptionError(f"--strategy: {error}") from error


def _too_small(asked: CostInputs, needed: int, stage: str) -> BudgetError:
    needed, budget = -(-needed // 1_000_000) * 1_000_000, asked.machine.budget_nbytes
    return BudgetError(
        f"--memory {format_nbytes(budget)} is too small for this export: with one worker the "
        f"stage '{stage}' needs {needed // 1_000_000} MB; give --memory {needed // 1_000_000}MB or more"
        + ("" if asked.options.downsample else ", or export fewer cells with --downsample"),
        budget_nbytes=budget,
        needed_nbytes=needed,
        stage=stage,
    )


def _lines(matrix: MatrixReader) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    """Positions where the matrix may be cut, the values before each, and the values of a Dask chunk."""
    info, lazy = matrix.info, matrix.lazy()
    n_lines = info.shape[1] if info.layout == "csc" else info.shape[0]
    if info.layout == "csc":
        lines = np.arange(n_lines + 1, dtype=np.int64)
    elif lazy is not None:
        lines = _chunk_lines(lazy.chunks[0])
    else:
        step = max(1, 1 << max(0, (n_lines // _MOST_LINES).bit_length()))
        height = min(info.chunk_rows, n_lines)
        ends = range(0, n_lines, height) if height > 1 else ()
        lines = np.unique([*range(0, n_lines, step), *ends, n_lines])
    before = matrix.count_before(lines)
    if lazy is not None and info.layout == "dense":
        return lines, before, info.chunk_values
    # A row of sparse chunks is joined before it is cut.
    return lines, before, held_values(matrix, lines, before)


def _chunk_lines(heights: Sequence[int]) -> npt.NDArray[np.int64]:
    """Borders of a Dask array's chunks, and more where a chunk has more rows than a block may."""
    cuts = [0]
    for height in heights:
        cuts += [*range(cuts[-1] + MAX_BLOCK_ROWS, cuts[-1] + height, MAX_BLOCK_ROWS), cuts[-1] + height]
    return np.unique(np.asarray(cuts, dtype=np.int64))


def _matrix_terms(asked: CostInputs, matrix: MatrixReader) -> dict[str, Any]:
    """Terms of a request for matrix and selection, for any number of workers."""
    info, selection = matrix.info, asked.selection
    n_genes = info.shape[1]
    genes = selection.genes
    half = info.dtype == "float16" and info.layout != "dense"
    exact = any(demand.exact for demand in asked.demands) or asked.pseudobulk is not None  # sums are exact
    borders = next((demand.borders for demand in asked.demands if demand.borders), ())
    whole = len(genes) == n_genes and np.array_equal(genes, np.arange(n_genes))
    return {
        "layout": info.layout,
        "gene_major": info.gene_major,
        # Sparse float16 is widened, as SciPy has no routines for it.
        "value_itemsize": max(info.stored_itemsize, 6 if half else 0),
        "index_itemsize": info.index_itemsize,
        "read_nbytes": read_nbytes(info, asked.catalog) + info.beside_nbytes,
        "joining_itemsize": info.joining_itemsize,
        "chunk_values": info.chunk_rows * n_genes if info.layout == "dense" else info.chunk_values,
        "chunk_rows": info.chunk_rows if info.layout == "dense" else 1,
        "cast": info.dtype != ("float64" if exact and is_wide(info.dtype) else "float32"),
        "n_genes_source": n_genes,
        "source_genes": genes if exact or borders else np.sort(genes),
        "borders": borders,
        "n_cells_source": info.shape[0],
        "n_cells": selection.n_cells,
        "cells_selected": selection.cells is not None,
        "genes_selected": not whole,
        "max_part_nbytes": max(demand.part_nbytes for demand in asked.demands),
        "shared_memory": asked.machine.shares_memory,
        "write_nbytes": _writing_nbytes(asked),
        "exact": exact,
        "value_dtype": "float64" if exact and is_wide(info.dtype) else "float32",
        "stored_scratch": asked.machine.stores_scratch(asked.options),
    }


def _writing_nbytes(asked: CostInputs) -> int:
    """Memory of a task that writes genes, besides the genes."""
    summing = sum(each.writing_nbytes for each in (asked.statistics, asked.pseudobulk) if each is not None)
    return _sent(asked) + max(demand.writing_nbytes for demand in asked.demands) + summing


def _matrix_costs(plan: TransposePlan) -> list[StageCost]:
    costs = [StageCost("gather", plan.gather_nbytes, len(plan.tasks))]
    if plan.row_cuts:
        costs.insert(0, StageCost("scatter", plan.scatter_nbytes, len(plan.row_cuts) - 1))
    return costs


def _idle(asked: CostInputs, workers: int) -> int:
    selection, demands = asked.selection, asked.demands
    n_chunks = len(selection.genes) * sum(demand.objects_per_gene for demand in demands)
    selected = 0 if selection.cells is None else selection.n_cells
    n_categories = sum(demand.n_categories for demand in demands)
    n_tasks = sum(cost.n_tasks for demand in demands for cost in demand.costs)
    idle = idle_nbytes(asked.options.scheduler, workers, n_chunks, selected, n_categories, n_tasks)
    idle += sum(demand.held_nbytes for demand in demands)
    machine = asked.machine
    n_processes = 1 if machine.shares_memory or machine.is_cluster else workers + 1
    if asked.uses_stores:
        idle += STORE_NBYTES * n_processes
    shared = sum(demand.process_nbytes for demand in demands)
    shared += 0 if asked.side is None else asked.side.held_nbytes
    idle += shared * (workers if n_processes > 1 else 1)  # on a cluster, this is the memory of one process
    idle += 0 if asked.graph is None else asked.graph.edges.resident_nbytes
    idle += 0 if asked.variable is None else asked.variable.held_nbytes(workers)
    idle += workers * scoring_nbytes(selection)
    info = None if asked.matrix is None else asked.matrix.info
    idle += n_processes * kept_nbytes(info) if asked.catalog.remote else 0
    idle += tables_nbytes(
        asked.catalog, workers, shares_memory=machine.shares_memory, is_cluster=machine.is_cluster
    )
    sent = asked.catalog.container == "memory" and not machine.shares_memory
    if info is not None and sent and info.nnz is not None:
        # The matrix travels to every worker, once packed and once unpacked.
        n_workers = 1 if machine.is_cluster else workers
        idle += 2 * n_workers * info.nnz * (info.stored_itemsize + info.index_itemsize)
    return idle


def _priced(
    asked: CostInputs, plan: TransposePlan, workers: int, costs: tuple[StageCost, ...], peak: int
) -> PlanCost:
    n_cells, values = asked.selection.n_cells, _exported_values(asked, plan)
    n_objects, n_staged, seconds = 0, 0, plan.read_values / _VALUES_A_SECOND
    outputs = tuple(_size(asked, demand, values) for demand in asked.demands)
    in_turn, staging = 0.0, 0.0  # the first: work that the threads of a process do one after another
    for demand, size, target in zip(asked.demands, outputs, asked.options.targets, strict=True):
        n_files, packing = _genes(demand, values)
        n_files += demand.n_objects + _of_statistics(asked, demand)[0] + _of_sums(asked, demand)[0]
        one_file = target is not None and is_archive(target)
        n_objects += 1 if one_file else n_files
        n_staged += n_files
        staging += size.middle if one_file else 0
        seconds += packing + demand.tissue_seconds
        seconds += max(3 * n_cells / _ROWS_A_SECOND, demand.text_values / _TEXT_VALUES_A_SECOND)
        in_turn += sum(cost.n_tasks for cost in demand.costs) / _TASKS_A_SECOND
    if asked.statistics is not None:
        seconds += asked.statistics.neighbours_seconds
    seconds += n_staged / _OBJECTS_A_SECOND + staging / _PACKED_NBYTES_A_SECOND
    if scored_nbytes(asked.selection):
        seconds += SCORE_PASSES * plan.read_values / _VALUES_A_SECOND / 2
    machine = asked.machine
    at_once = workers * max(1, machine.n_processes)
    has_threads = machine.shares_memory or machine.is_cluster
    seconds = 1 + seconds / at_once + in_turn / (max(1, machine.n_processes) if has_threads else workers)
    scratch = Size() if values is None else fragments_size(values, plan)
    if asked.graph is not None:
        scratch += asked.graph.scratch
    for summed in (asked.statistics, asked.pseudobulk):
        if summed is not None:
            scratch += Size(0.7, 1) * summed.scratch_nbytes
            scratch += Size(0, _n_sums_files(asked, costs) * summed.head_nbytes)
    kept = scored_nbytes(asked.selection) + sum(each.tissue_scratch_nbytes for each in asked.demands)
    scratch += Size.exactly(kept + asked.prepared_nbytes)
    return PlanCost(plan, workers, costs, peak, n_objects, outputs, scratch, int(staging), seconds)


def _n_sums_files(asked: CostInputs, costs: tuple[StageCost, ...]) -> int:
    """Files of sums in scratch, at most: one of each task that has genes, or one of each gene."""
    return min(len(asked.selection.genes), sum(cost.n_tasks for cost in costs))


def _exported_values(asked: CostInputs, plan: TransposePlan) -> ExportedValues | None:
    if asked.matrix is None:
        return None
    info, n_cells, n_genes = asked.matrix.info, asked.selection.n_cells, len(asked.selection.genes)
    expected = plan.read_values * n_cells / max(1, info.shape[0])
    share = n_genes / max(1, info.shape[1])
    expected *= (0.5 if plan.exact else 1) if plan.strategy == "pass" else share
    return ExportedValues(info, n_cells, n_genes, expected, asked.sample)


def _genes(demand: FormatCost, values: ExportedValues | None) -> tuple[int, float]:
    """Files of all genes, and seconds of one worker."""
    if values is None:
        return 0, 0.0
    each = demand.per_value
    if each is not None:
        return int(values.expected * each.objects), values.expected * each.seconds
    dense = demand.value_nbytes * values.n_with_zeros
    return values.n_genes * demand.objects_per_gene, dense / _DENSE_NBYTES_A_SECOND


def _of_statistics(asked: CostInputs, demand: FormatCost) -> tuple[int, Size]:
    """Files and size of a format's statistics by group."""
    if asked.statistics is None or demand.statistics is None:
        return 0, Size()
    return demand.statistics(asked.statistics)


def _of_sums(asked: CostInputs, demand: FormatCost) -> tuple[int, Size]:
    """Files and size of a format's sums over combinations of columns."""
    if asked.pseudobulk is None or not demand.pseudobulk:
        return 0, Size()
    return 1, file_size(asked.pseudobulk)


def _size(asked: CostInputs, demand: FormatCost, values: ExportedValues | None) -> Size:
    """Everything that a format writes."""
    size = demand.other_size
    if values is not None:
        size += demand.gene_size * values.n_genes
        each = demand.per_value
        level = asked.options.level
        size += genes_in_files(values, demand.value_nbytes, level) if each is None else each.size_of(values)
    size += _of_statistics(asked, demand)[1] + _of_sums(asked, demand)[1]
    if demand.edges and asked.graph is not None:
        size += asked.graph.size(gzip=asked.options.gzip)
    return size
