"""Write the sums into an export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from karospace_stream.formats.genes.pseudobulk.result import sums_as_anndata, sums_as_file
from karospace_stream.formats.genes.shared_tasks import SharedTasks
from karospace_stream.formats.genes.statistics.summed import SummedGenes
from karospace_stream.formats.job import FormatJob
from karospace_stream.formats.layout.pseudobulk import MEDIA_TYPE, PSEUDOBULK
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.model.finding import Finding
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.units import counted


@dataclass(frozen=True, slots=True)
class PseudobulkWritten:
    """The file of an export.

    Attributes
    ----------
    columns
        Whose combinations group the cells.
    matrix
        The matrix that was summed, in the source.
    """

    receipt: Receipt
    findings: tuple[Finding, ...]
    columns: tuple[str, ...]
    matrix: str
    n_combinations: int


def pseudobulk_task(tasks: Tasks, shared: Task[Any], common: SharedTasks) -> Task[PseudobulkWritten] | None:
    """A lazy task that writes the file; None if none is wanted.

    Parameters
    ----------
    shared
        The `FormatJob`.
    """
    if common.pseudobulk is None:
        return None
    receipt = tasks.checkpointed("pseudobulk", write_sums, shared, common.pseudobulk)
    return tasks.call("pseudobulk", _written, shared, common.pseudobulk, receipt)


def write_sums(job: FormatJob[Any], summed: SummedGenes) -> Receipt:
    """Write ``pseudobulk.h5ad``."""
    data = sums_as_file(sums_as_anndata(job.source, job.selection, summed, job.plan.options.summed_matrix))
    return job.target.put(Blob(job.target.prefix + PSEUDOBULK, data, MEDIA_TYPE))


def _written(job: FormatJob[Any], summed: SummedGenes, receipt: Receipt) -> PseudobulkWritten:
    (grouping,) = summed.plan.request.groupings
    matrix = job.plan.options.summed_matrix
    findings = tuple(faulty_values(summed, matrix))
    return PseudobulkWritten(receipt, findings, grouping.parts, matrix, grouping.n_groups)


def faulty_values(summed: SummedGenes, matrix: str) -> Iterator[Finding]:
    """Values that could not be summed as they are."""
    missing = sum(each.n_missing for each in summed.receipts)
    clipped = sum(each.n_clipped for each in summed.receipts)
    if missing:
        text = f"{missing:,} NaN in {matrix} {'count' if missing > 1 else 'counts'} as 0 in pseudobulk"
        yield Finding("nan-as-zero", text)
    if clipped:
        text = (
            f"{counted(clipped, 'infinite value')} in {matrix} {'count' if clipped > 1 else 'counts'} in "
            "pseudobulk as the end of the finite range of the gene"
        )
        yield Finding("infinities-clipped", text)
