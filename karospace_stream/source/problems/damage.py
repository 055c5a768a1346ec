"""Name the part that holds damaged values, and how to leave it out."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from karospace_stream.errors import BadInputError, DamagedError
from karospace_stream.model.left_out import spell


@contextmanager
def damage_of(key: str) -> Iterator[None]:
    """Complete the error about damaged values of a column, or of an array in uns.

    Parameters
    ----------
    key
        Its path in the file, such as ``obs/score``.

    Raises
    ------
    DamagedError
        Names the part, and the option that leaves it out.
    """
    try:
        yield
    except DamagedError as error:
        raise DamagedError(error.why, key, f"leave it out with --leave-out {_removable(key)}") from error


def unreadable_values(message: str, error: Exception) -> BadInputError:
    """The error for values that a library could not read: damage, unless the machine refused to read."""
    refused = isinstance(error, MemoryError) or getattr(error, "errno", None) is not None
    return BadInputError(message) if refused else DamagedError(message)


def _removable(key: str) -> str:
    """The part as the user can name it: a whole table of obsm, and columns of raw.var as those of var."""
    if key.startswith("obsm/"):
        return shlex.quote(spell("/".join(key.split("/")[:2])))
    return shlex.quote(spell(key.removeprefix("raw/")))
