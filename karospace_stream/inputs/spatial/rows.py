"""The cells of a matrix, found by their names in the tables beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.tables.cells import CellIds, cell_ids
from karospace_stream.source.anndata_source import AnnDataSource

_NAMES_AT_ONCE = 1 << 18
_MOST_HELD = 1_000_000


class CellRows:
    """Finds the rows of the cells in tables. Reads the names of the cells when they are first needed."""

    def __init__(self, source: AnnDataSource) -> None:
        self._source = source

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return self._source.catalog.n_cells

    def names(self) -> Iterator[tuple[int, npt.NDArray[np.object_]]]:
        """The names of all cells, some at a time, each with the number of its first cell."""
        for start in range(0, self.n_cells, _NAMES_AT_ONCE):
            yield start, self._source.obs_names(start, min(self.n_cells, start + _NAMES_AT_ONCE))

    def known(self, ids: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Which of some ids are those of cells."""
        return self._ids.find(ids) >= 0

    def none_found(self, where: str, ids: Sequence[str]) -> BadInputError:
        """The error about a table without a row for any cell, of which some ids are given."""
        ours = self._source.obs_names(0, min(1, self.n_cells)).tolist()
        return BadInputError(
            f"{where} has no row for any cell of the matrix: its ids are like {list(ids)}, those of the "
            f"matrix like {ours}"
        )

    def find(self, ids: Sequence[str], where: str) -> npt.NDArray[np.int64]:
        """The cell of each row of a table; -1 if it has none.

        Raises
        ------
        BadInputError
            If no row has a cell, a cell has several rows, or a row several cells.
        """
        places = self._ids.find(ids)
        found = places[places >= 0]
        if not len(found):
            raise self.none_found(where, ids[:1])
        if (counts := np.bincount(found)).max() > 1:
            twice = ids[int(np.flatnonzero(places == int(np.argmax(counts)))[0])]
            raise BadInputError(f"{where} must have one row for each cell, but has several for {twice!r}")
        odd = np.flatnonzero((places >= 0) & self._ids.repeated()[places])
        if len(odd):
            raise BadInputError(f"{where}: several cells of the matrix are called {ids[int(odd[0])]!r}")
        return places

    def rows(self, ids: Sequence[str], where: str) -> npt.NDArray[np.int64]:
        """The row of each cell in a table; -1 if it has none.

        Raises
        ------
        BadInputError
            As `find`.
        """
        if ids == self._few_names:
            return np.arange(self.n_cells)
        places = self.find(ids, where)
        rows = np.full(self.n_cells, -1)
        rows[places[places >= 0]] = np.flatnonzero(places >= 0)
        return rows

    @cached_property
    def _few_names(self) -> list[str] | None:
        """The names of all cells, if they are not too many to hold: most tables have them in this order."""
        if self.n_cells > _MOST_HELD:
            return None
        return [name for _, some in self.names() for name in some.tolist()]

    @cached_property
    def _ids(self) -> CellIds:
        return cell_ids(self._source)
