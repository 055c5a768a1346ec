"""A small data set whose every value and place is known, with names that would break a careless page."""

from __future__ import annotations

import anndata
import numpy as np
import pandas as pd

COLUMNS, ROWS = 20, 15
N_CELLS = COLUMNS * ROWS
SPACING = 50.0  # microns
CORNER = (100_000.0, 200_000.0)  # far from zero, as stage coordinates are
SCALE = 0.25  # image pixel = coordinate x scale

HOSTILE = [
    "</script><img src=x onerror=window.pwned=1>",
    "__proto__",
    "../../x",
    "con",
    "g" * 300,
    "Case",
    "case",
    "'\"><svg onload=window.pwned=1>",
]
HOSTILE_COLUMN = "<img src=x onerror=window.pwned=1>"


def make_sample() -> anndata.AnnData:
    """300 cells on a grid, eight genes, a column of each kind, two embeddings and a tissue image."""
    rng = np.random.default_rng(7)
    column, row = np.meshgrid(np.arange(COLUMNS), np.arange(ROWS))
    grid = np.stack([column.ravel(), row.ravel()], axis=1).astype(np.float64)
    number = rng.normal(size=N_CELLS)
    number[::7] = np.nan
    kinds = np.array(["B cell", "T cell", "Monocyte"], dtype=object)[np.arange(N_CELLS) % 3]
    kinds[5] = None
    obs = pd.DataFrame(
        {
            "cell_type": pd.Categorical(kinds, categories=["B cell", "T cell", "Monocyte"]),
            "score": number,
            "n_counts": rng.integers(0, 10_000, N_CELLS),
            "primary": np.arange(N_CELLS) % 2 == 0,
            HOSTILE_COLUMN: pd.Categorical(np.where(grid[:, 0] < COLUMNS / 2, "<b>left</b>", "right")),
            "__proto__": pd.Categorical(np.where(grid[:, 1] < ROWS / 2, "upper", "lower")),
        },
        index=[f"cell <{i}>" for i in range(N_CELLS)],
    )
    expression = np.round(rng.gamma(1.5, 1.0, size=(N_CELLS, len(HOSTILE))), 3).astype(np.float32)
    expression[rng.random(expression.shape) < 0.4] = 0
    adata = anndata.AnnData(expression, obs=obs, var=pd.DataFrame(index=HOSTILE))
    adata.obsm["spatial"] = grid * SPACING + CORNER
    adata.obsm["X_umap"] = rng.normal(size=(N_CELLS, 2))
    adata.uns["cell_type_colors"] = ["#d62728", "#2ca02c", "#1f77b4"]
    return adata


def tissue_image(adata: anndata.AnnData) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    """White, a red square under the first cell and a blue one under the last of its row; and its placement.

    image pixel = coordinate x scale + offset, the placement being ``(scale_x, scale_y, offset_x, offset_y)``.
    """
    offset = [50.0 - SCALE * corner for corner in CORNER]
    points = adata.obsm["spatial"] * SCALE + offset
    width, height = (int(side) + 50 for side in points.max(axis=0))
    image = np.full((height, width, 3), 255, dtype=np.uint8)
    for cell, color in ((0, (255, 0, 0)), (COLUMNS - 1, (0, 0, 255))):
        x, y = points[cell].astype(int)
        image[y - 5 : y + 6, x - 5 : x + 6] = color
    return image, (SCALE, SCALE, offset[0], offset[1])
