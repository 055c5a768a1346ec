"""Skip and report an unreadable part, so that it does not stop the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.source.problems.wordings import in_our_words

_LONGEST = 300  # characters of a message that may quote a file

Unreadable = list[tuple[str, str]]
"""``(key, why)`` of each skipped part."""


@contextmanager
def optional(unreadable: Unreadable, key: str) -> Iterator[None]:
    """Record a part that cannot be described, and continue."""
    try:
        yield
    except Exception as error:  # h5py, zarr, NumPy and pandas raise anything on damage
        unreadable.append((key, reason(error)))


@contextmanager
def required(key: str, where: str) -> Iterator[None]:
    """Reject the file if a part fails without which there is no AnnData.

    Raises
    ------
    BadInputError
        Replaces whatever the libraries raise on damaged metadata.
    """
    try:
        yield
    except BadOptionError:  # of a kind of file that has options of its own
        raise
    except BadInputError as error:
        if where in str(error):
            raise
        raise BadInputError(f"{key} of {where} cannot be read: {error}") from error
    except Exception as error:
        raise BadInputError(
            f"{key} of {where} cannot be read, the file is damaged: {reason(error)}"
        ) from error


def reason(error: Exception) -> str:
    """A library's message about a damaged part, in one line of limited length."""
    if isinstance(error, BadInputError):
        return str(error)
    text = in_our_words(error)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
