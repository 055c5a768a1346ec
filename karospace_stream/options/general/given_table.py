"""Tables beside the matrix, as the user gave them: paths, URLs, and data frames."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from karospace_stream.errors import BadOptionError

_WANTED = (
    "obs_table must be a path or a URL of a CSV, TSV or Parquet file, a pandas DataFrame, or a list of these"
)


@dataclass(frozen=True, slots=True, eq=False)
class GivenTable:
    """A data frame of the user's, with a row for each cell."""

    frame: Any

    def to_json(self) -> str:
        """As plain data: where it is from."""
        return "DataFrame"


def read_tables(value: Any) -> tuple[str | GivenTable, ...]:
    """What the user gave: paths and URLs as text.

    Raises
    ------
    BadOptionError
        If it is something else.
    """
    if value is None:
        return ()
    if isinstance(value, (str, os.PathLike, GivenTable)) or _is_frame(value):
        return (_read(value),)
    if not isinstance(value, Iterable) or isinstance(value, (bytes, dict)):
        raise BadOptionError(f"{_WANTED}, got {value!r:.60}")
    return tuple(map(_read, value))


def _read(value: Any) -> str | GivenTable:
    if isinstance(value, GivenTable):
        return value
    if _is_frame(value):
        return GivenTable(value)
    if isinstance(value, (str, os.PathLike)) and os.fspath(value):
        return os.fspath(value)
    raise BadOptionError(f"{_WANTED}, got {value!r:.60}")


def _is_frame(value: Any) -> bool:
    return hasattr(value, "columns") and hasattr(value, "iloc") and hasattr(value, "index")
