"""Scratch for the sums of genes, from the tasks that write genes to those that compare groups."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from karospace_stream.errors import TargetError
from karospace_stream.measures.sums import GeneTotals, GroupSums, Sums
from karospace_stream.storage import Headers, Store, location_of
from karospace_stream.transpose.frames import file_nbytes
from karospace_stream.transpose.stored_scratch import as_scratch_error, remove_all
from karospace_stream.transpose.whole_files import whole_file

Arrays = Mapping[str, Any]

#: Sums that a task holds until it writes them.
HELD_NBYTES = 8 << 20

# NumPy parses the head of each array with `ast`. In CPython up to 3.12 that may raise
# SystemError ("AST constructor recursion depth mismatch") if another thread parses, too: https://github.com/python/cpython/issues/106905
_PARSING = threading.Lock()


@dataclass(frozen=True, slots=True)
class SumsReceipt:
    """The sums of some genes, in scratch.

    Attributes
    ----------
    first
        The position of the first of the genes, or the number of another task.
    size
        Bytes.
    n_missing, n_clipped
        NaN that counted as 0, and infinities that were clipped.
    of
        The name of the scratch.
    part
        What the file holds; with ``first``, it names the file.
    """

    first: int
    size: int
    n_missing: int = 0
    n_clipped: int = 0
    of: str = ""
    part: str = "sums"

    @property
    def name(self) -> str:
        """Name of the file."""
        return _name(self.part, self.first)


class SumsScratch(Protocol):
    """Stores the sums of some genes each."""

    @property
    def where(self) -> str:
        """Folder or URL."""
        ...

    def holds(self) -> Callable[[SumsReceipt], bool]:
        """Return a test whether what an earlier run wrote is still there."""
        ...

    def write(self, first: int, sums: Sums) -> SumsReceipt:
        """Store sums."""
        ...

    def read(self, receipts: Iterable[SumsReceipt], groupings: Iterable[int]) -> Iterator[Sums]:
        """Give the sums of each receipt, of some groupings."""
        ...

    def put(self, part: str, number: int, arrays: Arrays, *, n_missing: int = 0) -> SumsReceipt:
        """Store other arrays."""
        ...

    def get(self, receipt: SumsReceipt) -> Arrays:
        """Give what `put` stored."""
        ...

    @property
    def files(self) -> Store:
        """The same place, for files that are read by ranges."""
        ...

    def remove(self) -> None:
        """Delete everything."""
        ...


@dataclass(frozen=True, slots=True)
class FileSumsScratch:
    """Files in a folder of their own, on a disk that all workers see."""

    folder: str
    name: str = ""

    @property
    def where(self) -> str:
        """The folder."""
        return self.folder

    def holds(self) -> Callable[[SumsReceipt], bool]:
        """Whether the file has its size."""
        return lambda receipt: (
            receipt.of == self.name and file_nbytes(Path(self.folder) / receipt.name) == receipt.size
        )

    def write(self, first: int, sums: Sums) -> SumsReceipt:
        """Write one file.

        Raises
        ------
        TargetError
            If the disk is full, or the file cannot be written for another reason.
        """
        return self._write(SumsReceipt(first, 0), encode(sums))

    def read(self, receipts: Iterable[SumsReceipt], groupings: Iterable[int]) -> Iterator[Sums]:
        """Read a file for each receipt."""
        wanted = tuple(groupings)
        for receipt in receipts:
            yield decode((Path(self.folder) / receipt.name).read_bytes(), wanted)

    def put(self, part: str, number: int, arrays: Arrays, *, n_missing: int = 0) -> SumsReceipt:
        """Write one file.

        Raises
        ------
        TargetError
            As `write`.
        """
        return self._write(SumsReceipt(number, 0, n_missing, part=part), _packed(arrays))

    def get(self, receipt: SumsReceipt) -> Arrays:
        """Read the file of a receipt."""
        return _unpacked((Path(self.folder) / receipt.name).read_bytes())

    def _write(self, receipt: SumsReceipt, data: memoryview) -> SumsReceipt:
        try:
            with whole_file(Path(self.folder) / receipt.name) as file:
                file.write(data)
        except OSError as error:
            raise TargetError(
                f"--scratch {Path(self.folder).parent}: statistics could not be written: "
                f"{error.strerror or error}; make room or name another folder with --scratch"
            ) from error
        return replace(receipt, size=len(data), of=self.name)

    @property
    def files(self) -> Store:
        """The folder."""
        return Store(location_of(f"file://{self.folder}"))

    def remove(self) -> None:
        """Delete the folder."""
        import shutil

        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class StoredSumsScratch:
    """Objects of any store, below their own location."""

    store: Store
    name: str = ""

    @property
    def where(self) -> str:
        """The URL, for people."""
        return self.store.shown

    def holds(self) -> Callable[[SumsReceipt], bool]:
        """Whether the object has its size."""
        with as_scratch_error(self.store, "its contents could not be listed"):
            sizes = {key: about.size for key, about in self.store.find().items()}
        return lambda receipt: receipt.of == self.name and sizes.get(receipt.name) == receipt.size

    def write(self, first: int, sums: Sums) -> SumsReceipt:
        """Write one object.

        Raises
        ------
        TargetError
            If the store fails for longer than we retry, or denies writing.
        """
        return self._write(SumsReceipt(first, 0), encode(sums))

    def read(self, receipts: Iterable[SumsReceipt], groupings: Iterable[int]) -> Iterator[Sums]:
        """Read an object for each receipt.

        Raises
        ------
        TargetError
            As `write`, or if an object is gone.
        """
        wanted = tuple(groupings)
        for receipt in receipts:
            yield decode(self._read(receipt), wanted)

    def put(self, part: str, number: int, arrays: Arrays, *, n_missing: int = 0) -> SumsReceipt:
        """Write one object.

        Raises
        ------
        TargetError
            As `write`.
        """
        return self._write(SumsReceipt(number, 0, n_missing, part=part), _packed(arrays))

    def get(self, receipt: SumsReceipt) -> Arrays:
        """Read the object of a receipt.

        Raises
        ------
        TargetError
            As `read`.
        """
        return _unpacked(self._read(receipt))

    def _write(self, receipt: SumsReceipt, data: memoryview) -> SumsReceipt:
        with as_scratch_error(self.store, "statistics could not be written"):
            self.store.put(receipt.name, data, Headers())
        return replace(receipt, size=len(data))

    def _read(self, receipt: SumsReceipt) -> bytes:
        with as_scratch_error(self.store, "statistics could not be read"):
            (data,) = self.store.read_whole([receipt.name])
            if data is None:
                raise FileNotFoundError("one of its objects was deleted")
        return data

    @property
    def files(self) -> Store:
        """The store."""
        return self.store

    def remove(self) -> None:
        """Delete all objects, as far as the store lets us."""
        remove_all(self.store)


_OF_GROUPS = ("n_cells", "n_expressing", "sums", "squares", "u", "ties")
_OF_GENES = ("n_expressing", "sums", "squares", "minimum", "maximum", "crossed", "moments")


def encode(sums: Sums) -> memoryview:
    """Sums as the bytes of an ``.npz``, uncompressed."""
    arrays = {"genes": sums.genes, "n_cells": np.asarray(sums.totals.n_cells)}
    of_genes = {f"totals/{name}": getattr(sums.totals, name) for name in _OF_GENES}
    arrays |= {name: values for name, values in of_genes.items() if values is not None}
    for number, of_groups in enumerate(sums.groups):
        for name in _OF_GROUPS:
            if (values := getattr(of_groups, name)) is not None:
                arrays[f"groups/{number}/{name}"] = values
    return _packed(arrays)


def decode(data: bytes, groupings: Iterable[int]) -> Sums:
    """Sums from the result of `encode`, of some groupings."""
    with _PARSING, np.load(io.BytesIO(data), allow_pickle=False) as arrays:

        def values(name: str) -> Any:
            return arrays[name] if name in arrays.files else None

        return Sums(
            arrays["genes"],
            GeneTotals(int(arrays["n_cells"]), **{name: values(f"totals/{name}") for name in _OF_GENES}),
            tuple(
                GroupSums(**{name: values(f"groups/{number}/{name}") for name in _OF_GROUPS})
                for number in groupings
            ),
        )


def _packed(arrays: Arrays) -> memoryview:
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getbuffer()


def _unpacked(data: bytes) -> Arrays:
    with _PARSING, np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _name(part: str, first: int) -> str:
    return f"{part}_{first:08d}.npz"
