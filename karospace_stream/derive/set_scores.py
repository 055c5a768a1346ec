"""Scores of gene sets in each cell, as ``scanpy.tl.score_genes`` computes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
#: Scanpy's defaults: control genes of each bin, bins, and the seed of the draw.
N_CONTROLS, N_BINS, SEED = 50, 25, 0
_NONE = np.zeros(0, np.int64)


def bins_of(means: Floats) -> Floats:
    """The bin of each gene by the rank of its mean; NaN for a mean that is no finite number."""
    bins = np.full(len(means), np.nan)
    known = np.isfinite(means)
    finite = means[known]
    n_items = round(len(finite) / (N_BINS - 1))
    ranks = np.searchsorted(np.sort(finite), finite, side="left") + 1  # equal means share the lowest
    bins[known] = ranks // n_items if n_items else 0
    return bins


def drawn_genes(bins: Floats, genes: Integers) -> list[Integers]:
    """Genes with means like those of a set: up to 50 of each of its bins, some of its own among them.

    Sets with genes in the same bins get the same ones, since Scanpy begins each draw with the same seed.
    """
    draw, found = np.random.RandomState(SEED), []
    for each in np.unique(bins[genes]):
        pool = np.flatnonzero(bins == each)
        if len(pool) > N_CONTROLS:
            pool = pool[draw.choice(len(pool), size=N_CONTROLS, replace=False)]
        found.append(np.sort(pool))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Scoring:
    """Sums that scores are made of: of each draw, of the genes of each set, and of those among its draws.

    The controls of a set are its draws without its own genes. Many sets share a draw, which is summed once.

    Attributes
    ----------
    sets
        Genes of each set.
    draws
        Numbers of the draws of each set.
    members
        float64, genes x columns: 1 for each gene of a draw, of a set, and of both.
    sizes
        Genes of each column.
    """

    sets: tuple[Integers, ...]
    draws: tuple[tuple[int, ...], ...]
    members: sparse.csr_matrix
    sizes: Integers

    @staticmethod
    def of(sets: Sequence[Integers], bins: Floats) -> Scoring:
        """Draw the controls of sets of genes whose means are known."""
        return Scoring._made(sets, [drawn_genes(bins, genes) for genes in sets], len(bins))

    @staticmethod
    def _made(sets: Sequence[Integers], drawn: Sequence[Sequence[Integers]], n_genes: int) -> Scoring:
        numbers: dict[bytes, int] = {}
        several: list[Integers] = []
        draws, shared = [], []
        for genes, own in zip(sets, drawn, strict=True):
            for each in own:
                if each.tobytes() not in numbers:
                    numbers[each.tobytes()] = len(several)
                    several.append(each)
            draws.append(tuple(numbers[each.tobytes()] for each in own))
            shared.append(np.intersect1d(genes, np.concatenate([_NONE, *own])))
        columns = [*several, *sets, *shared]
        sizes = np.array([len(each) for each in columns], np.int64)
        rows = np.concatenate([_NONE, *columns])
        at = (rows, np.repeat(np.arange(len(columns)), sizes))
        members = sparse.csr_matrix((np.ones(len(rows)), at), shape=(n_genes, len(columns)))
        return Scoring(tuple(sets), tuple(draws), members, sizes)

    @property
    def n_sets(self) -> int:
        """How many sets there are."""
        return len(self.sets)

    @property
    def genes(self) -> Integers:
        """Genes that any sum needs, sorted."""
        return np.flatnonzero(np.diff(self.members.indptr))

    @property
    def n_controls(self) -> Integers:
        """Control genes of each set."""
        n_drawn = np.array([self.sizes[list(each)].sum() for each in self.draws], np.int64)
        return n_drawn - self.sizes[len(self.sizes) - self.n_sets :]

    def some(self, first: int, stop: int) -> Scoring:
        """The same of some sets."""
        by_column = self.members.tocsc()
        genes_of = [
            np.sort(by_column.indices[begin:end]).astype(np.int64)
            for begin, end in pairwise(by_column.indptr.tolist())
        ]
        drawn = [[genes_of[number] for number in each] for each in self.draws[first:stop]]
        return Scoring._made(self.sets[first:stop], drawn, self.members.shape[0])

    def scores(self, sums: Floats, counts: npt.NDArray[np.number]) -> Floats:
        """Scores, sets x cells.

        Parameters
        ----------
        sums
            Columns x cells.
        counts
            Values that were added up: of each column, or columns x cells.
        """
        n_draws = len(self.sizes) - 2 * self.n_sets
        made = np.empty((self.n_sets, sums.shape[1]))
        with np.errstate(divide="ignore", invalid="ignore"):
            for number, draws in enumerate(self.draws):
                own, shared = n_draws + number, n_draws + self.n_sets + number
                control: Floats = -sums[shared]
                n_control: npt.NDArray[np.number] | float = -counts[shared]
                for each in draws:
                    control += sums[each]
                    n_control = n_control + counts[each]
                made[number] = sums[own] / counts[own] - control / n_control
        return made


def score_rows(
    block: sparse.csr_matrix | npt.NDArray[np.generic], scoring: Scoring, rows: int = 4096
) -> Iterable[Floats]:
    """Scores of the cells of a block, some rows at a time: sets x cells.

    Values are added up gene after gene in the order of the matrix, and only they: the sums depend neither on
    blocks nor on how the matrix is stored.
    """
    for first in range(0, block.shape[0], rows):
        part = sparse.csr_matrix(block[first : first + rows], dtype=np.float64, copy=True)
        if not part.has_canonical_format:
            part.sum_duplicates()
        missing = np.isnan(part.data)
        counts = scoring.sizes
        if missing.any():
            absent = sparse.csr_matrix((missing.astype(np.float64), part.indices, part.indptr), part.shape)
            part.data[missing] = 0
            counts = counts[:, np.newaxis] - (absent @ scoring.members).toarray().T
        yield scoring.scores(np.ascontiguousarray((part @ scoring.members).toarray().T), counts)


class GeneByGene:
    """The same scores from complete genes, which come in the order of the matrix."""

    def __init__(self, scoring: Scoring, n_cells: int) -> None:
        self._scoring = scoring
        self._sums = np.zeros((len(scoring.sizes), n_cells))
        self._missing: Floats | None = None

    def add(self, gene: int, cells: npt.NDArray[np.integer], values: npt.NDArray[np.generic]) -> None:
        """Add a gene: its cells and their values."""
        members = self._scoring.members
        columns = members.indices[slice(*members.indptr[gene : gene + 2])]
        wide = values.astype(np.float64)
        if len(cells) > 1 and not (np.diff(cells) > 0).all():
            order = np.argsort(cells, kind="stable")
            cells, first = np.unique(cells[order], return_index=True)
            wide = np.add.reduceat(wide[order], first)
        missing = np.isnan(wide)
        if missing.any():
            wide[missing] = 0
            if self._missing is None:
                self._missing = np.zeros_like(self._sums)
            for column in columns.tolist():
                self._missing[column, cells[missing]] += 1
        for column in columns.tolist():
            self._sums[column, cells] += wide

    def scores(self) -> Floats:
        """Sets x cells."""
        counts = self._scoring.sizes
        if self._missing is None:
            return self._scoring.scores(self._sums, counts)
        return self._scoring.scores(self._sums, counts[:, np.newaxis] - self._missing)


def runs_of(genes: Integers, first: int, stop: int, gap: int) -> list[tuple[int, int]]:
    """Ranges that hold the genes between two bounds, without the larger gaps between them."""
    own = genes[(genes >= first) & (genes < stop)]
    if not len(own):
        return []
    breaks = np.flatnonzero(np.diff(own) > gap) + 1
    edges = [0, *breaks.tolist(), len(own)]
    return [(int(own[a]), int(own[b - 1]) + 1) for a, b in pairwise(edges)]
