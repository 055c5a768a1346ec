"""Optional embeddings of a synthetic data set: wide, in three dimensions, moving."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.testing.cells import PCA_WIDTH, Cells

_SPEED = 0.35
_HEIGHT = 4.0  # of the layers that the cell types make in the third dimension


@dataclass(frozen=True, slots=True)
class Extras:
    """Which embeddings, drawn from a stream of their own: the other values do not change with them.

    Attributes
    ----------
    latent
        Width of ``X_pca``; its first columns do not depend on the width.
    vectors
        Whether there are ``X_umap_3d``, ``velocity_umap`` and ``velocity_umap_3d``.
    """

    latent: int
    vectors: bool
    seed: int

    def widths(self) -> dict[str, int]:
        """Columns of each embedding that this generates, all float32."""
        moving = {"X_umap_3d": 3, "velocity_umap": 2, "velocity_umap_3d": 3}
        return {"X_pca": self.latent} | (moving if self.vectors else {})

    def draw(self, cells: Cells, start: int) -> dict[str, npt.NDArray[np.float32]]:
        """The embeddings of a block of cells; ``start`` decides the numbers drawn."""
        found = {"X_pca": self._pca(cells, start)}
        if self.vectors:
            rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence([self.seed, 5, start])))
            flat = cells.obsm["X_umap"].astype(np.float64)
            height = _HEIGHT * np.cos(cells.types.astype(np.float64)) + rng.standard_normal(len(flat))
            solid = np.column_stack([flat, height])
            # Around the middle, and a little off: a field that the eye can follow.
            turned = np.column_stack([-flat[:, 1], flat[:, 0], 0.5 * np.sin(height)])
            speed = _SPEED / np.maximum(np.linalg.norm(flat, axis=1), 1.0)
            moving = turned * speed[:, None] + 0.05 * rng.standard_normal(solid.shape)
            found |= {
                "X_umap_3d": solid.astype(np.float32),
                "velocity_umap": moving[:, :2].astype(np.float32),
                "velocity_umap_3d": moving.astype(np.float32),
            }
        return found

    def _pca(self, cells: Cells, start: int) -> npt.NDArray[np.float32]:
        own = cells.obsm["X_pca"].astype(np.float32)
        if self.latent <= PCA_WIDTH:
            return own[:, : self.latent]
        rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence([self.seed, 4, start])))
        further = rng.standard_normal((len(own), self.latent - PCA_WIDTH), dtype=np.float32)
        return np.concatenate([own, further / np.sqrt(np.float32(PCA_WIDTH))], axis=1)
