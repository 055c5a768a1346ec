"""Columns in every current encoding, written once for all containers.

An element knows where the parts of a column are stored; it is picklable and holds no values
(except for data that were in memory anyway).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError, DamagedError
from karospace_stream.model.catalog import ColumnInfo, ColumnKind
from karospace_stream.model.column import Categories, Column
from karospace_stream.source.elements.arrays import TEXT, StoredArray
from karospace_stream.source.elements.attributes import encoding_type, flag_attribute
from karospace_stream.source.elements.categories import MaskedNames, category_names, checked_categories
from karospace_stream.units import counted


class Wrap(Protocol):
    """Turns an array of h5py or zarr, or one field of a compound array, into ours."""

    def __call__(self, node: Any, field: str | None = None) -> StoredArray:
        """Describe; reads no values."""
        ...


class Element(Protocol):
    """One column, wherever it is stored."""

    @property
    def n_rows(self) -> int:
        """Length."""
        ...

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        ...

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        ...


@runtime_checkable
class Categorised(Protocol):
    """A column of codes."""

    def whole_categories(self) -> Categories:
        """The category names, as stored."""
        ...


@dataclass(frozen=True, slots=True)
class PlainElement:
    """Numbers, booleans or strings, without a mask."""

    values: StoredArray
    note: str = ""

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.values.shape[0]

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        return ColumnInfo(name, kind_of(self.values.dtype), _dtype_name(self.values.dtype), note=self.note)

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        return Column(name, kind_of(self.values.dtype), self.values.read(slice(start, stop)))


@dataclass(frozen=True, slots=True)
class NullableElement:
    """Integers, booleans or strings with a mask that is True where a value is missing."""

    values: StoredArray
    mask: StoredArray

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.values.shape[0]

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        return ColumnInfo(name, kind_of(self.values.dtype), _dtype_name(self.values.dtype))

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        rows = slice(start, stop)
        values, missing = self.values.read(rows), self.mask.read(rows).astype(bool)
        kind = kind_of(self.values.dtype)
        if missing.any() and kind in ("string", "float"):
            values = values.copy()  # may be the user's own array
            values[missing] = "" if kind == "string" else np.nan
        return Column(name, kind, values, missing=None if kind == "float" else missing)


@dataclass(frozen=True, slots=True)
class CategoricalElement:
    """Codes, -1 where missing, into categories of any type."""

    codes: StoredArray
    categories: StoredArray
    ordered: bool = False
    note: str = ""

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.codes.shape[0]

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        return ColumnInfo(
            name, "category", _dtype_name(self.codes.dtype), n_categories=self._n_categories(), note=self.note
        )

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        codes = self.codes.read(slice(start, stop))
        n = self._n_categories()
        if codes.size and not (codes.min() >= -1 and codes.max() < n):  # before a narrower type wraps them
            wrong = codes[(codes < -1) | (codes >= n)][0]
            raise DamagedError(
                f"{self.codes.key} holds the code {wrong} in rows {start} to {stop}, "
                f"but {'there is' if n == 1 else 'there are'} {counted(n, 'category')}; the column is damaged"
            )
        return Column(name, "category", codes.astype(np.int32), categories=self._read_categories())

    def whole_categories(self) -> Categories:
        """The category names, as stored."""
        return Categories(checked_categories(self.categories), self.ordered)

    def _n_categories(self) -> int:
        return int(np.prod(self.categories.shape))  # anndata 0.5 wrote a single category as a scalar

    def _read_categories(self) -> tuple[str, ...]:
        return category_names(self.categories)


def kind_of(dtype: np.dtype[Any]) -> ColumnKind:
    """The kind of a column of this type.

    Raises
    ------
    BadInputError
        If no kind of ours holds it (complex numbers, times).
    """
    kinds: dict[str, ColumnKind] = {"b": "bool", "i": "integer", "u": "integer", "f": "float", "O": "string"}
    if dtype.kind not in kinds:
        raise BadInputError(f"values must be numbers, booleans or text, got {dtype}")
    return kinds[dtype.kind]


def _dtype_name(dtype: np.dtype[Any]) -> str:
    return "str" if dtype == TEXT else str(dtype)


def resolve_element(node: Any, wrap: Wrap) -> Element:
    """Find out how a column is encoded; reads attributes only.

    Parameters
    ----------
    node
        Group or array of h5py or zarr.

    Raises
    ------
    BadInputError
        If the encoding is not known. The message is the reason only.
    """
    if hasattr(node, "shape"):
        return checked(PlainElement(wrap(node)))
    encoding = encoding_type(node)
    if encoding == "categorical":
        ordered = flag_attribute(node, "ordered")
        return checked(
            CategoricalElement(wrap(node["codes"]), categories_of(node["categories"], wrap), ordered)
        )
    if "values" in node and "mask" in node:
        return checked(NullableElement(wrap(node["values"]), wrap(node["mask"])))
    raise BadInputError(f"its encoding must be that of a column, got {encoding!r}")


def values_of(node: Any) -> Any:
    """The array of an array, or of a group of values and mask (how pandas 3 has its strings written)."""
    return node["values"] if hasattr(node, "keys") else node


def categories_of(node: Any, wrap: Wrap) -> StoredArray:
    """The list that the codes of a category point into.

    Raises
    ------
    BadInputError
        If it is a single value. The message is the reason only.
    """
    values = wrap(values_of(node))
    if values.shape == ():
        raise BadInputError("its categories must be a list of names or numbers, got a single value")
    return MaskedNames(values, wrap(node["mask"])) if hasattr(node, "keys") and "mask" in node else values


def checked(element: Element) -> Element:
    """Reject early a column that would fail, or be misread, later.

    Raises
    ------
    BadInputError
        If a part of the column has the wrong type or number of dimensions.
    """
    element.info("")
    values = element.codes if isinstance(element, CategoricalElement) else getattr(element, "values", None)
    if values is not None and len(values.shape) != 1:
        raise BadInputError(f"a column must have one dimension, got shape {values.shape}")
    if isinstance(element, NullableElement):
        mask = element.mask
        if mask.shape != element.values.shape or mask.dtype.kind not in "biu":
            raise BadInputError(f"its mask must be one boolean a row, got {mask.dtype} of shape {mask.shape}")
    if isinstance(element, CategoricalElement):
        if element.codes.dtype.kind not in "iu":
            raise BadInputError(f"its codes must be whole numbers, got {element.codes.dtype}")
        if len(element.categories.shape) > 1 or element.categories.dtype.kind not in "biufO":
            raise BadInputError(
                "its categories must be one list of names or numbers, "
                f"got {element.categories.dtype} of shape {element.categories.shape}"
            )
    return element


def read_text(element: Element, start: int, stop: int) -> npt.NDArray[np.object_]:
    """Read any column as `str`, for an index of names."""
    column = element.read("", start, stop)
    if column.categories is not None:
        names = np.array([*column.categories, ""], object)
        return names[column.values.astype(np.intp)]
    if column.values.dtype == TEXT:
        return column.values.astype(object, copy=False)
    return np.array([str(value) for value in column.values.tolist()], object)
