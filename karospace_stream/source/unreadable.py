"""One odd part must not stop the rest: it is passed over, and said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from karospace_stream.errors import BadInputError

# What h5py, zarr, NumPy and pandas raise for parts that are damaged or of a kind that they do not know.
_ODD = (BadInputError, ValueError, TypeError, AttributeError, RuntimeError, OSError)

Unreadable = list[tuple[str, str]]
"""``(key, why)`` of what was passed over."""


@contextmanager
def passing_over(unreadable: Unreadable, key: str) -> Iterator[None]:
    """Note what cannot be described, and go on."""
    try:
        yield
    except KeyError as error:
        unreadable.append((key, f"its part {error} is missing"))
    except _ODD as error:
        unreadable.append((key, str(error)))


@contextmanager
def needed(key: str, where: str) -> Iterator[None]:
    """Refuse the whole file for a part without which there is no AnnData.

    Raises
    ------
    BadInputError
        In place of whatever the libraries raise on damaged metadata.
    """
    try:
        yield
    except BadInputError:
        raise
    except (KeyError, *_ODD) as error:
        raise BadInputError(f"{key} of {where} cannot be read, the file is damaged: {error}") from error
