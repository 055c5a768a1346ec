from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from karospace_stream.model.matrix import GeneBand, ValueFacts
from karospace_stream.transpose.exact import (
    exact,
    exact_band,
    is_wide,
    stored_dtype,
    value_facts,
)
from karospace_stream.transpose.kernels import merge, turn, turn_dense
from karospace_stream.transpose.scratch import FileScratch, MemoryScratch, Scratch

LARGE = 2**24 + 1  # the first whole number that float32 rounds


@pytest.mark.parametrize(
    ("dtype", "wide"),
    [("float32", False), ("float16", False), ("int16", False), ("bool", False), ("uint8", False)]
    + [(dtype, True) for dtype in ("float64", "int32", "uint32", "int64", "uint64")],
)
def test_types_that_may_need_more_than_float32(dtype: str, wide: bool) -> None:
    assert is_wide(dtype) == wide


@pytest.mark.parametrize(
    ("values", "stored"),
    [
        ([1.0, 2.5], "float32"),
        ([1.0, 2**24], "float32"),
        ([1.0, LARGE], "float64"),
        ([-LARGE, 1.0], "float64"),
        ([0.5, LARGE], "float32"),
        ([], "float32"),
    ],
)
def test_only_counts_that_float32_rounds_are_wide(values: list[float], stored: str) -> None:
    assert stored_dtype([value_facts(np.asarray(values, float))]) == stored


def test_one_part_with_fractions_makes_all_float32() -> None:
    parts = [ValueFacts(float(LARGE), integral=True), ValueFacts(1.0, integral=False)]
    assert stored_dtype(parts) == "float32"


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_does_not_count(odd: float) -> None:
    assert value_facts(np.array([1.0, odd, -2.0])) == ValueFacts(2.0, integral=True)
    assert value_facts(np.array([odd, odd])) == ValueFacts()


@pytest.mark.parametrize("large", [1e39, -1e300])
def test_what_is_beyond_float32_is_stored_wide(large: float) -> None:
    assert stored_dtype([value_facts(np.array([0.5, large, np.nan]))]) == "float64"


def test_a_fraction_far_behind_is_found() -> None:
    values = np.ones(200_001)
    values[-1] = 0.5
    assert not value_facts(values).integral


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("where", ["memory", "folder"])
def test_zeros_are_left_out_and_counted(dense: bool, where: str, tmp_path: Path) -> None:
    rows = sparse.csr_matrix(np.array([[0, 1e-50, 3, LARGE], [5, 0, 1e-50, 0], [0, 0, 0, 2.0]]))
    rows.data[0] = 0  # stored, and none
    picked = rows.toarray() if dense else rows
    kernel = turn_dense if dense else turn
    fragment = exact(kernel(picked, first_cell=0, keep=None, genes=None, dtype="float64"), dense=dense)
    assert fragment.facts == ValueFacts(float(LARGE), integral=False)
    expected = rows.toarray() * (rows.toarray() >= 1)
    np.testing.assert_array_equal(np.diff(fragment.indptr), (expected != 0).sum(axis=0))

    scratch: Scratch = MemoryScratch("exact") if where == "memory" else FileScratch(str(tmp_path))
    receipts = [scratch.write(0, fragment, (0, 1, 4))]
    (counts,) = scratch.lengths(receipts)
    np.testing.assert_array_equal(counts, (expected != 0).sum(axis=0))
    band = merge(list(scratch.read(receipts, 1, 2)), 1, 3)
    assert band.data.dtype == np.float64
    found = sparse.csc_matrix((band.data, band.rows, band.indptr), shape=(3, 3)).toarray()
    np.testing.assert_array_equal(found, expected[:, 1:])
    few = merge([piece.genes(2) for piece in scratch.read(receipts, 1, 2)], 1, 3)
    np.testing.assert_array_equal(few.indptr, band.indptr[:3])
    np.testing.assert_array_equal(few.data, band.data[: few.indptr[-1]])
    scratch.remove()


@pytest.mark.parametrize(("dense", "counts"), [(False, [1, 0, 1]), (True, [1, 0, 2])])
def test_genes_without_zeros_of_float32(dense: bool, counts: list[int]) -> None:
    values, rows = np.array([1.0, 1e-60, -0.0, 2.0]), np.arange(4, dtype=np.int32)
    found = exact_band(GeneBand(5, 9, np.array([0, 2, 2, 4]), rows, values), dense=dense)
    assert (found.start, found.n_cells) == (5, 9)
    assert np.diff(found.indptr).tolist() == counts
    assert found.rows.tolist() == ([0, 2, 3] if dense else [0, 3])
