"""The picture that is shown while cells are loaded lies as the cells will."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import Route, expect

import karospace_stream
from tests.browser.page import ViewerPage

#: An L: a column of cells, and a row along its lowest y.
CORNER = np.array([[0, y] for y in range(20)] + [[x, 0] for x in range(20)], dtype=np.float64)


@pytest.mark.parametrize(
    ("embedding", "corner_is_below"),
    [("X_umap", True), ("spatial", False)],
)
def test_it_lies_as_the_cells_do(
    viewer: ViewerPage, served: Callable[[Path], str], tmp_path: Path, embedding: str, corner_is_below: bool
) -> None:
    adata = anndata.AnnData(np.ones((len(CORNER), 1), dtype=np.float32))
    adata.obsm[embedding] = CORNER
    image = {}
    if embedding == "spatial":  # with an image, which tells beyond doubt where up is
        Image.new("RGB", (30, 30), "white").save(tmp_path / "tissue.png")
        image = {"image": tmp_path / "tissue.png", "image_placement": (1.0, 1.0, 5.0, 5.0)}
    karospace_stream.export(adata, tmp_path / "bundle", coords=f"obsm:{embedding}", **image)
    held: list[Route] = []
    viewer.page.route("**/assets/stream/coords_*", lambda route: held.append(route))
    viewer.page.goto(served(tmp_path / "bundle"))
    picture = viewer.page.locator("img.preview")
    expect(picture).to_be_visible()
    shown = np.asarray(Image.open(io.BytesIO(picture.screenshot(caret="initial"))).convert("RGB"))
    ink = np.stack(np.nonzero(shown.max(axis=2) < 160)[::-1], axis=1)
    assert _row_is_below(ink) == corner_is_below

    for route in held:
        route.continue_()
    viewer.wait()
    if embedding == "spatial":
        viewer.page.get_by_label("Tissue image").uncheck()
        viewer.settle()
    assert _row_is_below(viewer.spots()) == corner_is_below


def _row_is_below(pixels: npt.NDArray[np.int64]) -> bool:
    """Whether the row of the L, by its right end, lies below its column's middle; ``(n, 2)`` as x and y."""
    x, y = pixels.T
    end = y[x > x.max() - 5]
    assert np.ptp(end) < 0.1 * np.ptp(y)
    return bool(end.mean() > (y.min() + y.max()) / 2)
