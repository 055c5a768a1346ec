"""Standard streams that may be closed, full, or abandoned by their reader."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from karospace_stream.errors import TargetError


@contextmanager
def usable_streams() -> Iterator[None]:
    """Standard streams that can be written to, whatever the shell has left of them.

    A closed one is opened to nowhere: else the first file that is opened would take its number, and receive
    what is printed. What a stream cannot encode is written as an escape.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    before = sys.stdout, sys.stderr
    sys.stdout = _Stream(_usable(sys.stdout))
    sys.stderr = _Stream(_usable(sys.stderr))
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def finish_streams() -> None:
    """Write what still waits.

    Raises
    ------
    TargetError
        If what was to be printed could not be.
    """
    sys.stdout.flush()
    failure: OSError | None = getattr(sys.stdout, "failure", None)
    if failure is not None and failure.errno != errno.EPIPE:  # who reads no further has had enough
        raise TargetError(
            f"what was to be printed could not be written ({failure.strerror or failure}); the work itself "
            "is done: send the output elsewhere"
        )


class _Stream:
    """A text stream whose failures end nothing: they are asked for when the work is done.

    Attributes
    ----------
    failure
        The first; what comes after it goes nowhere.
    """

    def __init__(self, inner: TextIO) -> None:
        self._inner = inner
        self.failure: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def write(self, text: str) -> int:
        """Write, if that is possible."""
        try:
            return self._inner.write(text)
        except OSError as error:
            self._fail(error)
            return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several lines."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Hand over what waits."""
        try:
            self._inner.flush()
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        self.failure = self.failure or error
        # From now on to nowhere: what still waits would fail again when the interpreter ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._inner.fileno())
        os.close(nowhere)


def _usable(stream: TextIO | None) -> TextIO:
    if stream is None:  # it was closed when Python began
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - for as long as this runs
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
    return stream
