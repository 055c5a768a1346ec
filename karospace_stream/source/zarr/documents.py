"""Read the metadata of a Zarr store defensively: limit its size and its depth to those of real stores."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.storage import read_regular

#: The consolidated metadata of 10,000 columns have 35 MB.
MOST_NBYTES = 64 << 20
_MOST_DEEP = 100
_MOST_VALUES = 4_000_000  # each takes 60 bytes of memory or more
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def read_document(path: Path) -> bytes:
    """A document in a folder of this machine.

    Raises
    ------
    BadInputError
        If it is no regular file, too large or nested too deep.
    OSError
        If it is not there, or may not be read.
    """
    try:
        data = read_regular(path, MOST_NBYTES)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError):
        raise
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror or error}") from error
    check_document(str(path), data)
    return data


def check_document(name: str, data: bytes) -> None:
    """Reject a document that would overwhelm its parser.

    Raises
    ------
    BadInputError
        If it is too large, or nested too deep.
    """
    check_size(name, len(data))
    n_open = data.count(b"[") + data.count(b"{")
    if n_open + data.count(b",") > _MOST_VALUES:
        raise BadInputError(
            f"{name} holds more than the {_MOST_VALUES:,} values that metadata of an AnnData may have; "
            "it is damaged"
        )
    if n_open > _MOST_DEEP and _depth(data) > _MOST_DEEP:
        raise BadInputError(
            f"{name} is nested deeper than the {_MOST_DEEP} levels that metadata of an AnnData may have; "
            "it is damaged"
        )


def check_size(name: str, nbytes: int) -> None:
    """Reject a document that is too large, before reading it.

    Raises
    ------
    BadInputError
        The message says how large it is.
    """
    if nbytes > MOST_NBYTES:
        raise BadInputError(f"{name} has {nbytes:,} bytes, but metadata must have at most {MOST_NBYTES:,}")


def _depth(data: bytes) -> int:
    letters = np.frombuffer(_STRING.sub(b"", data), np.uint8)
    steps = np.zeros(len(letters), np.int32)
    steps[(letters == ord("[")) | (letters == ord("{"))] = 1
    steps[(letters == ord("]")) | (letters == ord("}"))] = -1
    return int(np.cumsum(steps, out=steps).max(initial=0))
