"""Page cache for HDF5's own reads of a remote file: metadata and text, in pages held in memory."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict

from karospace_stream.source.files.errors import reading
from karospace_stream.source.files.ranges import RangedFile, check_bounds
from karospace_stream.source.files.remote_file import RemoteFile

#: Of all files of a process together.
PAGES_NBYTES = 16 << 20
_PAGE = 32 << 10  # HDF5 strews its metadata over the file in blocks of some kilobytes
_MOST_AHEAD = 128  # pages: sequential reads get larger and larger
_LARGE = 8 * _PAGE  # a read of this size is data, read only once


class Pages:
    """LRU cache of pages of files."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[RemoteFile, int], bytes] = OrderedDict()
        self._ahead: dict[RemoteFile, tuple[int, int]] = {}

    def read_into(self, file: RemoteFile, offset: int, buffer: memoryview) -> None:
        """Fill a buffer; it ends inside the file."""
        at, stop = offset, offset + len(buffer)
        while at < stop:
            number = at // _PAGE
            page = self._page(file, number, -(-stop // _PAGE))
            part = page[at - number * _PAGE : stop - number * _PAGE]
            buffer[at - offset : at - offset + len(part)] = part
            at += len(part)

    def _page(self, file: RemoteFile, number: int, stop: int) -> bytes:
        with self._lock:
            page = self._pages.get((file, number))
            if page is not None:
                self._pages.move_to_end((file, number))
                return page
            last = self._last(file, number, stop)
        start = number * _PAGE
        data = file.begin(start, min(last * _PAGE, file.size) - start).result()
        with self._lock:
            for each in range(number, last):
                offset = (each - number) * _PAGE
                self._pages[(file, each)] = data[offset : offset + _PAGE]
            while len(self._pages) * _PAGE > PAGES_NBYTES:
                self._pages.popitem(last=False)
        return data[:_PAGE]

    def _last(self, file: RemoteFile, number: int, stop: int) -> int:
        """The ``stop`` (exclusive) of the pages that are fetched together with this one."""
        expected, ahead = self._ahead.get(file, (-1, 1))
        ahead = min(2 * ahead, _MOST_AHEAD) if number == expected else 1
        last = min(max(stop, number + ahead), number + _MOST_AHEAD, -(-file.size // _PAGE))
        known = (each for each in range(number + 1, last) if (file, each) in self._pages)
        last = next(known, last)
        self._ahead[file] = (last, ahead)
        return last


_PAGES = Pages()


class PagedReader:
    """A remote file as a file object for h5py. Remembers errors, as HDF5 may not pass them on.

    Parameters
    ----------
    name
        Name of the file for HDF5.
    """

    def __init__(self, file: RemoteFile, name: str) -> None:
        self._file = file
        self._name = name
        self._at = 0
        self.error: BaseException | None = None

    def __repr__(self) -> str:
        return self._name  # h5py takes this for the file's name

    def settle(self) -> None:
        """Return once the fetching thread is idle."""
        self._file.settle()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Seek, relative to the beginning, the current position, or the end."""
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._file.size}[whence]
        return self._at

    def tell(self) -> int:
        """Position of the next read."""
        return self._at

    def readinto(self, buffer: memoryview) -> int:
        """Fill the buffer, or raise: HDF5 does not check the number of bytes."""
        target = memoryview(buffer).cast("B")
        try:
            if len(target) < _LARGE:
                check_bounds(self._file.path, self._file.size, self._at, len(target))
                with reading(self._file.path):
                    _PAGES.read_into(self._file, self._at, target)
            else:
                with self._file.open() as ranges:
                    ranges.read_into(self._at, target)
        except BaseException as error:
            self.error = self.error or error
            raise
        self._at += len(target)
        return len(target)

    def read(self, size: int) -> bytes:
        """Some bytes; fewer at the end of the file."""
        data = bytearray(max(0, min(size, self._file.size - self._at)))
        if data:
            self.readinto(memoryview(data))
        return bytes(data)


def for_hdf5(file: RangedFile) -> str | PagedReader:
    """The argument for h5py: the path of a local file, or an object that reads a remote one by pages."""
    return PagedReader(file, file.hdf5_name) if isinstance(file, RemoteFile) else file.path
