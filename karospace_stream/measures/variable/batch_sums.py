"""Sums of genes over batches of cells, from rows or from whole genes, bit for bit the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.signedinteger]
_ADDED = 1 << 18  # values at a time, so that temporaries stay small


@dataclass(frozen=True, slots=True, eq=False)
class BatchSums:
    """Sums of the values of some genes.

    Attributes
    ----------
    first, second
        float64, ``(n_batches, n_genes)``: of the values and their squares.
    n_positive
        uint32, ``(n_batches, n_genes)``: cells whose value is above 0.
    n_faulty
        int64, ``(n_genes,)``: values that are NaN or infinite, and count as 0.
    """

    first: Floats
    second: Floats
    n_positive: npt.NDArray[np.uint32]
    n_faulty: npt.NDArray[np.int64]

    def add(self, other: BatchSums) -> BatchSums:
        """The sums of both."""
        return BatchSums(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @staticmethod
    def zeros(n_batches: int, n_genes: int) -> BatchSums:
        """Sums of nothing."""
        shape = (n_batches, n_genes)
        return BatchSums(
            np.zeros(shape), np.zeros(shape), np.zeros(shape, np.uint32), np.zeros(n_genes, np.int64)
        )

    @staticmethod
    def joined(several: Sequence[BatchSums]) -> BatchSums:
        """Sums of all genes from those of some genes each, in their order."""
        return BatchSums(
            *(np.concatenate([getattr(each, of.name) for each in several], -1) for of in fields(BatchSums))
        )


class Terms(Protocol):
    """What is summed of each value."""

    def of(self, values: npt.NDArray[Any], at: npt.NDArray[np.integer]) -> tuple[Floats, Floats]:
        """The terms of both sums; ``at`` is the position of each value's batch and gene in the flat sums."""
        ...


@dataclass(frozen=True, slots=True)
class Moments:
    """Values and their squares.

    Attributes
    ----------
    exponential
        Whether ``e**x - 1`` is taken of the values.
    log_base
        Base of the logarithm of the values; None for the natural one.
    """

    exponential: bool = False
    log_base: float | None = None

    def of(self, values: npt.NDArray[Any], at: npt.NDArray[np.integer]) -> tuple[Floats, Floats]:
        """In the precision of the values, as scanpy does."""
        if values.dtype.kind in "iub":
            values = values.astype(np.float64)
        elif values.dtype == np.float16:
            values = values.astype(np.float32)
        if self.exponential:
            if self.log_base is not None:
                values = (values * np.log(self.log_base)).astype(values.dtype)
            with np.errstate(over="ignore"):
                values = np.expm1(values)
        with np.errstate(over="ignore"):
            squares = values * values
        return values.astype(np.float64), squares.astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Clipped:
    """Values of at most a limit, and their squares.

    Attributes
    ----------
    limits
        Flat, of every batch and gene.
    """

    limits: Floats

    def of(self, values: npt.NDArray[Any], at: npt.NDArray[np.integer]) -> tuple[Floats, Floats]:
        """In double precision, as scanpy does."""
        cut = np.minimum(values.astype(np.float64), self.limits[at])
        return cut, cut * cut


def add_rows(
    sums: BatchSums,
    block: sparse.csr_matrix | npt.NDArray[np.generic],
    codes: Codes,
    terms: Terms,
) -> None:
    """Add rows, value after value, in place.

    Parameters
    ----------
    codes
        The batch of each row, -1 for none.
    """
    n_genes = sums.first.shape[1]
    if isinstance(block, np.ndarray):
        height = max(1, _ADDED // max(1, n_genes))
        for begin in range(0, len(block), height):
            rows = block[begin : begin + height]
            found = np.nonzero(rows)
            _add(sums, rows[found], found[1], codes[begin : begin + height][found[0]], terms)
        return
    of_values = np.repeat(codes, np.diff(block.indptr))
    for begin in range(0, block.nnz, _ADDED):
        part = slice(begin, begin + _ADDED)
        _add(sums, block.data[part], block.indices[part], of_values[part], terms)


def gene_sums(
    tile: npt.NDArray[np.integer],
    values: npt.NDArray[Any],
    codes: Codes,
    shape: tuple[int, int],
    terms: Terms,
) -> BatchSums:
    """Sums of one whole gene.

    Parameters
    ----------
    tile
        The tile of cells of each value. Sums are formed tile by tile, and then added up by `tree_sum`.
    codes
        The batch of each value, -1 for none.
    shape
        Numbers of tiles and batches.
    terms
        For one gene: ``at`` is the batch.
    """
    n_tiles, n_batches = shape
    sums = BatchSums.zeros(n_batches, n_tiles)
    for begin in range(0, len(values), _ADDED):
        part = slice(begin, begin + _ADDED)
        _add(sums, values[part], tile[part], codes[part], _OfBatch(terms, n_tiles))
    return BatchSums(*(_tree_of_columns(getattr(sums, each.name)) for each in fields(sums)))


def _tree_of_columns(several: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """`tree_sum` along the last axis, which is kept."""
    while (n := several.shape[-1]) > 1:
        paired = n - n % 2
        pairs = several[..., 0:paired:2] + several[..., 1:paired:2]
        several = np.concatenate([pairs, several[..., paired:]], axis=-1)
    return several


@dataclass(frozen=True, slots=True)
class _OfBatch:
    terms: Terms
    n_tiles: int

    def of(self, values: npt.NDArray[Any], at: npt.NDArray[np.integer]) -> tuple[Floats, Floats]:
        return self.terms.of(values, at // self.n_tiles)


T = TypeVar("T")


def tree_sum(several: Sequence[T], add: Any) -> T:
    """Add up neighbours two by two until one is left: the order depends on their number alone."""
    left = list(several)
    while len(left) > 1:
        pairs = [add(left[at], left[at + 1]) for at in range(0, len(left) - 1, 2)]
        left = pairs + left[2 * len(pairs) :]
    return left[0]


def _add(
    sums: BatchSums,
    values: npt.NDArray[Any],
    genes: npt.NDArray[np.integer],
    codes: Codes,
    terms: Terms,
) -> None:
    wanted = codes >= 0
    if not wanted.all():
        values, genes, codes = values[wanted], genes[wanted], codes[wanted]
    finite = np.isfinite(values)
    if not finite.all():
        np.add.at(sums.n_faulty, genes[~finite], 1)
        values, genes, codes = values[finite], genes[finite], codes[finite]
    at = codes.astype(np.int64) * sums.first.shape[1] + genes
    first, second = terms.of(values, at)
    np.add.at(sums.first.reshape(-1), at, first)
    np.add.at(sums.second.reshape(-1), at, second)
    np.add.at(sums.n_positive.reshape(-1), at[values > 0], np.uint32(1))
