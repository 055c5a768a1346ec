"""Gene sets in uns: a dictionary of lists, or a data frame with the columns ``source`` and ``target``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.source.elements.arrays import TEXT, StoredArray
from karospace_stream.source.elements.attributes import encoding_type
from karospace_stream.source.elements.columns import Wrap, read_text
from karospace_stream.source.elements.frames import Frame, resolve_frame
from karospace_stream.source.problems.unreadable import optional

#: Columns of a net of decoupler: the set, and one of its genes.
SOURCE, TARGET = "source", "target"
#: A dictionary with more entries is not looked at; as a data frame it may have any number.
MOST_ENTRIES = 2_000


@dataclass(frozen=True, slots=True)
class ListedSets:
    """A dictionary of lists of names."""

    lists: tuple[tuple[str, StoredArray], ...]

    def read(self) -> list[tuple[str, list[str]]]:
        """Each set with its genes."""
        return [(name, [str(each) for each in values.read().ravel()]) for name, values in self.lists]


@dataclass(frozen=True, slots=True)
class NetSets:
    """A data frame with a row for each gene of each set."""

    frame: Frame

    def read(self) -> list[tuple[str, list[str]]]:
        """Each set with its genes, in the order of the first row of each."""
        found: dict[str, list[str]] = {}
        columns = (self.frame.columns[name] for name in (SOURCE, TARGET))
        for name, gene in zip(*(read_text(each, 0, self.frame.n_rows) for each in columns), strict=True):
            found.setdefault(str(name), []).append(str(gene))
        return list(found.items())


StoredSets = ListedSets | NetSets


def find_stored_sets(uns: Mapping[str, Any], wrap: Wrap) -> dict[str, StoredSets]:
    """All entries of a stored uns that may be gene sets; reads no values."""
    found: dict[str, StoredSets] = {}
    for key in uns:
        with optional([], f"uns/{key}"):  # whoever asks for it is told
            node = uns[key]
            sets = _resolve(node, f"uns/{key}", wrap) if hasattr(node, "keys") else None
            if sets is not None:
                found[str(key)] = sets
    return found


def find_sets(uns: Mapping[str, Any], wrap: Wrap) -> dict[str, StoredSets]:
    """The same for the uns of an AnnData in memory, where lists need not be arrays."""
    found: dict[str, StoredSets] = {}
    for key, value in uns.items():
        if hasattr(value, "columns") and {SOURCE, TARGET} <= set(map(str, value.columns)):
            from karospace_stream.source.memory.pandas_frame import pandas_frame

            columns = value[[SOURCE, TARGET]]
            found[str(key)] = NetSets(pandas_frame(columns, f"uns/{key}", []))
        elif isinstance(value, Mapping) and value and all(map(_is_list_of_names, value.values())):
            several = sorted(value.items(), key=lambda each: str(each[0]))  # as it would be stored
            lists = ((str(name), wrap(np.array(list(genes), object))) for name, genes in several)
            found[str(key)] = ListedSets(tuple(lists))
    return found


def _is_list_of_names(value: object) -> bool:
    if not isinstance(value, Iterable) or isinstance(value, (str, bytes, Mapping)):
        return False
    return getattr(value, "ndim", 1) == 1 and all(isinstance(each, str) for each in value)


def _resolve(node: Any, key: str, wrap: Wrap) -> StoredSets | None:
    if encoding_type(node) == "dataframe":
        if SOURCE not in node or TARGET not in node:
            return None
        frame = resolve_frame(node, key, wrap, [])
        if not {SOURCE, TARGET} <= set(frame.columns):
            raise BadInputError(f"its columns {SOURCE!r} and {TARGET!r} cannot be read")
        return NetSets(frame)
    names = sorted(node, key=str)  # a Zarr store lists in any order
    if encoding_type(node) not in ("", "dict") or not 0 < len(names) <= MOST_ENTRIES:
        return None
    lists = []
    for name in names:
        member = node[name]
        if len(getattr(member, "shape", None) or ()) != 1 or getattr(member.dtype, "names", None):
            return None
        values = wrap(member)
        if values.dtype != TEXT:
            return None
        lists.append((str(name), values))
    return ListedSets(tuple(lists))
