"""Memory and scratch that scores of gene sets take."""

from __future__ import annotations

from karospace_stream.model.selection import Selection

#: Readings of the matrix: for the means of genes, and for the scores.
SCORE_PASSES = 2
# Of a task: the rows of a file of scores, its bytes, and a product of some rows, sparse and dense; values in
# float64. Sums of complete genes take more if there are many cells.
_TASK_NBYTES, _ROW_NBYTES, _ROWS = 48 << 20, 40, 4096
_CELL_NBYTES = 2 * 8 + 12  # of one set, where sums of complete genes are formed
_SUMS_NBYTES = 64 << 20
_GENE_NBYTES = 250  # of a gene and a set, at most: where it is a member


def scored_nbytes(selection: Selection) -> int:
    """Size of all scores in scratch."""
    return 4 * selection.n_cells * len(selection.gene_sets.columns)


def scoring_nbytes(selection: Selection) -> int:
    """Memory of a task that scores cells, besides the values that it reads."""
    n_sets = len(selection.gene_sets.columns)
    if not n_sets:
        return 0
    rows = 2 * n_sets * _ROWS * _ROW_NBYTES
    one = selection.n_cells * _CELL_NBYTES
    sums = min(n_sets * one, max(2 * _SUMS_NBYTES, one))
    members = sum(_GENE_NBYTES * len(each.genes) for each in selection.gene_sets.scored)
    return _TASK_NBYTES + max(rows, sums) + members
