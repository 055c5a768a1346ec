"""Quantised values, compared with the formula of the format on whole arrays."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karospace_stream.encode.quantise import (
    Bits,
    float32_sparse,
    missing_code,
    quantised,
    quantised_sparse,
    value_range,
)

any_float = st.floats(width=32) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0, 3.4e38, -3.4e38])
tame = st.floats(-1e6, 1e6, width=32) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0])
both = pytest.mark.parametrize("bits", [8, 16])


def as_specified(values: np.ndarray, bits: Bits) -> tuple[np.ndarray, float, float]:
    """The format's formula with NumPy's own rules for float32 arrays and Python numbers."""
    top = 2**bits - 2
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if low == high:
        high = low + 1.0
    codes = np.full(len(values), top + 1, f"uint{bits}")
    codes[np.isfinite(values)] = np.clip((finite - low) * (top / (high - low)), 0, top).astype(codes.dtype)
    return codes, low, high


@both
@given(st.lists(tame, max_size=40))
def test_codes_and_range_are_those_of_the_format(bits: Bits, numbers: list[float]) -> None:
    values = np.asarray(numbers, np.float32)
    finite = values[np.isfinite(values)]
    if finite.size and 0 < float(finite.max()) - float(finite.min()) < 1e-30:
        return  # the formula itself overflows: see below
    wanted, low, high = as_specified(values, bits)
    assert value_range(values) == (low, high)
    got = quantised(values, bits, low, high)
    assert got.dtype == wanted.dtype
    np.testing.assert_array_equal(got, wanted)


@both
def test_many_values(bits: Bits) -> None:
    rng = np.random.default_rng(bits)
    for exponent in (-20, -3, 0, 1, 7, 30):
        values = (rng.gamma(0.3, 1, 100_000) * 10.0**exponent).astype(np.float32)
        values[::17] = 0
        values[::101] = np.nan
        wanted, low, high = as_specified(values, bits)
        np.testing.assert_array_equal(quantised(values, bits, *value_range(values)), wanted)
        assert value_range(values) == (low, high)


@both
@given(st.lists(any_float, max_size=20), st.integers(0, 3), st.randoms())
def test_a_sparse_gene_has_the_codes_of_the_dense_one(
    bits: Bits, numbers: list[float], n_zeros: int, random: object
) -> None:
    values = np.asarray(numbers, np.float32)
    n_cells = len(values) + n_zeros
    rows = np.random.default_rng(n_cells).permutation(n_cells)[: len(values)].astype(np.int32)
    dense = np.zeros(n_cells, np.float32)
    dense[rows] = values
    codes, low, high = quantised_sparse(n_cells, rows, values, bits)
    assert (low, high) == value_range(dense)
    np.testing.assert_array_equal(codes, quantised(dense, bits, low, high))


@both
@given(st.lists(any_float, min_size=1, max_size=40))
def test_whatever_the_values_a_code_is_one_step_from_its_value(bits: Bits, numbers: list[float]) -> None:
    values = np.asarray(numbers, np.float32)
    low, high = value_range(values)
    assert low < high
    codes = quantised(values, bits, low, high)
    finite = np.isfinite(values)
    np.testing.assert_array_equal(codes == missing_code(bits), ~finite)
    if high - low > float(np.finfo(np.float32).max):
        return  # beyond float32 the upper codes run together, as the format's arithmetic has it
    step = (high - low) / (missing_code(bits) - 1)
    away = np.abs(low + codes[finite] * step - values[finite].astype(np.float64))
    rounding = max(abs(low), abs(high)) * 2.0**-21 + 2.0**-148
    assert (away <= step + rounding).all()


@both
def test_a_range_beyond_float32_gets_the_codes_of_the_formula(bits: Bits) -> None:
    values = np.linspace(-3e38, 3e38, 30).astype(np.float32)
    with np.errstate(over="ignore"):
        wanted = as_specified(values, bits)[0]
    np.testing.assert_array_equal(quantised(values, bits, *value_range(values)), wanted)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], (0, 1)),
        ([math.nan, math.inf], (0, 1)),
        ([5, math.nan], (5, 6)),
        ([-0.0], (0, 1)),
        ([-0.0, -3], (-3, 0)),
        ([0.1], (0.10000000149011612, 0.10000000149011612 + 1)),
        ([2.0**60], (2.0**60, 2.0**60 + 256)),
        ([1, -2, math.inf], (-2, 1)),
    ],
)
def test_ranges(values: list[float], expected: tuple[float, float]) -> None:
    got = value_range(np.asarray(values, np.float32))
    assert got == expected
    assert "-0.0" not in str(got)


def test_a_sparse_gene_written_out() -> None:
    dense = float32_sparse(4, np.array([3, 1]), np.array([-0.0, np.nan], np.float32))
    np.testing.assert_array_equal(dense, np.array([0, np.nan, 0, 0], np.float32))
    assert not np.signbit(dense).any()
