"""Fragments between scatter and gather: in memory, or in one file per row block.

A file holds, for each gene band, three Blosc (lz4, byte shuffle) frames: number of values per gene, row
offsets, values; after the last band come the ends of all bands, little-endian uint64. The
frames are self-describing, so only the file's name and size have to be remembered.
"""

from __future__ import annotations

import itertools
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import TargetError
from karospace_stream.model.matrix import ValueFacts
from karospace_stream.transpose.frames import file_nbytes, itemsize_of, pack, unpack, unpack_first
from karospace_stream.transpose.kernels import Fragment, Piece
from karospace_stream.transpose.whole_files import whole_file

_SAMPLE_VALUES = 1 << 16
_WORTHWHILE = 0.75


@dataclass(frozen=True, slots=True)
class FragmentReceipt:
    """Result of a scatter task.

    Attributes
    ----------
    facts
        If the values are stored exactly; then the lengths of all genes are stored too.
    """

    block: int
    first_cell: int
    n_values: int
    size: int
    facts: ValueFacts | None = None


class Scratch(Protocol):
    """Stores fragments from scatter to gather."""

    @property
    def durable(self) -> bool:
        """Whether the scratch outlives the process."""
        ...

    @property
    def where(self) -> str:
        """Folder or URL, if there is one."""
        ...

    def holds(self) -> Callable[[FragmentReceipt], bool]:
        """List the contents; returns a test whether a fragment of an earlier run is still there."""
        ...

    def write(self, block: int, fragment: Fragment, gene_cuts: Sequence[int]) -> FragmentReceipt:
        """Store a fragment, cut into bands."""
        ...

    def read(self, receipts: Sequence[FragmentReceipt], band: int, n_bands: int) -> Iterator[Piece]:
        """Yield one band of every fragment, one after another, in the order of the receipts."""
        ...

    def lengths(self, receipts: Sequence[FragmentReceipt]) -> Iterator[npt.NDArray[np.integer]]:
        """Give the values of each gene in every fragment that has facts."""
        ...

    def remove(self) -> None:
        """Forget everything."""
        ...


@dataclass(frozen=True, slots=True)
class FileScratch:
    """Fragments as files in a folder of their own, on a disk that all workers see."""

    folder: str

    durable = True

    @property
    def where(self) -> str:
        """The folder."""
        return self.folder

    def holds(self) -> Callable[[FragmentReceipt], bool]:
        """Whether the file has its size: it is written to its end before there is a receipt."""
        return lambda receipt: file_nbytes(Path(self._path(receipt.block))) == receipt.size

    def write(self, block: int, fragment: Fragment, gene_cuts: Sequence[int]) -> FragmentReceipt:
        """Write one file, band after band.

        Raises
        ------
        TargetError
            If the disk is full, or the file cannot be written for another reason.
        """
        try:
            size = self._write(block, fragment, gene_cuts)
        except OSError as error:
            raise TargetError(
                f"--scratch {Path(self.folder).parent}: a fragment could not be written: "
                f"{error.strerror or error}; make room or name another folder with --scratch"
            ) from error
        return FragmentReceipt(block, fragment.first_cell, len(fragment.values), size, fragment.facts)

    def _write(self, block: int, fragment: Fragment, gene_cuts: Sequence[int]) -> int:
        ends = []
        level = worthwhile_level(fragment.values)
        if fragment.facts is not None:  # first: the file of the values proves that both are there
            with whole_file(self._lengths(block)) as file:
                file.write(packed_lengths(fragment))
        with whole_file(self._path(block)) as file:
            for first, last in itertools.pairwise(gene_cuts):
                for frame in fragment_frames(fragment, first, last, level):
                    file.write(frame)
                ends.append(file.tell())
            file.write(np.asarray(ends, dtype="<u8").tobytes())
            return file.tell()

    def read(self, receipts: Sequence[FragmentReceipt], band: int, n_bands: int) -> Iterator[Piece]:
        """Read one band of every file, each with two reads."""
        for receipt in receipts:
            with Path(self._path(receipt.block)).open("rb", buffering=0) as file:
                # The ends of this band and of the one before; before the first there is nothing.
                file.seek(receipt.size - 8 * n_bands + 8 * max(0, band - 1))
                ends = (
                    struct.unpack("<QQ", file.read(16)) if band else (0, *struct.unpack("<Q", file.read(8)))
                )
                file.seek(ends[0])
                packed = file.read(ends[1] - ends[0])
            yield read_piece(receipt.first_cell, packed)

    def lengths(self, receipts: Sequence[FragmentReceipt]) -> Iterator[npt.NDArray[np.integer]]:
        """Read a small file for each fragment."""
        for receipt in receipts:
            yield unpack_lengths(Path(self._lengths(receipt.block)).read_bytes())

    def remove(self) -> None:
        """Delete the folder."""
        import shutil

        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, block: int) -> str:
        return f"{self.folder}/block_{block:05d}.bin"

    def _lengths(self, block: int) -> str:
        return f"{self.folder}/lengths_{block:05d}.bin"


