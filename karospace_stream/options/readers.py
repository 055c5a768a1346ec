"""Convert what users write to the stored value of an option."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from karospace_stream.errors import BadOptionError
from karospace_stream.options.option import names_or_none
from karospace_stream.units import parse_nbytes

if TYPE_CHECKING:
    from karospace_stream.select.given_genes import GeneMask

# Slow modules are imported where they are used: a command's help imports this module.


def read_memory(wish: str | int | None) -> int | None:
    """Read a size, such as ``"2GB"``."""
    try:
        return None if wish is None else parse_nbytes(wish)
    except BadOptionError as error:
        raise BadOptionError(f"--memory: {error}") from error


def read_genes(wish: Any) -> str | tuple[str, ...] | GeneMask:
    """Read a mode, names or a mask."""
    from karospace_stream.select.given_genes import read_genes as read

    return read(wish)


def read_names_column(wish: str | None) -> str:
    """Read the column with the names of genes: None leaves the choice to the plan."""
    return "auto" if wish is None else wish


def read_headers(wish: str | Sequence[str] | None) -> tuple[tuple[str, str], ...]:
    """Read ``"Name: value"``, once or several times."""
    from karospace_stream.storage.headers import read_headers as read

    return read(names_or_none(wish))


def read_scheduler(wish: Any) -> str:
    """Read the name of a scheduler, or the scheduler address of a client."""
    if isinstance(wish, str):
        return wish
    from karospace_stream.runtime.cluster import adopt  # imported late: distributed is slow to import

    return adopt(wish)


def read_path(wish: Any) -> Any:
    """Convert a path to text; leave everything else unchanged."""
    return os.fspath(wish) if isinstance(wish, os.PathLike) else wish
