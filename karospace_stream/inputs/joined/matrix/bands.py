"""A matrix of genes whose cells are in several inputs, each stored gene by gene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.joined.matrix.rows import Member
from karospace_stream.inputs.joined.pieces import Stack
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import GeneBand


@dataclass(frozen=True, slots=True, eq=False)
class JoinedGenes:
    """A matrix that is read by genes: all its members are CSC."""

    info: MatrixInfo
    members: tuple[Member, ...]
    stack: Stack

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stored values before each gene."""
        lengths = np.zeros(self.info.shape[1], np.int64)
        for member in self.members:
            if member.reader is None:
                continue
            width = member.reader.info.shape[1]
            own = np.diff(member.reader.count_before(np.arange(width + 1, dtype=np.int64)))
            where = _where(member, width)
            lengths[where[where >= 0]] += own[where >= 0]
        before: npt.NDArray[np.int64] = np.concatenate([[0], np.cumsum(lengths)])[lines]
        return before

    def read_rows(self, start: int, stop: int) -> Any:
        """Not of genes."""
        raise AssertionError("rows of a matrix of genes cannot be read")

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Read complete genes: the cells of the first input, then those of the next."""
        parts = [
            self._part(number, start, stop)
            for number, member in enumerate(self.members)
            if member.reader is not None
        ]
        if len(parts) == 1:
            indptr, rows, data = parts[0]
            return GeneBand(start, self.info.shape[0], indptr, rows, data)
        counts = np.stack([np.diff(indptr) for indptr, _, _ in parts])
        indptr = np.concatenate([[0], np.cumsum(counts.sum(axis=0))])
        # Where the values of each part go, for each gene: after those of all earlier parts.
        begins = indptr[:-1] + np.cumsum(counts, axis=0) - counts
        rows = np.empty(indptr[-1], parts[0][1].dtype)
        data = np.empty(indptr[-1], self.info.dtype)
        for (own, own_rows, own_data), count, begin in zip(parts, counts, begins, strict=True):
            where = np.repeat(begin - own[:-1], count)
            where += np.arange(len(where))
            rows[where], data[where] = own_rows, own_data
        return GeneBand(start, self.info.shape[0], indptr, rows, data)

    def lazy(self) -> Any | None:
        """None, since this is not a Dask array."""
        return None

    def _part(
        self, number: int, start: int, stop: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any], npt.NDArray[Any]]:
        """The genes of one input, with joined numbers of cells."""
        member, first_cell = self.members[number], int(self.stack.starts[number])
        reader = member.reader
        assert reader is not None
        index = np.int32 if self.info.shape[0] <= np.iinfo(np.int32).max else np.int64
        where = _where(member, reader.info.shape[1])
        own = np.flatnonzero((where >= start) & (where < stop))
        bands = [reader.read_genes(first, last) for first, last in _runs(own)]
        lengths = np.concatenate([np.zeros(0, np.int64), *(np.diff(band.indptr) for band in bands)])
        rows = np.concatenate([np.zeros(0, index), *(band.rows for band in bands)]).astype(index, copy=False)
        data = np.concatenate([np.zeros(0, self.info.dtype), *(band.data for band in bands)])
        del bands
        rows = np.add(rows, first_cell, dtype=index)
        counts = np.zeros(stop - start, np.int64)
        counts[where[own] - start] = lengths
        indptr = np.concatenate([[0], np.cumsum(counts)])
        if (np.diff(where[own]) > 0).all():
            return indptr, rows, data.astype(self.info.dtype, copy=False)
        begins = indptr[where[own] - start]
        target = np.repeat(begins - np.cumsum(lengths) + lengths, lengths)
        target += np.arange(len(target))
        sorted_rows, sorted_data = np.empty_like(rows), np.empty(len(data), self.info.dtype)
        sorted_rows[target], sorted_data[target] = rows, data
        return indptr, sorted_rows, sorted_data


def _where(member: Member, width: int) -> npt.NDArray[np.integer[Any]]:
    """The joined number of each gene of a member."""
    return np.arange(width) + member.shift if member.columns is None else member.columns


def _runs(own: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Neighbouring genes together."""
    if not len(own):
        return []
    ends = np.flatnonzero(np.diff(own) > 1)
    first = own[np.concatenate([[0], ends + 1])]
    last = own[np.concatenate([ends, [len(own) - 1]])] + 1
    return list(zip(first.tolist(), last.tolist(), strict=True))
