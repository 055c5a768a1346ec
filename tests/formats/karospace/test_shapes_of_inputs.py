"""Boundaries of cells in Xenium folders and SpatialData stores, and the squares of Visium HD."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from karospace_stream import export
from tests.formats.karospace.stored_shapes import entry_of, stored_shapes
from tests.formats.karospace.test_shapes import check
from tests.inputs.kinds.spatialdata.stores import Shapes, annotated, leading, write_store
from tests.made.cell_shapes import centers, polygons
from tests.made.tenx_folders import write_visium_hd, write_xenium


def embedding_of(bundle: Path, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((bundle / "atlas.json").read_text())["embeddings"][number]
    return found


@pytest.mark.parametrize("ids", ["text", "numbers"])
def test_xenium(tmp_path: Path, ids: str) -> None:
    made = write_xenium(tmp_path / "outs", ids=ids, analysis=False)
    n = len(made.barcodes)
    places = made.table[["x_centroid", "y_centroid"]].to_numpy()
    shapes = [
        shapely.transform(shape, lambda xy, shift=shift: xy + shift)
        for shape, shift in zip(polygons(n), places - centers(n), strict=True)
    ]
    rings = [shapely.get_coordinates(each) for each in shapes]
    names = np.repeat(np.array(made.barcodes, object), [len(each) for each in rings])
    vertices = np.concatenate(rings)
    for name, label in (("cell_boundaries", 0.0), ("nucleus_boundaries", 1.0)):
        columns = {
            "cell_id": pa.array(names.astype(np.int64) if ids == "numbers" else names.tolist()),
            "vertex_x": pa.array((vertices[:, 0] + label).astype(np.float32)),
            "vertex_y": pa.array(vertices[:, 1].astype(np.float32)),
        }
        pq.write_table(pa.table(columns), made.path / f"{name}.parquet", row_group_size=100)
    result = export(made.path, tmp_path / "bundle", genes="all")
    # Cells are few and far apart, and so are the steps of the only tile.
    check(stored_shapes(tmp_path / "bundle"), dict(enumerate(shapes)), 0.1)
    assert entry_of(tmp_path / "bundle", 1)["name"] == "nucleus_boundaries"
    moved = {
        cell: shapely.transform(each, lambda xy: xy + np.array([1, 0])) for cell, each in enumerate(shapes)
    }
    check(stored_shapes(tmp_path / "bundle", 1), moved, 0.1)
    assert not [each for each in result.findings if "shape" in each.code]
    export(made.path, tmp_path / "bundle", genes="all", shapes=False, overwrite=True)
    assert "shapes" not in json.loads((tmp_path / "bundle" / "atlas.json").read_text())


def test_spatialdata(tmp_path: Path) -> None:
    one, two = polygons(30), polygons(20, seed=5)
    scale = [leading({"type": "scale", "scale": [2.0, 3.0]}, "xy")]
    adata = annotated({"one": range(7, 37), "two": [f"b{number}" for number in range(20)]})
    adata.obs["instance_id"] = adata.obs["instance_id"].astype(str)
    elements = {
        "one": Shapes(one, index=7, transformations=scale, row_group_size=7),
        "two": Shapes([*two, two[0]], index=[f"b{number}" for number in range(21)]),
    }
    write_store(tmp_path / "store.zarr", {"table": adata}, elements)
    result = export(tmp_path / "store.zarr", tmp_path / "bundle", genes="all")
    bundle = tmp_path / "bundle"
    grown = {cell: shapely.transform(each, lambda xy: xy * [2, 3]) for cell, each in enumerate(one)}
    check(stored_shapes(bundle), grown)
    check(stored_shapes(bundle, 1), {30 + number: each for number, each in enumerate(two)})
    assert [entry_of(bundle, number)["name"] for number in (0, 1)] == ["one", "two"]
    (said,) = [each.text for each in result.findings if each.code == "shapes-of-no-cell"]
    assert said.startswith("1 shape of 'two' is of no exported cell")


@pytest.mark.parametrize("own", ["stored", "moved", "none"])
def test_boundaries_beside_what_the_table_annotates(tmp_path: Path, own: str) -> None:
    """As spatialdata-io writes Xenium: the table annotates circles, and has centres of its own."""
    n = 25
    scale = [leading({"type": "scale", "scale": [4.0, 4.0]}, "xy")]
    ids = [f"cell-{number}" for number in range(n)]
    adata = annotated({"circles": ids})
    if own != "none":
        adata.obsm["spatial"] = centers(n) * (1 if own == "stored" else 4)
    points = [shapely.Point(*each) for each in centers(n)]
    shapes = polygons(n)
    elements = {
        "circles": Shapes(
            points, index=ids, radius=[1.0 + number for number in range(n)], transformations=scale
        ),
        "boundaries": Shapes(shapes, index=ids, transformations=scale),
        "others": Shapes(shapes, index=[f"other-{number}" for number in range(n)], transformations=scale),
    }
    write_store(tmp_path / "store.zarr", {"table": adata}, elements)
    result = export(tmp_path / "store.zarr", tmp_path / "bundle", genes="all")
    factor = 1 if own == "stored" else 4
    expected = {cell: shapely.transform(each, lambda xy: xy * factor) for cell, each in enumerate(shapes)}
    check(stored_shapes(tmp_path / "bundle"), expected)
    assert embedding_of(tmp_path / "bundle", entry_of(tmp_path / "bundle")["embedding"])["key"] == "spatial"
    (unread,) = [each.text for each in result.findings if each.code == "elements-unread"]
    assert "'others'" in unread
    assert "'boundaries'" not in unread


def test_squares_of_a_store_are_spots(tmp_path: Path) -> None:
    angle, side = 0.1, 8.0
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = np.array([[0, 0], [side, 0], [side, side], [0, side]])
    grid = [(x, y) for y in range(5) for x in range(6)]
    squares = [shapely.Polygon((corners + np.array(at) * side) @ turn) for at in grid]
    adata = annotated({"bins": range(30)})
    write_store(tmp_path / "store.zarr", {"table": adata}, {"bins": Shapes(squares)})
    export(tmp_path / "store.zarr", tmp_path / "bundle", genes="all")
    found = embedding_of(tmp_path / "bundle")
    assert found["spot_shape"] == "square"
    assert found["spot_diameter"] == pytest.approx(side)
    assert found["spot_angle"] == pytest.approx(angle)
    assert "shapes" not in json.loads((tmp_path / "bundle" / "atlas.json").read_text())


def test_bins_of_visium_hd_are_squares(tmp_path: Path) -> None:
    made = write_visium_hd(tmp_path / "outs")
    export(made.path, tmp_path / "bundle", genes="all")
    found = embedding_of(tmp_path / "bundle")
    assert found["spot_shape"] == "square"
    assert found["spot_diameter"] == pytest.approx(8 / 0.2736)
    assert found["spot_angle"] == pytest.approx(np.arctan2(0.0125, 29.31), abs=1e-9)


def test_shapes_with_the_numbers_of_cells_that_lie_elsewhere(tmp_path: Path) -> None:
    """Elements of a store may be numbered from 0 each: equal numbers say nothing."""
    n = 25
    elements = {
        "circles": Shapes([shapely.Point(*each) for each in centers(n)], radius=[3.0] * n),
        "cells": Shapes(polygons(n)),
        "regions": Shapes(polygons(n)[::-1]),
    }
    write_store(tmp_path / "store.zarr", {"table": annotated({"circles": range(n)})}, elements)
    result = export(tmp_path / "store.zarr", tmp_path / "bundle", genes="all")
    atlas = json.loads((tmp_path / "bundle" / "atlas.json").read_text())
    assert [each["name"] for each in atlas["shapes"]] == ["cells"]
    check(stored_shapes(tmp_path / "bundle"), dict(enumerate(polygons(n))))
    (unread,) = [each.text for each in result.findings if each.code == "elements-unread"]
    assert "'regions'" in unread
