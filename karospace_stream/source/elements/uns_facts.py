"""Single texts and numbers in uns that describe the data, or how to show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.model.about import UNS_KEYS
from karospace_stream.source.elements.arrays import TEXT
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.elements.members import mapping
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


def find_log_base(uns: Mapping[str, Any], wrap: Wrap) -> float | None:
    """``uns["log1p"]["base"]``, as Scanpy stores it; None for the natural logarithm."""
    with optional([], "uns/log1p"):
        known = mapping(uns, "log1p")
        base = number(known["base"], wrap) if known.get("base") is not None else None
        return base if base is not None and base > 0 and base != 1 else None
    return None


def number(node: Any, wrap: Wrap) -> float | None:
    """A single number; None if the member is none."""
    if getattr(node, "size", 1) != 1:
        return None
    value = wrap(node).read().ravel()[0] if hasattr(node, "shape") and node.shape is not None else node
    try:
        return float(getattr(value, "item", lambda: value)())
    except (TypeError, ValueError):
        return None


def _text(node: Any, wrap: Wrap) -> str | None:
    if isinstance(node, str):
        return str(node)
    if getattr(node, "shape", None) not in ((), (1,)) or hasattr(node, "keys"):
        return None
    values = wrap(node)
    return str(values.read(*(slice(0, 1) for _ in values.shape)).ravel()[0]) if values.dtype == TEXT else None
