"""Rows of columns as CSV and as JSON records, a few thousand rows at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from karospace_stream.model.column import Column

#: Rows turned into Python objects at a time: a few megabytes, whatever the part's size.
SLICE_ROWS = 8_192

Values = Sequence[Any]


def python_values(column: Column) -> list[Any]:
    """The column's values as str, int, float, bool; None where missing."""
    if column.categories is not None:
        names = column.categories
        # No table of all names: there may be a million of them, and this is called for a few rows.
        return [None if code < 0 else names[code] for code in column.values.tolist()]
    values: list[Any] = column.values.tolist()
    if column.kind == "float":
        values = [None if value != value else value for value in values]
    if column.missing is not None:
        there = (~column.missing).tolist()
        values = [value if known else None for value, known in zip(values, there, strict=True)]
    return values


def csv_pieces(header: Sequence[str], slices: Iterable[Sequence[Values]]) -> Iterator[bytes]:
    """Encode a CSV table, header first; missing is empty. UTF-8."""
    yield _csv([header])
    for columns in slices:
        yield _csv(zip(*columns, strict=True))


def json_pieces(header: Sequence[str], slices: Iterable[Sequence[Values]]) -> Iterator[bytes]:
    """Encode a JSON array of objects; missing and infinite numbers are null. UTF-8."""
    yield b"["
    between = b""
    for columns in slices:
        rows = [dict(zip(header, row, strict=True)) for row in zip(*columns, strict=True)]
        if rows:
            yield between + dump_json(rows)[1:-1]
            between = b","
    yield b"]"


def dump_json(value: object, *, indent: bool = False) -> bytes:
    """Encode strict JSON, UTF-8; NaN and infinities are null. Keys stay in the order given."""
    option = orjson.OPT_INDENT_2 if indent else 0
    try:
        return orjson.dumps(value, option=option)
    except TypeError:  # text that is no Unicode (a lone surrogate) becomes a question mark
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        return orjson.dumps(json.loads(text), option=option)


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Lines of a CSV table, with their ends."""
    # The writer quotes the characters of its line ends. A lone CR ends a line for most readers, so
    # it is among them, and is taken off again.
    lines = _Lines()
    csv.writer(lines, lineterminator="\r\n").writerows(rows)
    return (line[:-2] + "\n" for line in lines)


def csv_field(value: object) -> bytes:
    """One of several fields of a row."""
    (line,) = csv_lines([["", value]])
    return line[1:-1].encode("utf-8", "replace")


class _Lines(list[str]):
    write = list.append


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    return "".join(csv_lines(rows)).encode("utf-8", "replace")
