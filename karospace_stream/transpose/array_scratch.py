"""Scratch for a few arrays that one task passes on to another, such as sums of genes, and for other files."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from karospace_stream.errors import TargetError
from karospace_stream.storage import Headers, Store, location_of
from karospace_stream.transpose.frames import file_nbytes
from karospace_stream.transpose.stored_scratch import as_scratch_error, remove_all
from karospace_stream.transpose.whole_files import whole_file

Arrays = Mapping[str, Any]
#: Whether an array is to be read, by its name.
Wanted = Callable[[str], bool]

# NumPy parses the head of each array with `ast`. In CPython up to 3.12 that may raise
# SystemError ("AST constructor recursion depth mismatch") if another thread parses, too: https://github.com/python/cpython/issues/106905
_PARSING = threading.Lock()


@dataclass(frozen=True, slots=True)
class ArraysReceipt:
    """Some arrays in scratch.

    Attributes
    ----------
    first
        The number of the task, or the position of the first gene.
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
    part: str = ""

    @property
    def name(self) -> str:
        """Name of the file."""
        return _name(self.part, self.first)


def every(name: str) -> bool:
    """Read all arrays."""
    return True


class ArrayScratch(Protocol):
    """Stores some arrays for each task."""

    @property
    def where(self) -> str:
        """Folder or URL."""
        ...

    def holds(self) -> Callable[[ArraysReceipt], bool]:
        """Return a test whether what an earlier run wrote is still there."""
        ...

    def put(self, part: str, number: int, arrays: Arrays, *, n_missing: int = 0) -> ArraysReceipt:
        """Store arrays."""
        ...

    def get(self, receipt: ArraysReceipt, wanted: Wanted = every) -> Arrays:
        """Give what `put` stored, or those arrays that are wanted."""
        ...

    @property
    def files(self) -> Store:
        """The same place, for files that are read by ranges."""
        ...

    def remove(self) -> None:
        """Delete everything."""
        ...


@dataclass(frozen=True, slots=True)
class FileArrayScratch:
    """Files in a folder of their own, on a disk that all workers see."""

    folder: str
    name: str = ""

    @property
    def where(self) -> str:
        """The folder."""
        return self.folder

    def holds(self) -> Callable[[ArraysReceipt], bool]:
        """Whether the file has its size."""
        return lambda receipt: (
            receipt.of == self.name and file_nbytes(Path(self.folder) / receipt.name) == receipt.size
        )

    def put(self, part: str, number: int, arrays: Arrays, *, n_missing: int = 0) -> ArraysReceipt:
        """Write one file.

        Raises
        ------
        TargetError
            If the disk is full, or the file cannot be written for another reason.
        """
        return self._write(ArraysReceipt(number, 0, n_missing, part=part), _packed(arrays))

    def get(self, receipt: ArraysReceipt, wanted: Wanted = every) -> Arrays:
        """Read the file of a receipt."""
        return _unpacked((Path(self.folder) / receipt.name).read_bytes(), wanted)

    def _write(self, receipt: ArraysReceipt, data: memoryview) -> ArraysReceipt:
        try:
            with whole_file(Path(self.folder) / receipt.name) as file:
                file.write(data)
        except OSError as error:
            raise TargetError(
                f"--scratch {Path(self.folder).parent}: files could not be written: "
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
class StoredArrayScratch:
    """Objects of any store, below their own location."""

    store: Store
    name: str = ""

    @property
    def where(self) -> str:
        """The URL, for people."""
        return self.store.shown

    def holds(self) -> Callable[[ArraysReceipt], bool]:
        """Whether the object has its size."""
        with as_scratch_error(self.store, "its contents could not be listed"):
            sizes = {key: about.size for key, about in self.store.find().items()}
        return lambda receipt: receipt.of == self.name and sizes.get(receipt.name) == receipt.size

    def put(self, part: str, number: int, arrays: Arrays, *, n_missing: int = 0) -> ArraysReceipt:
        """Write one object.

        Raises
        ------
        TargetError
            If the store fails for longer than we retry, or denies writing.
        """
        return self._write(ArraysReceipt(number, 0, n_missing, part=part), _packed(arrays))

    def get(self, receipt: ArraysReceipt, wanted: Wanted = every) -> Arrays:
        """Read the object of a receipt.

        Raises
        ------
        TargetError
            As `put`, or if an object is gone.
        """
        return _unpacked(self._read(receipt), wanted)

    def _write(self, receipt: ArraysReceipt, data: memoryview) -> ArraysReceipt:
        with as_scratch_error(self.store, "files could not be written"):
            self.store.put(receipt.name, data, Headers())
        return replace(receipt, size=len(data), of=self.name)

    def _read(self, receipt: ArraysReceipt) -> bytes:
        with as_scratch_error(self.store, "files could not be read"):
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


def _packed(arrays: Arrays) -> memoryview:
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getbuffer()


def _unpacked(data: bytes, wanted: Wanted) -> Arrays:
    with _PARSING, np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files if wanted(name)}


def _name(part: str, first: int) -> str:
    return f"{part}_{first:08d}.npz"
