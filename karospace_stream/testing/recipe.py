"""The synthetic data set as blocks of cells, in order, the same in every storage format."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from karospace_stream.testing.cells import CELL_TYPES, Cells, Tissue
from karospace_stream.testing.expression import ExpressionModel
from karospace_stream.testing.matrix import CsrBlock

_BLOCK_VALUES = 2_000_000  # random numbers drawn at a time; they fit the cache of one core

_KEPT_UMAPS = 4  # two ranges of cells take turns, and each may cross a border


class Recipe:
    """The parameters that determine every value: shape, density, seed, type, and counts or not."""

    def __init__(
        self, n_cells: int, n_genes: int, density: float, seed: int, dtype: np.dtype, counts: bool
    ) -> None:
        self.n_cells, self.n_genes, self.dtype = n_cells, n_genes, dtype
        self.tissue = Tissue(n_cells, seed)
        self.n_mito = min(13, n_genes // 10)
        self._expression = ExpressionModel(n_genes, len(CELL_TYPES), density, seed)
        self._seed = seed
        self._counts = counts
        self._block_rows = max(1, _BLOCK_VALUES // n_genes)
        self._last_umaps: dict[int, npt.NDArray[np.float64]] = {}

    def gene_names(self) -> list[str]:
        """Names of all genes; the mitochondrial ones are first."""
        mito = [f"MT-{k + 1}" for k in range(self.n_mito)]
        return mito + [f"Gene{k:05d}" for k in range(self.n_mito, self.n_genes)]

    def points(self, start: int, stop: int) -> npt.NDArray[np.float64]:
        """The UMAP of some cells, drawn again without their expression, ``(stop - start, 2)``."""
        first = start // self._block_rows * self._block_rows
        drawn = [self._umap(at) for at in range(first, stop, self._block_rows)]
        return np.concatenate(drawn)[start - first : stop - first]

    def _umap(self, start: int) -> npt.NDArray[np.float64]:
        """Coordinates of the block that begins at ``start``; blocks may be larger than one request."""
        if start not in self._last_umaps:
            while len(self._last_umaps) >= _KEPT_UMAPS:
                del self._last_umaps[next(iter(self._last_umaps))]
            self._last_umaps[start] = self._cells(start)[1].obsm["X_umap"].astype(np.float64)
        return self._last_umaps[start]

    def _cells(self, start: int) -> tuple[np.random.SFC64, Cells]:
        stop = min(start + self._block_rows, self.n_cells)
        bits = np.random.SFC64(np.random.SeedSequence([self._seed, 3, start]))
        return bits, self.tissue.draw(np.random.Generator(bits), start, stop)

    def blocks(self) -> Iterator[tuple[Cells, CsrBlock, dict[str, npt.NDArray[np.float32]]]]:
        """Yield the cells in order: who they are, their values, and columns derived from both."""
        for start in range(0, self.n_cells, self._block_rows):
            stop = min(start + self._block_rows, self.n_cells)
            bits, cells = self._cells(start)
            drawn = self._expression.draw(bits, cells.types, cells.levels)
            row = np.repeat(np.arange(stop - start), drawn.row_nnz)
            total = np.bincount(row, drawn.counts, stop - start)
            mito = drawn.genes < self.n_mito
            mito_total = np.bincount(row[mito], drawn.counts[mito], stop - start)
            quality = {
                "n_counts": total.astype(np.float32),
                "pct_mito": (100 * mito_total / np.maximum(total, 1)).astype(np.float32),
            }
            values = drawn.counts
            if not self._counts:
                factor = (10_000 / np.maximum(total, 1)).astype(np.float32)
                values = np.log(1 + values * factor[row])
            block = CsrBlock(start, drawn.row_nnz, drawn.genes, values.astype(self.dtype, copy=False))
            yield cells, block, quality
