"""Tables: hostile text survives, and what is missing says so."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from karospace_stream.encode.row_lengths import mean_row_nbytes
from karospace_stream.encode.tables import csv_pieces, dump_json, json_pieces, python_values
from karospace_stream.model.column import Column

HOSTILE = [
    'say "hi"',
    "two\nlines",
    "a lone\rreturn",
    "both\r\nof them",
    "a, b;c\td",
    "nul\0",
    "</script><img src=x onerror=alert(1)>",
    "__proto__",
    "=1+1",
    "'",
    " edge ",
    "naïve 細胞 🧬",
    "\u2028",
    "null",
    "",
]
text = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))


@given(st.lists(st.tuples(text, text)), st.integers(1, 4))
def test_csv_comes_back(rows: list[tuple[str, str]], height: int) -> None:
    slices = [list(zip(*rows[at : at + height], strict=True)) for at in range(0, len(rows), height)]
    data = b"".join(csv_pieces(["cell_id", "a,b"], slices))
    read = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert read == [["cell_id", "a,b"], *map(list, rows)]


@given(st.lists(st.tuples(text, text)), st.integers(1, 4))
def test_json_comes_back(rows: list[tuple[str, str]], height: int) -> None:
    slices = [list(zip(*rows[at : at + height], strict=True)) for at in range(0, len(rows), height)]
    data = b"".join(json_pieces(["cell_id", "__proto__"], slices))
    assert json.loads(data) == [{"cell_id": a, "__proto__": b} for a, b in rows]


def strict(data: bytes) -> Any:
    def refuse(name: str) -> None:
        raise ValueError(name)

    return json.loads(data, parse_constant=refuse)


def test_missing_and_infinite() -> None:
    columns = [["a", "b", "c"], [1.5, math.inf, None], [None, True, -math.inf]]
    assert b"".join(csv_pieces("xyz", [columns])) == b"x,y,z\na,1.5,\nb,inf,True\nc,,-inf\n"
    assert strict(b"".join(json_pieces("xyz", [columns]))) == [
        {"x": "a", "y": 1.5, "z": None},
        {"x": "b", "y": None, "z": True},
        {"x": "c", "y": None, "z": None},
    ]


def test_no_rows() -> None:
    assert b"".join(csv_pieces(["a", "b"], [])) == b"a,b\n"
    assert b"".join(json_pieces(["a", "b"], [[[], []]])) == b"[]"


def test_lone_surrogates_become_question_marks() -> None:
    columns = [["\ud800", "fine"]]
    assert b"".join(csv_pieces(["\udfff"], [columns])) == b"?\n?\nfine\n"
    assert strict(b"".join(json_pieces(["\udfff"], [columns]))) == [{"?": "?"}, {"?": "fine"}]
    assert mean_row_nbytes(["\udfff"], columns, 2)[1] == len('[{"?":"?"},{"?":"fine"}]') // 2


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (Column("", "category", np.array([1, -1, 0]), categories=("x", "y")), ["y", None, "x"]),
        (Column("", "category", np.array([-1]), categories=()), [None]),
        (Column("", "float", np.array([1.5, np.nan, np.inf], np.float32)), [1.5, None, math.inf]),
        (Column("", "integer", np.array([2**63, 0], np.uint64)), [2**63, 0]),
        (Column("", "integer", np.array([7, 8], np.int8), np.array([False, True])), [7, None]),
        (
            Column("", "bool", np.array([True, False, True]), np.array([False, False, True])),
            [True, False, None],
        ),
        (Column("", "string", np.array(["", "b"], object), np.array([True, False])), [None, "b"]),
    ],
    ids=lambda value: value.kind if isinstance(value, Column) else "",
)
def test_python_values(column: Column, values: list[Any]) -> None:
    got = python_values(column)
    assert got == values
    assert [type(value) for value in got] == [type(value) for value in values]


@given(st.lists(st.floats(-1e9, 1e9) | st.none() | st.just(math.nan), min_size=1, max_size=20))
@example([-0.0, -1e-11, 1e-16])
def test_records_are_measured_as_pandas_writes_them(numbers: list[float | None]) -> None:
    names = [f"c{index}" for index in range(len(numbers))]
    frame = pd.DataFrame({"a": names, "b": np.asarray(numbers, np.float64)})
    n_rows = len(numbers)
    assert (
        mean_row_nbytes("ab", [names, numbers], n_rows)[1] == len(frame.to_json(orient="records")) // n_rows
    )


def test_rows_are_measured_as_pandas_writes_them() -> None:
    names, numbers = [f"c{index}" for index in range(10)], [index / 3 for index in range(10)]
    as_csv = "a,b\n" + "".join(f"{name},{number}\n" for name, number in zip(names, numbers, strict=True))
    ten_decimals = [
        json.dumps({"a": name, "b": round(number, 10)}, separators=(",", ":"))
        for name, number in zip(names, numbers, strict=True)
    ]
    wanted = len(as_csv) // 10, len(f"[{','.join(ten_decimals)}]") // 10
    assert mean_row_nbytes("ab", [names, numbers], 10) == wanted


@given(data=st.data(), n_columns=st.integers(1, 3), n_rows=st.integers(1, 8))
def test_rows_are_measured_as_they_are_written(data: st.DataObject, n_columns: int, n_rows: int) -> None:
    value = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | text
    column = st.lists(value, min_size=n_rows, max_size=n_rows)
    header = [f"c{index}" for index in range(n_columns)]
    columns = [data.draw(column) for _ in header]
    as_csv = b"".join(csv_pieces(header, [columns]))
    assert mean_row_nbytes(header, columns, n_rows)[0] == len(as_csv) // n_rows


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | text, st.lists))
def test_json_is_strict(value: object) -> None:
    strict(dump_json(value))
    strict(dump_json([value], indent=True))


def test_keys_keep_their_order() -> None:
    assert dump_json({"b": 1, "a": {"é": [1.0, math.nan]}}) == '{"b":1,"a":{"é":[1.0,null]}}'.encode()
    assert dump_json({"b": [1]}, indent=True) == b'{\n  "b": [\n    1\n  ]\n}'
