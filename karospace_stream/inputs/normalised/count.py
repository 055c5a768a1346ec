"""Count the totals of all cells before the export: blocks do not show them, or their median is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.normalised.change import dense_totals, row_totals
from karospace_stream.inputs.normalised.divisors import StoredDivisors
from karospace_stream.inputs.normalised.once import PIECE, pieces_of
from karospace_stream.inputs.normalised.reader import NormalisedReader
from karospace_stream.model.matrix import DenseBlock
from karospace_stream.model.source import MatrixReader, ScratchFiles, Source
from karospace_stream.transpose.cuts import cut_lines
from karospace_stream.transpose.kernels import MAX_BLOCK_ROWS

#: Tiles of genes that are added up one after another, however they are read.
_TILES = 16
_MOST_LINES = 1 << 18  # positions where a matrix may be cut
_DIVISORS = "normalised_divisors"


@dataclass(frozen=True, slots=True, eq=False)
class CountTotals:
    """Counts the totals; see `Preparation`.

    Where the matrix lies gene by gene, the values of a tile of genes are added to the totals of their cells
    in the order of the file, and tiles in theirs: the bytes depend neither on memory nor on workers.

    Attributes
    ----------
    source
        With the reader that stands in until the totals are known.
    name
        Of the matrix.
    target
        The total of each cell, or ``"median"`` for that of the exported cells with counts.
    """

    source: Source
    name: str
    reader: NormalisedReader
    target: float | Literal["median"]

    @property
    def scratch_nbytes(self) -> int:
        """One file of totals for each tile of genes, and the divisors; or the totals alone."""
        n_cells = self.reader.info.shape[0]
        return 8 * n_cells * (1 + (self._n_tiles if self.reader.info.gene_major else 0))

    def steps(self, task_nbytes: int) -> Sequence[tuple[int, tuple[int, ...]]]:
        """A tile of genes or a block of rows each: its number, and where reading is cut."""
        stored = self.reader.stored
        if stored.info.gene_major:
            return self._tiles(stored, task_nbytes)
        return list(enumerate(pairwise(_row_cuts(stored, task_nbytes))))

    def run(self, step: tuple[int, tuple[int, ...]], files: ScratchFiles) -> tuple[int, int]:
        """Count one tile or block; returns its number and how many totals it has."""
        number, cuts = step
        count = _of_genes if self.reader.info.gene_major else _of_rows
        totals = count(self.reader.stored, cuts)
        files.put(_key(number), totals.tobytes())
        return number, len(totals)

    def finish(self, results: Sequence[tuple[int, int]], files: ScratchFiles) -> Source:
        """The source, with divisors in scratch or the target that was counted."""
        totals = self._added(results, files)
        change = replace(self.reader.change, target=self._target(totals))
        divisors = None
        if self.reader.info.gene_major:
            files.put(_DIVISORS, change.divisors(totals, 0).tobytes())
            divisors = StoredDivisors(files, _DIVISORS, change.dtype)
        reader = replace(self.reader, change=change, divisors=divisors)
        source = self.source.with_values(self.name, reader, natural_log=change.log)
        return source.with_preparation(None)

    @property
    def _n_tiles(self) -> int:
        return min(_TILES, max(1, self.reader.info.shape[1]))

    def _tiles(self, stored: MatrixReader, task_nbytes: int) -> list[tuple[int, tuple[int, ...]]]:
        n_cells, n_genes = stored.info.shape
        bounds = np.arange(self._n_tiles + 1) * n_genes // self._n_tiles
        cuts = np.unique([*bounds, *_gene_cuts(stored, task_nbytes - 8 * n_cells)])
        places = np.searchsorted(cuts, bounds).tolist()
        return [(tile, tuple(cuts[a : b + 1].tolist())) for tile, (a, b) in enumerate(pairwise(places))]

    def _added(self, results: Sequence[tuple[int, int]], files: ScratchFiles) -> npt.NDArray[np.float64]:
        several = (_read(files, *each) for each in results)
        if not self.reader.info.gene_major:
            return np.concatenate([*several, np.empty(0)])
        totals = np.zeros(self.reader.info.shape[0])
        for each in several:
            totals += each
        return totals

    def _target(self, totals: npt.NDArray[np.float64]) -> float:
        if self.target != "median":
            return self.target
        change = self.reader.change
        with np.errstate(over="ignore"):
            exported = (totals if change.cells is None else totals[change.cells]).astype(change.dtype)
        with_counts = exported[exported > 0]
        return float(np.median(with_counts)) if len(with_counts) else 1.0


def _key(number: int) -> str:
    return f"normalised_totals_{number}"


def _read(files: ScratchFiles, number: int, length: int) -> npt.NDArray[np.float64]:
    (data,) = files.read_ranges([(_key(number), 0, 8 * length)])
    return np.frombuffer(data, np.float64)


def _of_rows(stored: MatrixReader, cuts: tuple[int, ...]) -> npt.NDArray[np.float64]:
    start, stop = cuts
    block = stored.read_rows(start, stop)
    totals = np.empty(stop - start)
    if isinstance(block, DenseBlock):
        height = max(1, PIECE // max(1, block.data.shape[1]))
        for first in range(0, len(totals), height):
            totals[first : first + height] = dense_totals(block.data[first : first + height])
        return totals
    for first, end in pieces_of(block.indptr):
        span = slice(int(block.indptr[first]), int(block.indptr[end]))
        totals[first:end] = row_totals(block.data[span], block.indptr[first : end + 1] - span.start)
    return totals


def _of_genes(stored: MatrixReader, cuts: tuple[int, ...]) -> npt.NDArray[np.float64]:
    totals = np.zeros(stored.info.shape[0])
    for start, stop in pairwise(cuts):
        band = stored.read_genes(start, stop)
        for first in range(0, len(band.data), PIECE):
            part = slice(first, first + PIECE)
            np.add.at(totals, band.rows[part], band.data[part].astype(np.float64))
    return totals


def _row_cuts(stored: MatrixReader, task_nbytes: int) -> list[int]:
    """Bounds of blocks of rows: those of the user's own blocks, or as many rows as a task can read."""
    info, lazy = stored.info, stored.lazy()
    if lazy is not None:
        return [0, *np.cumsum(lazy.chunks[0]).tolist()]
    n_rows = info.shape[0]
    lines = np.unique([*range(0, n_rows, max(1, n_rows // _MOST_LINES)), n_rows])
    most = max(1, task_nbytes // (2 * (info.stored_itemsize + info.index_itemsize)))
    cuts = cut_lines(lines, stored.count_before(lines), most, MAX_BLOCK_ROWS, info.chunk_rows)
    return list(cuts)


def _gene_cuts(stored: MatrixReader, task_nbytes: int) -> list[int]:
    """Bounds of bands of genes that a task can read."""
    info, lazy = stored.info, stored.lazy()
    if lazy is not None:
        return [0, *np.cumsum(lazy.chunks[1]).tolist()]
    genes = np.arange(info.shape[1] + 1)
    is_csc = info.layout == "csc"
    before = stored.count_before(genes) if is_csc else genes * info.shape[0]
    per_value = info.stored_itemsize + info.index_itemsize if is_csc else 2 * info.stored_itemsize + 4
    return list(cut_lines(genes, before, max(1, task_nbytes // (2 * per_value)), max(1, info.shape[1])))
