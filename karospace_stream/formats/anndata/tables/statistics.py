"""Statistics by group: ``uns["rank_genes_groups"]`` as scanpy stores it, means and shares in varm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.index import Names
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.tables.frames import gene_names, joined
from karospace_stream.formats.anndata.tables.rankings import write_parameters
from karospace_stream.formats.anndata.tables.records import write_frame, write_records
from karospace_stream.formats.anndata.tables.statistics_names import MEANS, SHARES
from karospace_stream.formats.genes.statistics.summed import ComparedGroups, SummedGenes
from karospace_stream.measures.markers import Markers
from karospace_stream.measures.rank_genes_groups import parameters, takes_shares
from karospace_stream.model.finding import Finding

Floats = npt.NDArray[np.float64]
#: Structured arrays besides the names: their values, which are sorted by score, and their type.
_NUMBERS: dict[str, tuple[Callable[[Markers], Floats], type[np.floating]]] = {
    "scores": (lambda found: found.scores, np.float32),
    "pvals": (lambda found: found.p_values, np.float64),
    "pvals_adj": (lambda found: found.adjusted, np.float64),
    "logfoldchanges": (lambda found: found.log_fold_changes, np.float32),
}


@dataclass(frozen=True, slots=True)
class ComparisonWritten:
    """The statistics of one column.

    Attributes
    ----------
    about_small
        A sentence about groups without markers; empty if there are none.
    option
        The option that the sentence is about.
    """

    written: Written
    about_small: str = ""
    option: str = ""


@dataclass(frozen=True, slots=True)
class StatisticsWritten:
    """The statistics of all columns, and what the user should know of them."""

    parts: tuple[Written, ...] = ()
    findings: tuple[Finding, ...] = ()


def write_means(job: AnnDataJob, summed: SummedGenes, number: int) -> ComparisonWritten:
    """Write the means and shares of the groups of one column.

    Apart from the markers: it takes as long to compress them.
    """
    compared = summed.grouping(number)
    genes, _ = gene_names(job)
    means, column = compared.means(), compared.grouping.column
    names = compared.grouping.categories
    parts = [
        write_frame(
            job, job.plan.keys.path("varm", f"{kind}_{column}"), genes, names, values, shuffle=kind != SHARES
        )
        for kind, values in ((MEANS, means.mean), (SHARES, means.share))
    ]
    return ComparisonWritten(joined(parts))


def write_comparison(job: AnnDataJob, summed: SummedGenes, number: int) -> ComparisonWritten:
    """Compare the groups of one column, and write its markers."""
    compared = summed.grouping(number)
    genes, _ = gene_names(job)
    (about, option), *_ = (*((each.text, each.option) for each in compared.findings()), ("", ""))
    return ComparisonWritten(joined([*_write_markers(job, compared, genes)]), about, option)


def all_statistics(
    summed: SummedGenes, several: Sequence[ComparisonWritten], neighbours: Sequence[Written]
) -> StatisticsWritten:
    """The statistics of all columns, and of neighbours."""
    small = (Finding("small-groups", each.about_small, each.option) for each in several if each.about_small)
    near = () if summed.neighbours is None else summed.neighbours.findings()
    parts = (*(each.written for each in several), *neighbours)
    return StatisticsWritten(parts, (*summed.findings(), *small, *near))


def _write_markers(job: AnnDataJob, compared: ComparedGroups, genes: Names) -> Iterator[Written]:
    grouping = compared.grouping
    n_ranked = min(len(genes), grouping.n_ranked or len(genes))
    shape = (grouping.n_groups, n_ranked)
    order = np.zeros(shape, np.int32)
    sorted_by_score = {name: np.zeros(shape, dtype) for name, (_, dtype) in _NUMBERS.items()}
    outside = np.zeros((grouping.n_groups, len(genes)))
    groups = []  # those that were compared
    for row, found in enumerate(compared.markers()):
        groups.append(grouping.categories[found.group])
        best = found.order[:n_ranked]
        order[row], outside[row] = best, found.outside.share
        for name, (numbers_of, _) in _NUMBERS.items():
            with np.errstate(over="ignore"):
                sorted_by_score[name][row] = numbers_of(found)[best]
    if not groups:
        return
    path = job.plan.keys.path("uns", job.plan.computed[compared.number])
    yield write_parameters(job, path, parameters(grouping, compared.plan.request))
    text = genes.astype(np.str_)
    yield write_records(job, f"{path}/names", groups, order, text.dtype, lambda rows: text[rows])
    for name, values in sorted_by_score.items():
        yield write_records(job, f"{path}/{name}", groups, values, values.dtype, lambda rows: rows)
    if takes_shares(grouping):
        yield write_frame(
            job, f"{path}/pts", genes, grouping.categories, compared.means().share, shuffle=False
        )
        if grouping.reference is None:
            yield write_frame(job, f"{path}/pts_rest", genes, groups, outside[: len(groups)].T, shuffle=False)
