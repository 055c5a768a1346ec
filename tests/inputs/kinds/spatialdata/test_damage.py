"""Damaged and lying stores: refused in one sentence, or the coordinates are left out with a note."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
import zarr

from karospace_stream.errors import BadOptionError, DamagedError
from tests.inputs.kinds.spatialdata.stores import Labels, Shapes, annotated, leading, write_store
from tests.inputs.kinds.spatialdata.test_centres import CIRCLES, image, opened

PARQUET = "shapes/cells/shapes.parquet"


def store(path: Path, **shapes: Any) -> Path:
    table = annotated({"cells": [0, 1, 2]})
    return write_store(path, {"t": table}, {"cells": Shapes(CIRCLES, **shapes)}, consolidate=False)


def edited(path: Path, key: str, edit: Callable[[dict[str, Any]], None]) -> Path:
    """Change the attributes of a group."""
    group = zarr.open_group(path / key, mode="a")
    attributes = group.attrs.asdict()
    edit(attributes)
    group.attrs.put(attributes)
    return path


def truncated(path: Path) -> Path:
    file = path / PARQUET
    file.write_bytes(file.read_bytes()[:-20])
    return path


def empty(path: Path) -> Path:
    (path / PARQUET).write_bytes(b"")
    return path


def gone(path: Path) -> Path:
    (path / PARQUET).unlink()
    return path


def transformed(path: Path, *steps: Any) -> Path:
    return edited(
        path, "shapes/cells", lambda attributes: attributes.update(coordinateTransformations=list(steps))
    )


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (truncated, r"shapes\.parquet is no Parquet file, or is damaged"),
        (empty, r"shapes\.parquet is no Parquet file, or is damaged"),
        (gone, r"it has neither shapes\.parquet nor the arrays coords and Index"),
        (lambda path: transformed(path), "no transformation leads from it to a coordinate system"),
        (lambda path: transformed(path, 3), "its transformation must be of a known type, got 'None'"),
        (
            lambda path: transformed(path, leading({"type": "warp"}, "xy")),
            "its transformation must be of a known type, got 'warp'",
        ),
        (
            lambda path: transformed(path, leading({"type": "scale", "scale": [2.0]}, "xy")),
            "its transformation of type 'scale' must have 2 numbers in 'scale'",
        ),
        (
            lambda path: transformed(path, leading({"type": "affine", "affine": [["a", 1, 2]] * 2}, "xy")),
            "its transformation of type 'affine' must have 2 x 3 numbers in 'affine'",
        ),
        (
            lambda path: transformed(path, leading({"type": "scale", "scale": [2.0, 0.0]}, "xy")),
            "its transformation to 'global' maps different places to the same one",
        ),
        (
            lambda path: transformed(path, leading({"type": "scale", "scale": [2.0, float("inf")]}, "xy")),
            "its transformation to 'global' maps different places to the same one",
        ),
    ],
)
def test_a_region_that_cannot_be_read(tmp_path: Path, damage: Callable[[Path], Path], why: str) -> None:
    source = opened(damage(store(tmp_path / "x.zarr")))
    assert source.catalog.n_cells == 3
    assert source.catalog.obsm == ()
    ((key, found),) = source.catalog.unreadable
    assert key == "shapes/cells"
    assert re.search(why, found), found


def test_a_deep_sequence(tmp_path: Path) -> None:
    step: dict[str, Any] = {"type": "identity"}
    for _ in range(30):
        step = {"type": "sequence", "transformations": [step]}
    source = opened(transformed(store(tmp_path / "x.zarr"), leading(step, "xy")))
    assert "must be of a known type" in dict(source.catalog.unreadable)["shapes/cells"]


def test_columns_that_are_missing(tmp_path: Path) -> None:
    table = annotated({"cells": [0, 1, 2]})
    del table.obs["instance_id"]
    source = opened(write_store(tmp_path / "x.zarr", {"t": table}, {"cells": Shapes(CIRCLES)}))
    assert source.catalog.obsm == ()
    assert dict(source.catalog.unreadable) == {
        "uns/spatialdata_attrs": "it says that obs['instance_id'] names the cells, but obs has no such column"
    }
    table = annotated({"cells": [0, 1], "others": [1]})
    del table.obs["region"]
    source = opened(write_store(tmp_path / "y.zarr", {"t": table}, {"cells": Shapes(CIRCLES)}))
    assert "it says that obs['region'] names" in dict(source.catalog.unreadable)["uns/spatialdata_attrs"]


def test_no_region_is_there(tmp_path: Path) -> None:
    source = opened(write_store(tmp_path / "x.zarr", {"t": annotated({"a": [1], "b/../c": [2]})}))
    assert source.catalog.obsm == ()
    assert [each.text for each in source.catalog.findings] == [
        "the table annotates 'a', 'b/../c', which the store does not have; their cells have no coordinates"
    ]


def test_values_that_are_damaged(tmp_path: Path) -> None:
    path = store(tmp_path / "x.zarr", index=[1, 2, 3, 2, 4, 5])
    way_out = "; leave it out with --leave-out obsm:spatial"
    with pytest.raises(
        DamagedError, match="the shapes 'cells' must have each instance once, but have 2 twice" + way_out
    ):
        opened(path).obsm("spatial", 0, 3, 2)
    file = path / PARQUET
    data = bytearray(file.read_bytes())
    data[4:60] = b"\xff" * 56
    file.write_bytes(data)
    with pytest.raises(DamagedError, match=r"shapes\.parquet is damaged: .*" + way_out):
        opened(path).obsm("spatial", 0, 3, 2)


def test_geometries_that_are_none(tmp_path: Path) -> None:
    path = store(tmp_path / "x.zarr")
    table = pq.read_table(path / PARQUET)
    wkb = [b"no geometry", *table.column("geometry").to_pylist()[1:]]
    pq.write_table(table.set_column(0, "geometry", [wkb]), path / PARQUET)
    with pytest.raises(DamagedError, match=r"shapes\.parquet is damaged: "):
        opened(path).obsm("spatial", 0, 3, 2)
    wkb = [shapely.to_wkb(shapely.Polygon()), None, *table.column("geometry").to_pylist()[2:]]
    pq.write_table(table.set_column(0, "geometry", [wkb]), path / PARQUET)
    found = opened(path).obsm("spatial", 0, 3, 2)
    assert np.isnan(found[:2]).all()
    assert np.isfinite(found[2]).all()


def test_a_file_that_is_no_geoparquet(tmp_path: Path) -> None:
    path = store(tmp_path / "x.zarr")
    table = pq.read_table(path / PARQUET)
    pq.write_table(table.replace_schema_metadata({}), path / PARQUET)
    assert "describes no geometries" in dict(opened(path).catalog.unreadable)["shapes/cells"]


@pytest.mark.parametrize(
    ("values", "axes", "why"),
    [
        (np.ones((5, 5)), "yx", "labels must be whole numbers with 2 axes, got float64 of shape (5, 5)"),
        (np.ones((5, 5), int), "xy", "labels must have the axes y and x, or z, y and x, got x, y"),
        (np.ones((5, 5), int), "cyx", "labels must have the axes y and x, or z, y and x, got c, y, x"),
        (np.ones((5, 5), int), "zyx", "labels must be whole numbers with 3 axes, got int64 of shape (5, 5)"),
    ],
)
def test_labels_that_are_none(tmp_path: Path, values: np.ndarray, axes: str, why: str) -> None:
    path = write_store(
        tmp_path / "x.zarr", {"t": annotated({"l": [1]})}, {"l": Labels([values])}, consolidate=False
    )

    def edit(attributes: dict[str, Any]) -> None:
        attributes["ome"]["multiscales"][0]["axes"] = [{"name": axis} for axis in axes]

    assert dict(opened(edited(path, "labels/l", edit)).catalog.unreadable) == {"labels/l": why}


def test_labels_without_a_description(tmp_path: Path) -> None:
    path = write_store(
        tmp_path / "x.zarr", {"t": annotated({"l": [1]})}, {"l": Labels([image()])}, consolidate=False
    )
    edited(path, "labels/l", lambda attributes: attributes.pop("ome"))
    assert "no description of an image" in dict(opened(path).catalog.unreadable)["labels/l"]
    (path / "labels" / "l" / "zarr.json").write_text("{")
    assert "labels/l" in dict(opened(path).catalog.unreadable)


def test_a_damaged_chunk_of_labels(tmp_path: Path) -> None:
    path = write_store(tmp_path / "x.zarr", {"t": annotated({"l": [10]})}, {"l": Labels([image()])})
    (path / "labels" / "l" / "s0" / "c" / "1" / "1").write_bytes(b"no chunk")
    with pytest.raises(DamagedError, match=r"labels/l/s0 in .* cannot be read.*--leave-out obsm:spatial"):
        opened(path).obsm("spatial", 0, 1, 2)


@pytest.mark.parametrize("package", ["pyarrow.parquet", "shapely"])
def test_a_missing_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    path = store(tmp_path / "x.zarr")
    monkeypatch.setitem(sys.modules, package, None)
    sentence = rf"need {package.partition('.')[0]}, which .*: pip install 'karospace-stream\[spatial\]'$"
    with pytest.raises(BadOptionError, match=sentence):
        opened(path)
    table = annotated({"cells": [0, 1, 2]})
    table.obsm["spatial"] = np.ones((3, 2))
    source = opened(write_store(tmp_path / "y.zarr", {"t": table}, {"cells": Shapes(CIRCLES)}))
    assert [each.key for each in source.catalog.obsm] == ["spatial"]
    assert "are left out" in source.catalog.findings[0].text


PAIR = pa.list_(pa.float64(), 2)
MALFORMED = {
    "numbers": ("polygon", pa.array([1.0] * len(CIRCLES))),
    "lists of numbers": ("polygon", pa.array([[[1.0, 2.0]]] * len(CIRCLES))),
    "too flat": ("polygon", pa.array([[[1.0, 2.0]]] * len(CIRCLES), pa.list_(PAIR))),
    "too deep": ("point", pa.array([[[1.0, 2.0]]] * len(CIRCLES), pa.list_(PAIR))),
    "other fields": ("point", pa.array([{"x": 1.0, "z": 2.0}] * len(CIRCLES))),
    "words": ("point", pa.array([{"x": "1", "y": "2"}] * len(CIRCLES))),
    "one axis": ("point", pa.array([[1.0]] * len(CIRCLES), pa.list_(pa.float64(), 1))),
}


@pytest.mark.parametrize("which", MALFORMED)
def test_geometries_of_another_layout(which: str, tmp_path: Path) -> None:
    encoding, column = MALFORMED[which]
    path = store(tmp_path / "x.zarr")
    table = pq.read_table(path / PARQUET)
    geo = json.loads(table.schema.metadata[b"geo"])
    geo["columns"]["geometry"]["encoding"] = encoding
    metadata = {**table.schema.metadata, b"geo": json.dumps(geo).encode()}
    table = table.set_column(table.schema.get_field_index("geometry"), "geometry", column)
    pq.write_table(table.replace_schema_metadata(metadata), path / PARQUET)
    with pytest.raises(
        DamagedError,
        match=rf"shapes\.parquet is damaged: its geometries should be of the GeoArrow encoding '{encoding}', "
        rf"but are stored as {re.escape(str(column.type).partition('<')[0])}",
    ):
        opened(path).obsm("spatial", 0, 3, 2)
