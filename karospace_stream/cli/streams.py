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
    """Provide standard streams that can be written to, whatever the shell passed on.

    A closed one is opened to the null device: else the next opened file would take its number, and receive
    the printed text. Characters that a stream cannot encode are written as escapes.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
    before = sys.stdout, sys.stderr
    sys.stdout = _Stream(_usable(sys.stdout))
    sys.stderr = _Stream(_usable(sys.stderr))
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def finish_streams() -> None:
    """Write pending output.

    Raises
    ------
    TargetError
        If output could not be written.
    """
    sys.stdout.flush()
    failure: OSError | None = getattr(sys.stdout, "failure", None)
    if failure is not None and failure.errno != errno.EPIPE:  # a reader that stops has had enough
        raise TargetError(
            f"the output could not be written ({failure.strerror or failure}), though the work is done; "
            "send the output elsewhere"
        )


class _Stream:
    """A text stream whose failures do not raise: they are checked when the work is done.

    Attributes
    ----------
    failure
        The first failure; later output is dropped.
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
        """Flush pending output."""
        try:
            self._inner.flush()
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        self.failure = self.failure or error
        # Redirect to the null device: pending output would fail again when the interpreter ends.
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
