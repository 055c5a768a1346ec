"""Read the rows of a matrix from its pieces in scratch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.striped.stripes import STRIPE_VALUES, Piece, Stripes
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import GeneBand, RowBlock
from karospace_stream.model.source import ScratchFiles
from karospace_stream.transpose.frames import unpack_first

_READ_VALUES = 2 * STRIPE_VALUES  # merged at a time
_FILE_ROWS = 1 << 17  # whose offsets are in one file
_FILES = 16  # of offsets, read at the same time


@dataclass(frozen=True, slots=True)
class StripedReader:
    """A CSR matrix in scratch; see `MatrixReader`.

    Attributes
    ----------
    pieces
        In the order in which the entries of a row follow each other.
    key
        Begins the names of the files that hold the offsets of the rows.
    """

    info: MatrixInfo
    stripes: Stripes
    pieces: tuple[Piece, ...]
    files: ScratchFiles
    key: str

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stored values before each row; reads the offsets of these rows only."""
        counts = np.full(len(lines), self.info.nnz, np.int64)
        height = _file_rows(self.stripes)
        numbers = np.unique(lines[lines < self.stripes.n_rows] // height).tolist()
        for first in range(0, len(numbers), _FILES):
            some = numbers[first : first + _FILES]
            read = self.files.read_ranges([self._offsets(number, 0, height) for number in some])
            for number, data in zip(some, read, strict=True):
                low, high = np.searchsorted(lines, [number * height, (number + 1) * height])
                high = min(high, int(np.searchsorted(lines, self.stripes.n_rows)))
                counts[low:high] = np.frombuffer(data, "<i8")[lines[low:high] - number * height]
        return counts

    def read_rows(self, start: int, stop: int) -> RowBlock:
        """Read complete rows: the entries of all pieces, a few stripes at a time."""
        before = self._before(start, stop)
        indptr = before - before[0]
        columns = np.empty(indptr[-1], self.stripes.index_dtype)
        values = np.empty(indptr[-1], self.stripes.dtype)
        filled = indptr[:-1].copy()
        for some in self._groups(start, stop, before):
            held = [(piece, its) for piece in self.pieces if (its := piece.within(some))]
            ranges = [
                each for piece, its in held for each in (piece.counts_range(its), piece.entries_range(its))
            ]
            read = iter(self.files.read_ranges(ranges))
            for _, its in held:
                self._merge(its, next(read), next(read), start, filled, columns, values)
        return RowBlock(start, self.stripes.n_columns, indptr, columns, values)

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Not for rows."""
        raise AssertionError("genes of a CSR matrix cannot be read")

    def lazy(self) -> Any | None:
        """None, since this is not a Dask array."""
        return None

    def _before(self, start: int, stop: int) -> npt.NDArray[np.int64]:
        height = _file_rows(self.stripes)
        last = min(stop + 1, self.stripes.n_rows)
        numbers = range(start // height, -(-last // height)) if start < last else range(0)
        ranges = [self._offsets(n, max(start - n * height, 0), last - n * height) for n in numbers]
        offsets = np.frombuffer(b"".join(self.files.read_ranges(ranges)), "<i8").astype(np.int64)
        return offsets if stop < self.stripes.n_rows else np.append(offsets, self.info.nnz or 0)

    def _offsets(self, number: int, start: int, stop: int) -> tuple[str, int, int]:
        height = _file_rows(self.stripes)
        stop = min(stop, height, self.stripes.n_rows - number * height)
        return offsets_key(self.key, number), 8 * start, 8 * stop

    def _groups(self, start: int, stop: int, before: npt.NDArray[np.int64]) -> Iterator[range]:
        """Successive stripes with few enough values to be read together."""
        touched = self.stripes.touched(start, stop)
        first = touched.start
        for stripe in touched:
            low, high = self.stripes.rows(first)[0], self.stripes.rows(stripe)[1]
            wanted = before[min(high, stop) - start] - before[max(low, start) - start]
            if wanted > _READ_VALUES and stripe > first:
                yield range(first, stripe)
                first = stripe
        if touched:
            yield range(first, touched.stop)

    def _merge(
        self,
        some: range,
        counts_frames: bytes,
        entries_frames: bytes,
        start: int,
        filled: npt.NDArray[np.int64],
        columns: npt.NDArray[Any],
        values: npt.NDArray[Any],
    ) -> None:
        """Put the entries of some stripes of a piece where they belong.

        Parameters
        ----------
        filled
            Where the next entry of each row goes.
        """
        counted, packed = memoryview(counts_frames), memoryview(entries_frames)
        for stripe in some:
            counts, counted = unpack_first(counted, "<u4")
            if not counts.any():
                continue
            some_columns, packed = unpack_first(packed, self.stripes.index_dtype)
            some_values, packed = unpack_first(packed, self.stripes.dtype)
            first, last = self.stripes.rows(stripe)
            low, high = max(first, start), min(last, start + len(filled))
            ends = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
            part = slice(ends[low - first], ends[high - first])
            its, rows = np.diff(ends[low - first : high - first + 1]), slice(low - start, high - start)
            where = _destination(filled[rows], its)
            columns[where] = some_columns[part]
            values[where] = some_values[part]
            filled[rows] += its


def _destination(begins: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> Any:
    """Where the entries of successive rows go, each row's from its own begin."""
    total = int(counts.sum())
    if np.array_equal(begins[:-1] + counts[:-1], begins[1:]):  # nothing of other pieces in between
        return slice(int(begins[0]), int(begins[0]) + total)
    where = np.repeat(begins - np.cumsum(counts) + counts, counts)
    where += np.arange(total)
    return where


def striped_reader(
    name: str, stripes: Stripes, pieces: Sequence[Piece], files: ScratchFiles, key: str
) -> StripedReader:
    """The reader of some pieces, once all are written; counts the values of each row, and writes that too.

    Parameters
    ----------
    name
        Of the matrix: ``"X"``, ``"layers/<key>"`` or ``"raw"``.
    key
        Begins the names of the files that it writes.
    """
    held = tuple(piece for piece in pieces if piece.n_values)
    total = most = 0
    per_file = _file_rows(stripes) // stripes.height
    n_stripes = len(stripes.touched(0, stripes.n_rows))
    for number, first in enumerate(range(0, n_stripes, per_file)):
        some = range(first, min(first + per_file, n_stripes))
        counts = _row_counts(stripes, some, held, files)
        ends = total + np.cumsum(counts)
        files.put(offsets_key(key, number), (ends - counts).astype("<i8").tobytes())
        whole = np.add.reduceat(counts, np.arange(0, len(counts), stripes.height))
        total, most = int(ends[-1]), max(most, int(whole.max()))
    info = MatrixInfo(
        name,
        "csr",
        (stripes.n_rows, stripes.n_columns),
        stripes.dtype,
        nnz=total,
        gene_major=False,
        index_itemsize=np.dtype(stripes.index_dtype).itemsize,
        chunk_values=max(most, _READ_VALUES if total else 1),
    )
    return StripedReader(info, stripes, held, files, key)


def offsets_key(key: str, number: int) -> str:
    """Name of a file of offsets."""
    return f"{key}_rows_{number:05d}"


def _file_rows(stripes: Stripes) -> int:
    return max(1, _FILE_ROWS // stripes.height) * stripes.height


def _row_counts(
    stripes: Stripes, some: range, pieces: Sequence[Piece], files: ScratchFiles
) -> npt.NDArray[np.int64]:
    """The values of each row of some stripes."""
    start, stop = stripes.rows(some.start)[0], stripes.rows(some.stop - 1)[1]
    counts = np.zeros(stop - start, np.int64)
    held = [(piece, its) for piece in pieces if (its := piece.within(some))]
    read = files.read_ranges([piece.counts_range(its) for piece, its in held])
    for (_, its), data in zip(held, read, strict=True):
        view = memoryview(data)
        for stripe in its:
            lengths, view = unpack_first(view, "<u4")
            first, last = stripes.rows(stripe)
            counts[first - start : last - start] += lengths
    return counts
