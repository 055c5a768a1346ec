"""Check the sizes in the global heap before HDF5 follows them.

HDF5 goes from object to object by their sizes, and has no end if one says that the next object is where it
is itself, or before it.
"""

from __future__ import annotations

import h5py
import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.ranges import LocalFile, RangedFile, RangeReader
from karospace_stream.source.hdf5.heap import HEADER_NBYTES, OBJECT, SIGNATURE, heap_records

_WINDOW = 1 << 18  # bytes that are read at a time


def check_heap(file: RangedFile, dataset: h5py.Dataset, bounds: tuple[slice, ...]) -> None:
    """Check the collections that hold some strings; does nothing if it is not known where they are.

    Raises
    ------
    BadInputError
        If the sizes in one of them cannot be. The message is the reason only.
    """
    records = heap_records(file, dataset, bounds)
    if records is None or not isinstance(file, LocalFile):
        return
    addresses = np.unique(records["address"][records["number"] > 0])
    with file.open() as ranges:
        for address in addresses.tolist():
            if address + HEADER_NBYTES <= file.size:  # HDF5 says what is wrong with the others
                _check_collection(ranges, address, file.size)


def _check_collection(ranges: RangeReader, address: int, size: int) -> None:
    header = bytearray(HEADER_NBYTES)
    ranges.read_into(address, memoryview(header))
    nbytes = int.from_bytes(header[8:], "little")
    if header[:5] != SIGNATURE or nbytes > size - address:
        return  # HDF5 notices this
    place, stop = address + HEADER_NBYTES, address + nbytes
    while place + HEADER_NBYTES <= stop:
        window = bytearray(min(_WINDOW, stop - place))
        ranges.read_into(place, memoryview(window))
        place += _walk(window, place - address, stop - place)


def _walk(window: bytearray, place: int, room: int) -> int:
    """How far the objects go whose headers are in a piece of a collection, which begins with one.

    Parameters
    ----------
    place, room
        Where the piece begins in its collection, and the bytes from there to the end.
    """
    at = 0
    while at + HEADER_NBYTES <= len(window):
        number, nbytes = OBJECT.unpack_from(window, at)
        # What is free is counted with its header.
        step = HEADER_NBYTES + (nbytes + 7 & ~7) if number else nbytes
        if step < HEADER_NBYTES or step > room - at:
            raise BadInputError(
                f"byte {place + at:,} of a heap of texts states a size of {nbytes:,}, which cannot be; the "
                "file is damaged"
            )
        at += step
    return at
