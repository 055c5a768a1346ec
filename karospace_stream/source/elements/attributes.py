"""Read attributes of groups and arrays as text, in every form that other languages' libraries write.

HDF5.jl and hdf5r write fixed-length text, which h5py returns as bytes; R writes single values as
arrays of length one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError

_ENCODING = "encoding-type"


def text_attribute(node: Any, name: str, default: str = "") -> str:
    """One attribute as text; ``default`` if there is none."""
    texts = text_attributes(node, name)
    return texts[0] if len(texts) == 1 else ", ".join(texts) or default


def flag_attribute(node: Any, name: str) -> bool:
    """One attribute that is true or false; false if there is none, or an empty one.

    Raises
    ------
    BadInputError
        If it has several values. The message is the reason only.
    """
    value = node.attrs.get(name)
    shape = getattr(value, "shape", ())
    if value is None or shape is None or 0 in shape:
        return False
    if isinstance(value, list | tuple | dict) or np.size(value) != 1:
        raise BadInputError(f"its attribute {name!r} must be true or false, got {_shortened(value)}")
    return bool(value)


def lengths_attribute(node: Any, name: str) -> tuple[int, ...]:
    """One attribute that is a list of lengths; empty if there is none, or an empty one.

    Raises
    ------
    BadInputError
        If it holds anything but whole numbers. The message is the reason only.
    """
    value = node.attrs.get(name)
    if value is None or getattr(value, "shape", ()) is None:
        return ()
    try:
        lengths = [int(each) for each in value]
        if lengths == [float(each) for each in value]:
            return tuple(lengths)
    except (TypeError, ValueError, OverflowError):
        pass
    raise BadInputError(f"its attribute {name!r} must be a list of whole numbers, got {_shortened(value)}")


def encoding_type(node: Any) -> str:
    """The type of a group's content, as anndata records it; empty if it is not recorded.

    Raises
    ------
    BadInputError
        If it is no text. The message is the reason only.
    """
    text = text_attribute(node, _ENCODING)
    if "\ufffd" in text or "?" in text:  # stand-ins for bytes that are no text; in no encoding name
        raise BadInputError(f"its {_ENCODING} must be UTF-8, got {text!r}")
    return text


def text_attributes(node: Any, name: str) -> list[str]:
    """An attribute that is a list of names; empty if there is none, or an empty one of any type."""
    value = node.attrs.get(name)
    shape = getattr(value, "shape", ())
    if value is None or shape is None:  # h5py's value for an attribute without any
        return []
    if isinstance(value, list | tuple) or shape:
        return [_text(each) for each in np.asarray(value, object).ravel()]
    return [_text(value)]


def _shortened(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else f"{text[:40]}…"


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value).encode("utf-8", "replace").decode()  # h5py decodes non-UTF-8 bytes to surrogates
