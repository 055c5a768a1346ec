"""CSV and JSON records column by column: no object for a row, and few for a value.

The bytes are those of `csv_pieces` and `json_pieces`, which write a row at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from karospace_stream.encode.coded_texts import CodedTexts, coded_together, n_texts, rare_texts
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


@dataclass(slots=True)
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
    _tables: dict[int, CodedTexts] = field(default_factory=dict)

    def join(self, columns: Columns) -> bytes:
        """Write some rows."""
        pieces: list[bytes | Texts] = []
        pending = b""  # what stands between the last value and the next
        number = 0
        while number < len(columns):
            pending += self.before[number]
            stop = coded_together(columns, number, _ROWS)
            if stop > number:
                pieces.append(self._coded(number, columns[number:stop], pending))
                pending, number = b"", stop
                continue
            fields = fields_of(columns[number], self.syntax)
            pieces += [pending + fields.around, fields.texts]
            pending, number = fields.around, number + 1
        return _interleave([*pieces, pending + self.end], len(columns[0].values))

    def _coded(self, number: int, columns: Columns, before: bytes) -> Texts:
        """Texts of adjacent columns of few different values: of each combination one."""
        befores = (before, *self.before[number + 1 : number + len(columns)])
        if n_texts(columns) > _ROWS:
            return rare_texts(columns[0], before, self.syntax)
        table = self._tables.get(number)
        if table is None or not table.fits(columns, befores):
            table = self._tables[number] = CodedTexts.of(columns, befores, self.syntax)
        return table.take(columns)


def _interleave(pieces: Sequence[bytes | Texts], n_rows: int) -> bytes:
    """The pieces of a row after each other, row after row; a piece may be the same in all rows."""
    width = len(pieces)
    parts = [b""] * (width * n_rows)
    for at, piece in enumerate(pieces):
        parts[at::width] = [piece] * n_rows if isinstance(piece, bytes) else piece
    return b"".join(parts)
