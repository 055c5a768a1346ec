"""Strings read from the global heap without HDF5, which follows them one by one, one thread at a time.

A string is stored as its length, the address of a *collection* in the file, and its number in there. Objects
of a collection follow each other, each with a header of its number and its length. Strings that were written
together have numbers in a row, so that their places are sums of lengths. Every header is compared before its
text is taken. Whatever looks otherwise is left to HDF5. See "Global Heap" in the HDF5 file format
specification.
"""

from __future__ import annotations

import struct

import h5py
import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.decode import can_decode
from karospace_stream.source.files.ranges import LocalFile, RangedFile, RangeReader
from karospace_stream.source.hdf5.chunks import dataset_filters
from karospace_stream.source.hdf5.strings import text_records
from karospace_stream.source.problems.limits import most_text

#: Fewer are read as fast by HDF5.
FEWEST_TEXTS = 1_024
#: Bytes before the first object of a collection, and before the text of each object.
HEADER_NBYTES = 16
#: The number and the bytes of an object.
OBJECT = struct.Struct("<H6xQ")
#: Begins a collection.
SIGNATURE = b"GCOL\1"
_MOST_NBYTES = 16 << 20  # of the file at a time
_MOST_WALKS = 16
_PIECE = 8_192  # strings that are joined at a time, to stay in the processor's cache
_COLLECTION = 4_096  # bytes: the smallest; most writers make them larger
_LINE_FEED = 10
_RECORD = np.dtype([("length", "<u4"), ("address", "<u8"), ("number", "<u4")])

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]


class _OtherwiseError(Exception):
    """The strings are stored in another way than is known here."""


def heap_records(
    file: RangedFile, dataset: h5py.Dataset, bounds: tuple[slice, ...]
) -> npt.NDArray[np.void] | None:
    """Where the strings of a part of a dataset are; None if only HDF5 can tell, or should."""
    if not _is_known(file, dataset, bounds):
        return None
    n_texts = bounds[0].stop - bounds[0].start
    try:
        found = [
            np.ascontiguousarray(each).view(_RECORD).ravel() for each in text_records(file, dataset, bounds)
        ]
    except Exception:  # of damaged data; HDF5 is asked, and says what is wrong
        return None
    records = np.concatenate(found) if found else np.empty(0, _RECORD)
    lengths = records["length"]
    if len(records) != n_texts or lengths.sum(dtype=np.int64) > most_text(n_texts):
        return None
    return records


def _is_known(file: RangedFile, dataset: h5py.Dataset, bounds: tuple[slice, ...]) -> bool:
    if not isinstance(file, LocalFile) or dataset.ndim != 1 or dataset.dtype.kind != "O":
        return False
    if dataset.is_virtual or dataset.file.filename != file.path:
        return False
    kind, root = h5py.check_string_dtype(dataset.dtype), dataset.file.id.get_create_plist()
    if kind is None or kind.length is not None or root.get_sizes() != (8, 8) or root.get_userblock():
        return False
    layout = dataset.id.get_create_plist()
    known = layout.get_layout() in (h5py.h5d.CONTIGUOUS, h5py.h5d.CHUNKED)
    return bool(known and not layout.get_external_count() and can_decode(dataset_filters(dataset)))


def heap_texts(file: RangedFile, records: npt.NDArray[np.void]) -> npt.NDArray[np.object_] | None:
    """The strings at some places; None if only HDF5 can read them."""
    lengths = records["length"].astype(np.int64)
    texts = np.empty(len(records), object)
    try:
        heap, starts = _starts(file, records, lengths)
        for at in range(0, len(records), _PIECE):
            rows = slice(at, at + _PIECE)
            texts[rows] = _texts(heap, starts[rows], lengths[rows])
    except (_OtherwiseError, BadInputError, UnicodeDecodeError):
        return None
    return texts


def _texts(heap: Bytes, starts: Integers, lengths: Integers) -> list[str]:
    data = _join(heap, starts, lengths)
    if b"\0" in data or data.count(b"\n") != len(lengths) - 1:
        raise _OtherwiseError  # HDF5 ends a string at a NUL
    return data.decode().split("\n")


def _join(heap: Bytes, starts: Integers, lengths: Integers) -> bytes:
    """The strings, with a line feed between them."""
    width = int(lengths.max())
    if len(lengths) * (width + 1) > 4 * (int(lengths.sum()) + len(lengths)):
        raise _OtherwiseError  # a few are much longer than the others
    padded = np.empty((len(lengths), width + 1), np.uint8)
    last = int(starts.max()) + width - len(heap)
    if last > 0:  # the last strings end closer to the end than the widest is long
        heap = np.concatenate([heap, np.zeros(last, np.uint8)])
    if width:
        padded[:, :width] = np.lib.stride_tricks.sliding_window_view(heap, width)[starts]
    padded[np.arange(len(lengths)), lengths] = _LINE_FEED
    if (lengths == width).all():
        return padded.tobytes()[:-1]
    return padded[np.arange(width + 1) <= lengths[:, None]].tobytes()[:-1]


