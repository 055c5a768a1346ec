"""Compare statistics and sums of a sample of genes, which were summed anew, with those in the export."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.genes.pseudobulk.compare import difference_of_some
from karospace_stream.formats.genes.pseudobulk.result import sums_as_anndata
from karospace_stream.formats.genes.statistics.summed import SummedGenes
from karospace_stream.formats.layout.pseudobulk import PSEUDOBULK
from karospace_stream.formats.registry import format_of
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.verification.faults import Fault
from karospace_stream.verification.sink import ComparingSink


@dataclass(frozen=True, slots=True)
class SomeSums:
    """Sums of the genes of a sample, over groups and over combinations of columns."""

    statistics: SummedGenes | None
    pseudobulk: SummedGenes | None


def compare_some(
    sink: ComparingSink,
    plan: ExportPlan,
    part: ExportPlan,
    sums: SomeSums,
    positions: npt.NDArray[np.int64],
) -> None:
    """Record what differs.

    Parameters
    ----------
    plan, part
        Of all genes, and of the sample.
    positions
        Of the sample, among all genes.
    """
    labels = plan.selection.labels
    compare = format_of(plan.formats[0].name).statistics_of_some
    if sums.statistics is not None and compare is not None:
        for key, what in compare()(sink.read, sums.statistics, positions, labels):
            sink.faults.append(Fault(key, "value", what))
    if sums.pseudobulk is not None and plan.formats[0].demand.pseudobulk:
        key = f"{sink.prefix}{PSEUDOBULK}"
        sink.compared.append(key)
        wrong = difference_of_some(
            sink.read(key),
            sums_as_anndata(part.source, part.selection, sums.pseudobulk, part.options.summed_matrix),
            positions,
            labels,
        )
        if wrong is not None:
            sink.faults.append(Fault(key, "value", wrong))
