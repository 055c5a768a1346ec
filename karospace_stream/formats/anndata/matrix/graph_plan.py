"""How to cut a sparse matrix with cells as rows: the neighbour graph, and entries of obsm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.formats.anndata.layout.arrays import PER_SHARD, WHOLE
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.source.read_costs import chunk_borders, held_values, read_nbytes
from karospace_stream.transpose.lines import cut_matrix

_BLOCK_VALUES = 1 << 20
_VALUE_NBYTES = 100  # as read, in float64 with wide indices, sorted, hashed, in float32
_CHUNK_COPIES = 8  # a chunk of values and one of cells: filled, shuffled, packed


@dataclass(frozen=True, slots=True)
class GraphRows:
    """The matrix, the lines that bound its blocks, and the memory of one task.

    Attributes
    ----------
    group, key
        ``obsp`` or ``obsm``, and its key there.
    """

    group: str
    key: str
    cuts: tuple[int, ...]
    task_nbytes: int

    @property
    def name(self) -> str:
        """Name of the matrix in the source."""
        return f"{self.group}/{self.key}"


def plan_rows(source: Source, selection: Selection, group: str, key: str, *, shard: bool) -> GraphRows:
    """Cut a matrix. Reads its row offsets, or its column offsets if it is stored by columns.

    Raises
    ------
    BadInputError
        If it is not numeric.
    """
    reader = source.matrix(f"{group}/{key}")
    info = reader.info
    if np.dtype(info.dtype).kind not in "fiub":
        raise BadInputError(
            f"{group}/{key} must hold numbers, got {info.dtype}; leave it out with --leave-out {group}:{key}"
        )
    cut = cut_matrix(reader, _BLOCK_VALUES, chunk_borders(reader))
    fullest = cut.most_values + held_values(reader, cut.lines, cut.before)
    nbytes = _VALUE_NBYTES * fullest + 32 * cut.most_lines + read_nbytes(info, source.catalog)
    nbytes += 8 * selection.n_cells + (0 if selection.cells is None else 8 * max(info.shape))
    nbytes += WHOLE * 8 * _CHUNK_COPIES + (PER_SHARD * WHOLE * 8 if shard else 0)
    return GraphRows(group, key, cut.cuts, nbytes)
