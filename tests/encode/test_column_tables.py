"""Tables that are written a column at a time are those that are written a row at a time, byte for byte."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from karospace_stream.encode import column_tables
from karospace_stream.encode.column_tables import csv_of_columns, json_of_columns
from karospace_stream.encode.tables import csv_pieces, json_pieces, python_values
from karospace_stream.model.column import Column

HOSTILE = [
    *('a "b"', '",', '","', "\\", 'x\\","y', "two\nlines", "cr\r", "crlf\r\n", "nul\0\x1f\x7f", "細胞 🧬"),
    *("\u2028", "\ud800", "null", "True", "", " edge ", "'", "=1"),
]
EXACT = [
    *(0.0, -0.0, 1e-4, 9.999e-5, 1e-5, 1e15, 1e16, 9999999999999998.0, 1.7e308, 5e-324, 0.1, 1 / 3, 2.0**53),
    *(1e22, math.nan, math.inf, -math.inf),
]
TYPES = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
text = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(), max_size=6))


def arrays(dtype: Any, n: int, elements: Any = None) -> Any:
    return stn.arrays(dtype, n, elements=elements)


@st.composite
def columns_of(draw: st.DrawFn, n: int) -> Column:
    kind = draw(st.sampled_from(["category", "string", "bool", "integer", "float"]))
    missing = draw(st.none() | arrays(bool, n))
    if kind == "category":
        names = tuple(draw(st.lists(text, max_size=5, unique=True)))
        codes = draw(arrays(np.int32, n, st.integers(-1, len(names) - 1)))
        return Column("", "category", codes, categories=names)
    if kind == "string":
        values = np.empty(n, object)
        values[:] = draw(st.lists(text, min_size=n, max_size=n))
        if missing is not None:
            values[missing] = ""
        return Column("", "string", values, missing)
    if kind == "bool":
        return Column("", "bool", draw(arrays(bool, n)), missing)
    if kind == "integer":
        return Column("", "integer", draw(arrays(draw(st.sampled_from(TYPES)), n)), missing)
    dtype = np.dtype(draw(st.sampled_from(["float16", "float32", "float64"])))
    exact = st.sampled_from(
        [float(dtype.type(value)) for value in EXACT if abs(value) < 6e4 or dtype.itemsize > 4]
    )
    return Column("", "float", draw(arrays(dtype, n, st.floats(width=8 * dtype.itemsize) | exact)), missing)


def by_rows(header: Sequence[str], columns: Sequence[Column]) -> tuple[bytes, bytes]:
    values = [python_values(column) for column in columns]
    return b"".join(csv_pieces(header, [values])), b"".join(json_pieces(header, [values]))


def by_columns(header: Sequence[str], slices: Sequence[Sequence[Column]]) -> tuple[bytes, bytes]:
    return b"".join(csv_of_columns(header, slices)), b"".join(json_of_columns(header, slices))


@given(data=st.data(), n_rows=st.integers(1, 9), n_columns=st.integers(1, 4), height=st.integers(1, 9))
def test_same_as_by_rows(data: st.DataObject, n_rows: int, n_columns: int, height: int) -> None:
    header = data.draw(
        st.lists(st.sampled_from(HOSTILE[:11]), min_size=n_columns, max_size=n_columns, unique=True)
    )
    columns = [data.draw(columns_of(n_rows)) for _ in header]
    slices = [[each.rows(slice(at, at + height)) for each in columns] for at in range(0, n_rows, height)]
    assert by_columns(header, slices) == by_rows(header, columns)


@given(st.lists(st.floats() | st.sampled_from(EXACT), min_size=1, max_size=30))
@example([1e16, 1e-5, 123456789012345680.0, 9.5e-5, -1e-7, math.nan])
def test_numbers_are_those_of_python(values: list[float]) -> None:
    columns = [Column("", "integer", np.arange(len(values))), Column("", "float", np.array(values))]
    as_csv, as_json = by_columns("ab", [columns])
    wanted = io.StringIO()
    plain = [None if math.isnan(value) else value for value in values]
    csv.writer(wanted, lineterminator="\n").writerows([("a", "b"), *enumerate(plain)])
    assert as_csv.decode() == wanted.getvalue()
    listed = [{"a": at, "b": value if math.isfinite(value) else None} for at, value in enumerate(values)]
    assert repr(json.loads(as_json)) == repr(listed)  # of -0.0 the sign, too


def test_more_categories_than_rows_and_longer_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    monkeypatch.setattr(column_tables, "_ROWS", 16)
    columns = [
        Column(
            "", "category", rng.integers(-1, n, 100).astype(np.int32), categories=tuple(map(str, range(n)))
        )
        for n in (3, 16, 1_000)
    ]
    columns.append(Column("", "float", rng.normal(size=100).astype(np.float32)))
    assert by_columns("abcd", [columns]) == by_rows("abcd", columns)


def test_combinations_of_long_names_are_not_written_in_advance() -> None:
    names = tuple(str(number) * 4_000 for number in range(40))
    columns = [Column("", "category", np.array([at, -1], np.int32), categories=names) for at in range(3)]
    columns += [
        Column("", "bool", np.array([True, False]), missing) for missing in (None, np.array([False, True]))
    ]
    assert by_columns("abcde", [columns]) == by_rows("abcde", columns)


def test_a_later_slice_may_have_other_categories() -> None:
    columns = [
        [
            Column("", "integer", np.arange(2)),
            Column("", "category", np.array([0, -1], np.int32), categories=names),
        ]
        for names in (("a",), ("b",))
    ]
    as_csv, as_json = by_columns("xy", columns)
    assert as_csv == b"x,y\n0,a\n1,\n0,b\n1,\n"
    assert as_json == b'[{"x":0,"y":"a"},{"x":1,"y":null},{"x":0,"y":"b"},{"x":1,"y":null}]'


def test_no_rows() -> None:
    empty = [Column("", "string", np.empty(0, object)), Column("", "float", np.empty(0))]
    for slices in ([], [empty]):
        assert by_columns("ab", slices) == (b"a,b\n", b"[]")


@pytest.mark.big
def test_many_numbers() -> None:
    """Shortest texts of two libraries, for random bits."""
    rng = np.random.default_rng(1)
    for _ in range(4):
        values = np.frombuffer(rng.bytes(8 * 100_000), np.float64)
        near = rng.normal(size=100_000) * 10.0 ** rng.integers(-6, 18, 100_000)
        columns = [
            Column("", "float", values),
            Column("", "float", near),
            Column("", "float", near.astype("f4")),
        ]
        assert by_columns("abc", [columns])[0] == by_rows("abc", columns)[0]
