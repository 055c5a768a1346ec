"""Tables beside a matrix, with their rows in the order of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.inputs.tables.aligned import in_order
from karospace_stream.inputs.tables.read import Table, read_table
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.source.elements.columns import Element, NullableElement, PlainElement
from karospace_stream.source.memory.pandas_frame import pandas_element
from karospace_stream.storage import Location


def read_beside(folder: InputFolder, path: str, **options: Any) -> Table:
    """Read a table in a folder; see `read_table`."""
    place = folder.place
    if isinstance(place, Location):
        return read_table(place.child(path).url, storage_options=place.options, **options)
    return read_table(place / path, **options)


def elements_of(frame: pd.DataFrame, rows: npt.NDArray[np.int64]) -> Mapping[str, Element]:
    """The columns of a table as columns of obs. Cells without a row (-1) have no value."""
    return {str(name): pandas_element(in_order(frame[name], rows), f"obs/{name}") for name in frame}


def numbers_of_rows(frame: pd.DataFrame, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
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
