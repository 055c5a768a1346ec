"""Statistics of each gene over all cells: the columns of ``var``."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class GeneMoments:
    """Sums and sums of squares of every gene, taken block by block."""

    def __init__(self, n_genes: int) -> None:
        self._sum = np.zeros(n_genes)
        self._square = np.zeros(n_genes)

    def add(self, genes: npt.NDArray[np.integer], values: npt.NDArray[np.generic]) -> None:
        """Add stored values, with the gene of each."""
        weights = values.astype(np.float64)
        self._sum += np.bincount(genes, weights, len(self._sum))
        self._square += np.bincount(genes, weights * weights, len(self._sum))

    def var_columns(self, n_cells: int) -> dict[str, npt.NDArray[np.generic]]:
        """Means, dispersions scaled within bins of equal mean, and the most variable tenth."""
        mean = self._sum / n_cells
        variance = np.maximum(self._square / n_cells - mean * mean, 0)
        dispersion = np.log(np.divide(variance, mean, out=np.full_like(mean, 1e-12), where=variance > 0))
        norm = np.zeros_like(mean)
        for members in np.array_split(np.argsort(mean, kind="stable"), max(1, min(20, len(mean) // 5))):
            spread = dispersion[members].std()
            norm[members] = (dispersion[members] - dispersion[members].mean()) / (spread or 1.0)
        highly_variable = np.zeros(len(mean), dtype=bool)
        n_highly = min(2_000, -(-len(mean) // 10))
        highly_variable[np.argsort(-norm, kind="stable")[:n_highly]] = True
        return {
            "highly_variable": highly_variable,
            "means": mean,
            "dispersions_norm": norm.astype(np.float32),
        }
