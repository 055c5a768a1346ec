"""The longest row of a symmetric matrix, from its edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karospace_stream.derive.edges import longest_row


@given(st.lists(st.lists(st.integers(0, 30), max_size=20), max_size=6), st.sampled_from(["u2", "u4", "i8"]))
def test_counts_over_all_pieces(pieces: list[list[int]], dtype: str) -> None:
    numbers = [number for piece in pieces for number in piece]
    wanted = max((numbers.count(number) for number in numbers), default=0)
    assert longest_row(31, (np.array(piece, dtype) for piece in pieces)) == wanted


def test_no_cells() -> None:
    assert longest_row(0, []) == 0


def test_a_cell_that_is_not_there() -> None:
    with pytest.raises(IndexError):
        longest_row(3, [np.array([3], np.uint32)])
