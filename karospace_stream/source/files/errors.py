"""Translate store failures into a sentence about the input."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from karospace_stream.errors import BadInputError
from karospace_stream.storage import StorageError


@contextmanager
def reading(path: str) -> Iterator[None]:
    """Put errors of a store into words.

    Raises
    ------
    BadInputError
        Replaces the store's own error.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise BadInputError(f"{path} was deleted or moved after the job began") from error
    except PermissionError as error:
        raise BadInputError(
            f"{error}; credentials come from the environment, a profile or --storage-option"
        ) from error
    except StorageError as error:
        raise BadInputError(str(error)) from error
