"""The centres of regions become the coordinates of the cells of a table."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from karospace_stream.errors import DamagedError
from karospace_stream.inputs.kinds.spatialdata import labels as labels_module
from karospace_stream.inputs.kinds.spatialdata.centers import Centers, add_up
from karospace_stream.inputs.open import open_input
from karospace_stream.options.general.inputs import InputOptions
from tests.inputs.kinds.spatialdata.stores import (
    IDENTITY,
    Labels,
    Points,
    Shapes,
    annotated,
    leading,
    write_store,
)

RNG = np.random.default_rng(0)
CIRCLES = [shapely.Point(*place) for place in RNG.random((6, 2)) * 100]
SQUARE = shapely.box(0, 0, 4, 4)
POLYGONS = [
    shapely.Polygon([(0, 0), (5, 0), (0, 7)]),
    SQUARE.difference(shapely.box(1, 1, 2, 2)),
    shapely.MultiPolygon([shapely.box(10, 10, 12, 12), shapely.box(20, 10, 21, 11)]),
    shapely.box(-3, -4, -1, -2),
]
AFFINE = np.array([[0.0, -2.0, 30.0], [1.5, 0.5, -7.0]])


def opened(path: Any, **options: Any) -> Any:
    return pickle.loads(pickle.dumps(open_input(path, InputOptions(**options))))


def coordinates(source: Any, key: str = "spatial", width: int = 2) -> np.ndarray:
    found: np.ndarray = source.obsm(key, 0, source.catalog.n_cells, width)
    halves = [source.obsm(key, *each, width) for each in ((0, 1), (1, source.catalog.n_cells))]
    np.testing.assert_array_equal(np.concatenate(halves), found)
    return found


def middles(geometries: Sequence[Any]) -> np.ndarray:
    return np.array([(each.centroid.x, each.centroid.y) for each in geometries])


def image(shape: tuple[int, ...] = (50, 70), n: int = 5, seed: int = 0) -> np.ndarray:
    """Labels of blobs, and of some single pixels that are scattered."""
    rng = np.random.default_rng(seed)
    places = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), -1)
    values = np.zeros(shape, np.uint32)
    for label in range(1, n + 1):
        middle = rng.random(len(shape)) * shape
        values[((places - middle) ** 2).sum(-1) < 60] = 10 * label
    values[rng.random(shape) < 0.01] = 70_000
    return values


def pixel_centres(values: np.ndarray, ids: Sequence[int]) -> np.ndarray:
    """By definition: the mean of the middles of the pixels, x first."""
    return np.array([np.argwhere(values == each).mean(axis=0)[::-1] + 0.5 for each in ids])


@pytest.mark.parametrize(
    ("version", "geometries", "index"),
    [
        (2, CIRCLES, 0),
        (3, CIRCLES, "text"),
        (2, POLYGONS, "numbers"),
        (3, POLYGONS, 7),
        (2, POLYGONS, "text"),
    ],
)
def test_shapes(tmp_path: Path, version: int, geometries: Any, index: Any) -> None:
    n = len(geometries)
    index = {"text": [f"c-{row}é" for row in range(n)], "numbers": [9 * row + 2 for row in range(n)]}.get(
        index, index
    )
    affine = leading({"type": "affine", "affine": AFFINE.tolist()}, "xy")
    shapes = Shapes(geometries, index, [affine], row_group_size=2)
    order = RNG.permutation(n)
    table = annotated({"cells": np.array(shapes.names(), object)[order].tolist()})
    if version == 2:
        table.obs["instance_id"] = table.obs["instance_id"].astype("category")
    source = opened(write_store(tmp_path / "x.zarr", {"table": table}, {"cells": shapes}, version=version))
    wanted = middles(geometries)[order] @ AFFINE[:, :2].T + AFFINE[:, 2]
    np.testing.assert_allclose(coordinates(source), wanted, rtol=0, atol=1e-12)
    assert source.catalog.kind == "SpatialData"
    assert source.catalog.unreadable == ()
    assert [each.text for each in source.catalog.findings] == [
        "obsm['spatial'] holds the centres of the shapes 'cells', in the coordinate system 'global'"
    ]


@pytest.mark.parametrize(("version", "dtype"), [(2, "uint8"), (3, "int16"), (3, "uint32"), (2, "uint64")])
def test_labels(tmp_path: Path, version: int, dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels_module, "_TILE_NBYTES", 2000)
    monkeypatch.setattr(labels_module, "_STRIP_PIXELS", 300)
    values = image()
    if np.dtype(dtype).itemsize < 4:
        values[values == 70_000] = 99
    values = values.astype(dtype)
    ids = [int(each) for each in np.unique(values) if each]
    scale = leading({"type": "scale", "scale": [2.0, 0.5]}, "yx")
    labels = Labels([values, values[::2, ::2]], [scale])
    path = write_store(
        tmp_path / "x.zarr", {"table": annotated({"l": [*ids, 0, 4]})}, {"l": labels}, version=version
    )
    found = coordinates(opened(path))
    np.testing.assert_allclose(found[:-2], pixel_centres(values, ids) * [0.5, 2], atol=1e-9)
    assert np.isnan(found[-2:]).all()  # the background is no cell


def test_labels_with_depth(tmp_path: Path) -> None:
    values = image((12, 30, 20), 3)
    ids = [int(each) for each in np.unique(values) if each]
    move = leading({"type": "translation", "translation": [3.0, 0.0, 1.0]}, "zyx")
    labels = Labels([values], [move], chunks=(5, 7, 8))
    source = opened(write_store(tmp_path / "x.zarr", {"table": annotated({"l": ids})}, {"l": labels}))
    np.testing.assert_allclose(
        coordinates(source, width=3), pixel_centres(values, ids) + np.array([1, 0, 3]), atol=1e-9
    )
    np.testing.assert_allclose(
        coordinates(source), pixel_centres(values, ids)[:, :2] + np.array([1, 0]), atol=1e-9
    )


def test_points(tmp_path: Path) -> None:
    places = pd.DataFrame(
        {"x": [1, 2, 3, 4], "y": [0.5, 0.25, 1, 9], "gene": list("abcd")}, index=[4, 3, 8, 9]
    )
    points = Points([places[:3], places[3:]])
    source = opened(
        write_store(tmp_path / "x.zarr", {"table": annotated({"p": [9, 4, 3, 5]})}, {"p": points})
    )
    np.testing.assert_array_equal(coordinates(source), [[4, 9], [1, 0.5], [2, 0.25], [np.nan, np.nan]])


def several(path: Path, **more: Any) -> Path:
    values = image()
    elements: Mapping[str, Any] = {
        "left": Shapes(CIRCLES, ["a", "b", "c", "d", "e", "f"]),
        "right": Labels([values], [leading({"type": "translation", "translation": [0.0, 1000.0]}, "yx")]),
    }
    regions = {"left": ["b", "f", "z"], "right": ["10", "20"], "gone": ["1", "2"]}
    return write_store(path, {"table": annotated(regions)}, elements, **more)


@pytest.mark.parametrize("version", [2, 3])
def test_several_regions(tmp_path: Path, version: int) -> None:
    source = opened(several(tmp_path / "x.zarr", version=version))
    found = coordinates(source)
    np.testing.assert_array_equal(found[:2], middles([CIRCLES[1], CIRCLES[5]]))
    np.testing.assert_allclose(found[3:5], pixel_centres(image(), [10, 20]) + np.array([1000, 0]), atol=1e-9)
    assert np.isnan(found[[2, 5, 6]]).all()
    assert [(each.code, each.text) for each in source.catalog.findings] == [
        (
            "region-coordinates",
            "obsm['spatial'] holds the centres of the shapes 'left', the labels 'right', in the coordinate "
            "system 'global'",
        ),
        (
            "regions-left-out",
            "the table annotates 'gone', which the store does not have; their cells have no coordinates",
        ),
    ]


def test_the_tables_own_coordinates_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = annotated({"cells": [0, 1, 2]})
    table.obsm["spatial"] = np.arange(6.0).reshape(3, 2)
    path = write_store(tmp_path / "x.zarr", {"table": table}, {"cells": Shapes(CIRCLES)})
    source = opened(path)
    np.testing.assert_array_equal(coordinates(source), table.obsm["spatial"])
    np.testing.assert_array_equal(coordinates(source, "spatial_global"), middles(CIRCLES[:3]))
    (finding,) = source.catalog.findings
    assert finding.text.startswith("obsm['spatial_global'] holds the centres of the shapes 'cells'")
    assert finding.text.endswith("; obsm['spatial'] is the table's own")

    table = annotated({"l": [10, 20]})
    table.obsm["spatial"] = np.zeros((2, 2))
    path = write_store(tmp_path / "y.zarr", {"table": table}, {"l": Labels([image()])})
    monkeypatch.setattr(labels_module, "MOST_PIXELS", 100)
    source = opened(path)
    assert [each.key for each in source.catalog.obsm] == ["spatial"]
    assert source.preparation is None
    assert [each.text for each in source.catalog.findings] == [
        "obsm['spatial'] is the table's own; the labels 'l' are large, and their centres are not computed"
    ]


@pytest.mark.parametrize(
    ("systems", "system", "used"),
    [
        ((["global", "other"], ["other", "global"]), "in the coordinate system 'global'", (0, 1)),
        ((["one", "both"], ["both"]), "in the coordinate system 'both'", (1, 0)),
        ((["one"], ["two"]), "each in its own coordinate system", (0, 0)),
    ],
)
def test_the_coordinate_system(tmp_path: Path, systems: Any, system: str, used: tuple[int, int]) -> None:
    elements = {}
    for name, led in zip("ab", systems, strict=True):
        moves = [
            leading({"type": "translation", "translation": [100.0 * number, 0.0]}, "xy", each)
            for number, each in enumerate(led)
        ]
        elements[name] = Shapes(CIRCLES[:1], 0, moves)
    source = opened(write_store(tmp_path / "x.zarr", {"table": annotated({"a": [0], "b": [0]})}, elements))
    assert source.catalog.findings[0].text.endswith(system)
    moved = source.obsm("spatial", 0, 2, 2) - middles(CIRCLES[:1])
    np.testing.assert_allclose(moved, [[100 * used[0], 0], [100 * used[1], 0]], atol=1e-9)


def test_sizes_of_circles_and_units(tmp_path: Path) -> None:
    scale = leading({"type": "scale", "scale": [0.5, 0.5]}, "xy", unit="micrometer")
    shapes = Shapes(CIRCLES, 0, [scale], radius=[27.5] * 6)
    catalog = opened(
        write_store(tmp_path / "x.zarr", {"table": annotated({"s": [0, 1]})}, {"s": shapes})
    ).catalog
    assert (catalog.spot_diameter, catalog.microns_per_pixel) == (27.5, 1.0)
    shapes = Shapes(CIRCLES, 0, [leading(IDENTITY, "xy")], radius=range(1, 7))
    catalog = opened(
        write_store(tmp_path / "y.zarr", {"table": annotated({"s": [0, 1]})}, {"s": shapes})
    ).catalog
    assert (catalog.spot_diameter, catalog.microns_per_pixel) == (None, None)


def test_numbers_and_texts_name_the_same_instances() -> None:
    points = np.array([[1.0, 2], [3, 4], [5, 6]])
    numbers = add_up("", [Centers(np.array([9, 2, 4]), points)])
    texts = add_up("", [Centers(np.array(["9", "2", "4"], object), points)])
    for places in (numbers, texts):
        for ids in (np.array([4, 9, 7]), np.array(["4", "9", "x"], object)):
            np.testing.assert_array_equal(places.of(ids), [[5, 6], [1, 2], [np.nan, np.nan]])
    assert np.isnan(numbers.of(np.array(["04", "4.0", ""], object))).all()
    assert np.isnan(add_up("", []).of(np.array([1]))).all()
    with pytest.raises(DamagedError, match="by numbers in one part and by text in another"):
        add_up("them", [Centers(np.array([1]), points[:1]), Centers(np.array(["a"], object), points[:1])])
