"""A table with its rows in the order of the cells; says which cells have none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.inputs.tables.cells import CellIds, ranges
from karospace_stream.inputs.tables.read import Table, read_table
from karospace_stream.model.source import Source
from karospace_stream.options.general.given_table import GivenTable
from karospace_stream.select.suggest import not_there
from karospace_stream.storage import is_url, location_of
from karospace_stream.units import counted

_SAMPLE = 10_000  # ids that show why none is found
_SUFFIX = re.compile(r"-[0-9]+$")
_OF_PYTHON = "the data frame"


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """Columns with a value for each cell.

    Attributes
    ----------
    name
        Of the table, for people; no path.
    columns
        One row a cell; values are missing where a cell has no row.
    n_found
        Cells that have a row.
    n_others
        Rows that have no cell.
    fingerprint
        Changes with the table.
    """

    name: str
    columns: Mapping[str, pd.Series[Any]]
    n_cells: int
    n_found: int
    n_others: int
    fingerprint: str
    left_out: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Finder:
    """Keeps the rows of a table that belong to a cell, and remembers which."""

    cells: CellIds
    found: list[npt.NDArray[np.int64]] = field(default_factory=list)
    sample: list[str] = field(default_factory=list)

    def keep(self, ids: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Whether each row has a cell."""
        self.sample += islice(ids, max(0, _SAMPLE - len(self.sample)))
        places = self.cells.find(ids)
        self.found.append(places[places >= 0])
        return places >= 0


def align(
    given: str | GivenTable,
    key: str | None,
    source: Source,
    cells: CellIds,
    storage_options: Mapping[str, Any] | None,
) -> Aligned:
    """Read a table, and put its rows into the order of the cells.

    Raises
    ------
    BadInputError, BadOptionError
        If it cannot be read, none of its rows has a cell, or a cell has several.
    """
    finder = _Finder(cells)
    if isinstance(given, str):
        try:
            table = read_table(
                given,
                storage_options=storage_options,
                key=key,
                keep=finder.keep,
                restart=finder.found.clear,
                with_ids=False,
            )
        except BadInputError as error:
            names_it = is_url(given) or str(error).startswith(f"{given}: ")
            raise type(error)(f"--obs-table{'' if names_it else ':'} {error}") from error
        where = f"--obs-table {location_of(given).shown if is_url(given) else given}"
    else:
        table, where = _of_frame(given.frame, key, finder), "obs_table"
    places = np.concatenate(finder.found) if finder.found else np.zeros(0, np.int64)
    if not len(places):
        raise BadInputError(_why_none(where, finder.sample, source))
    _refuse_repeated(where, source, places, cells)
    n_cells = source.catalog.n_cells
    rows = np.full(n_cells, -1)
    rows[places] = np.arange(len(places))
    columns = {str(name): in_order(values, rows) for name, values in _columns(table.frame)}
    print_ = blake2b(f"{table.fingerprint} {table.id_name}".encode(), digest_size=8).hexdigest()
    n_others = table.n_rows - len(places)
    return Aligned(table.name, columns, n_cells, len(places), n_others, print_, table.left_out)


def _of_frame(frame: pd.DataFrame, key: str | None, finder: _Finder) -> Table:
    names = [str(name) for name in frame.columns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadInputError(
            f"obs_table: each column must have a name of its own, but {twice!r} is there twice"
        )
    if key is not None and key not in names:
        raise BadOptionError(not_there("column", [key], names, option="--obs-table-key"))
    ids = frame.index if key is None else pd.Index(frame.iloc[:, names.index(key)])
    others = frame if key is None else frame.drop(columns=frame.columns[names.index(key)])
    hashes = pd.util.hash_pandas_object(frame).to_numpy()
    digest = blake2b("\0".join(names).encode() + hashes.tobytes(), digest_size=16).hexdigest()
    kept = finder.keep(ids.astype(str).to_list())
    return Table(_OF_PYTHON, key or "", others[kept], digest, len(frame))


def _columns(frame: pd.DataFrame) -> Iterator[tuple[Any, pd.Series[Any]]]:
    """Take the columns out of a frame, so that none is in memory twice for long."""
    while len(frame.columns):
        name = frame.columns[0]
        yield name, frame.pop(name)


def in_order(series: pd.Series[Any], rows: npt.NDArray[np.int64]) -> pd.Series[Any]:
    """The value of each cell. Whole numbers and true or false become nullable if a cell has none."""
    dtype = series.dtype
    if (rows < 0).any() and isinstance(dtype, np.dtype) and dtype.kind in "biu":
        bits = 8 * dtype.itemsize
        nullable: Any = {"b": "boolean", "i": f"Int{bits}", "u": f"UInt{bits}"}[dtype.kind]
        series = series.astype(nullable)
    values: Any = series.to_numpy() if isinstance(series.dtype, np.dtype) else series.array
    return pd.Series(pd.api.extensions.take(values, rows, allow_fill=True))


def _refuse_repeated(where: str, source: Source, places: npt.NDArray[np.int64], cells: CellIds) -> None:
    def name_of(row: int) -> str:
        place = int(places[row])
        return str(source.obs_names(place, place + 1)[0])

    _, firsts = np.unique(places, return_index=True)
    if len(firsts) < len(places):
        again = np.setdiff1d(np.arange(len(places)), firsts)
        raise BadInputError(
            f"{where}: each cell must have at most one row, but {name_of(again[0])!r} has several; "
            f"{counted(len(again), 'row')} must go"
        )
    odd = np.flatnonzero(cells.repeated()[places])
    if len(odd):
        raise BadInputError(
            f"{where}: the ids of the cells must be unique to tell which cell a row belongs to, but several "
            f"cells of the input are called {name_of(odd[0])!r}; make the names in obs unique"
        )


def _why_none(where: str, ids: Sequence[str], source: Source) -> str:
    """The sentence about a table without a row for any cell."""
    cells = []
    for start, stop in ranges(min(_SAMPLE, source.catalog.n_cells)):
        cells += source.obs_names(start, stop).tolist()
    shown = f"no id is that of a cell: they are like {ids[0]!r} there, and like {cells[0]!r} in the input"
    bare, bare_cells = ({_SUFFIX.sub("", each) for each in several} for several in (ids, cells))
    if not bare.isdisjoint(bare_cells):
        has = any(map(_SUFFIX.search, cells))
        suffix = next(found[0] for found in map(_SUFFIX.search, cells if has else ids) if found is not None)
        way_out = f"{'add it to' if has else 'remove it from'} the ids of the table"
        how = "with" if has else "without"
        return f"{where}: {shown}; they would match {how} {suffix!r} at the end: {way_out}"
    return f"{where}: {shown}; name the column with the ids with --obs-table-key"
