"""One sparse gene as one gzip member: gaps between its cells, then its values, both byte-shuffled."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.gzip import gzip_pieces

#: Bytes beside the gene for each of its values while it is encoded: its gaps, their difference, one plane.
BLOCK_VALUE_NBYTES = 4 + 8 + 2


def block_pieces(
    rows: npt.NDArray[np.integer], stored: npt.NDArray[np.generic], level: int
) -> Iterator[bytes]:
    """Encode one gene.

    Parameters
    ----------
    rows
        Cells that have a value, ascending.
    stored
        Their values in the type in which they are stored.
    """
    return gzip_pieces(_planes(rows, stored), level)


def _planes(rows: npt.NDArray[np.integer], stored: npt.NDArray[np.generic]) -> Iterator[memoryview]:
    for values in (gaps(rows), stored):
        little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
        by_byte = little.view(np.uint8).reshape(len(little), little.itemsize)
        for plane in range(little.itemsize):
            yield memoryview(np.ascontiguousarray(by_byte[:, plane]))


def gaps(rows: npt.NDArray[np.integer]) -> npt.NDArray[np.uint32]:
    """Cells without a value before each that has one, since the last one."""
    between = np.empty(len(rows), np.uint32)
    if len(rows):
        between[0] = rows[0]
        np.subtract(rows[1:], rows[:-1], out=between[1:], casting="unsafe")
        between[1:] -= 1
    return between


def rows_and_values(
    content: bytes, n_values: int, dtype: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.generic]]:
    """Decode the inflated content of a block.

    Raises
    ------
    ValueError
        If it has another length.
    """
    itemsize = np.dtype(dtype).itemsize
    if len(content) != n_values * (4 + itemsize):
        raise ValueError(f"a block of {len(content)} bytes, not {n_values * (4 + itemsize)}")
    planes = np.frombuffer(content, np.uint8)
    between = _joined(planes[: 4 * n_values], "<u4")
    values = _joined(planes[4 * n_values :], np.dtype(dtype).newbyteorder("<").str)
    return np.cumsum(between.astype(np.int64) + 1) - 1, values


def _joined(planes: npt.NDArray[np.uint8], dtype: str) -> npt.NDArray[np.generic]:
    itemsize = np.dtype(dtype).itemsize
    return np.ascontiguousarray(planes.reshape(itemsize, -1).T).reshape(-1).view(dtype)
