"""Write the statistics of one obs column: tables by gene, and a ranking for each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.arrays import little_endian
from karospace_stream.encode.tables import dump_json
from karospace_stream.formats.genes.statistics.automatic import FEWEST_CATEGORIES
from karospace_stream.formats.genes.statistics.summed import SummedGenes
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.manifest import Part
from karospace_stream.formats.karospace.layout.statistics import (
    TABLES,
    AtlasGrouping,
    AtlasRanking,
    AtlasStatistics,
    ranked_columns,
)
from karospace_stream.formats.karospace.statistics.size import BEST, gene_cuts, ranked_nbytes, table_cuts
from karospace_stream.measures.markers import Markers, too_small

Floats = npt.NDArray[np.float64]


def write_grouping(job: KarospaceJob, summed: SummedGenes, number: int) -> AtlasGrouping | None:
    """Compare the groups of one column, and write what the page shows of them.

    Returns
    -------
    None if nobody named the column, and all exported cells are in one group.
    """
    compared = summed.grouping(number)
    if job.plan.options.group_by is None and np.count_nonzero(compared.sums.n_cells[1:]) < FEWEST_CATEGORIES:
        return None
    means = compared.means()
    tables = tuple(
        _write_table(job, kind, number, values)
        for kind, values in zip(TABLES, (means.mean, means.share, means.variance), strict=True)
    )
    grouping, n_genes = compared.grouping, summed.plan.n_genes
    n_ranked = min(n_genes, grouping.n_ranked or n_genes)
    with_auc = summed.plan.request.ranks
    best, rankings = [], []
    for each in compared.markers():
        rankings.append(AtlasRanking(each.group, _write_ranking(job, number, each, n_ranked, auc=with_auc)))
        best.append(best_of(each, each.order[: min(BEST, n_ranked)]))
    n_cells = compared.sums.n_cells
    tested = summed.plan.request.test != "none"
    return AtlasGrouping(
        column=grouping.column,
        categories=grouping.categories,
        n_cells=tuple(n_cells[1:].tolist()),
        n_without=int(n_cells[0]),
        reference=grouping.reference,
        tables=tables,
        best=job.put_packed(names.best_genes(number, job.level is not None), [dump_json({"groups": best})])
        if tested
        else None,
        rankings=tuple(rankings),
        n_ranked=n_ranked if tested and n_ranked < n_genes else None,
        too_small=tuple(too_small(grouping, n_cells)) if tested else (),
    )


def described(summed: SummedGenes, groupings: Sequence[AtlasGrouping | None]) -> AtlasStatistics | None:
    """All statistics of a bundle, and how they were computed; None if there are none."""
    request, written = summed.plan.request, [each for each in groupings if each is not None]
    if not written:
        return None
    return AtlasStatistics(request.test, request.tie_correct, request.log_base, written)


def _write_table(job: KarospaceJob, kind: str, number: int, values: Floats) -> tuple[Part, ...]:
    cuts = table_cuts(len(values), 4 * values.shape[1], job.plan.part_nbytes)
    written = []
    for part, (first, stop) in enumerate(pairwise(cuts)):
        with np.errstate(over="ignore"):  # variances of values near the end of float32
            data = little_endian(values[first:stop].astype(np.float32))
        key = names.group_table(kind, number, part, job.level is not None)
        written.append((job.put_packed(key, [data]), first, stop))
    return tuple(written)


def _write_ranking(
    job: KarospaceJob, number: int, found: Markers, n_ranked: int, *, auc: bool
) -> tuple[Part, ...]:
    cuts = gene_cuts(n_ranked, ranked_nbytes(auc=auc), job.plan.part_nbytes)
    columns = list(ranked_values(found, auc=auc))
    written = []
    for part, (first, stop) in enumerate(pairwise(cuts)):
        genes = found.order[first:stop]
        pieces = [little_endian(values[genes]) for _, values in columns]
        key = names.ranking(number, found.group, part, job.level is not None)
        written.append((job.put_packed(key, pieces), first, stop))
    return tuple(written)


def ranked_values(found: Markers, *, auc: bool) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    """The columns of a ranking as they are stored, in exported order of the genes."""
    values: dict[str, npt.NDArray[np.generic] | None] = {
        "gene": np.arange(len(found.order)),
        "score": found.scores,
        "log_fold_change": found.log_fold_changes,
        "mean_outside": found.outside.mean,
        "share_outside": found.outside.share,
        "auc": found.auc,
        "p_value": found.p_values,
        "adjusted_p_value": found.adjusted,
    }
    for name, dtype in ranked_columns(auc=auc):
        column = values[name]
        assert column is not None
        with np.errstate(over="ignore"):
            yield name, column.astype(dtype)


def best_of(found: Markers, genes: npt.NDArray[np.int64]) -> dict[str, Any]:
    """What the document of best genes says of some genes of a group."""
    return {
        "group": found.group,
        "genes": genes.tolist(),
        "scores": _rounded(found.scores[genes]),
        "log_fold_changes": _rounded(found.log_fold_changes[genes]),
        "adjusted_p_values": _rounded(found.adjusted[genes]),
        "shares": _rounded(found.inside.share[genes]),
        "shares_outside": _rounded(found.outside.share[genes]),
    }


def _rounded(values: Floats) -> list[float | None]:
    """Five digits, which a page shows; None for what is no number."""
    return [float(f"{value:.5g}") if np.isfinite(value) else None for value in values.tolist()]
