"""Positions of the bins of Visium HD: up to eleven million rows, matched by the numbers in their barcodes.

A barcode such as ``s_008um_00301_00321-1`` says row and column of its bin. So the barcodes of the file of
positions, which would take gigabytes, are not read.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.spatial.positions import (
    BARCODE,
    COLUMNS,
    Positions,
    PositionsFound,
    checked_columns,
)
from karospace_stream.inputs.spatial.rows import CellRows
from karospace_stream.inputs.tables.parquet_table import ParquetTable

_CHECKED_ROWS = 1024
_WIDTH = 100_000  # numbers have five digits
_DIGITS = 10 ** np.arange(4, -1, -1)
_ROW, _COLUMN = slice(8, 13), slice(14, 19)
_LENGTH = 19


def positions_of_bins(table: ParquetTable, cells: CellRows) -> Positions | None:
    """Read the positions of bins; None if the barcodes are of another kind.

    Raises
    ------
    BadInputError
        If the file is damaged, or has several rows for one barcode.
    """
    if not {BARCODE, *COLUMNS} <= set(table.names) or not _says_bins(table):
        return None
    keys = cell_keys(cells)
    if keys is None or not len(keys):
        return None
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    if (keys[1:] == keys[:-1]).any():
        return None
    collected = PositionsFound(cells.n_cells, table.where)
    for batch in table.batches(COLUMNS):
        arrays = [each.to_numpy(zero_copy_only=False) for each in batch]
        rows = checked_columns(dict(zip(COLUMNS, arrays, strict=True)), table.where)
        wanted = rows["array_row"].astype(np.int64) * _WIDTH + rows["array_col"].astype(np.int64)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        collected.add(np.where(keys[at] == wanted, order[at], -1), rows)
    return collected.finish()


def cell_keys(cells: CellRows) -> npt.NDArray[np.int64] | None:
    """Row and column of the bin of each cell as one number; None if some barcodes are of another kind."""
    keys = np.empty(cells.n_cells, np.int64)
    for start, some in cells.names():
        part = bin_keys(some)
        if part is None:
            return None
        keys[start : start + len(some)] = part
    return keys


def bin_keys(barcodes: npt.NDArray[np.object_]) -> npt.NDArray[np.int64] | None:
    """The numbers in some barcodes; None if they are no bins of one size in one capture area."""
    try:
        text = barcodes.astype("S")
    except UnicodeEncodeError:
        return None
    width = text.dtype.itemsize
    if not len(text) or width < _LENGTH:
        return None
    letters = np.ascontiguousarray(text).view(np.uint8).reshape(len(text), width)
    fixed = np.ones(width, np.bool_)
    fixed[_ROW] = fixed[_COLUMN] = False
    if not text[0].startswith(b"s_") or not (letters[:, fixed] == letters[0, fixed]).all():
        return None
    digits = letters[:, ~fixed].astype(np.int64) - ord("0")
    if not ((digits >= 0) & (digits <= 9)).all():
        return None
    return np.asarray((digits[:, :5] @ _DIGITS) * _WIDTH + digits[:, 5:] @ _DIGITS)


def angle_of_bins(positions: Positions) -> float:
    """Radians from x towards y, in (-pi / 4, pi / 4], of the line that fits the columns of bins best.

    0 if the file does not number rows and columns.
    """
    columns = positions.columns
    if "array_row" not in columns or "array_col" not in columns:
        return 0.0
    there = ~positions.missing
    at = np.column_stack([columns["array_col"][there], columns["array_row"][there]]).astype(np.float64)
    if len(at) < 3:
        return 0.0
    at -= at.mean(axis=0)
    xy = positions.xy[there] - positions.xy[there].mean(axis=0)
    # Both axes of the grid say so: the one of the columns, and that of the rows, a quarter of a turn on.
    fit, *_ = np.linalg.lstsq(at, xy, rcond=None)
    step = np.exp(4j * np.arctan2(fit[:, 1], fit[:, 0])) * np.hypot(fit[:, 0], fit[:, 1])
    turn = complex(step.sum())
    return float(np.angle(turn) / 4) if np.isfinite(turn) and turn != 0 else 0.0


def _says_bins(table: ParquetTable) -> bool:
    """Whether the first barcodes of the file have the numbers of their rows."""
    for batch in table.batches((BARCODE, "array_row", "array_col")):
        found, rows, cols = (each.slice(0, _CHECKED_ROWS).to_numpy(zero_copy_only=False) for each in batch)
        keys = bin_keys(found.astype(object))
        return keys is not None and np.array_equal(keys, rows * _WIDTH + cols)
    return False
