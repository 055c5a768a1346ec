"""Lazy data frames of anndata (`Dataset2D`, on xarray), recognised by their interface."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from karospace_stream.errors import BadInputError
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.column import Categories, Column
from karospace_stream.source.elements.arrays import TEXT, array_dtype
from karospace_stream.source.elements.columns import Element, kind_of
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.elements.wide_floats import narrow
from karospace_stream.source.memory.lazy import is_lazy
from karospace_stream.source.memory.pandas_frame import categorical_element, pandas_element
from karospace_stream.source.problems.unreadable import Unreadable, optional


def is_lazy_frame(frame: Any) -> bool:
    """Whether this is a `Dataset2D`."""
    return hasattr(frame, "true_xr_index") and hasattr(frame, "ds")


@dataclass(frozen=True, slots=True, eq=False)
class XarrayElement:
    """One column; reads each range on request."""

    key: str
    values: Any

    def __reduce__(self) -> tuple[Any, ...]:
        try:
            state = pickle.dumps(self.values)
        except TypeError as error:
            raise BadInputError(
                f"{self.key} of a lazy AnnData over an open HDF5 file cannot be sent to another process; "
                "give the path of the file, or use the threads scheduler"
            ) from error
        return _from_state, (self.key, state)

    @property
    def n_rows(self) -> int:
        """Length."""
        return int(self.values.shape[0])

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        dtype = self.values.dtype
        if isinstance(dtype, pd.CategoricalDtype):
            return ColumnInfo(name, "category", "int32", n_categories=len(dtype.categories))
        if isinstance(dtype, np.dtype):
            native = narrow(array_dtype(dtype))
            return ColumnInfo(name, kind_of(native), "str" if native == TEXT else str(native))
        return pandas_element(pd.Series([], dtype=dtype), self.key).info(name)

    def whole_categories(self) -> Categories:
        """The category names."""
        dtype = self.values.dtype
        if not isinstance(dtype, pd.CategoricalDtype):
            raise TypeError(f"{self.key} has no categories")
        return categorical_element(pd.Series([], dtype=dtype), dtype.categories, self.key).whole_categories()

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        part = self.values[start:stop].data
        if is_lazy(part):
            part = part.compute(scheduler="synchronous")
        series = pd.Series(part)
        dtype = self.values.dtype
        element: Element
        if isinstance(dtype, pd.CategoricalDtype):
            # anndata drops the categories that this range does not use.
            element = categorical_element(series, dtype.categories, self.key)
        elif isinstance(dtype, np.dtype) and array_dtype(dtype) == TEXT:
            element = pandas_element(series.astype("string"), self.key)
        else:
            element = pandas_element(series, self.key)
        return element.read(name, 0, stop - start)


def _from_state(key: str, state: bytes) -> XarrayElement:
    return XarrayElement(key, pickle.loads(state))  # noqa: S301  made by __reduce__ above


def xarray_frame(frame: Any, key: str, unreadable: Unreadable) -> Frame:
    """Describe a lazy data frame. Its columns come in the order of the file."""
    known = set(frame.columns)  # a set's order: not the same in two runs
    elements: dict[str, Element] = {}
    for label in frame.ds.data_vars:
        if label in known:
            with optional(unreadable, f"{key}/{label}"):
                element = XarrayElement(f"{key}/{label}", frame.ds[label])
                element.info(str(label))
                elements[str(label)] = element
    index = XarrayElement(f"{key}/_index", frame.true_xr_index)
    return Frame(key, index.n_rows, index, elements)
