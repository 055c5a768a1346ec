"""The one way to open a local file for reading.

A pipe waits for a writer who may never come, and a device never ends: only regular files are opened, directly
or through links.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from io import FileIO

# If a file turns into a pipe after the check, opening it must not wait either.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)

Name = str | os.PathLike[str]


class UnreadableFileError(OSError):
    """The path is something that must not be read; ``strerror`` says what."""


def check_regular(path: Name) -> os.stat_result:
    """Check a file without opening it.

    Raises
    ------
    UnreadableFileError
        If there is neither a regular file nor a folder.
    OSError
        If there is nothing, a folder, or a loop of links.
    """
    return _checked(os.stat(path), path)  # noqa: PTH116 - as fast as can be: once for each read


def open_regular(path: Name) -> FileIO:
    """Open a regular file, unbuffered; raises as `check_regular`."""
    check_regular(path)
    descriptor = os.open(path, _FLAGS)
    try:
        _checked(os.fstat(descriptor), path)
        return FileIO(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_regular(path: Name, most: int) -> bytes:
    """All of a file of at most ``most`` bytes.

    Raises
    ------
    UnreadableFileError
        If it is larger, or no regular file.
    OSError
        If there is nothing, or it may not be read.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        data = b"" if size > most else file.read(size + 1) or b""
        if size < len(data) <= most:  # some files in /proc report no size
            data += file.read(most + 1 - len(data)) or b""
    if max(size, len(data)) > most:
        raise UnreadableFileError(
            errno.EFBIG,
            f"it must have at most {most:,} bytes, got {max(size, len(data)):,}",
            os.fspath(path),
        )
    return data


def _checked(found: os.stat_result, path: Name) -> os.stat_result:
    if stat.S_ISREG(found.st_mode):
        return found
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it must be a file, but is a folder", os.fspath(path))
    kind = next((name for test, name in _KINDS if test(found.st_mode)), "something else")
    raise UnreadableFileError(errno.EINVAL, f"it must be a regular file, but is {kind}", os.fspath(path))
