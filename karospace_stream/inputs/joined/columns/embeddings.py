"""Join entries of obsm: arrays of one width, and data frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.joined.columns.join import FrameParts, join_columns, read_categories
from karospace_stream.inputs.joined.pieces import Stack
from karospace_stream.model.catalog import EmbeddingInfo
from karospace_stream.options.general.joining import Join
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.source.elements.columns import PlainElement
from karospace_stream.source.elements.embeddings import EmbeddingEntry, FrameEntry, float_type, frame_entry
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.problems.unreadable import Unreadable

_NO_NAMES = PlainElement(NumpyArray("index", np.empty(0, object)))


@dataclass(frozen=True, slots=True, eq=False)
class JoinedEntry:
    """An array of obsm whose rows are in several inputs; NaN where an input has none."""

    parts: tuple[EmbeddingEntry | None, ...]
    stack: Stack
    n_columns: int
    dtype: np.dtype[Any]
    is_text: bool = False

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.stack.n_rows

    def info(self, key: str) -> EmbeddingInfo:
        """Its catalog entry."""
        return EmbeddingInfo(
            key, self.n_columns, "str" if self.is_text else str(self.dtype), is_text=self.is_text
        )

    def read(self, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """Read a part; see the protocol."""
        width = min(n_columns, self.n_columns)
        values = np.full((stop - start, width), np.nan, float_type(self.dtype))
        for number, first, last in self.stack.within(start, stop):
            part = self.parts[number]
            if part is not None:
                at = int(self.stack.starts[number]) + first - start
                values[at : at + last - first] = part.read(first, last, width)
        return values


def join_embeddings(
    keys: Sequence[str],
    entries: Sequence[Mapping[str, EmbeddingEntry]],
    stack: Stack,
    join: Join,
    unreadable: Unreadable,
) -> dict[str, EmbeddingEntry]:
    """Entries that all inputs have, or each that one of them has.

    Parameters
    ----------
    unreadable
        Takes the entries that do not fit together, and why.
    """
    joined: dict[str, EmbeddingEntry] = {}
    for key in dict.fromkeys(key for each in entries for key in each):
        parts = [each.get(key) for each in entries]
        if join == "inner" and None in parts:
            continue
        try:
            joined[key] = _join(f"obsm/{key}", keys, parts, stack, join)
        except BadInputError as error:
            unreadable.append((f"obsm/{key}", str(error)))
    return joined


def _join(
    key: str, keys: Sequence[str], parts: Sequence[EmbeddingEntry | None], stack: Stack, join: Join
) -> EmbeddingEntry:
    infos = [None if part is None else part.info(key) for part in parts]
    first = next(info for info in infos if info is not None)
    for info, name in zip(infos, keys, strict=True):
        if info is None:
            continue
        if (info.table is None) != (first.table is None):
            raise BadInputError(f"it is a data frame in one file and an array in another, such as {name}")
        if info.table is None and info.n_columns != first.n_columns:
            raise BadInputError(
                f"it must be equally wide in all files, but has {first.n_columns} columns in "
                f"{keys[infos.index(first)]} and {info.n_columns} in {name}"
            )
    if first.table is not None:
        return _join_frames(key, keys, parts, stack, join)
    known = [info for info in infos if info is not None]
    is_text = any(info.is_text for info in known)
    dtypes = [np.dtype(np.float64) if info.is_text else np.dtype(info.dtype) for info in known]
    missing = [np.dtype(np.float64)] if len(known) < len(parts) else []
    return JoinedEntry(tuple(parts), stack, first.n_columns, np.result_type(*dtypes, *missing), is_text)


def _join_frames(
    key: str, keys: Sequence[str], parts: Sequence[EmbeddingEntry | None], stack: Stack, join: Join
) -> EmbeddingEntry:
    frames = [
        part.frame if isinstance(part, FrameEntry) else Frame(key, height, _NO_NAMES, {})
        for part, height in zip(parts, stack.heights, strict=True)
    ]
    categories = [read_categories(frame, list(frame.columns)) for frame in frames]
    made = join_columns(FrameParts(keys, frames, categories, stack), join)
    if made.conflicts:
        column, why = made.conflicts[0]
        raise BadInputError(f"its column {column!r} does not fit together: {why}")
    first = next(iter(made.columns.values()), None)
    if first is None:
        raise BadInputError("no column of it is in all files")
    return frame_entry(Frame(key, stack.n_rows, first, made.columns))
