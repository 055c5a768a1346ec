"""obs and var passed by the caller: which columns, of what kind, by the rules of ``prepare``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.column import Column
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.source.elements.columns import CategoricalElement, Element
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.memory.pandas_frame import pandas_element
from karospace_stream.source.memory.xarray_frame import is_lazy_frame, xarray_frame
from karospace_stream.source.problems.unreadable import Unreadable


@dataclass(frozen=True, slots=True, eq=False)
class TextElement:
    """A pandas index or column of names, made text range by range."""

    values: pd.Index[Any] | pd.Series[Any]

    @property
    def n_rows(self) -> int:
        """Length."""
        return len(self.values)

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        return ColumnInfo(name, "string", "str")

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        whole = self.values
        part = whole[start:stop] if isinstance(whole, pd.Index) else whole.iloc[start:stop]
        missing = np.asarray(part.isna(), bool)
        text = part.astype(str).to_numpy(object, copy=True)
        text[missing] = ""
        return Column(name, "string", text, missing=missing)


def obs_frame(obs: Any, keys: Sequence[Any] | None) -> Frame:
    """Describe the requested columns of obs, in the requested order.

    Parameters
    ----------
    obs
        A data frame of pandas, or the lazy one of anndata.
    keys
        Column names; None for all.

    Raises
    ------
    BadOptionError
        If a column is not there, or named twice.
    BadInputError
        If obs is no data frame, two columns have one name, or a column cannot be exported.
    """
    if is_lazy_frame(obs):
        return _lazy_obs(obs, keys)
    if not isinstance(obs, pd.DataFrame):
        raise BadInputError(f"obs must be a pandas data frame, got {_kind(obs)}")
    columns = _by_name(obs, "obs")
    elements = {name: _obs_column(columns[name], name) for name in _requested(keys, list(columns))}
    return Frame("obs", len(obs), TextElement(obs.index), elements)


def var_frame(var: Any, id_column: str) -> Frame:
    """Describe the names of genes: the only thing in var that counts.

    Parameters
    ----------
    id_column
        The column that has them; ``"index"`` for the index, even if a column has that name.

    Returns
    -------
    A frame whose index and whose column ``id_column`` are these names.

    Raises
    ------
    BadOptionError
        If the column is not there.
    BadInputError
        If var is no data frame.
    """
    index: Element
    columns: dict[str, Element]
    if is_lazy_frame(var):
        frame = xarray_frame(var, "var", [])
        index, columns = frame.index, dict(frame.columns)
    elif isinstance(var, pd.DataFrame):
        index = TextElement(var.index)
        columns = {name: TextElement(series) for name, series in _by_name(var, "var").items()}
    else:
        raise BadInputError(f"var must be a pandas data frame, got {_kind(var)}")
    if id_column == "index":
        return Frame("var", index.n_rows, index, {})
    _requested([id_column], list(columns), "var_gene_id_column", "var")
    return Frame("var", index.n_rows, columns[id_column], {id_column: columns[id_column]})


def _lazy_obs(obs: Any, keys: Sequence[Any] | None) -> Frame:
    unreadable: Unreadable = []
    frame = xarray_frame(obs, "obs", unreadable)
    why = {key.removeprefix("obs/"): text for key, text in unreadable}
    names = _requested(keys, [*frame.columns, *why])
    for name in names:
        if name in why:
            raise BadInputError(f"obs[{name!r}] cannot be exported: {why[name]}; leave it out with obs_keys")
    return Frame("obs", frame.n_rows, frame.index, {name: frame.columns[name] for name in names})


def _requested(
    keys: Sequence[Any] | None, there: list[str], argument: str = "obs_keys", frame: str = "obs"
) -> list[str]:
    if keys is None:
        return there
    if isinstance(keys, str):
        raise BadOptionError(f"{argument} must be a list of names, got the text {keys!r}; write [{keys!r}]")
    names = [str(key) for key in keys]
    missing = sorted(set(names) - set(there))
    if missing:
        known = ", ".join(map(repr, there[:10])) or "none"
        raise BadOptionError(f"{argument}: {frame} has no column {missing[0]!r}; it has {known}")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadOptionError(f"{argument} names the column {twice!r} twice; name it once")
    return names


def _kind(frame: Any) -> str:
    return f"{type(frame).__module__}.{type(frame).__qualname__}"


def _by_name(frame: pd.DataFrame, key: str) -> dict[str, pd.Series[Any]]:
    names = [str(label) for label in frame.columns]
    for name in names:
        if names.count(name) > 1:
            raise BadInputError(f"{key} has more than one column called {name!r}; rename or drop one")
    return {name: frame.iloc[:, index] for index, name in enumerate(names)}


def _obs_column(series: pd.Series[Any], name: str) -> Element:
    """Numbers unchanged; everything else as a category: only the column's type decides."""
    dtype = series.dtype
    labels = isinstance(dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(dtype)
    try:
        if not labels and pd.api.types.is_numeric_dtype(dtype):
            element = pandas_element(series, f"obs/{name}")
            element.info(name)
            return element
        return _as_category(series, name)
    except (BadInputError, TypeError, ValueError) as error:
        raise BadInputError(
            f"obs[{name!r}] cannot be exported: {error}; leave it out with obs_keys"
        ) from error


def _as_category(series: pd.Series[Any], name: str) -> Element:
    """Distinct values, sorted if possible; as text only afterwards, so that 10 follows 9."""
    column = series.astype("category").cat
    names = np.empty(len(column.categories), object)
    names[:] = [str(category) for category in column.categories]
    codes = NumpyArray(f"obs/{name}/codes", column.codes.to_numpy())
    return CategoricalElement(codes, NumpyArray(f"obs/{name}/categories", names))
