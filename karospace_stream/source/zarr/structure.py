"""Check the form of one document of Zarr metadata, as zarr fails on others with the words of Python."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from karospace_stream.errors import BadInputError

_MOST_NBYTES = 1 << 20  # of a document of one element; only consolidated ones are larger
_JSON = {dict: "an object", list: "a list", str: "text", bool: "a boolean", type(None): "null"}


def check_structure(name: str, data: bytes) -> None:
    """Reject a document that cannot be that of an array or a group.

    Consolidated metadata are not checked: without them, the store may be good.

    Raises
    ------
    BadInputError
        Names the document.
    """
    if name.partition(" in ")[0].endswith(".zmetadata") or len(data) > _MOST_NBYTES:
        return
    if why := next(_faults(data), ""):
        raise BadInputError(f"{name} is damaged: {why}")


def _faults(data: bytes) -> Iterator[str]:
    try:
        document = json.loads(data)
    except ValueError as error:
        # Python limits the digits of a number, as more take too long to read.
        yield (
            "it holds a number of thousands of digits"
            if "digits" in str(error)
            else f"it is no JSON, {error}"
        )
        return
    if not isinstance(document, dict):
        yield f"it must be a JSON object, got {_kind(document)}"
        return
    attributes = document.get("attributes", {})
    if "node_type" in document and not isinstance(attributes, dict):
        yield f"'attributes' must be a JSON object, got {_kind(attributes)}"
    if document.get("node_type") == "group" and {"shape", "data_type", "codecs"} & set(document):
        yield "it describes an array, but 'node_type' is 'group'"
    if any(_is_empty(shape) for shape in _inner_shapes(document.get("codecs"))):
        yield "the chunks in a shard hold nothing"


def _kind(value: Any) -> str:
    return _JSON.get(type(value), "a number")


def _inner_shapes(codecs: Any) -> Iterator[Any]:
    """Chunk shapes of sharding codecs, however deep."""
    for codec in codecs if isinstance(codecs, list) else ():
        about = codec.get("configuration") if isinstance(codec, Mapping) else None
        if isinstance(about, Mapping) and "chunk_shape" in about:
            yield about["chunk_shape"]
            yield from _inner_shapes(about.get("codecs"))


def _is_empty(shape: Any) -> bool:
    return isinstance(shape, list) and any(isinstance(length, int) and length < 1 for length in shape)
