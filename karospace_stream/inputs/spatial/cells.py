"""The table of cells of a Xenium folder: centres in micrometres, counts and areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.inputs.spatial.joined_table import elements_of, numbers_of_rows, read_beside
from karospace_stream.inputs.spatial.rows import CellRows
from karospace_stream.source.elements.columns import Element
from karospace_stream.source.files.stream import AnyFile
from karospace_stream.source.problems.unreadable import Unreadable

CELLS = ("cells.parquet", "cells.csv.gz", "cells.csv")
_CENTRE = ["x_centroid", "y_centroid"]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The table in the order of the cells of the matrix.

    Attributes
    ----------
    xy
        NaN for cells without a row.
    n_missing, n_unused
        Cells without a row, and rows without a cell.
    """

    columns: Mapping[str, Element]
    xy: npt.NDArray[np.float64]
    n_missing: int
    n_unused: int
    file: AnyFile


def read_cells(folder: InputFolder, cells: CellRows, unreadable: Unreadable) -> Cells:
    """Read the table; from Parquet, or from CSV if Parquet cannot be read.

    Raises
    ------
    BadInputError
        If there is no such table, or it is damaged.
    """
    wanted = CELLS if find_spec("pyarrow") else (*CELLS[1:], CELLS[0])
    path = folder.first(*wanted)
    if not path:
        raise BadInputError(
            f"{folder.shown} must hold the table of cells, {CELLS[0]} or {CELLS[1]}, but has neither; copy "
            "it there, or give the matrix of the folder alone"
        )
    file = folder.file(path)
    first: list[str] = []

    def keep(ids: Sequence[str]) -> npt.NDArray[np.bool_]:
        first.extend(ids[: 1 - len(first)])
        return cells.known(ids)

    found = read_beside(folder, path, keep=keep)  # the first column has the ids
    frame = found.frame
    if not len(frame):
        raise cells.none_found(file.path, first)
    for name in _CENTRE:
        if name not in frame or frame[name].dtype.kind not in "iuf":
            raise BadInputError(f"{file.path} must have the columns {' and '.join(_CENTRE)} with numbers")
    unreadable += [(f"obs/{name}", why) for name, why in found.left_out]
    rows = cells.rows(frame.index.tolist(), file.path)
    return Cells(
        elements_of(frame.drop(columns=_CENTRE), rows),
        numbers_of_rows(frame[_CENTRE], rows),
        int(np.count_nonzero(rows < 0)),
        found.n_rows - len(frame),
        file,
    )
