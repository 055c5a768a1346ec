"""Read a window of one page of a TIFF file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError, DamagedError
from karospace_stream.images.slide import Pixels
from karospace_stream.images.tiff.pages import is_plain, segment_shape
from karospace_stream.source.files.stored_file import PlainFile
from karospace_stream.source.files.stream import AnyFile
from karospace_stream.source.problems.unreadable import reason


def read_window(file: AnyFile, page: Any, rows: slice, columns: slice) -> Pixels:
    """A window of all samples, ``(height, width, samples)``.

    Raises
    ------
    DamagedError
        If a tile or strip cannot be decoded.
    """
    stored = PlainFile(file)
    if is_plain(page) and page.planarconfig == 1:
        return _plain(stored, page, rows, columns)
    n_samples = page.samplesperpixel
    made = np.zeros((rows.stop - rows.start, columns.stop - columns.start, n_samples), page.dtype)
    for index, top, left in _segments(page, rows, columns):
        part = _decoded(stored, page, index)
        if part is None:  # a tile that was never written
            continue
        plane = index // (len(page.dataoffsets) // n_samples) if page.planarconfig != 1 else None
        height, width = part.shape[:2]
        inside = _overlap(rows, top, height), _overlap(columns, left, width)
        target = made[inside[0][0], inside[1][0]]
        source = part[inside[0][1], inside[1][1]]
        if plane is None:
            target[...] = source
        else:
            target[:, :, plane] = source[:, :, 0]
    return made


def _overlap(wanted: slice, start: int, length: int) -> tuple[slice, slice]:
    """Where a segment lies in the result, and which part of it."""
    first, last = max(wanted.start, start), min(wanted.stop, start + length)
    return slice(first - wanted.start, last - wanted.start), slice(first - start, last - start)


def _segments(page: Any, rows: slice, columns: slice) -> Iterator[tuple[int, int, int]]:
    """Number, first row and first column of the segments that a window needs."""
    height, width = segment_shape(page)
    across, down = -(-page.imagewidth // width), -(-page.imagelength // height)
    for plane in range(page.samplesperpixel if page.planarconfig != 1 else 1):
        for row in range(rows.start // height, -(-rows.stop // height)):
            for column in range(columns.start // width, -(-columns.stop // width)):
                yield (plane * down + row) * across + column, row * height, column * width


def _decoded(stored: PlainFile, page: Any, index: int) -> Pixels | None:
    offset, count = page.dataoffsets[index], page.databytecounts[index]
    if not count:
        return None
    data = stored.read(offset, count)
    try:
        found, _, shape = page.decode(data, index, jpegtables=page.jpegtables)
    except Exception as error:  # codecs raise anything
        raise _damaged(stored, index, reason(error)) from error
    if found is None:
        return None
    height, width = segment_shape(page)
    if found.shape[1] > height or found.shape[2] > width or found.shape[1:3] != tuple(shape[1:3]):
        raise _damaged(stored, index, f"it holds {found.shape[1:3]} pixels instead of {tuple(shape[1:3])}")
    part: Pixels = found[0]
    return part


def _plain(stored: PlainFile, page: Any, rows: slice, columns: slice) -> Pixels:
    """Rows of uncompressed strips."""
    n_samples, per_strip = page.samplesperpixel, segment_shape(page)[0]
    dtype = page.dtype.newbyteorder(page.parent.byteorder)
    line = page.imagewidth * n_samples * dtype.itemsize
    made = np.empty((rows.stop - rows.start, columns.stop - columns.start, n_samples), page.dtype)
    row = rows.start
    while row < rows.stop:
        strip, inside = divmod(row, per_strip)
        stop = min(rows.stop, (strip + 1) * per_strip, row + max(1, _PLAIN_NBYTES // line))
        needed = (inside + stop - row) * line
        if page.databytecounts[strip] < needed:
            raise _damaged(stored, strip, "it is too short")
        data = stored.read(page.dataoffsets[strip] + inside * line, (stop - row) * line)
        values = np.frombuffer(data, dtype).reshape(stop - row, page.imagewidth, n_samples)
        made[row - rows.start : stop - rows.start] = values[:, columns]
        row = stop
    return made


_PLAIN_NBYTES = 8 << 20


def _damaged(stored: PlainFile, index: int, why: str) -> BadInputError:
    return DamagedError(f"{stored.path}: tile or strip {index} cannot be decoded: {why}; copy the file again")
