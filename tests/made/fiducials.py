"""Spots on images with four marks each, so that pictures of them can be measured in pixels of the image."""

from __future__ import annotations

from collections.abc import Sequence

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd

Color = tuple[int, int, int]
Places = npt.NDArray[np.float64]

WIDTH, HEIGHT = 640, 480
#: Middle of each mark in the image, where a pixel reaches from its number to the next, and its colour.
MARKS: dict[Color, tuple[float, float]] = {
    (255, 0, 255): (40.5, 30.5),
    (0, 255, 255): (600.5, 40.5),
    (255, 255, 0): (30.5, 450.5),
    (0, 0, 0): (610.5, 440.5),
}
_HALF = 8
KINDS = {"cortex": "#1f77b4", "white matter": "#ff7f0e", "tumour": "#2ca02c", "vessel": "#d62728"}
#: Pixels of the image for one unit of the coordinates, for each library in turn; no two are alike.
SCALES = (0.2, 0.35)
SPOT = 60.0
_ROWS, _COLUMNS = 8, 11


def picture(number: int) -> npt.NDArray[np.uint8]:
    """Marks on a ground that is another one in each library."""
    made = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    made[:] = ((232, 240, 232), (240, 232, 236))[number]
    for color, (x, y) in MARKS.items():
        left, top = int(x) - _HALF, int(y) - _HALF
        made[top : top + 2 * _HALF + 1, left : left + 2 * _HALF + 1] = color
    return made


def make_visium(libraries: Sequence[str]) -> anndata.AnnData:
    """88 spots in each library, between the marks, that do not touch; those of two libraries are mixed."""
    rng = np.random.default_rng(len(libraries))
    column, row = np.meshgrid(np.arange(_COLUMNS), np.arange(_ROWS))
    made = []
    for number, _ in enumerate(libraries):
        pixels = np.stack([85 + 47 * column.ravel(), 75 + 47 * row.ravel()], axis=1)
        made.append((pixels + rng.uniform(-8, 8, pixels.shape)) / SCALES[number])
    names = np.repeat(list(libraries), _ROWS * _COLUMNS)
    order = rng.permutation(len(names))
    obs = pd.DataFrame(
        {
            "library_id": pd.Categorical(names[order]),
            "kind": pd.Categorical(rng.choice(list(KINDS), len(names)), list(KINDS)),
        },
        index=[f"spot {at}" for at in range(len(names))],
    )
    adata = anndata.AnnData(np.ones((len(names), 2), np.float32), obs)
    adata.obsm["spatial"] = np.concatenate(made)[order]
    adata.uns["kind_colors"] = list(KINDS.values())
    adata.uns["spatial"] = {
        name: {
            "images": {"hires": picture(number)},
            "scalefactors": {"tissue_hires_scalef": SCALES[number], "spot_diameter_fullres": SPOT},
        }
        for number, name in enumerate(libraries)
    }
    return adata
