"""Packs of transcripts: the nodes of genes, and lists of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.gzip import gzip_bytes
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.tissue.transcripts.blocks import GeneBlocks
from karospace_stream.formats.karospace.tissue.transcripts.part import LIMIT
from karospace_stream.formats.karospace.tissue.transcripts.priorities import priorities, seed_of
from karospace_stream.formats.karospace.tissue.transcripts.sieve import Spill, all_nodes
from karospace_stream.formats.karospace.tissue.transcripts.survey import Survey, Unit
from karospace_stream.formats.karospace.tissue.transcripts.tree import Node, Points, Square
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.storage import Store

#: Nodes are gzip members whether or not files are compressed.
_LEVEL = 1
_LAST = np.nextafter(1.0, 0.0)

#: Pack, offset and bytes of the list of a gene's nodes.
Listed = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class PacksWritten:
    """Packs, and where in them the lists of neighbouring genes are."""

    receipts: tuple[Receipt, ...]
    first_gene: int
    lists: tuple[Listed, ...]


def write_unit(job: KarospaceJob, store: Store, found: Survey, unit: Unit) -> PacksWritten:
    """Write the genes of one unit."""
    chosen = found.names[unit.first : unit.stop]
    blocks = GeneBlocks.of(store, found.keys, chosen)
    packs = _Packs(job, unit)
    lists = []
    for first, stop in _batches(found.counts[unit.first : unit.stop]):
        for gene, chunks in _genes(blocks, first, stop):
            n = found.counts[unit.first + gene]
            seed = seed_of(chosen[gene])
            several = (_points(found, xy, seed) for xy in chunks)
            spill = Spill(store, f"transcripts_gene_{unit.first + gene:06d}", LIMIT)
            lists.append(packs.add_gene(all_nodes(several, n, Square(), spill)))
    return PacksWritten(packs.finish(), unit.first, tuple(lists))


def _batches(counts: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Neighbouring genes that are in memory together; a large one is alone."""
    first, n = 0, 0
    for number, count in enumerate(counts):
        if number > first and n + count > LIMIT:
            yield first, number
            first, n = number, 0
        n += count
    yield first, len(counts)


def _genes(
    blocks: GeneBlocks, first: int, stop: int
) -> Iterator[tuple[int, Iterator[npt.NDArray[np.float64]]]]:
    if stop == first + 1:  # as it is read
        yield first, (xy for xy, _ in blocks.read(first, stop))
        return
    several = list(blocks.read(first, stop))
    for gene in range(first, stop):
        at = gene - first
        yield gene, (xy[starts[at] : starts[at + 1]] for xy, starts in several)


def _points(found: Survey, xy: npt.NDArray[np.float64], seed: int) -> Points:
    """Places in the root square."""
    x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    u, v = ((each - low) / found.side for each, low in zip((x, y), found.minimum, strict=True))
    return Points(np.clip(u, 0, _LAST), np.clip(v, 0, _LAST), priorities(x, y, seed))


@dataclass(slots=True)
class _Packs:
    job: KarospaceJob
    unit: Unit
    _buffer: bytearray = field(default_factory=bytearray)
    _number: int = 0
    _n_points: int = 0
    _receipts: list[Receipt] = field(default_factory=list)

    def add_gene(self, nodes: Iterator[Node]) -> Listed:
        """Write the nodes of a gene, and their list."""
        rows = []
        for node in nodes:
            if self.unit.n_packs > 1:
                self._advance(self._n_points // self.unit.points_a_pack)
            pack, offset, nbytes = self._append(node.data)
            square = node.square
            rows.append((square.depth, square.column, square.row, pack, offset, nbytes, node.n))
            self._n_points += node.n
        self._advance(self.unit.n_packs - 1)
        return self._append(node_list(rows))

    def finish(self) -> tuple[Receipt, ...]:
        """Write the last pack."""
        self._put()
        return tuple(self._receipts)

    def _append(self, data: bytes) -> Listed:
        level = self.job.level
        packed = gzip_bytes(data, _LEVEL if level is None else level)
        offset = len(self._buffer)
        self._buffer += packed
        return self.unit.first_pack + self._number, offset, len(packed)

    def _advance(self, number: int) -> None:
        while self._number < min(number, self.unit.n_packs - 1):
            self._put()
            self._number += 1

    def _put(self) -> None:
        key = names.transcript_pack(self.unit.first_pack + self._number)
        target = self.job.target
        blob = Blob(target.prefix + key, bytes(self._buffer), names.BINARY)
        self._buffer.clear()
        self._receipts.append(target.put(blob))


def node_list(rows: list[tuple[int, int, int, int, int, int, int]]) -> bytes:
    """A list of nodes, before compression: depth, column, row, pack, offset, bytes, points of each."""
    rows.sort(key=lambda row: (row[0], row[2], row[1], row[3], row[4]))
    table = np.asarray(rows, np.int64).reshape(-1, 7).T
    kinds = ("u1", "<u4", "<u4", "<u2", "<u4", "<u4", "<u2")
    return b"".join(column.astype(kind).tobytes() for column, kind in zip(table, kinds, strict=True))
