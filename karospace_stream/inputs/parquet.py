"""Parquet files, wherever they are stored: pyarrow reads them by ranges."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any

from karospace_stream.errors import BadInputError, BadOptionError, KaroSpaceError
from karospace_stream.source.files.stored_file import StoredFile
from karospace_stream.source.problems.unreadable import reason

# Otherwise all of a column chunk is in memory, which may be all rows.
_BUFFER_NBYTES = 4 << 20


class FileReader(io.RawIOBase):
    """A file of a store, or at a URL, as a file object of Python."""

    def __init__(self, file: StoredFile) -> None:
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Seek, relative to the beginning, the current position, or the end."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._file.size}[whence]
        return self._at

    def tell(self) -> int:
        """Position of the next read."""
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        """Some bytes; fewer at the end of the file."""
        left = max(0, self._file.size - self._at)
        length = left if size is None or size < 0 else min(size, left)
        data = self._file.read(self._at, length) if length else b""
        self._at += length
        return data


def open_parquet(file: StoredFile) -> Any:
    """Open a Parquet file as pyarrow's ``ParquetFile``; reads its footer only.

    Raises
    ------
    BadInputError
        If it is none, or truncated.
    """
    import pyarrow.parquet

    try:
        return pyarrow.parquet.ParquetFile(FileReader(file), pre_buffer=False, buffer_size=_BUFFER_NBYTES)
    except KaroSpaceError:  # a store that does not answer is no damage
        raise
    except Exception as error:  # pyarrow's own kinds, and OSError
        raise BadInputError(f"{file.path} is no Parquet file, or is damaged: {reason(error)}") from error


def check_extra(what: str) -> None:
    """Reject something that needs the extra ``spatial`` if one of its packages is not installed.

    Raises
    ------
    BadOptionError
        Names the package, and how to install it.
    """
    for package in ("pyarrow.parquet", "shapely"):
        try:
            import_module(package)
        except ImportError as error:
            name = package.partition(".")[0]
            raise BadOptionError(
                f"{what} need {name}, which is not installed; install it with: "
                "pip install 'karospace-stream[spatial]'"
            ) from error