@dataclass(frozen=True, slots=True)
class MemoryScratch:
    """Fragments in this process's memory: threads share them, other processes do not."""

    token: str

    durable = False
    where = ""

    def holds(self) -> Callable[[FragmentReceipt], bool]:
        """Report that nothing of an earlier run exists."""
        return lambda receipt: False

    def write(self, block: int, fragment: Fragment, gene_cuts: Sequence[int]) -> FragmentReceipt:
        """Hold the fragment itself in memory."""
        with _LOCK:
            _HELD.setdefault(self.token, {})[block] = (fragment, tuple(gene_cuts))
        return FragmentReceipt(
            block, fragment.first_cell, len(fragment.values), fragment.nbytes, fragment.facts
        )

    def read(self, receipts: Sequence[FragmentReceipt], band: int, n_bands: int) -> Iterator[Piece]:
        """Give views of the fragments."""
        for receipt in receipts:
            fragment, cuts = _HELD[self.token][receipt.block]
            first, last = cuts[band], cuts[band + 1]
            begin, end = fragment.indptr[first], fragment.indptr[last]
            counts = np.diff(fragment.indptr[first : last + 1])
            yield Piece(fragment.first_cell, counts, fragment.rows[begin:end], fragment.values[begin:end])

    def lengths(self, receipts: Sequence[FragmentReceipt]) -> Iterator[npt.NDArray[np.integer]]:
        """Count in the fragments that are held."""
        for receipt in receipts:
            yield np.diff(_HELD[self.token][receipt.block][0].indptr)

    def remove(self) -> None:
        """Release the fragments."""
        with _LOCK:
            _HELD.pop(self.token, None)


_HELD: dict[str, dict[int, tuple[Fragment, tuple[int, ...]]]] = {}
_LOCK = threading.Lock()


def packed_lengths(fragment: Fragment) -> bytes:
    """The values of each gene, as one frame."""
    return pack(np.diff(fragment.indptr).astype("<u4"))


def unpack_lengths(frame: bytes) -> npt.NDArray[np.integer]:
    """Unpack the result of `packed_lengths`."""
    return unpack(frame, "<u4")


def fragment_frames(fragment: Fragment, first: int, last: int, values_level: int) -> Iterator[bytes]:
    """The three frames of one band."""
    begin, end = fragment.indptr[first], fragment.indptr[last]
    yield pack(np.diff(fragment.indptr[first : last + 1]).astype("<u4"))
    yield pack(fragment.rows[begin:end])
    yield pack(fragment.values[begin:end], values_level)


def worthwhile_level(values: npt.NDArray[np.generic]) -> int:
    """1 if values compress by a quarter (counts do), else 0: normalised values hardly do."""
    sample = values[:_SAMPLE_VALUES]
    return int(len(pack(sample)) < _WORTHWHILE * sample.nbytes)


def read_piece(first_cell: int, packed: bytes) -> Piece:
    """One band of a fragment, from its three frames."""
    view = memoryview(packed)
    counts, view = unpack_first(view, "<u4")
    rows, view = unpack_first(view, "<u2")
    values, _ = unpack_first(view, "<f8" if itemsize_of(view) == 8 else "<f4")
    return Piece(first_cell, counts, rows, values)
