"""Molecule counts per gene for a block of cells, drawn in one sweep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError

N_SIZE_LEVELS = 8
_RANDOM_RANGE = 65_536  # one 16-bit random number decides both whether and how much
_GENE_SPREAD = 2.2  # of the log rate: a few genes nearly everywhere, most of them rare
_SIZE_SPREAD = 0.45  # of the log library size
_BURST = 1.25  # counts vary more than a Poisson variable would


@dataclass(frozen=True, slots=True)
class Counts:
    """Stored counts of a block of cells, row after row, genes ascending within a row.

    Attributes
    ----------
    row_nnz
        int64, ``(n_rows,)``.
    genes
        int32, ``(nnz,)``.
    counts
        float32 integers from 1, ``(nnz,)``.
    """

    row_nnz: npt.NDArray[np.int64]
    genes: npt.NDArray[np.int32]
    counts: npt.NDArray[np.float32]


class ExpressionModel:
    """Rates of every gene in every cell type, and the draws from them.

    Parameters
    ----------
    n_genes, n_types
        Width of the matrix, and number of cell types.
    density
        Share of stored values that is aimed at, over 0 and up to 0.9.
    seed
        Decides the rates.
    """

    def __init__(self, n_genes: int, n_types: int, density: float, seed: int) -> None:
        if not 0 < density <= 0.9:
            raise BadOptionError(f"the density must be above 0 and at most 0.9, got {density}")
        rng = np.random.default_rng([seed, 1])
        rates = self._rates(rng, n_genes, n_types)
        rates *= np.float32(_scale_for(rates, density))
        share = -np.expm1(-rates)
        self.n_genes = n_genes
        self._threshold = np.minimum(share * _RANDOM_RANGE, _RANDOM_RANGE - 1).astype(np.uint16)
        # Counts over zero are geometric, with the mean that a Poisson variable would have.
        stop = np.minimum(share / (rates * np.float32(_BURST)), np.float32(1 / _BURST))
        self._inverse_log_go_on = 1 / np.log1p(-stop)

    @staticmethod
    def _rates(rng: np.random.Generator, n_genes: int, n_types: int) -> npt.NDArray[np.float32]:
        """``(n_types * N_SIZE_LEVELS, n_genes)``, up to a common factor."""
        gene = rng.normal(0, _GENE_SPREAD, n_genes)
        by_type = gene + rng.normal(0, 0.4, (n_types, n_genes))
        markers = rng.random((n_types, n_genes)) < 1 / (3 * n_types)
        by_type += np.where(markers, rng.uniform(1.5, 3.5, (n_types, n_genes)), 0)
        size = _SIZE_SPREAD * np.linspace(-1.8, 1.8, N_SIZE_LEVELS)
        # These tables are the largest thing in memory, and single precision is plenty.
        rates: npt.NDArray[np.float32] = (
            by_type.astype(np.float32)[:, None, :] + size.astype(np.float32)[:, None]
        )
        return np.exp(rates, out=rates).reshape(n_types * N_SIZE_LEVELS, n_genes)

    def draw(
        self,
        bits: np.random.BitGenerator,
        types: npt.NDArray[np.integer],
        levels: npt.NDArray[np.integer],
    ) -> Counts:
        """Draw the counts of some cells.

        Parameters
        ----------
        bits
            Source of randomness; is advanced.
        types, levels
            Integers, ``(n_rows,)``: cell type and library size level of each cell.
        """
        shape = (len(types), self.n_genes)
        size = shape[0] * shape[1]
        # Drawing for every zero too is quicker than skipping from one value to the next.
        drawn = bits.random_raw(-(-size // 4)).view(np.uint16)[:size]
        profile = types.astype(np.int64) * N_SIZE_LEVELS + levels
        threshold = self._threshold[profile].ravel()
        stored = drawn < threshold
        row_nnz = np.count_nonzero(stored.reshape(shape), axis=1).astype(np.int64)
        at = np.flatnonzero(stored)
        genes = at - np.repeat(np.arange(shape[0]) * self.n_genes, row_nnz)
        uniform = (drawn[at] + np.float32(0.5)) / threshold[at]
        inverse = self._inverse_log_go_on.ravel()[genes + np.repeat(profile * self.n_genes, row_nnz)]
        counts = 1 + np.floor(np.log(uniform) * inverse)
        return Counts(row_nnz, genes.astype(np.int32), counts)


def _scale_for(rates: npt.NDArray[np.float32], density: float) -> float:
    """Find the factor with which the mean share of stored values is ``density``."""
    sample = rates[:, :: max(1, rates.shape[1] // 10_000)].astype(np.float64)
    low, high = -30.0, 30.0
    for _ in range(40):
        middle = (low + high) / 2
        share = float(np.mean(-np.expm1(-sample * np.exp(middle))))
        low, high = (middle, high) if share < density else (low, middle)
    return float(np.exp(high))
