"""A matrix of rows whose parts are in several inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.joined.pieces import Stack
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import DenseBlock, RowBlock
from karospace_stream.model.source import MatrixReader

_SLICE_VALUES = 1 << 19  # of a dense member that becomes sparse, at a time

Columns = npt.NDArray[np.int32]
Arrays = tuple[npt.NDArray[np.int64], npt.NDArray[Any], npt.NDArray[Any]]
"""Values of each row, their columns, and the values."""


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """The matrix of one input, as a part of the joined one.

    Attributes
    ----------
    reader
        None if the input has no such matrix.
    columns
        The joined column of each of its columns, -1 if it is left out; None if they are the same.
    shift
        What is added to its columns, in a matrix of blocks along the diagonal.
    """

    reader: MatrixReader | None
    columns: Columns | None = None
    shift: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class JoinedRows:
    """A matrix that is read by rows: sparse if any of its members is.

    Attributes
    ----------
    fill
        Value of a dense matrix where a member has no such column.
    """

    info: MatrixInfo
    members: tuple[Member, ...]
    stack: Stack
    fill: float = np.nan

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stored values before each row; at most so many, where columns are left out."""
        if self.info.layout == "dense":
            return lines.astype(np.int64) * self.info.shape[1]
        counts = np.zeros(len(lines), np.int64)
        before = 0
        for number, member in enumerate(self.members):
            begin, end = int(self.stack.starts[number]), int(self.stack.starts[number + 1])
            first, last = np.searchsorted(lines, [begin, end], side="left")
            own = np.unique(np.concatenate([[0], lines[first:last] - begin, [end - begin]]))
            found = np.zeros(len(own), np.int64) if member.reader is None else member.reader.count_before(own)
            counts[first:last] = before + found[np.searchsorted(own, lines[first:last] - begin)]
            before += int(found[-1])
        counts[np.searchsorted(lines, self.stack.n_rows) :] = before
        return counts

    def read_rows(self, start: int, stop: int) -> RowBlock | DenseBlock:
        """Read complete rows, across the borders of inputs."""
        if self.info.layout == "dense":
            return DenseBlock(start, self._dense(start, stop))
        parts = [self._sparse(number, *rows) for number, *rows in self.stack.within(start, stop)]
        counts, indices, data = (
            parts[0] if len(parts) == 1 else tuple(map(np.concatenate, zip(*parts, strict=True)))
        ) or self._no_rows()
        indptr = np.zeros(len(counts) + 1, np.int64)
        np.cumsum(counts, out=indptr[1:])
        return RowBlock(start, self.info.shape[1], indptr, indices, data)

    def read_genes(self, start: int, stop: int) -> Any:
        """Not of rows."""
        raise AssertionError("genes of a matrix of rows cannot be read")

    def lazy(self) -> Any | None:
        """None, since this is not a Dask array."""
        return None

    @property
    def _index_dtype(self) -> type[np.signedinteger[Any]]:
        return np.int32 if self.info.shape[1] <= np.iinfo(np.int32).max else np.int64

    def _no_rows(self) -> Arrays:
        return np.zeros(0, np.int64), np.zeros(0, self._index_dtype), np.zeros(0, self.info.dtype)

    def _sparse(self, number: int, start: int, stop: int) -> Arrays:
        member = self.members[number]
        if member.reader is None:
            return np.zeros(stop - start, np.int64), *self._no_rows()[1:]
        if member.reader.info.layout == "dense":
            counts, indices, data = _nonzero(member.reader, start, stop)
        else:
            block = member.reader.read_rows(start, stop)
            assert isinstance(block, RowBlock)
            counts, indices, data = np.diff(block.indptr), block.indices, block.data
        counts, indices, data = _mapped(member, counts, indices, data)
        return counts, indices.astype(self._index_dtype, copy=False), data.astype(self.info.dtype, copy=False)

    def _dense(self, start: int, stop: int) -> npt.NDArray[Any]:
        parts = list(self.stack.within(start, stop))
        if len(parts) == 1:
            number, first, last = parts[0]
            member = self.members[number]
            if member.reader is not None and member.columns is None:
                return _dense_rows(member.reader, first, last).astype(self.info.dtype, copy=False)
        joined = np.full((stop - start, self.info.shape[1]), self.fill, self.info.dtype)
        return self._filled(joined, start, parts)

    def _filled(
        self, joined: npt.NDArray[Any], start: int, parts: list[tuple[int, int, int]]
    ) -> npt.NDArray[Any]:
        for number, first, last in parts:
            member = self.members[number]
            if member.reader is None:
                continue
            top = int(self.stack.starts[number]) - start
            for low, high in _slices(member.reader.info, first, last):
                rows = _dense_rows(member.reader, low, high)
                into = joined[top + low : top + high]
                if member.columns is None:
                    into[:] = rows
                else:
                    stays = member.columns >= 0
                    into[:, member.columns[stays]] = rows[:, stays]
        return joined


def _dense_rows(reader: MatrixReader, start: int, stop: int) -> npt.NDArray[Any]:
    block = reader.read_rows(start, stop)
    assert isinstance(block, DenseBlock)
    return block.data


def _slices(info: MatrixInfo, start: int, stop: int) -> list[tuple[int, int]]:
    """Rows of a dense matrix in pieces that end with a chunk of storage."""
    height = max(1, _SLICE_VALUES // max(1, info.shape[1]) // info.chunk_rows) * info.chunk_rows
    ends = [*range(start - start % height + height, stop, height), stop]
    return list(zip([start, *ends[:-1]], ends, strict=True))


def _nonzero(reader: MatrixReader, start: int, stop: int) -> Arrays:
    """Rows of a dense matrix without their zeros, as SciPy makes them sparse."""
    counts, indices, values = [], [], []
    for first, last in _slices(reader.info, start, stop):
        rows = _dense_rows(reader, first, last)
        there = rows != 0
        counts.append(np.count_nonzero(there, axis=1).astype(np.int64))
        indices.append(np.nonzero(there)[1].astype(np.int32))
        values.append(rows[there])
    return np.concatenate(counts), np.concatenate(indices), np.concatenate(values)


def _mapped(
    member: Member, counts: npt.NDArray[np.int64], indices: npt.NDArray[Any], data: npt.NDArray[Any]
) -> Arrays:
    """The same rows with the joined columns."""
    if member.shift:
        return counts, indices.astype(np.int64) + member.shift, data
    if member.columns is None:
        return counts, indices, data
    indices = member.columns[indices]
    stays = indices >= 0
    if stays.all():
        return counts, indices, data
    before = np.concatenate([[0], np.cumsum(stays)])
    ends = np.concatenate([[0], np.cumsum(counts)])
    return np.diff(before[ends]), indices[stays], data[stays]
