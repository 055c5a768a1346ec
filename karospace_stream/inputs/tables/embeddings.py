"""Embeddings in the columns of a table, found by their names: ``UMAP_1`` and ``UMAP_2``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.select.embedding_names import kind_of, plain_name
from karospace_stream.select.suggest import not_there
from karospace_stream.select.xy_columns import find_xy, read_pair
from karospace_stream.source.elements.arrays import Storage
from karospace_stream.source.elements.columns import Element
from karospace_stream.source.elements.numeric_strings import numbers_of

_NUMBERED = re.compile(r"(?P<stem>.*[^\W\d_])[-_. ]?(?P<number>[0-9]+)")
_NUMBERS = ("integer", "float")
_MOST_DRAWN = 3


@dataclass(frozen=True, slots=True, eq=False)
class ColumnStack:
    """Columns of numbers side by side, as one array; see `StoredArray`."""

    key: str
    columns: tuple[Element, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Cells, columns."""
        return (self.columns[0].n_rows, len(self.columns))

    @property
    def dtype(self) -> np.dtype[Any]:
        """float32 if all columns are, else float64."""
        kinds = {each.info("").dtype for each in self.columns}
        return np.dtype(np.float32 if kinds == {"float32"} else np.float64)

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a part; missing values are NaN."""
        rows, across = (*bounds, slice(None), slice(None))[:2]
        start, stop, _ = rows.indices(self.shape[0])
        chosen = self.columns[across]
        part = np.empty((stop - start, len(chosen)), self.dtype)
        for at, column in enumerate(chosen):
            part[:, at] = numbers_of(column.read("", start, stop))
        return part

    def storage(self) -> Storage:
        """In memory."""
        return Storage()


def find_embeddings(columns: Sequence[ColumnInfo]) -> dict[str, tuple[str, ...]]:
    """Keys of obsm, and the columns of each.

    A column counts if its name is that of a method, or begins with ``X_``, and ends in a number; the numbers
    of an embedding run from 0 or 1 without a gap.
    """
    found: dict[str, dict[int, str]] = {}
    for info in columns:
        match = _NUMBERED.fullmatch(info.name)
        if info.kind in _NUMBERS and match is not None and (key := _key(match["stem"])):
            found.setdefault(key, {}).setdefault(int(match["number"]), info.name)
    pairs = {key: tuple(by[at] for at in sorted(by)) for key, by in found.items() if _is_run(sorted(by))}
    for pair in find_xy(columns):
        if pair.basis != "spatial":
            pairs.setdefault(f"X_{pair.basis}", (pair.x, pair.y))
    return pairs


def named_coordinates(
    coords: str, columns: Mapping[str, ColumnInfo], known: Mapping[str, tuple[str, ...]]
) -> tuple[str, tuple[str, ...]]:
    """Resolve ``--coords table:X,Y``, which may also name three columns.

    Returns
    -------
    The key in obsm, and the columns.

    Raises
    ------
    BadOptionError
        If the columns are not there, or hold no numbers.
    """
    names = tuple(each.strip() for each in coords.partition(":")[2].split(","))
    if len(names) not in (2, _MOST_DRAWN) or not all(names):
        raise BadOptionError(
            f"--coords must name two or three columns of the table, as in table:x,y; got {coords!r}"
        )
    if len(set(names)) < len(names):
        raise BadOptionError(f"--coords must name different columns of the table, got {coords!r}")
    missing = [name for name in names if name not in columns]
    if missing:
        raise BadOptionError(not_there("table column", missing, list(columns), option="--coords"))
    odd = next((columns[name] for name in names if columns[name].kind not in _NUMBERS), None)
    if odd is not None:
        raise BadOptionError(f"--coords: the column {odd.name!r} must hold numbers, got {odd.kind} values")
    same = next((key for key, each in known.items() if each == names), None)
    if same is not None:
        return same, names
    pair = read_pair(*names[:2])
    return ("table_spatial" if pair.basis == "spatial" else f"X_{pair.basis}"), names


def _key(stem: str) -> str:
    """The key for a stem such as ``UMAP``; empty if it is none of an embedding."""
    plain = plain_name(stem)
    if stem.lower().startswith("x_") or plain in ("pc", "pcs") or kind_of(plain, 2) in ("picture", "latent"):
        return f"X_{'pca' if plain in ('pc', 'pcs') else plain}"
    return "spatial" if plain == "spatial" else ""


def _is_run(numbers: Sequence[int]) -> bool:
    return (
        len(numbers) > 1
        and list(numbers) == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] < 2
    )
