"""Entries and edges of a graph as objects of any store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.storage import Store
from karospace_stream.transpose.edges.kernels import EdgeFragment, Edges, Keys, Values
from karospace_stream.transpose.edges.receipts import (
    COLUMNS,
    EdgeBand,
    EdgeColumn,
    EdgeReceipt,
    receipt_of,
)
from karospace_stream.transpose.edges.scratch import edge_parts
from karospace_stream.transpose.edges.stored_ends import frame_spans
from karospace_stream.transpose.frames import pack, unpack, unpack_frames
from karospace_stream.transpose.stored_scratch import as_scratch_error, remove_all
from karospace_stream.transpose.stripes import StripeWriter, read_spans, read_stripes, run_sizes

_UNWRITTEN = "part of the neighbour graph could not be written"
_UNREAD = "part of the neighbour graph could not be read"


@dataclass(frozen=True, slots=True)
class StoredEdgeScratch:
    """Runs of frames below their own location, like the files of `FileEdgeScratch`."""

    store: Store

    durable = True

    @property
    def where(self) -> str:
        """The URL, for people."""
        return self.store.shown

    def holds(self) -> Callable[[EdgeReceipt | EdgeBand], bool]:
        """Whether the objects have their sizes."""
        with as_scratch_error(self.store, "its contents could not be listed"):
            sizes = run_sizes(self.store)

        def there(receipt: EdgeReceipt | EdgeBand) -> bool:
            if isinstance(receipt, EdgeReceipt):
                return sizes[_block(receipt.block)] == receipt.size
            return sum(sizes[_column(receipt.band, column)] for column in COLUMNS) == receipt.size

        return there

    def write_block(self, block: int, fragment: EdgeFragment) -> EdgeReceipt:
        """Write one run, band after band: keys, then values.

        Raises
        ------
        TargetError
            If the store fails for longer than we retry, or denies writing.
        """
        ends = []
        with as_scratch_error(self.store, _UNWRITTEN):
            writer = StripeWriter(self.store, _block(block))
            for part in edge_parts(fragment):
                for array in part:
                    writer.write(pack(array))
                    ends.append(writer.size)
            writer.write(np.asarray(ends, "<u8").tobytes())
            size = writer.close()
        return receipt_of(block, fragment, size)

    def read_keys(self, receipts: Sequence[EdgeReceipt], band: int) -> Iterator[Keys]:
        """Read the keys of one band of every run, many at the same time."""
        for frame in self._frames(receipts, 2 * band):
            yield unpack(frame, np.uint64)

    def read_values(self, receipts: Sequence[EdgeReceipt], band: int) -> Iterator[Values]:
        """Read the values of one band of every run, many at the same time."""
        for receipt, frame in zip(receipts, self._frames(receipts, 2 * band + 1), strict=True):
            yield unpack(frame, receipt.dtype)

    def write_band(self, band: int, pieces: Iterable[Edges]) -> EdgeBand:
        """Write three runs, one a column."""
        counts = dict.fromkeys(COLUMNS, 0)
        writers = {column: StripeWriter(self.store, _column(band, column), at_once=1) for column in COLUMNS}
        with as_scratch_error(self.store, _UNWRITTEN):
            for edges in pieces:
                for column, writer in writers.items():
                    values = getattr(edges, column)
                    counts[column] += len(values)
                    writer.write(pack(values))
            size = sum(writer.close() for writer in writers.values())
        return EdgeBand(band, counts["sources"], counts["loops"], size)

    def read_band(
        self, band: int, column: EdgeColumn, index: npt.DTypeLike
    ) -> Iterator[npt.NDArray[np.unsignedinteger]]:
        """Read one run, frame by frame."""
        with as_scratch_error(self.store, _UNREAD):
            yield from unpack_frames(read_stripes(self.store, _column(band, column)), index)

    def remove(self) -> None:
        """Delete all objects, as far as the store lets us."""
        remove_all(self.store)

    def _frames(self, receipts: Sequence[EdgeReceipt], frame: int) -> Iterator[bytes]:
        runs = tuple((_block(receipt.block), receipt.size) for receipt in receipts)
        n_frames = 2 * len(receipts[0].counts) if receipts else 0
        with as_scratch_error(self.store, _UNREAD):
            yield from read_spans(self.store, frame_spans(self.store, runs, frame, n_frames))


def _block(block: int) -> str:
    return f"edges_{block:05d}"


def _column(band: int, column: EdgeColumn) -> str:
    return f"{column}_{band:05d}"
