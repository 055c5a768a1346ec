"""Memory that reading a matrix needs besides its result."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.model.catalog import Catalog, MatrixInfo
from karospace_stream.model.source import MatrixReader
from karospace_stream.source.files.page_cache import PAGES_NBYTES
from karospace_stream.source.files.prefetch import AHEAD_NBYTES, KEPT_NBYTES
from karospace_stream.source.files.ranges import READ_NBYTES

Lines = npt.NDArray[np.int64]

_ZARR_READ_NBYTES = 40 << 20  # zarr decodes several chunks at once, outside of our tasks


def read_nbytes(info: MatrixInfo, catalog: Catalog) -> int:
    """A chunk as stored, inflated, and once more if its bytes were shuffled; and reads under way."""
    if catalog.container == "memory":
        return 0
    chunk = _chunk_nbytes(info)
    held = 3 * chunk + (_ZARR_READ_NBYTES if catalog.container == "zarr" else 0)
    return held + (on_way_nbytes(chunk) if catalog.remote else 0)


def on_way_nbytes(chunk_nbytes: int = 0) -> int:
    """Reads under way to one task across a network, and one read being assembled there."""
    return max(AHEAD_NBYTES, chunk_nbytes) + max(READ_NBYTES, chunk_nbytes)


def kept_nbytes(info: MatrixInfo | None) -> int:
    """Network reads that each process caches."""
    chunk = 0 if info is None else _chunk_nbytes(info)
    return PAGES_NBYTES + max(KEPT_NBYTES, 2 * chunk)


def _chunk_nbytes(info: MatrixInfo) -> int:
    return info.chunk_values * max(info.stored_itemsize, info.index_itemsize)


def chunk_borders(matrix: MatrixReader) -> list[int]:
    """Lines where the chunks of a Dask array begin, and the end; of any other matrix just 0."""
    lazy, axis = matrix.lazy(), 1 if matrix.info.layout == "csc" else 0
    return [0] if lazy is None else np.cumsum([0, *lazy.chunks[axis]]).tolist()


def held_values(matrix: MatrixReader, lines: Lines, before: Lines) -> int:
    """Values of a Dask array's fullest row of chunks, all in memory while parts of it are read; else 0.

    Parameters
    ----------
    lines, before
        Some lines, all borders of chunks among them, and the values before each.
    """
    at = np.searchsorted(lines, chunk_borders(matrix))
    return int(np.diff(before[at]).max(initial=0))
