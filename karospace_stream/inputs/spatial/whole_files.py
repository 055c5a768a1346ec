"""Small files of a folder, read whole."""

from __future__ import annotations

import json
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.stream import AnyFile
from karospace_stream.units import format_nbytes

_MOST_DOCUMENT_NBYTES = 16 << 20


def read_whole(file: AnyFile, most_nbytes: int) -> bytes:
    """All bytes of a file.

    Raises
    ------
    BadInputError
        If it has more than ``most_nbytes``, or has changed since the folder was opened.
    """
    if file.size > most_nbytes:
        raise BadInputError(
            f"{file.path} has {format_nbytes(file.size)}, but must have {format_nbytes(most_nbytes)} at most"
        )
    return read_part(file, 0, file.size)


def read_part(file: AnyFile, start: int, stop: int) -> bytes:
    """Some bytes of a file; fewer at its end."""
    data = bytearray(max(0, min(stop, file.size) - start))
    if data:
        with file.open() as ranges:
            ranges.read_into(start, memoryview(data))
    return bytes(data)


def read_object(file: AnyFile) -> dict[str, Any]:
    """A JSON object.

    Raises
    ------
    BadInputError
        If it is something else.
    """
    try:
        found = json.loads(read_whole(file, _MOST_DOCUMENT_NBYTES))
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{file.path} must be JSON, but is damaged: {error}") from error
    if not isinstance(found, dict):
        raise BadInputError(f"{file.path} must hold a JSON object, got {type(found).__name__}")
    return found
