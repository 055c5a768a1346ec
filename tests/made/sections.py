"""Twelve sections of a tissue in one file, each in coordinates of its own, two of them with an image."""

from __future__ import annotations

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

N_SECTIONS = 12
#: Of the whole of a section, before it is cut to the shape of the tissue.
COLUMNS, ROWS = 20, 16
SPACING = 50.0
#: Image pixel = coordinate x scale.
SCALES = {"1": 0.25, "10": 0.2}
#: Colours of the two images, and of the mark under the first cell of their section.
INKS = {"1": (250, 215, 215), "10": (215, 225, 250)}
MARKS = {"1": (200, 0, 0), "10": (0, 0, 200)}


def _points(number: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """An ellipse of cells that keep their distance, each section cut and turned in another way."""
    column, row = np.meshgrid(np.arange(COLUMNS), np.arange(ROWS))
    grid = np.stack([column.ravel(), row.ravel()], axis=1).astype(float)
    away = (grid - (COLUMNS / 2 - 0.5, ROWS / 2 - 0.5)) / (COLUMNS / 2, ROWS / 2)
    grid = grid[(away**2).sum(axis=1) <= 1.0 - 0.02 * (number % 5)]
    grid += rng.uniform(-0.25, 0.25, grid.shape)
    return np.round((grid + 1.0) * SPACING + rng.uniform(0, 60, 2), 2)


def tissue_image(section: str, first: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """One ink, and a square of 9 pixels under a cell."""
    scale = SCALES[section]
    side = (COLUMNS + 3) * SPACING * scale
    pixels = np.full((int(side * ROWS / COLUMNS), int(side), 3), INKS[section], np.uint8)
    x, y = (int(value) for value in first * scale)
    pixels[y - 4 : y + 5, x - 4 : x + 5] = MARKS[section]
    return pixels


def make_sections() -> anndata.AnnData:
    """About 3,000 cells; a column of clusters is called as libraries are, 0 to 9."""
    rng = np.random.default_rng(12)
    points, sections = [], []
    for number in range(1, N_SECTIONS + 1):
        points.append(_points(number, rng))
        sections += [str(number)] * len(points[-1])
    n_cells = len(sections)
    obs = pd.DataFrame(
        {
            "cell_type": pd.Categorical(rng.choice(["Neuron", "Astrocyte", "Microglia"], n_cells)),
            "leiden": pd.Categorical(rng.integers(0, 10, n_cells).astype(str)),
            # As pandas sorts them: 1, 10, 11, 12, 2.
            "section": pd.Categorical(sections),
            "total_counts": rng.integers(100, 1_000, n_cells),
        },
        index=[f"cell_{at}" for at in range(n_cells)],
    )
    counts = sparse.csr_matrix(rng.poisson(0.7, (n_cells, 6)).astype(np.float32))
    adata = anndata.AnnData(counts, obs=obs, var=pd.DataFrame(index=[f"Gene{at}" for at in range(6)]))
    adata.obsm["spatial"] = np.concatenate(points)
    adata.obsm["X_umap"] = rng.normal(size=(n_cells, 2)) + obs["cell_type"].cat.codes.to_numpy()[:, None] * 4
    adata.obsm["velocity_spatial"] = rng.normal(size=(n_cells, 2)).astype(np.float32)
    adata.uns["spatial"] = {
        name: {
            "images": {"hires": tissue_image(name, points[int(name) - 1][0])},
            "scalefactors": {"tissue_hires_scalef": SCALES[name], "spot_diameter_fullres": 30.0},
        }
        for name in SCALES
    }
    adata.obsp["spatial_connectivities"] = _neighbours(adata.obsm["spatial"], np.array(sections))
    return adata


def _neighbours(points: npt.NDArray[np.float64], sections: npt.NDArray[np.str_]) -> sparse.csr_matrix:
    """Cells of one section that lie side by side."""
    from scipy.spatial import cKDTree

    made = sparse.lil_matrix((len(points), len(points)), dtype=np.float32)
    for name in np.unique(sections):
        own = np.flatnonzero(sections == name)
        for one, other in cKDTree(points[own]).query_pairs(SPACING * 1.2):
            made[own[one], own[other]] = made[own[other], own[one]] = 1
    return made.tocsr()
