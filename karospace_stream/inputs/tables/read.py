"""Read a table with a row for each cell: CSV, TSV, also with gzip, or Parquet; at a path or a URL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.tables.parquet_table import PARQUET, open_parquet
from karospace_stream.inputs.tables.text_table import open_text
from karospace_stream.select.suggest import not_there
from karospace_stream.source.files.stream import AnyFile, find_file, open_inflated

#: Given the ids of some rows, says which rows count.
Keep = Callable[[Sequence[str]], npt.NDArray[np.bool_]]


class ColumnReader(Protocol):
    """Takes the values of one column, some rows at a time."""

    @property
    def lost(self) -> bool:
        """Whether it must read the column again, as text."""
        ...

    def add(self, values: Any) -> None:
        """Take the values of further rows."""
        ...

    def finish(self) -> pd.Series[Any]:
        """All values."""
        ...


class OpenTable(Protocol):
    """An open file of either kind."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        ...

    @property
    def id_name(self) -> str:
        """The column with the ids if nobody names one."""
        ...

    def column(self, name: str, *, is_text: bool) -> ColumnReader:
        """What takes the values of a column."""
        ...

    def texts(self, values: Any) -> Sequence[str | None]:
        """Values as text."""
        ...

    def pick(self, values: Any, rows: npt.NDArray[np.bool_]) -> Any:
        """Some of the values."""
        ...

    def batches(self, columns: Sequence[str]) -> Iterator[list[Any]]:
        """The values of some columns, some rows at a time."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table in memory.

    Attributes
    ----------
    name
        Of the file, for people; no path.
    id_name
        The column with the ids; may be empty.
    frame
        The other columns. Its index are the ids, as text; they may repeat.
    fingerprint
        Text that changes with the file.
    n_rows
        Rows of the file; ``frame`` has those that were kept.
    left_out
        Columns of the file that cannot be read, and why.
    """

    name: str
    id_name: str
    frame: pd.DataFrame
    fingerprint: str
    n_rows: int
    left_out: tuple[tuple[str, str], ...] = ()


def read_table(
    path: str | os.PathLike[str],
    *,
    storage_options: Mapping[str, Any] | None = None,
    key: str | None = None,
    columns: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    keep: Keep | None = None,
    restart: Callable[[], None] | None = None,
    with_ids: bool = True,
) -> Table:
    """Read a table; only the columns and rows that count are in memory.

    Parameters
    ----------
    path
        A path or a URL. The content decides what kind of file it is, not the name.
    key
        The column with the ids; by default the first, or in Parquet the index of a data frame of pandas.
    columns
        Those to read; by default all.
    names
        Names of the columns of a text file without a header.
    keep
        Chooses rows.
    restart
        Called before the table is read: more than once if late rows show that a column is text.
    with_ids
        Whether the frame has the ids of its rows, which take much memory; else it has numbers.

    Raises
    ------
    BadInputError
        If it cannot be read; one sentence.
    """
    file = find_file(path, storage_options)
    as_text: set[str] = set()
    while True:
        if restart is not None:
            restart()
        try:
            with _opened(file, names) as table:
                made, lost = _read(table, file, key, columns, keep, as_text, with_ids=with_ids)
        except UnicodeDecodeError as error:
            raise BadInputError(f"{file.path}: text must be UTF-8, but some is not") from error
        if not lost:
            return made
        as_text |= lost


@contextmanager
def _opened(file: AnyFile, names: Sequence[str] | None) -> Iterator[OpenTable]:
    with open_inflated(file) as stream:
        if stream.peek(len(PARQUET))[: len(PARQUET)] == PARQUET:
            yield open_parquet(stream, file.path)
        else:
            yield open_text(stream, file.path, names)


def _read(
    table: OpenTable,
    file: AnyFile,
    key: str | None,
    columns: Sequence[str] | None,
    keep: Keep | None,
    as_text: set[str],
    *,
    with_ids: bool,
) -> tuple[Table, set[str]]:
    """The table, and the columns of which text is lost."""
    id_name = table.id_name if key is None else key
    others = dict(getattr(table, "unreadable", list)())
    wanted = [name for name in table.names if name and name != id_name and name not in others]
    if columns is not None:
        wanted = list(columns)
    _refuse_missing(table, file.path, [id_name, *wanted], others)
    readers = {name: table.column(name, is_text=name in as_text) for name in wanted}
    ids: list[str] = []
    n_rows = 0
    for values, *rest in table.batches([id_name, *wanted]):
        found = _checked_ids(table.texts(values), n_rows, id_name, file.path)
        n_rows += len(found)
        kept = None if keep is None else keep(found)
        if with_ids:
            ids += found if kept is None else [each for each, one in zip(found, kept, strict=True) if one]
        for reader, part in zip(readers.values(), rest, strict=True):
            reader.add(part if kept is None else table.pick(part, kept))
    lost = {name for name, reader in readers.items() if reader.lost}
    # One after the other, so that no more than one is in memory twice.
    made = {} if lost else {each: readers.pop(each).finish() for each in wanted}
    frame = pd.DataFrame(made, copy=False)
    if with_ids:
        frame.index = pd.Index(ids, dtype=object, name=id_name or None)
    name = PurePosixPath(file.path.replace("\\", "/").partition("?")[0]).name
    left_out = tuple((each, why) for each, why in others.items() if each != id_name)
    return Table(name, id_name, frame, file.fingerprint, n_rows, left_out), lost


def _refuse_missing(table: OpenTable, where: str, wanted: Sequence[str], others: Mapping[str, str]) -> None:
    missing = [name for name in wanted if name not in table.names]
    if missing:
        raise BadInputError(not_there("column", missing, table.names, option=where))
    for name in wanted:
        if name in others:
            raise BadInputError(f"{where}: the column {name!r} cannot be read: {others[name]}")


def _checked_ids(texts: Sequence[str | None], start: int, name: str, where: str) -> list[str]:
    if not all(texts):
        row = start + next(at for at, text in enumerate(texts) if not text) + 1
        column = f"the column {name!r}" if name else "the first column"
        raise BadInputError(f"{where}: each row must have an id in {column}, but row {row:,} has none")
    return list(texts)  # type: ignore[arg-type]
