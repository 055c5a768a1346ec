"""Boundaries of cells on the page: drawn in the colour of their cell, found by a click, hidden on request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import expect

import karospace_stream
from tests.browser.page import ViewerPage
from tests.made.cell_shapes import centers, names, polygons, table, write_long

N = 400
ZOOM = 2.0
#: The middle of the stage, in coordinates: between cells.
LOOK_AT = (290.0, 290.0)
KINDS = {"astrocyte": (255, 0, 0), "neuron": (0, 170, 0), "microglia": (0, 0, 255)}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shapes")
    write_long(folder / "cell_boundaries.parquet", polygons(N), names(N))
    karospace_stream.export(
        table(N), folder / "bundle", shapes=folder / "cell_boundaries.parquet", anno="kind", overwrite=True
    )
    return folder / "bundle"


def test_shapes(bundle: Path, served: Callable[[Path], str], new_page: Callable[..., ViewerPage]) -> None:
    page = new_page()
    page.open(f"{served(bundle)}#column=kind&view={LOOK_AT[0]},{LOOK_AT[1]},{ZOOM}")
    picture = page.pixels()
    box = page.canvas.bounding_box()
    assert box is not None
    at = screen_of(box)
    stage = picture[1, picture.shape[1] // 2].astype(float)
    seen = 0
    for cell, shape in enumerate(polygons(N)):
        corner = corner_of(shape)
        x, y = at(corner) - (box["x"], box["y"])
        if not (60 < x < box["width"] - 90 and 60 < y < box["height"] - 60):
            continue
        seen += 1
        color = np.array(KINDS[table_kinds()[cell]])
        mixed = 0.55 * color + 0.45 * stage
        np.testing.assert_allclose(picture[int(y), int(x)], mixed, atol=4, err_msg=f"{cell} at {x}, {y}")
    assert seen > 20

    # Far from its centre, and near that of no other cell.
    cell = next(each for each in range(N) if abs(centers(N)[each] - LOOK_AT).max() < 15)
    x, y = at(corner_of(polygons(N)[cell]))
    page.page.mouse.move(x, y)
    expect(page.tooltip).to_contain_text(names(N)[cell])
    page.page.mouse.move(*at(np.array(LOOK_AT)))
    expect(page.tooltip).to_have_count(0)

    page.page.get_by_label("Boundaries").select_option(label="Not shown")
    page.settle()
    corner = at(corner_of(polygons(N)[cell])) - (box["x"], box["y"])
    np.testing.assert_allclose(page.pixels()[int(corner[1]), int(corner[0])], stage, atol=4)


def table_kinds() -> list[str]:
    kinds: list[str] = table(N).obs["kind"].tolist()
    return kinds


def screen_of(box: Any) -> Callable[[npt.NDArray[Any]], npt.NDArray[np.float64]]:
    """From coordinates to pixels of the window."""
    middle = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    return lambda place: middle + (place - np.array(LOOK_AT)) * 2**ZOOM


def corner_of(shape: Any) -> npt.NDArray[np.float64]:
    """A place within a polygon, near its rim: three quarters of the way to its farthest vertex."""
    vertices = np.array(shape.exterior.coords)[:-1]
    middle = np.array(shape.centroid.coords[0])
    far = vertices[np.argmax(np.hypot(*(vertices - middle).T))]
    return np.asarray(middle + 0.75 * (far - middle))
