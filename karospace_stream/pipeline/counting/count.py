"""Count what chooses the genes of an export: their means, or which of them vary most."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.formats.genes.side_reading import read_side_inputs
from karospace_stream.measures.sums import cells_of_groups
from karospace_stream.measures.variable.batch_sums import BatchSums, Clipped, Moments, Terms
from karospace_stream.measures.variable.clipped import by_rank_in_batches, fit
from karospace_stream.measures.variable.columns import Columns, in_order, over_all
from karospace_stream.measures.variable.dispersions import by_dispersion, by_dispersion_in_batches
from karospace_stream.measures.variable.flavors import FEWEST_CELLS, BatchMeans, batch_means
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import VariableGenes
from karospace_stream.pipeline.counting.batches import batch_tasks
from karospace_stream.pipeline.counting.means import count_means
from karospace_stream.pipeline.shared_paths import required_paths
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.genes.variable import VariablePlan
from karospace_stream.runtime.events import Listener
from karospace_stream.runtime.run import run
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.select.genes import CountedGenes
from karospace_stream.units import counted

_MOST_NAMED = 3


def count_genes(plan: ExportPlan, listener: Listener) -> CountedGenes:
    """One pass over the matrix, or two where values are clipped by what the first one finds.

    Raises
    ------
    BadInputError
        If the most variable genes of these values cannot be found.
    """
    if plan.variable is None:
        return CountedGenes(means=count_means(plan, listener))
    return _variable(plan, plan.variable, listener)


def _variable(plan: ExportPlan, wanted: VariablePlan, listener: Listener) -> CountedGenes:
    codes, findings = _batches(plan, wanted)
    n_batches = int(codes.max(initial=-1)) + 1
    if not n_batches:
        raise _too_few_cells(plan, wanted)
    sizes = cells_of_groups(codes, n_batches)[1:]
    terms = Moments(exponential=wanted.flavor == "seurat", log_base=wanted.log_base)
    sums = _summed(plan, codes, n_batches, terms, listener)
    findings += tuple(_faulty(sums))
    if not (np.isfinite(sums.first).all() and np.isfinite(sums.second).all()):
        raise BadInputError(
            f"--hvg-flavor {wanted.flavor}: {plan.selection.matrix} must hold logarithms, and holds values "
            "so large that their exponentials or squares are no finite numbers; use --hvg-flavor seurat_v3 "
            "for counts, or --hvg-flavor none"
        )
    means = [
        batch_means(int(size), *rows)
        for size, *rows in zip(sizes, sums.first, sums.second, sums.n_positive, strict=True)
    ]
    order, columns = _order(plan, wanted, means, codes, listener)
    if not len(order):
        raise BadInputError(
            f"--hvg-flavor {wanted.flavor}: no gene of {plan.selection.matrix} varies so that it can be "
            "ranked; use --hvg-flavor none"
        )
    variable = VariableGenes(wanted.flavor, columns, wanted.batch)
    return CountedGenes(order=order, variable=variable, findings=(*findings, *_fewer(plan, wanted, order)))


def _too_few_cells(plan: ExportPlan, wanted: VariablePlan) -> BadInputError:
    if wanted.batch:
        return BadInputError(
            f"--hvg-batch: some groups of {wanted.batch!r} must have {FEWEST_CELLS} cells or more, and none "
            "has; name another column"
        )
    return BadInputError(
        f"--hvg-flavor {wanted.flavor}: there must be {FEWEST_CELLS} cells or more, got "
        f"{plan.selection.n_cells}; use --hvg-flavor none"
    )


def _order(
    plan: ExportPlan,
    wanted: VariablePlan,
    means: list[BatchMeans],
    codes: npt.NDArray[np.signedinteger],
    listener: Listener,
) -> tuple[npt.NDArray[np.int64], Columns]:
    if wanted.flavor == "seurat_v3":
        fits = [fit(each) for each in means]
        clipped = Clipped(np.concatenate([each.limits for each in fits]))
        again = _summed(plan, codes, len(fits), clipped, listener)
        found = [
            each.normalised(first, second)
            for each, first, second in zip(fits, again.first, again.second, strict=True)
        ]
        order, columns = by_rank_in_batches(found, wanted.n_top)
        columns["means"], columns["variances"] = over_all(means)
        return order, in_order("seurat_v3", columns, order, len(found[0]), batched=bool(wanted.batch))
    if not wanted.batch:
        return by_dispersion(means[0], wanted.flavor, wanted.n_top)
    names = plan.source.var_names(raw=plan.options.raw).tolist()
    return by_dispersion_in_batches(means, wanted.flavor, wanted.n_top, names)


def _summed(
    plan: ExportPlan,
    codes: npt.NDArray[np.signedinteger],
    n_batches: int,
    terms: Terms,
    listener: Listener,
) -> BatchSums:
    sums: BatchSums = run(
        batch_tasks(Tasks(), plan.matrix, plan.selection, plan.transpose, codes, n_batches, terms),
        scheduler=plan.options.scheduler,
        workers=plan.workers,
        listener=listener,
        required_paths=required_paths(plan.source),
    )
    return sums


def _batches(
    plan: ExportPlan, wanted: VariablePlan
) -> tuple[npt.NDArray[np.signedinteger], tuple[Finding, ...]]:
    """The batch of each exported cell, those that are large enough numbered from 0; -1 for none."""
    n_cells = plan.selection.n_cells
    if wanted.side is None:
        return np.full(n_cells, 0 if n_cells >= FEWEST_CELLS else -1, np.int8), ()
    source = plan.source.with_labels(wanted.labels) if wanted.labels else plan.source
    column = read_side_inputs(source, plan.selection, wanted.side).columns[wanted.batch]
    sizes = cells_of_groups(column.values, len(column.categories))
    large = np.flatnonzero(sizes[1:] >= FEWEST_CELLS)
    new = np.full(len(sizes), -1, column.values.dtype)  # the last one for cells without a batch
    new[large] = np.arange(len(large))
    small = [column.categories[at] for at in np.flatnonzero(sizes[1:] == 1)]
    return new[column.values], tuple(_left_out(wanted.batch, int(sizes[0]), small))


def _left_out(column: str, n_missing: int, small: list[str]) -> Iterator[Finding]:
    if n_missing:
        text = f"{counted(n_missing, 'cell')} without a value of {column!r} did not count for variable genes"
        yield Finding("cells-without-batch", text, "hvg_batch")
    if small:
        named = ", ".join(map(repr, small[:_MOST_NAMED])) + (", …" if len(small) > _MOST_NAMED else "")
        batches = counted(len(small), "batch")
        text = f"{batches} of one cell did not count for variable genes: {named} of {column}"
        yield Finding("batch-of-one-cell", text, "hvg_batch")


def _faulty(sums: BatchSums) -> Iterator[Finding]:
    n_faulty = int(sums.n_faulty.sum())
    if n_faulty:
        text = f"for variable genes, {counted(n_faulty, 'NaN or infinite value')} counted as 0"
        yield Finding("variable-genes-not-finite", text)


def _fewer(plan: ExportPlan, wanted: VariablePlan, order: npt.NDArray[np.int64]) -> Iterator[Finding]:
    if len(order) < min(wanted.n_top, plan.matrix.info.shape[1]):
        text = f"only {len(order):,} genes vary so that they can be ranked, and are exported"
        yield Finding("fewer-variable-genes", text, "genes")
