"""Sizes and times as people write and read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karospace_stream.errors import BadOptionError
from karospace_stream.units import (
    counted,
    format_nbytes,
    format_range,
    format_seconds,
    format_shape,
    parse_nbytes,
)


@pytest.mark.parametrize(
    ("text", "nbytes"),
    [
        ("2GB", 2 * 10**9),
        ("2g", 2 * 10**9),
        (" 1.5 MiB ", 3 * 2**19),
        ("512kib", 2**19),
        (".5K", 500),
        ("4096000", 4_096_000),
        ("7b", 7),
        ("1TiB", 2**40),
        (1_000_000, 1_000_000),
        (2e9, 2 * 10**9),
    ],
)
def test_sizes(text: str | float, nbytes: int) -> None:
    assert parse_nbytes(text) == nbytes


@pytest.mark.parametrize(
    "text",
    ["", "GB", "2 GB B", "-1GB", "1e9", "2PB", "0", "0.4", 0, -5, float("nan"), float("inf"), "9" * 400],
)
def test_what_is_no_size(text: str | float) -> None:
    with pytest.raises(BadOptionError, match="a size"):
        parse_nbytes(text)


@pytest.mark.parametrize("number", [2.5, 0.5, True])
def test_a_part_of_a_byte_was_meant_otherwise(number: float) -> None:
    with pytest.raises(BadOptionError, match=r"such as '2\.5GB', or a whole number of bytes, got"):
        parse_nbytes(number)


@pytest.mark.parametrize("number", ["2", " 16 ", "4096", "999999", 2, 2048.0])
def test_bytes_are_not_meant_by_small_numbers(number: str | float) -> None:
    with pytest.raises(BadOptionError, match=r"must have a unit, such as 2GB or 512MiB, got"):
        parse_nbytes(number)


@given(st.integers(1, 10**15))
def test_a_size_that_is_written_can_be_read_again(nbytes: int) -> None:
    text = format_nbytes(nbytes).replace(",", "")
    assert parse_nbytes(text) == pytest.approx(nbytes, rel=0.005)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (1.23e9, 1.94e9, "about 1.2 to 1.9 GB"),
        (1.96e9, 2.04e9, "about 2 GB"),
        (150_000, 2_460_000, "about 150 kB to 2.5 MB"),
        (996_000, 1_240_000, "about 1 to 1.2 MB"),
        (99.6e6, 150e6, "about 100 to 150 MB"),
        (12, 12, "about 12 B"),
        (0, 700, "about 0 to 700 B"),
    ],
)
def test_ranges(low: float, high: float, text: str) -> None:
    assert format_range(low, high) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (9.9, "9.9 s"),
        (59.7, "1 min 00 s"),
        (185, "3 min 05 s"),
        (7_805, "2 h 10 min"),
    ],
)
def test_times(seconds: float, text: str) -> None:
    assert format_seconds(seconds) == text


def test_counts_have_the_noun_in_its_number() -> None:
    counts = [counted(n, "gene") for n in (0, 1, 2, 1200)]
    assert counts == ["0 genes", "1 gene", "2 genes", "1,200 genes"]
    assert [counted(2, noun) for noun in ("row block", "category", "key", "obsm entry")] == [
        "2 row blocks",
        "2 categories",
        "2 keys",
        "2 obsm entries",
    ]
    assert format_shape(1, 1) == "1 cell x 1 gene"
    assert format_shape(2700, 0) == "2,700 cells x 0 genes"
