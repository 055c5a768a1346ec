"""Files of the statistics of a bundle, and their size."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.formats.karospace.layout.neighbourhoods import GENE_COLUMNS
from karospace_stream.formats.karospace.layout.statistics import TABLES, ranked_columns
from karospace_stream.measures.neighbourhoods.co_occurrence import N_DISTANCES
from karospace_stream.model.size import Size

#: Genes of each group in the document of the best ones.
BEST = 50

#: Memory of a gene and a group: means, and one table of them as stored.
ROW_NBYTES = 40

_WHOLE_NBYTES = 16 << 20  # of a table that is one file
_PIECE_NBYTES = 1 << 20  # of the parts of a larger one

_BEST_GENE = Size(40, 75)  # bytes of one of them
_ENTRY = Size(120, 260)  # what the documents say about a file
_PACKED_TABLE, _PACKED_RANKING, _PACKED_TEXT = Size(0.3, 1.0), Size(0.3, 0.95), Size(0.2, 0.5)


def ranked_nbytes(*, auc: bool) -> int:
    """Bytes of one gene of a ranking."""
    return sum(np.dtype(dtype).itemsize for _, dtype in ranked_columns(auc=auc))


def gene_cuts(n_genes: int, gene_nbytes: int, part_nbytes: int) -> list[int]:
    """Where a table is cut into parts, by genes."""
    step = max(1, part_nbytes // max(1, gene_nbytes))
    return [*range(0, n_genes, step), n_genes]


def table_cuts(n_genes: int, gene_nbytes: int, part_nbytes: int) -> list[int]:
    """Where a table of genes x groups is cut: not at all, or into small parts.

    A plot of some genes then takes one request, or only the parts that hold these genes.
    """
    whole = n_genes * gene_nbytes <= min(part_nbytes, _WHOLE_NBYTES)
    return gene_cuts(n_genes, gene_nbytes, part_nbytes if whole else min(part_nbytes, _PIECE_NBYTES))


def statistics_files(plan: StatisticsPlan, part_nbytes: int, *, gzip: bool) -> tuple[int, Size]:
    """Number of files, and their size together with what the documents say about them."""
    n_files, size = 0, Size()
    for grouping in plan.request.groupings:
        n_parts = len(list(pairwise(table_cuts(plan.n_genes, 4 * grouping.n_groups, part_nbytes))))
        n_files += len(TABLES) * n_parts
        values = Size.exactly(len(TABLES) * 4 * plan.n_genes * grouping.n_groups)
        size += values.packed(_PACKED_TABLE, when=gzip)
        if plan.request.test == "none":
            continue
        of_gene = ranked_nbytes(auc=plan.request.ranks)
        ranked_genes = min(plan.n_genes, grouping.n_ranked or plan.n_genes)
        n_ranked = len(list(pairwise(gene_cuts(ranked_genes, of_gene, part_nbytes))))
        n_files += 1 + grouping.n_groups * n_ranked
        ranked = Size.exactly(grouping.n_groups * ranked_genes * of_gene)
        size += ranked.packed(_PACKED_RANKING, when=gzip)
        best = _BEST_GENE * (grouping.n_groups * min(BEST, ranked_genes))
        size += best.packed(_PACKED_TEXT, when=gzip)
    n_near, of_near = _neighbour_files(plan, part_nbytes, gzip=gzip)
    n_files += n_near
    return n_files, size + of_near + _ENTRY * n_files


def _neighbour_files(plan: StatisticsPlan, part_nbytes: int, *, gzip: bool) -> tuple[int, Size]:
    near = plan.neighbours
    if near is None:
        return 0, Size()
    n_files = len(list(pairwise(gene_cuts(plan.n_genes, neighbour_gene_nbytes(), part_nbytes))))
    size = Size.exactly(plan.n_genes * neighbour_gene_nbytes()).packed(_PACKED_RANKING, when=gzip)
    for numbers, nbytes in ((near.enriched, 16), (near.paired, 4 * (N_DISTANCES - 1))):
        n_files += len(numbers)
        pairs = sum(near.groupings[number].n_groups ** 2 for number in numbers)
        size += Size.exactly(nbytes * pairs).packed(_PACKED_TABLE, when=gzip)
    return n_files, size


def neighbour_gene_nbytes() -> int:
    """Bytes of one gene in the table of neighbours."""
    return sum(np.dtype(dtype).itemsize for _, dtype in GENE_COLUMNS)
