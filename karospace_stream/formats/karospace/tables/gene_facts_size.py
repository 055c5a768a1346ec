"""Parts of the entries of varm, and the memory that they take."""

from __future__ import annotations

from collections.abc import Sequence


def varm_cuts(n_genes: int, n_columns: int, part_nbytes: int) -> tuple[int, ...]:
    """Genes at which the parts of an entry begin, and their end."""
    step = max(1, part_nbytes // (4 * n_columns))
    return (*range(0, n_genes, step), n_genes)


def varm_nbytes(n_genes_source: int, widths: Sequence[int], part_nbytes: int) -> int:
    """Memory of a task that writes an entry: all of it as read, and a part as written."""
    return max((8 * n_genes_source * width for width in widths), default=0) + 3 * part_nbytes
