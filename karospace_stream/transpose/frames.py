"""Arrays as Blosc frames, one after another in a file."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

_BYTE_SHUFFLE = 1
HEADER_NBYTES = 16  # of a frame; bytes 12 to 16 hold the size of all of it
_ITEMSIZE_AT = 3  # in the header


def pack(array: npt.NDArray[np.generic], level: int = 1) -> bytes:
    """One frame of an array of less than 2 GB; nothing for an empty one. Level 0 only shuffles."""
    if array.size == 0:
        return b""
    frame: bytes = _blosc().compress(np.ascontiguousarray(array), b"lz4", level, _BYTE_SHUFFLE, 0)
    return frame


def itemsize_of(frames: memoryview) -> int:
    """Bytes of one item of the first frame; 0 if there is no frame."""
    return frames[_ITEMSIZE_AT] if len(frames) else 0


def unpack(frame: bytes | memoryview, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """The array of one frame, read-only."""
    if not frame:
        return np.empty(0, dtype)
    return np.frombuffer(_blosc().decompress(frame), dtype=dtype)


def unpack_first(frames: memoryview, dtype: npt.DTypeLike) -> tuple[npt.NDArray[Any], memoryview]:
    """Unpack the first of several frames; returns its array and the remaining frames."""
    if not len(frames):
        return np.empty(0, dtype), frames
    (size,) = struct.unpack_from("<I", frames, 12)
    return unpack(frames[:size], dtype), frames[size:]


def read_frames(file: IO[bytes], dtype: npt.DTypeLike) -> Iterator[npt.NDArray[Any]]:
    """The arrays of all frames that follow in a file, one at a time."""
    while header := file.read(HEADER_NBYTES):
        (size,) = struct.unpack_from("<I", header, 12)
        yield unpack(header + file.read(size - HEADER_NBYTES), dtype)


def unpack_frames(pieces: Iterable[bytes], dtype: npt.DTypeLike) -> Iterator[npt.NDArray[Any]]:
    """The arrays of all frames of a run of bytes that arrives in pieces, cut anywhere."""
    held = bytearray()
    for piece in pieces:
        held += piece
        at = 0
        while at + HEADER_NBYTES <= len(held):
            (size,) = struct.unpack_from("<I", held, at + 12)
            if at + size > len(held):
                break
            yield unpack(bytes(held[at : at + size]), dtype)
            at += size
        del held[:at]
    if held:
        raise EOFError(f"{len(held)} bytes are an incomplete frame")


def file_nbytes(path: Path) -> int:
    """Bytes of a file of frames; -1 if there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _blosc() -> Any:
    from numcodecs import blosc  # late: an export that needs no scratch need not wait for it

    blosc.use_threads = False  # the workers are the threads
    return blosc
