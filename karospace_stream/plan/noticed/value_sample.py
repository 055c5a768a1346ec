"""Look at a few values of a matrix, wherever it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from karospace_stream.errors import KaroSpaceError
from karospace_stream.model.about import ValueKind
from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock
from karospace_stream.model.source import MatrixReader

#: Rows (or genes, where a matrix lies gene by gene) at each place.
N_LINES = 32
_MOST_VALUES = 1_000_000  # at each place, zeros included
_MOST_CHUNK_NBYTES = 32_000_000  # nothing smaller than a chunk can be read

Lines = RowBlock | DenseBlock | GeneBand


@dataclass(frozen=True, slots=True)
class ValueSample:
    """A sample of values.

    Attributes
    ----------
    looked_at
        What was read, in words.
    lowest, highest
        Of all finite values; zeros that are not stored do not count.
    kind
        ``scaled``: some are negative; ``counts``: all are whole numbers, none negative; else ``normalised``.
    lines
        The rows or genes that were read, place by place.
    """

    looked_at: str
    lowest: float
    highest: float
    kind: ValueKind
    lines: tuple[Lines, ...] = field(repr=False)


def sample_values(reader: MatrixReader, n_places: int) -> ValueSample | None:
    """Read a few lines at several places, evenly spread.

    Returns
    -------
    None if nothing was found, or if looking would cost more than a plan may: in lazy arrays, whose blocks
    are computed, where chunks are large, and where cells have more values than there are genes. What is
    damaged is told when it is exported.
    """
    info = reader.info
    chunk_nbytes = info.chunk_values * (info.stored_itemsize + info.index_itemsize)
    n_lines, n_across = info.shape[:: -1 if info.gene_major else 1]
    if reader.lazy() is not None or chunk_nbytes > _MOST_CHUNK_NBYTES or not 0 < n_across <= _MOST_VALUES:
        return None
    if (info.nnz or 0) > n_lines * n_across:
        return None
    height = min(N_LINES, n_lines, _MOST_VALUES // n_across)
    starts = sorted({place * (n_lines - height) // max(1, n_places - 1) for place in range(n_places)})
    if n_places == 1:
        starts = [(n_lines - height) // 2]
    try:
        lines = tuple(_read(reader, start, start + height) for start in starts)
    except KaroSpaceError:
        return None
    if any(each.data.size > _MOST_VALUES for each in lines):
        return None
    what = "genes" if info.gene_major else "cells"
    return _describe(lines, f"{min(n_lines, height * len(starts)):,} {what}")


def _read(reader: MatrixReader, start: int, stop: int) -> Lines:
    return reader.read_genes(start, stop) if reader.info.gene_major else reader.read_rows(start, stop)


def _describe(lines: tuple[Lines, ...], looked_at: str) -> ValueSample | None:
    values = np.concatenate([np.asarray(each.data, np.float64).ravel() for each in lines])
    found = values[np.isfinite(values) & (values != 0)]
    if not len(found):
        return None
    lowest, highest = float(found.min()), float(found.max())
    whole = bool(np.all(found == np.floor(found)))
    kind: ValueKind = "scaled" if lowest < 0 else "counts" if whole else "normalised"
    return ValueSample(looked_at, lowest, highest, kind, lines)