def _starts(file: RangedFile, records: npt.NDArray[np.void], lengths: Integers) -> tuple[Bytes, Integers]:
    """All collections of some strings, and where each string begins in them."""
    there = records["number"] > 0  # an empty string may be nowhere
    if lengths[~there].any():
        raise _OtherwiseError
    starts = np.zeros(len(records), np.int64)
    if not there.any():
        return np.zeros(HEADER_NBYTES, np.uint8), starts
    if not there.all():
        records, lengths = records[there], lengths[there]
    numbers = records["number"].astype(np.int64)
    sizes = HEADER_NBYTES + (lengths + 7 & ~7)
    heap, begins, ends = _read_collections(file, records["address"], 4 * int(sizes.sum()))
    runs = np.ones(len(records), np.bool_)
    runs[1:] = (begins[1:] != begins[:-1]) | (numbers[1:] != numbers[:-1] + 1)
    firsts = np.flatnonzero(runs)
    counts = np.diff(firsts, append=len(records))
    before = np.cumsum(sizes) - sizes
    begin = _chain(heap, begins[firsts], numbers[firsts], counts, np.add.reduceat(sizes, firsts))
    places = before + np.repeat(begin - before[firsts], counts)
    if (places + sizes > ends).any():
        raise _OtherwiseError
    _compare(heap, places, numbers, lengths)
    starts[there] = places + HEADER_NBYTES
    return heap, starts


def _read_collections(
    file: RangedFile, addresses: npt.NDArray[np.uint64], most: int
) -> tuple[Bytes, Integers, Integers]:
    """Read the collections at some addresses, one after another; the bounds of that of each string."""
    unique, which = np.unique(addresses, return_inverse=True)
    most = min(_MOST_NBYTES, most + (1 << 17))
    if len(unique) * _COLLECTION > most:
        raise _OtherwiseError
    pieces, bounds = [], [0]
    with file.open() as ranges:
        for address in unique.tolist():
            pieces.append(_read_collection(ranges, address, most - bounds[-1]))
            bounds.append(bounds[-1] + len(pieces[-1]))
    limits = np.array(bounds)
    return np.frombuffer(b"".join(pieces), np.uint8), limits[which], limits[which + 1]


def _read_collection(ranges: RangeReader, address: int, most: int) -> bytearray:
    data = bytearray(_COLLECTION)
    ranges.read_into(address, memoryview(data))
    nbytes = int.from_bytes(data[8:HEADER_NBYTES], "little")
    if data[:5] != SIGNATURE or nbytes % 8 or not _COLLECTION <= nbytes <= most:
        raise _OtherwiseError
    data += bytes(nbytes - _COLLECTION)
    with memoryview(data) as view:
        ranges.read_into(address + _COLLECTION, view[_COLLECTION:])
    return data


def _chain(
    heap: Bytes, collections: Integers, numbers: Integers, counts: Integers, sizes: Integers
) -> Integers:
    """Where runs of objects begin: after the run before them, or after the header, or found by walking."""
    begin = np.empty(len(collections), np.int64)
    walks, collection, number, place = 0, -1, 0, 0
    for run in np.lexsort((numbers, collections)).tolist():
        if collections[run] != collection or numbers[run] != number:
            collection, number = int(collections[run]), int(numbers[run])
            place = collection + HEADER_NBYTES
            if number != 1:
                walks += 1
                if walks > _MOST_WALKS:
                    raise _OtherwiseError
                place = _walk(heap, place, number)
        begin[run] = place
        place += int(sizes[run])
        number += int(counts[run])
    return begin


def _walk(heap: Bytes, place: int, number: int) -> int:
    """The place of an object, from that of the first one of its collection."""
    while place + HEADER_NBYTES <= len(heap):
        found, nbytes = OBJECT.unpack_from(heap, place)
        if found == number:
            return place
        if not found:
            break  # the free space at the end
        place += HEADER_NBYTES + (nbytes + 7 & ~7)
    raise _OtherwiseError


def _compare(heap: Bytes, places: Integers, numbers: Integers, lengths: Integers) -> None:
    """Check that at each place there is the header of the object that is looked for."""
    words: npt.NDArray[np.uint64] = heap.view("<u8")  # objects begin at multiples of 8
    at = places >> 3
    if ((words[at] & np.uint64(0xFFFF)) != numbers.astype(np.uint64)).any():
        raise _OtherwiseError
    if (words[at + 1] != lengths.astype(np.uint64)).any():
        raise _OtherwiseError
