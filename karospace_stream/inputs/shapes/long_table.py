"""Tables with a row for each vertex: the cell, x and y, as in ``cell_boundaries.parquet`` of Xenium."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError, DamagedError, KaroSpaceError
from karospace_stream.inputs.parquet import open_parquet
from karospace_stream.model.inputs.shapes import Outlines
from karospace_stream.source.files.stored_file import StoredFile
from karospace_stream.source.problems.unreadable import reason

CELL, X, Y = "cell_id", "vertex_x", "vertex_y"
COLUMNS = (CELL, X, Y)
#: Tells the polygons of a cell apart, where a cell may have several.
LABEL = "label_id"
_BATCH = 1 << 18  # rows
_ROW_NBYTES = 160  # of a batch, with the names as text
_VERTICES = 13  # of a shape of Xenium


@dataclass(frozen=True, slots=True)
class LongTable:
    """Shapes whose vertices follow each other in a Parquet file; see `ShapeReader`.

    Attributes
    ----------
    row_groups
        Rows of each. A shape may go on in the next one: it belongs to that in which it begins.
    ids
        Columns that change from one shape to the next.
    """

    file: StoredFile
    row_groups: tuple[int, ...]
    ids: tuple[str, ...]

    @classmethod
    def of(cls, file: StoredFile) -> LongTable:
        """Read the footer.

        Raises
        ------
        BadInputError
            If it is no Parquet file, or lacks a column.
        """
        opened = open_parquet(file)
        names = opened.schema_arrow.names
        if missing := [name for name in COLUMNS if name not in names]:
            raise BadInputError(
                f"{file.path} must have the columns {', '.join(COLUMNS)}, but has no {missing[0]}"
            )
        described = opened.metadata
        rows = tuple(described.row_group(group).num_rows for group in range(described.num_row_groups))
        return cls(file, rows, (CELL, LABEL) if LABEL in names else (CELL,))

    @property
    def n_shapes(self) -> int:
        """A guess: vertices are counted, shapes are not."""
        return -(-self.n_vertices // _VERTICES)

    @property
    def n_vertices(self) -> int:
        """All rows."""
        return sum(self.row_groups)

    @property
    def n_pieces(self) -> int:
        """Row groups."""
        return len(self.row_groups)

    @property
    def piece_nbytes(self) -> int:
        """Memory of a batch of rows."""
        return _ROW_NBYTES * min(_BATCH, max((0, *self.row_groups)))

    def read(self, piece: int) -> Iterator[Outlines]:
        """The shapes that begin in a row group; see the protocol."""
        held: _Rows | None = None
        for group, some in self._beginning(piece):
            rows = some if held is None else held.joined(some)
            starts = rows.starts()
            if group == piece:
                if len(starts) > 1:
                    yield rows.cut(0, int(starts[-1])).outlines()
                held = rows.cut(int(starts[-1]), len(rows))
            elif held is None:  # all rows were those of a shape of an earlier piece
                return
            elif len(starts) > 1:  # only the last shape of the piece goes on here
                yield rows.cut(0, int(starts[1])).outlines()
                return
            else:
                held = rows
        if held is not None:
            yield held.outlines()

    def _beginning(self, piece: int) -> Iterator[tuple[int, _Rows]]:
        """The rows of a row group and of those after it, without the end of the shape before."""
        last = self._last_before(piece)
        for group in range(piece, self.n_pieces):
            for rows in self._rows(group, COLUMNS[1:]):
                others = np.flatnonzero(~rows.are(last)) if last is not None else np.zeros(1, np.int64)
                if len(others):
                    last = None
                    yield group, rows.cut(int(others[0]), len(rows))

    def _last_before(self, piece: int) -> tuple[Any, ...] | None:
        """What names the last shape of the row groups before."""
        for group in reversed(range(piece)):
            last = None
            for rows in self._rows(group, ()):
                last = rows.last()
            if last is not None:
                return last
        return None

    def _rows(self, group: int, columns: Sequence[str]) -> Iterator[_Rows]:
        opened = open_parquet(self.file)
        try:
            wanted = [*self.ids, *columns]
            for batch in opened.iter_batches(_BATCH, row_groups=[group], columns=wanted, use_threads=False):
                if batch.num_rows:
                    ids = [_ids(batch.column(name)) for name in self.ids]
                    places = [
                        batch.column(name).to_numpy(zero_copy_only=False).astype(np.float64)
                        for name in columns
                    ]
                    yield _Rows(ids, np.column_stack(places) if places else np.empty((len(ids[0]), 0)))
        except KaroSpaceError:  # a store that does not answer is no damage
            raise
        except Exception as error:  # pyarrow's own kinds, and OSError
            raise DamagedError(f"{self.file.path} is damaged: {reason(error)}") from error


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Some rows: what names their shapes, and their places."""

    ids: list[npt.NDArray[Any]]
    places: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.places)

    def cut(self, start: int, stop: int) -> _Rows:
        return _Rows([each[start:stop] for each in self.ids], self.places[start:stop])

    def joined(self, other: _Rows) -> _Rows:
        ids = [np.concatenate(pair) for pair in zip(self.ids, other.ids, strict=True)]
        return _Rows(ids, np.concatenate([self.places, other.places]))

    def last(self) -> tuple[Any, ...]:
        return tuple(each[-1] for each in self.ids)

    def are(self, shape: tuple[Any, ...]) -> npt.NDArray[np.bool_]:
        same = np.ones(len(self), np.bool_)
        for ids, one in zip(self.ids, shape, strict=True):
            same &= ids == one
        return same

    def starts(self) -> npt.NDArray[np.int64]:
        changes = np.zeros(len(self), np.bool_)
        changes[0] = True
        for ids in self.ids:
            changes[1:] |= ids[1:] != ids[:-1]
        return np.flatnonzero(changes)

    def outlines(self) -> Outlines:
        starts = self.starts()
        return Outlines(self.ids[0][starts], np.append(starts, len(self)), self.places)


def _ids(column: Any) -> npt.NDArray[Any]:
    """Names of cells: whole numbers as int64, else text."""
    import pyarrow as pa

    if isinstance(column.type, pa.DictionaryType):
        column = column.dictionary_decode()
    if pa.types.is_integer(column.type):
        return column.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)  # type: ignore[no-any-return]
    values = column.to_numpy(zero_copy_only=False)
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return np.array([(each or b"").decode("utf-8", "replace") for each in values.tolist()], object)
    return np.array(["" if each is None else str(each) for each in values.tolist()], object)
