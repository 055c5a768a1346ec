"""The synthetic cells: type, sample, position, and the columns that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.testing.expression import N_SIZE_LEVELS

CELL_TYPES = (
    "B", "Naive B", "Plasma", "CD4 T", "CD8 T", "Treg", "NK", "Monocyte", "Macrophage", "Dendritic",
    "Mast", "Neutrophil", "Fibroblast", "Myofibroblast", "Pericyte", "Endothelial", "Lymphatic",
    "Epithelial", "Goblet", "Enterocyte",
)  # fmt: skip
PCA_WIDTH = 20
_SECTION_RADIUS = 2_500.0  # microns
_SECTION_STEP = 6_000.0
_FIRST_SECTION = (41_250.0, 18_730.0)  # a stage's own zero is far from the tissue


@dataclass(frozen=True, slots=True)
class Cells:
    """A block of cells without their expression; every array has ``n_rows`` rows.

    Attributes
    ----------
    types, samples, leiden
        int8 codes.
    levels
        int64 library size levels.
    numbers
        Columns of plain numbers or booleans, by name.
    age, age_missing
        int64 and bool: a nullable integer column.
    obsm
        Embeddings by key.
    """

    types: npt.NDArray[np.int8]
    samples: npt.NDArray[np.int8]
    leiden: npt.NDArray[np.int8]
    levels: npt.NDArray[np.int64]
    numbers: Mapping[str, npt.NDArray[np.generic]]
    age: npt.NDArray[np.int64]
    age_missing: npt.NDArray[np.bool_]
    obsm: Mapping[str, npt.NDArray[np.floating]]


class Tissue:
    """A tissue of ``n_cells`` cells, cut into sections that follow one another."""

    def __init__(self, n_cells: int, seed: int) -> None:
        rng = np.random.default_rng([seed, 2])
        n_types = len(CELL_TYPES)
        self.n_cells = n_cells
        self.sample_names = tuple(f"sample_{k + 1}" for k in range(min(8, 1 + n_cells // 500)))
        self._type_bounds = np.cumsum(rng.dirichlet(np.full(n_types, 2.0)))[:-1]
        self._pca_centres = rng.normal(0, 6, (n_types, PCA_WIDTH)) / np.sqrt(1 + np.arange(PCA_WIDTH))
        turn = np.arange(n_types) * 2.399963  # the golden angle keeps clusters apart
        self._umap_centres = 3.2 * np.sqrt(np.arange(n_types) + 0.5)[:, None] * _unit(turn)
        self._umap_shape = rng.normal(0, 0.55, (n_types, 2, 2))
        self._layer = rng.permutation(np.linspace(0.1, 0.95, n_types))

    def draw(self, rng: np.random.Generator, start: int, stop: int) -> Cells:
        """Draw the cells ``start`` to ``stop``; the numbers taken from ``rng`` decide them."""
        n_rows = stop - start
        types = np.searchsorted(self._type_bounds, rng.random(n_rows)).astype(np.int8)
        samples = (np.arange(start, stop) * len(self.sample_names) // self.n_cells).astype(np.int8)
        pseudotime = rng.random(n_rows)
        pseudotime[rng.random(n_rows) < 0.12] = np.nan
        stray = rng.random(n_rows) < 0.05
        leiden = np.where(stray, rng.integers(0, len(CELL_TYPES), n_rows), types).astype(np.int8)
        age_missing = rng.random(n_rows) < 0.1
        age = np.where(age_missing, 1, 20 + samples * 7).astype(np.int64)
        return Cells(
            types=types,
            samples=samples,
            leiden=leiden,
            levels=rng.integers(0, N_SIZE_LEVELS, n_rows),
            numbers={"is_doublet": rng.random(n_rows) < 0.03, "pseudotime": pseudotime},
            age=age,
            age_missing=age_missing,
            obsm={
                "X_pca": self._pca(rng, types),
                "X_umap": self._umap(rng, types),
                "spatial": self._spatial(rng, types, samples),
            },
        )

    def _pca(self, rng: np.random.Generator, types: npt.NDArray[np.int8]) -> npt.NDArray[np.float32]:
        noise = rng.standard_normal((len(types), PCA_WIDTH))
        points: npt.NDArray[np.float64] = self._pca_centres[types] + noise
        return points.astype(np.float32)

    def _umap(self, rng: np.random.Generator, types: npt.NDArray[np.int8]) -> npt.NDArray[np.float32]:
        noise = rng.standard_normal((len(types), 2))
        spread: npt.NDArray[np.float64] = np.einsum("nij,nj->ni", self._umap_shape[types], noise)
        points: npt.NDArray[np.float64] = self._umap_centres[types] + spread + 0.12 * noise
        return points.astype(np.float32)

    def _spatial(
        self, rng: np.random.Generator, types: npt.NDArray[np.int8], samples: npt.NDArray[np.int8]
    ) -> npt.NDArray[np.float64]:
        """Microns. Types form wavy layers around the middle of each section."""
        angle = rng.uniform(0, 2 * np.pi, len(types))
        wave = 1 + 0.12 * np.sin(3 * angle + samples)
        radius = np.abs(self._layer[types] + rng.normal(0, 0.06, len(types))) * wave
        grid = np.stack([samples % 4, samples // 4], axis=1) * _SECTION_STEP
        middle: npt.NDArray[np.float64] = np.array(_FIRST_SECTION) + grid
        return middle + (_SECTION_RADIUS * radius)[:, None] * _unit(angle)


def _unit(angle: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)
