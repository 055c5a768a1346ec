"""Read a file from its beginning to its end, inflated if it is a gzip file; Python's own kind of file."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.similar.paths import did_you_mean_path
from karospace_stream.source.files.ranges import READ_NBYTES, LocalFile, RangeReader
from karospace_stream.source.files.remote_file import RemoteFile
from karospace_stream.storage import is_url, local_path, location_of

_GZIP = b"\x1f\x8b"

AnyFile = LocalFile | RemoteFile


def find_file(path: str | os.PathLike[str], storage_options: Any = None) -> AnyFile:
    """Look at a file on a disk or at a URL.

    Raises
    ------
    BadInputError
        If there is none, or it may not be read.
    """
    text = os.fspath(path)
    if is_url(text):
        location = location_of(text, storage_options)
        found = RemoteFile.find(location)
        if found is None:
            raise BadInputError(f"{location.shown} does not exist")
        return found
    try:
        return LocalFile.at(Path(local_path(text)).expanduser())
    except FileNotFoundError as error:
        raise BadInputError(f"{text} does not exist{did_you_mean_path(text)}") from error
    except (RuntimeError, ValueError, OSError) as error:  # a folder, a loop of links, no such ~user
        why = getattr(error, "strerror", None) or error
        raise BadInputError(f"{text[:200]} cannot be read: {why}") from error


class FileStream(io.RawIOBase):
    """A file as a seekable stream of bytes."""

    def __init__(self, ranges: RangeReader, size: int) -> None:
        self._ranges, self._size, self._at = ranges, size, 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Seek, relative to the beginning, the current position, or the end."""
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        """Position of the next read."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; fewer bytes at the end."""
        view = memoryview(buffer).cast("B")
        count = max(0, min(len(view), self._size - self._at))
        if count:
            self._ranges.read_into(self._at, view[:count])
        self._at += count
        return count


@contextmanager
def open_stream(file: AnyFile) -> Iterator[io.BufferedReader]:
    """Open a file as it is, compressed or not."""
    with file.open() as ranges:
        yield io.BufferedReader(FileStream(ranges, file.size), READ_NBYTES)


@contextmanager
def open_inflated(file: AnyFile) -> Iterator[io.BufferedReader]:
    """Open a file, and inflate it while it is read if it is a gzip file of any number of members.

    Raises
    ------
    BadInputError
        Also while it is read, if the compressed data are damaged or end too early.
    """
    with open_stream(file) as stream:
        if stream.peek(len(_GZIP))[: len(_GZIP)] != _GZIP:
            yield stream
            return
        from isal import igzip, isal_zlib

        broken: Any = (isal_zlib.error, igzip.BadGzipFile)

        try:
            with igzip.IGzipFile(fileobj=stream, mode="rb") as inflated:
                yield io.BufferedReader(inflated)
        except EOFError as error:
            raise BadInputError(
                f"{file.path} ends too early: its compressed data are cut off; download or copy it again"
            ) from error
        except broken as error:
            raise BadInputError(
                f"{file.path} is damaged: its compressed data cannot be inflated ({error})"
            ) from error
