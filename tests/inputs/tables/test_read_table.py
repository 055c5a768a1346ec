"""Tables are read with the types that their values have, or refused in one sentence."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.tables import text_table
from karospace_stream.inputs.tables.read import read_table
from karospace_stream.inputs.tables.typed import MISSING

TEXT = '''barcode,leiden,plate,score,doublet,note,empty,count
AAAC-1,0,007,0.5,True,"a, b",,1
AAAG-1,10,008,-1e-3,False,"say ""hi""",NA,
AAAT-1,2,010,inf,TRUE,NA,,3
CCCC-1,0,011,.25,false,"two
lines",,4
'''


def expected() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "leiden": [0, 10, 2, 0],
            "plate": ["007", "008", "010", "011"],
            "score": [0.5, -1e-3, np.inf, 0.25],
            "doublet": [True, False, True, False],
            "note": ["a, b", 'say "hi"', None, "two\nlines"],
            "empty": [np.nan] * 4,
            "count": pd.array([1, None, 3, 4], "Int64"),
        },
        index=pd.Index(["AAAC-1", "AAAG-1", "AAAT-1", "CCCC-1"], dtype=object, name="barcode"),
    )


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("at_once", [1, 2, 1 << 16])
def test_types_follow_from_values(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    separator: str,
    start: str,
    packed: bool,
    end: str,
    at_once: int,
) -> None:
    monkeypatch.setattr(text_table, "_ROWS", at_once)
    text = TEXT.replace("two\nlines", "two+lines").replace('"a, b"', '"a# b"').replace(",", separator)
    text = text.replace("\n", end).replace("two+lines", "two\nlines").replace("a# b", "a, b")
    data = (start + text).encode()
    path = tmp_path / "cells.txt"
    path.write_bytes(gzip.compress(data[:50]) + gzip.compress(data[50:]) if packed else data)
    table = read_table(path)
    pd.testing.assert_frame_equal(table.frame, expected())
    assert (table.name, table.id_name, table.n_rows) == ("cells.txt", "barcode", 4)


def write(folder: Path, text: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_text_with_repeats_is_a_category_as_anndata_writes_it(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "id,kind\na,B\nb,A\nc,\nd,B\n"))
    kind = table.frame["kind"]
    assert list(kind.cat.categories) == ["A", "B"]
    assert kind.cat.codes.tolist() == [1, 0, -1, 1]


def test_a_named_column_has_the_ids_and_the_first_without_a_name_is_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path, ",x,cell\n0,1,a\n1,2,b\n")
    table = read_table(path, key="cell")
    assert table.frame.to_dict() == {"x": {"a": 1, "b": 2}}
    assert read_table(path).frame.index.tolist() == ["0", "1"]
    assert read_table(path, key="cell", columns=["x"]).frame.columns.tolist() == ["x"]


def test_row_names_as_r_writes_them(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, '"tSNE_1"\t"tSNE_2"\n"a"\t1.5\t2\n"b"\t-1\t3\n'))
    assert table.frame.to_dict("list") == {"tSNE_1": [1.5, -1.0], "tSNE_2": [2, 3]}
    assert table.frame.index.tolist() == ["a", "b"]


def test_no_header(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "a,1,2\nb,0,3\n"), names=("barcode", "in_tissue", "row"))
    assert table.frame.to_dict("list") == {"in_tissue": [1, 0], "row": [2, 3]}


def test_only_some_rows(tmp_path: Path) -> None:
    path = write(tmp_path, "id,x\na,1\nb,2\nc,3\n")
    table = read_table(path, keep=lambda ids: np.array([each != "b" for each in ids]))
    assert table.frame.to_dict() == {"x": {"a": 1, "c": 3}}
    assert table.n_rows == 3


def test_a_column_is_text_from_its_last_row_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_table, "_ROWS", 4)
    rows = [f"c{n},{n}.50" for n in range(20)]
    table = read_table(write(tmp_path, "\n".join(["id,x", *rows, "last,007", ""])))
    assert table.frame["x"].tolist() == [*(f"{n}.50" for n in range(20)), "007"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("id,x\n", "has a header, but no rows"),
        ("id,x\na,1\nb,2,3\n", "line 3 has 3"),
        ("id,x,y\na,1,2\n\nb,2\n", "line 4 has 2"),
        ("id,x,x\na,1,2\n", "'x' is there twice"),
        ("id,,x\na,1,2\n", "column 2 has none"),
        ("id,x\n,1\n", "row 1 has none"),
        ("id,x\na,1\n,1\n", "row 2 has none"),
        ('id,x\na,"1\nb,2\n', "line 3 cannot be read"),
        (b"id,x\na,\xe9\n", r"must be UTF-8, but holds b'id,x\na,\xe9'"),
        ("id,x\na,1\n".encode("utf-16"), "must be UTF-8, but is UTF-16"),
        (b"PK\x03\x04\x00", "is a zip file, as Excel workbooks are"),
        (b"\x89HDF\r\n", "is an HDF5 file"),
        (b"id,x\0\n", "is no text"),
        (gzip.compress(b"id,x\n" + b"a,1\n" * 99, mtime=0)[:-9], "ends too early"),
        (gzip.compress(np.random.default_rng(0).bytes(3000)), "is no text"),
        (b"PAR1 and nothing", "cannot be read as a Parquet file"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_table(write(tmp_path, text))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_damaged_compressed_data_are_refused(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(b"id,x\n" + b"".join(b"c%d,%d\n" % (n, n * n) for n in range(999))))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(BadInputError, match=r"is damaged|cannot be read|must have|ends too early"):
        read_table(write(tmp_path, bytes(data)))


def test_missing_files_and_columns(tmp_path: Path) -> None:
    path = write(tmp_path, "id,score\na,1\n")
    with pytest.raises(BadInputError, match=r"no column 'scores'; did you mean 'score'"):
        read_table(path, columns=["scores"])
    with pytest.raises(BadInputError, match=r"no column 'cell'"):
        read_table(path, key="cell")
    with pytest.raises(BadInputError, match=r"does not exist; did you mean .*t\.csv"):
        read_table(tmp_path / "t.csvv")
    with pytest.raises(BadInputError, match="folder"):
        read_table(tmp_path)


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": pd.Categorical(["b", "a", None, "b"], ["b", "a", "unused"], ordered=True),
            "text": ["p", "q", "p", None],
            "own": ["p", "q", "r", None],
            "n": np.array([1, 2, 3, 4], np.int32),
            "x": np.array([0.5, np.nan, 2, 3], np.float32),
            "flag": [True, False, True, True],
            "maybe": pd.array([True, None, False, True], "boolean"),
            "whole": pd.array([1, None, 3, 4], "Int16"),
        },
        index=pd.Index(["a", "b", "c", "d"], name="cell", dtype=object),
    )


def test_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    made = frame()
    made["when"] = pd.to_datetime(["2024-01-02", "2024-01-02", None, "2025-01-01"])
    made["list"] = [[1], [2], [], None]
    made.to_parquet(tmp_path / "t.parquet", row_group_size=3)
    table = read_table(tmp_path / "t.parquet")
    wanted = frame()
    wanted["text"] = wanted["text"].astype("category")
    wanted["own"] = wanted["own"].astype(object)
    wanted["when"] = pd.Categorical(["2024-01-02 00:00:00"] * 2 + [None, "2025-01-01 00:00:00"])
    pd.testing.assert_frame_equal(table.frame, wanted)
    assert table.id_name == "cell"
    assert table.left_out[0][0] == "list"
    only = read_table(
        tmp_path / "t.parquet", columns=["x"], keep=lambda ids: np.array([i > "b" for i in ids])
    )
    assert only.frame["x"].tolist() == [2, 3]


def test_parquet_whose_ids_are_the_first_column(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    columns = {"cell_id": pyarrow.array([b"a", b"b"], pyarrow.binary()), "x_centroid": [1.5, 2.5]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "cells.parquet")
    table = read_table(tmp_path / "cells.parquet")
    assert table.frame.to_dict() == {"x_centroid": {"a": 1.5, "b": 2.5}}


def test_a_truncated_parquet_file_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    frame().to_parquet(tmp_path / "t.parquet")
    data = (tmp_path / "t.parquet").read_bytes()
    for cut in (len(data) - 3, len(data) // 2, 5):
        with pytest.raises(BadInputError, match="cut off"):
            read_table(write(tmp_path, data[:cut], "cut.parquet"))


VALUES = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=False).map(repr),
    st.sampled_from(["", "NA", "True", "false", "007", "1_000", "x", " 5", "-0", "1e5", "٣", "0x1"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5),
)


@given(st.lists(VALUES, min_size=1, max_size=30), st.integers(1, 8))
@settings(max_examples=300, deadline=None)
def test_no_value_changes(values: list[str], at_once: int) -> None:
    """Text is as it was, numbers are those of Python, and the type does not depend on the way of reading."""
    whole, pieces = text_table.TypedColumn(), text_table.TypedColumn()
    whole.add(values)
    for start in range(0, len(values), at_once):
        pieces.add(values[start : start + at_once])
    if pieces.lost:
        pieces = text_table.TypedColumn(is_text=True)
        pieces.add(values)
    column = whole.finish()
    pd.testing.assert_series_equal(column, pieces.finish())
    missing = [each in MISSING for each in values]
    assert column.isna().tolist() == missing
    for text, value, gone in zip(values, column.tolist(), missing, strict=True):
        if gone:
            continue
        if isinstance(value, bool):
            assert text.lower() == str(value).lower()
        elif isinstance(value, int):
            assert value == int(text)
        elif isinstance(value, float):
            assert value == float(text)
        else:
            assert value == text
