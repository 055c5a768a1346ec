"""Normalised points, tile by tile, compared with the whole embedding at once."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karospace_stream.derive.points import Normalisation, join_point_ranges, normalisation, point_range
from karospace_stream.errors import BadInputError


def as_specified(given_points: np.ndarray) -> tuple[np.ndarray, float]:
    points = given_points.astype(np.float32)
    low, high = points.min(axis=0), points.max(axis=0)
    largest = float((high - low).max())
    scale = 2.0 / (1.0 if largest < 1e-8 else largest)
    return ((points - (low + high) / 2) * scale).astype(np.float32), scale


def streamed(points: np.ndarray, cut: int) -> Normalisation:
    parts = [part for part in (points[:cut], points[cut:]) if len(part)]
    return normalisation(join_point_ranges(map(point_range, parts)), "X_umap")


@given(
    st.integers(1, 3),
    st.integers(1, 60),
    st.sampled_from([np.float32, np.float64, np.int32]),
    st.integers(-12, 30),
    st.integers(0, 999),
)
def test_every_tile_has_the_bytes_of_the_whole(
    n_dims: int, n: int, dtype: type, exponent: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    power = exponent if dtype is not np.int32 else abs(exponent) % 8
    points = (rng.normal(size=(n, n_dims)) * 10.0**power + rng.normal(size=n_dims) * 100).astype(dtype)
    wanted, scale = as_specified(points)
    how = streamed(points, seed % n)
    assert how.scale == scale
    assert np.concatenate([how.points(points[:5]), how.points(points[5:])]).tobytes() == wanted.tobytes()
    vectors = rng.normal(size=(n, n_dims)) * 3
    assert how.vectors(vectors).tobytes() == (vectors.astype(np.float32) * scale).tobytes()
    if exponent > 0:
        assert np.abs(wanted).max() <= 1.001


def test_one_point_stays_where_the_centre_is() -> None:
    how = streamed(np.array([[3.0, 4.0]]), 0)
    assert how == Normalisation((3.0, 4.0), 2.0)
    assert how.points(np.array([[3, 4]])).tolist() == [[0, 0]]


def test_vectors_are_copied_and_keep_what_is_no_number() -> None:
    how = Normalisation((0.0,), 2.0)
    vectors = np.array([[1], [np.nan], [np.inf]], np.float32)
    np.testing.assert_array_equal(how.vectors(vectors), [[2], [np.nan], [np.inf]])
    assert vectors[0, 0] == 1


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 1e39])
@pytest.mark.parametrize("cut", [0, 1, 2, 3])
def test_what_is_not_finite_is_refused(wrong: float, cut: int) -> None:
    points = np.array([[0, 1], [wrong, 2], [1, 0]])
    with pytest.raises(BadInputError, match=r"'X_umap'.*finite"):
        streamed(points, cut)


def test_a_range_beyond_float32_is_refused() -> None:
    with pytest.raises(BadInputError, match="finite"):
        streamed(np.array([[-3e38], [3e38]], np.float32), 1)
