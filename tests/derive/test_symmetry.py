"""Symmetry in one pass, beside the whole matrix."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import sparse

from karospace_stream.derive.symmetry import Balance


def balance_of(matrix: sparse.csr_matrix, cuts: list[int]) -> bool:
    found = Balance()
    for start, stop in itertools.pairwise(cuts):
        block = matrix[start:stop].tocoo()
        found.add(block.row + start, block.col, block.data)
    return found.is_symmetric


def graph(seed: int) -> sparse.csr_matrix:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 60))
    upper = sparse.triu(sparse.random(n, n, 0.2, "coo", np.float64, rng), 1)
    return sparse.csr_matrix(upper + upper.T)


@pytest.mark.parametrize("seed", range(30))
def test_symmetric_however_it_is_cut(seed: int) -> None:
    matrix = graph(seed)
    n = matrix.shape[0]
    rng = np.random.default_rng(seed)
    inner = rng.integers(0, n + 1, 4).tolist()
    assert balance_of(matrix, sorted([0, *inner, n]))
    assert balance_of(sparse.csr_matrix((n, n)), [0, n])


@pytest.mark.parametrize("seed", range(30))
def test_any_one_entry_breaks_it(seed: int) -> None:
    matrix = graph(seed)
    rng = np.random.default_rng(seed)
    if matrix.nnz == 0:
        return
    cuts = [0, matrix.shape[0]]
    entry = int(rng.integers(matrix.nnz))
    other = matrix.copy()
    other.data[entry] = np.nextafter(other.data[entry], 2)  # the last bit
    assert not balance_of(other, cuts)
    other.data[entry] = 0
    other.eliminate_zeros()
    assert not balance_of(other, cuts)


def test_values_that_change_places() -> None:
    swapped = sparse.csr_matrix(np.array([[0, 1, 2], [2, 0, 3], [1, 3, 0]], np.float64))
    assert not balance_of(swapped, [0, 3])
