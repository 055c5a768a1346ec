"""Defensive reading of manifests, which somebody else may have written."""

from __future__ import annotations

import json
from typing import Any

from karospace_stream.errors import BadInputError

#: Largest manifest: that of a million files has 60 MB.
MOST_DOCUMENT_NBYTES = 128 << 20
_MOST_VALUES = 8_000_000  # each takes at least 60 bytes of memory; that of a million files has 3 million


def checked(data: bytes) -> bytes:
    """Check that a document is small enough to parse.

    Raises
    ------
    ValueError
        If it is too large, or holds too many values.
    """
    if len(data) > MOST_DOCUMENT_NBYTES:
        raise ValueError(f"it has more than {MOST_DOCUMENT_NBYTES:,} bytes")
    if data.count(b",") + data.count(b"[") + data.count(b"{") > _MOST_VALUES:
        raise ValueError(f"it holds more than {_MOST_VALUES:,} values")
    return data


def json_object(name: str, export: str, data: bytes) -> dict[str, Any]:
    """Parse a manifest as a JSON object.

    Parameters
    ----------
    name, export
        Name of the manifest, and its export, for the message.

    Raises
    ------
    BadInputError
        If it is not a JSON object.
    """
    try:
        content = json.loads(checked(data))
    except (ValueError, RecursionError) as error:
        raise not_ours(name, export, error) from None
    if not isinstance(content, dict):
        raise not_ours(name, export, "it is not a JSON object")
    return content


def not_ours(name: str, export: str, why: object) -> BadInputError:
    """Make the error for a manifest that is not what its name says."""
    reason = f"{why} is missing" if isinstance(why, KeyError) else str(why)
    return BadInputError(f"this {name} does not belong to a {export}: {reason}")
