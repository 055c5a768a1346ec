"""Write some entries of a matrix to scratch, cut into stripes of rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.striped.stripes import Piece, Stripes
from karospace_stream.model.source import ScratchFiles
from karospace_stream.transpose.frames import pack
from karospace_stream.transpose.scratch import worthwhile_level

Numbers = npt.NDArray[np.integer]
_NOTHING = np.zeros(1, np.int64)


def put_entries(
    files: ScratchFiles,
    key: str,
    stripes: Stripes,
    rows: Numbers,
    columns: Numbers,
    values: npt.NDArray[np.generic],
) -> Piece:
    """Write entries in any order; those of one row stay in theirs."""
    if not len(rows):
        return Piece(key, 0, _NOTHING, _NOTHING, 0)
    if (np.diff(rows) < 0).any():
        order = np.argsort(rows, kind="stable")
        rows, columns, values = rows[order], columns[order], values[order]
    first = int(rows[0])
    indptr = np.concatenate([_NOTHING, np.cumsum(np.bincount(rows - first))])
    return put_rows(files, key, stripes, first, indptr, columns, values)


def put_rows(
    files: ScratchFiles,
    key: str,
    stripes: Stripes,
    start: int,
    indptr: Numbers,
    columns: Numbers,
    values: npt.NDArray[np.generic],
) -> Piece:
    """Write the entries of successive rows, as CSR has them.

    Parameters
    ----------
    key
        Name of the file.
    start
        The row that ``indptr[0]`` belongs to.

    Returns
    -------
    What is needed to find them again. Nothing is written if there are none.
    """
    stop = start + len(indptr) - 1
    touched = stripes.touched(start, stop)
    if not len(values):
        return Piece(key, 0, _NOTHING, _NOTHING, 0)
    level = worthwhile_level(values)
    counts, entries = [], []
    for stripe in touched:
        first, last = stripes.rows(stripe)
        low, high = max(first, start), min(last, stop)
        ends = indptr[low - start : high - start + 1]
        lengths = np.zeros(last - first, "<u4")
        lengths[low - first : high - first] = np.diff(ends)
        part = slice(int(ends[0]), int(ends[-1]))
        counts.append(pack(lengths))
        entries.append(
            pack(columns[part].astype(stripes.index_dtype, copy=False))
            + pack(values[part].astype(stripes.dtype, copy=False), level)
        )
    files.put(key, b"".join([*counts, *entries]))
    begins = np.concatenate([_NOTHING, np.cumsum([len(each) for each in (*counts, *entries)])])
    return Piece(key, touched.start, begins[: len(touched) + 1], begins[len(touched) :], len(values))
