"""Scratch for the entries of a graph from scatter to gather, and for its edges from gather to writing."""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import TargetError
from karospace_stream.transpose.edges.kernels import EdgeFragment, Edges, Keys, Values
from karospace_stream.transpose.edges.receipts import (
    COLUMNS,
    EdgeBand,
    EdgeColumn,
    EdgeReceipt,
    EdgeScratch,
    receipt_of,
)
from karospace_stream.transpose.frames import file_nbytes, pack, read_frames, unpack
from karospace_stream.transpose.whole_files import whole_file

__all__ = ["EdgeBand", "EdgeColumn", "EdgeReceipt", "EdgeScratch", "FileEdgeScratch", "MemoryEdgeScratch"]


@dataclass(frozen=True, slots=True)
class FileEdgeScratch:
    """Files in a folder of their own, on a disk that all workers see."""

    folder: str

    durable = True

    @property
    def where(self) -> str:
        """The folder."""
        return self.folder

    def holds(self) -> Callable[[EdgeReceipt | EdgeBand], bool]:
        """Whether the files have their sizes."""

        def there(receipt: EdgeReceipt | EdgeBand) -> bool:
            if isinstance(receipt, EdgeReceipt):
                return file_nbytes(self._block(receipt.block)) == receipt.size
            return sum(file_nbytes(self._column(receipt.band, column)) for column in COLUMNS) == receipt.size

        return there

    def write_block(self, block: int, fragment: EdgeFragment) -> EdgeReceipt:
        """Write one file, band after band: keys, then values.

        Raises
        ------
        TargetError
            If the disk is full, or the file cannot be written for another reason.
        """
        ends = []
        try:
            with whole_file(self._block(block)) as file:
                for part in edge_parts(fragment):
                    for array in part:
                        file.write(pack(array))
                        ends.append(file.tell())
                file.write(np.asarray(ends, "<u8").tobytes())
                size = file.tell()
        except OSError as error:
            raise self._failed(error) from error
        return receipt_of(block, fragment, size)

    def read_keys(self, receipts: Sequence[EdgeReceipt], band: int) -> Iterator[Keys]:
        """Read the keys of one band of every file, each with two reads."""
        for receipt in receipts:
            yield unpack(self._frame(receipt, 2 * band), np.uint64)

    def read_values(self, receipts: Sequence[EdgeReceipt], band: int) -> Iterator[Values]:
        """Read the values of one band of every file, each with two reads."""
        for receipt in receipts:
            yield unpack(self._frame(receipt, 2 * band + 1), receipt.dtype)

    def write_band(self, band: int, pieces: Iterable[Edges]) -> EdgeBand:
        """Write three files, one a column."""
        counts = dict.fromkeys(COLUMNS, 0)
        size = 0
        try:
            with ExitStack() as stack:
                files = {
                    column: stack.enter_context(whole_file(self._column(band, column))) for column in COLUMNS
                }
                for edges in pieces:
                    for column, file in files.items():
                        values = getattr(edges, column)
                        counts[column] += len(values)
                        size += file.write(pack(values))
        except OSError as error:
            raise self._failed(error) from error
        return EdgeBand(band, counts["sources"], counts["loops"], size)

    def read_band(
        self, band: int, column: EdgeColumn, index: npt.DTypeLike
    ) -> Iterator[npt.NDArray[np.unsignedinteger]]:
        """Read one file, frame by frame."""
        with self._column(band, column).open("rb") as file:
            yield from read_frames(file, index)

    def remove(self) -> None:
        """Delete the folder."""
        import shutil

        shutil.rmtree(self.folder, ignore_errors=True)

    def _frame(self, receipt: EdgeReceipt, index: int) -> bytes:
        with self._block(receipt.block).open("rb", buffering=0) as file:
            # The ends of this frame and of the one before; before the first there is nothing.
            file.seek(receipt.size - 8 * (2 * len(receipt.counts) - max(0, index - 1)))
            ends = struct.unpack("<QQ", file.read(16)) if index else (0, *struct.unpack("<Q", file.read(8)))
            file.seek(ends[0])
            return file.read(ends[1] - ends[0])

    def _block(self, block: int) -> Path:
        return Path(self.folder) / f"edges_{block:05d}.bin"

    def _column(self, band: int, column: EdgeColumn) -> Path:
        return Path(self.folder) / f"{column}_{band:05d}.bin"

    def _failed(self, error: OSError) -> TargetError:
        return TargetError(
            f"--scratch {Path(self.folder).parent}: part of the neighbour graph could not be written: "
            f"{error.strerror or error}; make room or name another folder with --scratch"
        )


@dataclass(frozen=True, slots=True)
class MemoryEdgeScratch:
    """Scratch in the memory of this process: threads share it, other processes do not."""

    token: str

    durable = False
    where = ""

    def holds(self) -> Callable[[EdgeReceipt | EdgeBand], bool]:
        """Report that nothing of an earlier run exists."""
        return lambda receipt: False

    def write_block(self, block: int, fragment: EdgeFragment) -> EdgeReceipt:
        """Hold the fragment itself in memory."""
        self._hold(("block", block), fragment)
        return receipt_of(block, fragment, fragment.nbytes)

    def read_keys(self, receipts: Sequence[EdgeReceipt], band: int) -> Iterator[Keys]:
        """Give views of the keys."""
        for fragment in self._fragments(receipts):
            yield fragment.keys[_bounds(fragment, band)]

    def read_values(self, receipts: Sequence[EdgeReceipt], band: int) -> Iterator[Values]:
        """Give views of the values."""
        for fragment in self._fragments(receipts):
            yield fragment.values[_bounds(fragment, band)]

    def write_band(self, band: int, pieces: Iterable[Edges]) -> EdgeBand:
        """Hold the edges themselves in memory."""
        held = list(pieces)
        self._hold(("band", band), held)
        n_edges, n_loops = sum(len(edges.sources) for edges in held), sum(len(edges.loops) for edges in held)
        size = sum(getattr(edges, column).nbytes for edges in held for column in COLUMNS)
        return EdgeBand(band, n_edges, n_loops, size)

    def read_band(
        self, band: int, column: EdgeColumn, index: npt.DTypeLike
    ) -> Iterator[npt.NDArray[np.unsignedinteger]]:
        """Give the pieces."""
        for edges in _HELD[self.token]["band", band]:
            yield getattr(edges, column)

    def remove(self) -> None:
        """Release everything."""
        with _LOCK:
            _HELD.pop(self.token, None)

    def _fragments(self, receipts: Sequence[EdgeReceipt]) -> Iterator[EdgeFragment]:
        for receipt in receipts:
            yield _HELD[self.token]["block", receipt.block]

    def _hold(self, key: tuple[str, int], what: Any) -> None:
        with _LOCK:
            _HELD.setdefault(self.token, {})[key] = what


_HELD: dict[str, dict[tuple[str, int], Any]] = {}
_LOCK = threading.Lock()


def _bounds(fragment: EdgeFragment, band: int) -> slice:
    return slice(int(fragment.ends[band - 1]) if band else 0, int(fragment.ends[band]))


def edge_parts(fragment: EdgeFragment) -> Iterator[tuple[Keys, Values]]:
    """Keys and values of each band."""
    for band in range(len(fragment.ends)):
        bounds = _bounds(fragment, band)
        yield fragment.keys[bounds], fragment.values[bounds]
