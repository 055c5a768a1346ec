"""CSV and JSON records column by column: no object for a row, and few for a value.

The bytes are those of `csv_pieces` and `json_pieces`, which write a row at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.field_texts import CSV, JSON, Syntax, Texts, fields_of
from karospace_stream.encode.tables import csv_field, csv_pieces, dump_json, python_values
from karospace_stream.model.column import Column

#: Rows that are text at a time. They stay in the processor's cache, which longer slices do not.
_ROWS = 2_048

Columns = Sequence[Column]


def csv_of_columns(header: Sequence[str], slices: Iterable[Columns]) -> Iterator[bytes]:
    """Encode a CSV table, header first; missing is empty. UTF-8."""
    if len(header) == 1:  # an empty field alone in its row is quoted
        yield from csv_pieces(header, ([python_values(column)] for (column,) in slices))
        return
    yield b",".join(map(csv_field, header)) + b"\n"
    rows = _Rows(CSV, [b"", *[b","] * (len(header) - 1)], b"\n")
    for columns in _short(slices):
        yield rows.join(columns)


def json_of_columns(header: Sequence[str], slices: Iterable[Columns]) -> Iterator[bytes]:
    """Encode a JSON array of objects; missing and infinite numbers are null. UTF-8."""
    keys = [dump_json(name) + b":" for name in header]
    rows = _Rows(JSON, [b"{" + keys[0], *(b"," + key for key in keys[1:])], b"},")
    yield b"["
    last = b""
    for columns in _short(slices):
        yield last
        joined = rows.join(columns)
        yield joined[:-1]
        last = joined[-1:]
    yield b"]"


def _short(slices: Iterable[Columns]) -> Iterator[Columns]:
    for columns in slices:
        n_rows = len(columns[0].values)
        for at in range(0, n_rows, _ROWS):
            yield columns if n_rows <= _ROWS else [each.rows(slice(at, at + _ROWS)) for each in columns]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Writes rows.

    Attributes
    ----------
    before
        What stands before the value of each column.
    end
        What ends a row.
    """

    syntax: Syntax
    before: Sequence[bytes]
    end: bytes
    _tables: dict[int, _Table] = field(default_factory=dict)

    def join(self, columns: Columns) -> bytes:
        """Write some rows."""
        pieces: list[bytes | Texts] = []
        pending = b""  # what stands between the last value and the next
        for number, (before, column) in enumerate(zip(self.before, columns, strict=True)):
            pending += before
            if column.kind in ("category", "bool"):
                pieces.append(self._coded(number, column, pending))
                pending = b""
                continue
            fields = fields_of(column, self.syntax)
            pieces += [pending + fields.around, fields.texts]
            pending = fields.around
        return _interleave([*pieces, pending + self.end], len(columns[0].values))

    def _coded(self, number: int, column: Column, before: bytes) -> Texts:
        if column.categories is None:
            codes = column.values.astype(np.int8)
            if column.missing is not None:
                codes[column.missing] = -1
            names: Sequence[bytes] = (self.syntax.false, self.syntax.true)
            return _Table.of([before + name for name in names], before + self.syntax.missing).take(codes)
        if len(column.categories) > _ROWS:
            return self._of_many(column, before)
        table = self._tables.get(number)
        if table is None or table.made_of != (column.categories, before):
            names = [before + self.syntax.text(name) for name in column.categories]
            table = _Table.of(names, before + self.syntax.missing, (column.categories, before))
            self._tables[number] = table
        return table.take(column.values)

    def _of_many(self, column: Column, before: bytes) -> Texts:
        """Texts of the categories of these rows only: there may be a million."""
        assert column.categories is not None
        used, codes = np.unique(np.maximum(column.values, -1), return_inverse=True)
        names = [
            before + (self.syntax.missing if code < 0 else self.syntax.text(column.categories[code]))
            for code in used.tolist()
        ]
        return _Table.of(names, b"").take(codes)


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """The texts of the values of a column, that of a missing one last."""

    texts: npt.NDArray[np.object_]
    made_of: tuple[tuple[str, ...], bytes] | None = None

    @classmethod
    def of(
        cls, texts: Sequence[bytes], missing: bytes, made_of: tuple[tuple[str, ...], bytes] | None = None
    ) -> _Table:
        listed = np.empty(len(texts) + 1, object)
        listed[:] = [*texts, missing]
        return cls(listed, made_of)

    def take(self, codes: npt.NDArray[np.generic]) -> Texts:
        taken: Texts = self.texts[np.maximum(codes, -1)].tolist()
        return taken


def _interleave(pieces: Sequence[bytes | Texts], n_rows: int) -> bytes:
    """The pieces of a row after each other, row after row; a piece may be the same in all rows."""
    width = len(pieces)
    parts = [b""] * (width * n_rows)
    for at, piece in enumerate(pieces):
        parts[at::width] = [piece] * n_rows if isinstance(piece, bytes) else piece
    return b"".join(parts)
