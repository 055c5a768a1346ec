"""Skip and report an unreadable part, so that it does not stop the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from karospace_stream.errors import BadInputError
from karospace_stream.source.problems.wordings import in_our_words

_LONGEST = 300  # characters of a message that may repeat what a file says

Unreadable = list[tuple[str, str]]
"""``(key, why)`` of what was passed over."""


@contextmanager
def optional(unreadable: Unreadable, key: str) -> Iterator[None]:
    """Note what cannot be described, and go on."""
    try:
        yield
    except Exception as error:  # h5py, zarr, NumPy and pandas raise anything for what is damaged
        unreadable.append((key, reason(error)))


@contextmanager
def required(key: str, where: str) -> Iterator[None]:
    """Refuse the whole file for a part without which there is no AnnData.

    Raises
    ------
    BadInputError
        In place of whatever the libraries raise on damaged metadata.
    """
    try:
        yield
    except BadInputError as error:
        if where in str(error):
            raise
        raise BadInputError(f"{key} of {where} cannot be read: {error}") from error
    except Exception as error:
        raise BadInputError(
            f"{key} of {where} cannot be read, the file is damaged: {reason(error)}"
        ) from error


def reason(error: Exception) -> str:
    """What a library says of a damaged part, in one line and not without end."""
    if isinstance(error, BadInputError):
        return str(error)
    text = in_our_words(error)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
