"""Data frames in memory: maps each pandas type to one of the three elements."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from karospace_stream.source.elements.arrays import NumpyArray, to_text
from karospace_stream.source.elements.columns import (
    CategoricalElement,
    Element,
    NullableElement,
    PlainElement,
)
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.elements.wide_floats import rounded
from karospace_stream.source.problems.unreadable import Unreadable, optional


def pandas_frame(frame: pd.DataFrame, key: str, unreadable: Unreadable) -> Frame:
    """Describe a data frame; shares its memory if the types allow."""
    elements: dict[str, Element] = {}
    for number, label in enumerate(frame.columns):
        name = str(label)
        with optional(unreadable, f"{key}/{name}"):
            if name in elements:
                raise ValueError("an earlier column has the same name")
            element = pandas_element(frame.iloc[:, number], f"{key}/{name}")
            element.info(name)
            elements[name] = element
    index = pandas_element(frame.index.to_series(), f"{key}/_index")
    return Frame(key, len(frame), index, elements)


def pandas_element(series: pd.Series[Any], key: str) -> Element:
    """Describe a column or an index of any pandas type.

    Numbers and booleans in an object column, as anndata would write them, keep their
    type; everything else (dates, lists, mixtures) becomes text.
    """
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return categorical_element(series, dtype.categories, key)
    if isinstance(dtype, np.dtype) and dtype.kind == "O":
        series = _from_objects(series)
        dtype = series.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "biufc":
        return PlainElement(rounded(NumpyArray(key, series.to_numpy())))
    missing = series.isna().to_numpy(bool)
    mask = NumpyArray(f"{key}/mask", missing)
    if pd.api.types.is_bool_dtype(dtype):
        return NullableElement(NumpyArray(key, series.to_numpy(bool, na_value=False)), mask)
    if pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_complex_dtype(dtype):
        return NullableElement(NumpyArray(key, _numbers(series)), mask)
    text = series.astype(str).to_numpy(object)
    text[missing] = ""
    return NullableElement(NumpyArray(key, to_text(text)), mask)


def categorical_element(series: pd.Series[Any], categories: pd.Index[Any], key: str) -> CategoricalElement:
    """Describe a categorical, as codes into ``categories``, which may be more than its own."""
    codes = series.cat.set_categories(categories).cat.codes.to_numpy()
    return CategoricalElement(
        NumpyArray(f"{key}/codes", codes), _categories(categories, key), ordered=bool(series.cat.ordered)
    )


def _categories(categories: pd.Index[Any], key: str) -> NumpyArray:
    """Categories that are numbers or bools unchanged, others as text."""
    plain = isinstance(categories.dtype, np.dtype) and categories.dtype.kind in "biuf"
    values = categories.to_numpy() if plain else categories.astype(str).to_numpy(object)
    return NumpyArray(f"{key}/categories", values)


def _from_objects(series: pd.Series[Any]) -> pd.Series[Any]:
    kind = pd.api.types.infer_dtype(series, skipna=True)
    if kind == "boolean":
        return series.astype("boolean")
    if kind in ("integer", "floating", "mixed-integer-float", "decimal"):
        return pd.to_numeric(series, errors="coerce")
    return series


def _numbers(series: pd.Series[Any]) -> npt.NDArray[Any]:
    """The values of a nullable or Arrow column in the NumPy type of the same width."""
    name = str(series.dtype).split("[", maxsplit=1)[0].lower()
    wanted = {"double": "float64", "float": "float32", "halffloat": "float16"}.get(name, name)
    try:
        dtype = np.dtype(wanted)
    except TypeError:  # decimals
        dtype = np.dtype(np.float64)
    return series.to_numpy(dtype, na_value=0)
