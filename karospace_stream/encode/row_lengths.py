"""Lengths of the rows of a table, as schema 1.0.0 measures them for cutting tables into parts.

Measured column by column: of ten thousand columns, no more than one is in memory.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from karospace_stream.encode.tables import Values, csv_lines, dump_json

_SMALL_FLOATS, _LARGE_FLOATS = 1e-15, 1e16  # beyond, pandas writes an exponent


def mean_row_nbytes(header: Sequence[str], columns: Iterable[Values], n_rows: int) -> tuple[int, int]:
    """Mean length of a row as CSV and as JSON.

    The header counts among the rows of CSV. The exporter that defined the schema measured JSON with
    pandas, which writes ten decimals; the same measure results in the same parts.
    """
    alone = len(header) == 1
    commas = n_rows * len(header)  # and line ends
    csv_nbytes, json_nbytes = commas + sum(map(_nbytes, csv_lines([header]))), 1
    for values in columns:
        as_csv, as_json = _column_nbytes(values, alone=alone)
        csv_nbytes += as_csv
        json_nbytes += as_json
    punctuation = 2 + sum(len(dump_json(name)) + 2 for name in header)
    n_rows = max(1, n_rows)
    return max(1, csv_nbytes // n_rows), max(1, punctuation + json_nbytes // n_rows)


def _column_nbytes(values: Values, *, alone: bool) -> tuple[int, int]:
    """Bytes of all values of a column, as CSV and as JSON."""
    floats = [value for value in values if isinstance(value, float)]
    as_csv, as_json = sum(map(len, map(repr, floats))), sum(map(_float_nbytes, floats))
    # Texts are mostly the same few again and again. With their types, as True is 1 to a dictionary.
    rest = values if not floats else [value for value in values if not isinstance(value, float)]
    counted = Counter(zip(map(type, rest), rest, strict=True))
    distinct = [value for _, value in counted]
    # An empty field alone in its row is quoted.
    lines = csv_lines(([value] if alone else ["", value]) for value in distinct)
    around = 1 if alone else 2  # the line's end, and a comma
    for value, line, times in zip(distinct, lines, counted.values(), strict=True):
        as_csv += times * (_nbytes(line) - around)
        as_json += times * len(dump_json(value))
    return as_csv, as_json


def _nbytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _float_nbytes(value: float) -> int:
    if not math.isfinite(value):
        return len(dump_json(value))
    if value and not _SMALL_FLOATS <= abs(value) <= _LARGE_FLOATS:
        return len(f"{value:.10g}")
    text = f"{value or 0.0:.10f}".rstrip("0")  # of -0.0 pandas leaves the sign out
    return len(text) + text.endswith(".")
