"""Columns as little-endian arrays."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karospace_stream.encode.arrays import ArrayKind, array_kind, array_values, little_endian, string_pieces
from karospace_stream.model.catalog import ColumnInfo, ColumnKind
from karospace_stream.model.column import Column


@pytest.mark.parametrize(
    ("kind", "dtype", "n_categories", "nullable", "stored"),
    [
        ("category", "", 0, False, ("category", "uint8", 255)),
        ("category", "", 255, False, ("category", "uint8", 255)),
        ("category", "", 256, False, ("category", "uint16", 65_535)),
        ("category", "", 65_535, False, ("category", "uint16", 65_535)),
        ("category", "", 65_536, False, ("string", "", None)),
        ("string", "", 4_096, False, ("category", "uint16", 65_535)),
        ("string", "", None, True, ("string", "", None)),
        ("bool", "bool", None, True, ("bool", "uint8", 255)),
        ("integer", "int8", None, False, ("number", "int8", None)),
        ("integer", "uint32", None, False, ("number", "uint32", None)),
        ("integer", "int16", None, True, ("number", "float64", None)),
        ("integer", "int64", None, False, ("number", "float64", None)),
        ("float", "float16", None, False, ("number", "float32", None)),
        ("float", "float32", None, False, ("number", "float32", None)),
        ("float", "float64", None, False, ("number", "float64", None)),
    ],
)
def test_kinds(
    kind: ColumnKind, dtype: str, n_categories: int | None, nullable: bool, stored: tuple[object, ...]
) -> None:
    chosen = array_kind(ColumnInfo("", kind, dtype), n_categories, nullable)
    assert (chosen.kind, chosen.dtype, chosen.missing) == stored
    assert chosen.itemsize == (np.dtype(chosen.dtype).itemsize if chosen.dtype else 0)


def test_the_last_category_is_not_taken_for_missing() -> None:
    codes = np.array([0, 254, -1], np.int32)
    values = array_values(Column("", "category", codes), ArrayKind("category", "uint8", 255))
    assert values.tolist() == [0, 254, 255]
    assert codes.tolist() == [0, 254, -1]


def test_missing_numbers_and_booleans() -> None:
    missing = np.array([False, True])
    numbers = Column("", "integer", np.array([7, 0], np.int16), missing)
    np.testing.assert_array_equal(array_values(numbers, ArrayKind("number", "float64")), [7, np.nan])
    truths = Column("", "bool", np.array([True, True]), missing)
    assert array_values(truths, ArrayKind("bool", "uint8", 255)).tolist() == [1, 255]
    assert truths.values.tolist() == [True, True]


@pytest.mark.parametrize("dtype", ["uint8", "<i2", ">i4", ">f8", "<f4"])
def test_little_endian(dtype: str) -> None:
    values = np.array([[1, 2], [3, 4]]).astype(dtype).T
    got = np.frombuffer(little_endian(values), np.dtype(dtype).newbyteorder("<"))
    assert got.tolist() == [1, 3, 2, 4]


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)), st.integers(1, 5))
def test_strings(texts: list[str | None], height: int) -> None:
    values = np.asarray([text or "" for text in texts], object)
    missing = np.asarray([text is None for text in texts], bool)
    tiles = [slice(start, start + height) for start in range(0, len(texts), height)]
    data = b"".join(string_pieces((values[rows], missing[rows]) for rows in tiles))
    ends = np.frombuffer(data, "<u4", len(texts) + 1)
    body = data[4 * len(ends) :]
    read = [body[a:b] for a, b in itertools.pairwise(ends)]
    assert read == [b"\0" if text is None else text.encode() for text in texts]
    assert ends[-1] == len(body)


def test_strings_that_are_no_unicode() -> None:
    assert string_pieces([(np.asarray(["\ud800x"], object), None)])[-1] == b"?x"


def test_one_tile_of_strings_is_held_at_a_time() -> None:
    def tiles() -> Iterator[tuple[npt.NDArray[np.object_], None]]:
        for tile in range(50):
            yield np.asarray([f"{tile}-{row}" for row in range(1_000)], object), None

    tracemalloc.start()
    try:
        pieces = string_pieces(tiles())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < sum(map(len, pieces)) + 1_000 * 400
