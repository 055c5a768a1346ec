"""Join a table with a row for some cells to the cells of a matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.source.elements.columns import Element, NullableElement, PlainElement

if TYPE_CHECKING:
    import pandas as pd

    from karospace_stream.inputs.tables.read import Table


def read_beside(folder: InputFolder, path: str, **options: Any) -> Table:
    """Read a table in a folder; see `read_table`."""
    from karospace_stream.inputs.tables.read import read_table
    from karospace_stream.storage import Location

    place = folder.place
    if isinstance(place, Location):
        return read_table(place.child(path).url, storage_options=place.options, **options)
    return read_table(place / path, **options)


def elements_of(frame: pd.DataFrame, rows: npt.NDArray[np.int32]) -> Mapping[str, Element]:
    """The columns of a table as columns of obs, in the order of the cells.

    Cells without a row have no value.
    """
    import pandas as pd

    from karospace_stream.source.memory.pandas_frame import pandas_element

    missing = rows < 0
    found: dict[str, Element] = {}
    for name in frame:
        column = frame[name]
        if not missing.any():
            found[str(name)] = pandas_element(column.iloc[rows], f"obs/{name}")
            continue
        if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iub":
            column = pd.Series(pd.array(column.to_numpy()))  # of a type that has missing values
        taken = column.take(np.maximum(rows, 0)).reset_index(drop=True)
        found[str(name)] = pandas_element(taken.mask(missing), f"obs/{name}")
    return found


def numbers_of_rows(frame: pd.DataFrame, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Columns of numbers as an array ``(n_cells, n_columns)``; NaN for cells without a row."""
    values = np.column_stack([np.asarray(frame[name], np.float64) for name in frame])
    taken = values[np.maximum(rows, 0)]
    taken[rows < 0] = np.nan
    return taken


def whole_numbers(key: str, values: npt.NDArray[np.integer], missing: npt.NDArray[np.bool_]) -> Element:
    """A column of whole numbers, of which some may be missing."""
    if not missing.any():
        return PlainElement(NumpyArray(key, values))
    return NullableElement(NumpyArray(key, values), NumpyArray(f"{key}/mask", missing))
