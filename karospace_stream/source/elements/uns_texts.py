"""Single texts in uns that describe the data, or how to show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.model.about import UNS_KEYS
from karospace_stream.source.elements.arrays import TEXT
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.problems.unreadable import optional

#: Those that anything reads; each costs a small read where a file has it.
KNOWN = ("default_embedding", *UNS_KEYS)


def find_texts(uns: Mapping[str, Any], wrap: Wrap) -> tuple[tuple[str, str], ...]:
    """The known texts of a file, by key; what is no text is passed over.

    Parameters
    ----------
    uns
        Group of h5py or zarr, or the dictionary of an object in memory.
    """
    found = []
    for key in KNOWN:
        with optional([], f"uns/{key}"):
            text = _text(uns[key], wrap) if key in uns else None
            found += [] if text is None else [(key, text)]
    return tuple(found)


def _text(node: Any, wrap: Wrap) -> str | None:
    if isinstance(node, str):
        return str(node)
    if getattr(node, "shape", None) not in ((), (1,)) or hasattr(node, "keys"):
        return None
    values = wrap(node)
    return str(values.read(*(slice(0, 1) for _ in values.shape)).ravel()[0]) if values.dtype == TEXT else None
