"""Eight cells in space, and where a camera must show them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse

from tests.browser.page import ViewerPage

HOSTILE = "<img src=x onerror=window.pwned=1>"
KINDS = ["near", "far", "far", HOSTILE, "chain", "chain", "chain", "end"]
POINTS = [[0, 0, 4], [0, 0, -4], [4, 0, -4], [-4, 0, 0], [-4, 4, 0], [-2, 4, 0], [0, 4, 0], [2, 4, 0]]
COLORS = {"near": "#d62728", "far": "#1f3fb4", HOSTILE: "#2ca02c", "chain": "#ff7f0e", "end": "#9467bd"}
ZOOM = 5.5
AHEAD = f"#column=kind&view=0,0,{ZOOM},0,0,0"
BEHIND = f"#column=kind&view=0,0,{ZOOM},0,0,180"
FLAT = "#column=kind&flat=1&view=0,0,6"


def make_shapes() -> anndata.AnnData:
    """Eight cells in space: two in one line of sight, four in a chain along which they drift."""
    n_cells = len(POINTS)
    kind = pd.Categorical(KINDS, categories=sorted(COLORS))
    adata = anndata.AnnData(
        np.ones((n_cells, 2), dtype=np.float32),
        obs=pd.DataFrame({"kind": kind}, index=[f"cell {i}" for i in range(n_cells)]),
    )
    adata.obsm["X_umap"] = np.array(POINTS, dtype=np.float64)
    drift = np.full((n_cells, 3), np.nan)
    drift[4:] = [0.25, 0, 0]
    adata.obsm["velocity_umap"] = drift
    links = scipy.sparse.lil_matrix((n_cells, n_cells))
    for cell in (4, 5, 6):
        links[cell, cell + 1] = links[cell + 1, cell] = 1
    adata.obsp["connectivities"] = links.tocsr()
    adata.uns["kind_colors"] = [COLORS[name] for name in kind.categories]
    return adata


def seen_at(viewer: ViewerPage, point: Sequence[float], zoom: float = ZOOM) -> tuple[int, int]:
    """Pixel of a place, by the pinhole camera straight ahead, looking at the origin."""
    box = viewer.canvas.bounding_box()
    assert box is not None
    x, y, z = point
    scale = 2**zoom
    distance = box["height"] / 2 / math.tan(math.radians(25)) / scale
    nearness = distance / (distance - z)
    middle = (box["width"] / 2, box["height"] / 2)
    return round(middle[0] + x * scale * nearness), round(middle[1] - y * scale * nearness)


def flat_at(viewer: ViewerPage, x: float, y: float) -> tuple[int, int]:
    """Pixel of a place of the first two axes, under the link `FLAT`."""
    box = viewer.canvas.bounding_box()
    assert box is not None
    return round(box["width"] / 2 + x * 64), round(box["height"] / 2 - y * 64)


def kind_at(picture: npt.NDArray[np.uint8], spot: tuple[int, int]) -> str | None:
    """The kind of the nearest hue; None on the background. What is far is paler than its colour."""
    pixel = picture[spot[1], spot[0]].astype(float)
    background = picture[1, 1].astype(float)
    if np.abs(pixel - background).sum() < 60:
        return None

    def paleness(color: str) -> float:
        full = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)], dtype=float)
        share = np.clip((pixel - background) @ (full - background) / ((full - background) ** 2).sum(), 0, 1)
        return float(np.abs(background + share * (full - background) - pixel).sum())

    return min(COLORS, key=lambda name: paleness(COLORS[name]))


def area_of(picture: npt.NDArray[np.uint8], spot: tuple[int, int], kind: str, reach: int = 30) -> int:
    """Pixels of a kind in the square around a place."""
    around = range(-reach, reach + 1)
    return sum(kind_at(picture, (spot[0] + dx, spot[1] + dy)) == kind for dx in around for dy in around)


def page_spot(viewer: ViewerPage, spot: tuple[float, float]) -> tuple[float, float]:
    """The pixel of the page for one of the canvas."""
    box = viewer.canvas.bounding_box()
    assert box is not None
    return box["x"] + spot[0], box["y"] + spot[1]


def drag(viewer: ViewerPage, start: tuple[int, int], end: tuple[int, int]) -> None:
    """From one pixel of the canvas to another, as a hand does: in steps."""
    viewer.page.mouse.move(*page_spot(viewer, start))
    viewer.page.mouse.down()
    viewer.page.mouse.move(*page_spot(viewer, end), steps=5)
    viewer.page.mouse.up()
    viewer.wait()


def draw_around(viewer: ViewerPage, corners: list[tuple[float, float]]) -> None:
    """With the lasso, along the corners."""
    viewer.page.mouse.move(*page_spot(viewer, corners[0]))
    viewer.page.mouse.down()
    for corner in corners[1:]:
        viewer.page.mouse.move(*page_spot(viewer, corner), steps=4)
    viewer.page.mouse.up()
    viewer.settle()


def square_around(left: tuple[int, int], right: tuple[int, int]) -> list[tuple[float, float]]:
    """A square around two places in a row."""
    reach = 25
    return [
        (left[0] - reach, left[1] - reach),
        (right[0] + reach, right[1] - reach),
        (right[0] + reach, right[1] + reach),
        (left[0] - reach, left[1] + reach),
    ]
