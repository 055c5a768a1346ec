"""Which row of a modality belongs to which cell of a MuData."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.kinds.mudata.rows import PIECE, CommonRows, Rows
from karospace_stream.source.elements.arrays import NumpyArray, StoredArray
from karospace_stream.source.elements.columns import Wrap, read_text
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.elements.members import member


@dataclass(frozen=True, slots=True)
class RowMap:
    """The rows of one modality by cells of the MuData.

    Attributes
    ----------
    values
        The number of the row from 1, or 0 where the modality does not have the cell.
    is_same
        Whether the modality has the same cells in the same order.
    is_in_order
        Whether it has its cells in the order of the MuData.
    """

    values: StoredArray
    is_same: bool
    is_in_order: bool

    def cells(self) -> StoredArray | None:
        """The cell of each row of the modality; None if they are the same."""
        if self.is_same:
            return None
        if self.is_in_order:
            return common_rows([self], None)
        values = self.values.read()
        cells = np.flatnonzero(values > 0)
        found = np.empty(len(cells), np.int64)
        found[values[cells].astype(np.int64) - 1] = cells
        return NumpyArray(self.values.key, found)


def row_map(root: Any, name: str, obs: Frame, rows: Frame, wrap: Wrap, where: str) -> RowMap:
    """Read and check the map of one modality, ``obsmap/NAME``; without one, cells are found by their names.

    Raises
    ------
    BadInputError
        If it does not name each row of the modality once.
    """
    node = member(root, f"obsmap/{name}")
    values = _by_names(name, obs, rows, where) if node is None else wrap(node)
    key = f"obsmap/{name} in {where}"
    if values.shape != (obs.n_rows,) or values.dtype.kind not in "iu":
        raise BadInputError(
            f"{key} must be a whole number for each of the {obs.n_rows:,} cells, got {values.dtype} of shape "
            f"{values.shape}; the file is damaged"
        )
    seen = np.zeros(rows.n_rows, np.bool_)
    last, is_same, is_in_order = 0, obs.n_rows == rows.n_rows, True
    for start in range(0, obs.n_rows, PIECE):
        piece = values.read(slice(start, min(start + PIECE, obs.n_rows))).astype(np.int64)
        there = piece[piece != 0]
        _check(there, seen, key)
        seen[there - 1] = True
        is_same = is_same and np.array_equal(piece, np.arange(start + 1, start + 1 + len(piece)))
        is_in_order = is_in_order and bool((np.diff(there, prepend=last) > 0).all())
        last = int(there[-1]) if len(there) else last
    if not seen.all():
        raise BadInputError(
            f"{key} must name each of the {rows.n_rows:,} cells of the modality, but names {seen.sum():,}; "
            "the file is damaged"
        )
    return RowMap(values, is_same, is_in_order)


def _check(there: Rows, seen: Any, key: str) -> None:
    if len(there) and (there.min() < 1 or there.max() > len(seen)):
        wrong = there[(there < 1) | (there > len(seen))][0]
        raise BadInputError(
            f"{key} names the row {wrong:,}, but the modality has {len(seen):,}; the file is damaged"
        )
    if seen[there - 1].any() or len(np.unique(there)) < len(there):
        raise BadInputError(f"{key} names a cell of the modality twice; the file is damaged")


def common_rows(maps: Sequence[RowMap], which: int | None) -> StoredArray:
    """Numbers of the rows that are in all modalities; see `CommonRows`."""
    values = tuple(each.values for each in maps)
    n_rows = values[0].shape[0]
    before = [0]
    for start in range(0, n_rows, PIECE):
        piece = slice(start, min(start + PIECE, n_rows))
        common = np.logical_and.reduce([each.read(piece) > 0 for each in values])
        before.append(before[-1] + int(common.sum()))
    return CommonRows(values, which, tuple(before))


def _by_names(name: str, obs: Frame, rows: Frame, where: str) -> StoredArray:
    """The map of a file without one, as old versions of mudata wrote it."""
    import pandas as pd

    numbers = np.arange(1, obs.n_rows + 1)
    key = f"obsmap/{name}"
    if obs.n_rows == rows.n_rows and _same_names(obs, rows):
        return NumpyArray(key, numbers)
    cells, own = (pd.Index(read_text(frame.index, 0, frame.n_rows)) for frame in (obs, rows))
    if not own.is_unique:
        raise BadInputError(
            f"{where} has no {key}, so cells are found by their names, but names of the modality {name!r} "
            "repeat; write it again with mudata.read_h5mu and write_h5mu"
        )
    return NumpyArray(key, own.get_indexer(cells) + 1)


def _same_names(obs: Frame, rows: Frame) -> bool:
    for start in range(0, obs.n_rows, PIECE):
        stop = min(start + PIECE, obs.n_rows)
        if not np.array_equal(read_text(obs.index, start, stop), read_text(rows.index, start, stop)):
            return False
    return True
