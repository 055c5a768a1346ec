"""Shapes of a bundle are those of the input: cell by cell, whatever the file is cut into."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from karospace_stream import export
from karospace_stream.errors import BadOptionError
from tests.formats.karospace.stored_shapes import entry_of, stored_shapes
from tests.made.cell_shapes import names, polygons, table, write_long

N = 500


def check(found: list[tuple[int, Any]], expected: dict[int, Any], close: float = 1e-2) -> None:
    """Each cell has its polygon, but for the rounding of its vertices."""
    assert sorted(cell for cell, _ in found) == sorted(expected)
    for cell, shape in found:
        assert shape.hausdorff_distance(expected[cell]) < close, cell


def exported(tmp_path: Path, shapes: Path | bool | None, **options: Any) -> Any:
    adata = options.pop("adata", None)
    return export(
        table(N) if adata is None else adata,
        tmp_path / "bundle",
        shapes=shapes,
        genes="all",
        overwrite=True,
        **options,
    )


def write_geo(path: Path, shapes: list[Any], ids: list[str] | None) -> None:
    columns: dict[str, Any] = {
        "geometry": pa.array(shapely.to_wkb(np.array(shapes, object)).tolist(), pa.binary())
    }
    if ids is not None:
        columns["cell_id"] = pa.array(ids)
    geo = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}, "version": "1.1.0"}
    pq.write_table(
        pa.table(columns).replace_schema_metadata({"geo": json.dumps(geo)}), path, row_group_size=100
    )


def write_json(path: Path, shapes: list[Any], ids: list[str] | None) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {} if ids is None else {"cell_id": ids[number]},
            "geometry": json.loads(shapely.to_geojson(each)),
        }
        for number, each in enumerate(shapes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


KINDS: dict[str, Callable[[Path, Any, Any], None]] = {
    "long.parquet": lambda path, shapes, ids: write_long(path, shapes, ids, 97),
    "geo.parquet": write_geo,
    "shapes.geojson": write_json,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_has_its_boundary(tmp_path: Path, kind: str) -> None:
    shapes = polygons(N)
    order = np.random.default_rng(3).permutation(N)  # not the order of the cells
    KINDS[kind](tmp_path / kind, [shapes[each] for each in order], [names(N)[each] for each in order])
    result = exported(tmp_path, tmp_path / kind)
    entry = entry_of(tmp_path / "bundle")
    assert (entry["name"], entry["embedding"], entry["are_cells"]) == (kind.partition(".")[0], 0, True)
    check(stored_shapes(tmp_path / "bundle"), dict(enumerate(shapes)))
    assert not [each for each in result.findings if "shape" in each.code]


@pytest.mark.parametrize("size", [5, *(pytest.param(n, marks=pytest.mark.big) for n in (1, 13, 14, 200))])
def test_a_row_group_may_end_within_a_shape(tmp_path: Path, size: int) -> None:
    shapes = polygons(12)
    write_long(tmp_path / "long.parquet", shapes, names(12), size)
    exported(tmp_path, tmp_path / "long.parquet", adata=table(12), scheduler="sync")
    check(stored_shapes(tmp_path / "bundle"), dict(enumerate(shapes)))


def test_many_tiles_and_packs(tmp_path: Path) -> None:
    n = 9000
    shapes = polygons(n, corners=20)
    write_long(tmp_path / "long.parquet", shapes, names(n), 30_000)
    options = {"adata": table(n), "max_asset_mb": 0.3}
    exported(tmp_path, tmp_path / "long.parquet", **options)
    bundle = tmp_path / "bundle"
    entry = entry_of(bundle)
    check(stored_shapes(bundle), dict(enumerate(shapes)))
    assert len(entry["packs"]) > 2
    assert all(each["size_bytes"] <= 0.3 * 2**20 for each in entry["packs"])
    index = json.loads(gzip.decompress((bundle / entry["index"]["path"]).read_bytes()))
    assert 4 < len(index["tiles"]) < 40
    before = {path.name: path.read_bytes() for path in (bundle / "assets" / "shapes" / "000").iterdir()}
    exported(tmp_path, tmp_path / "long.parquet", scheduler="sync", **options)
    assert before == {
        path.name: path.read_bytes() for path in (bundle / "assets" / "shapes" / "000").iterdir()
    }


def test_what_has_no_boundary_is_said(tmp_path: Path) -> None:
    """Empty, missing, of no area, or beyond all coordinates: the others stay as they are."""
    shapes: list[Any] = list(polygons(N))
    shapes[0], shapes[1] = shapely.Polygon(), shapely.Point(3, 4)
    shapes[2] = shapely.Polygon([(0, 0), (1e300, 0), (1e300, 1e300)])
    whole = dict(list(enumerate(shapes))[3:])
    write_geo(tmp_path / "geo.parquet", shapes, names(N))
    result = exported(tmp_path, tmp_path / "geo.parquet")
    check(stored_shapes(tmp_path / "bundle"), whole)
    (found,) = [each.text for each in result.findings if each.code == "broken-shapes"]
    assert found.startswith("3 shapes of 'geo' have fewer than three vertices or no coordinates")


def test_only_exported_cells_have_boundaries(tmp_path: Path) -> None:
    shapes = polygons(N)
    write_long(tmp_path / "long.parquet", shapes, names(N))
    result = exported(tmp_path, tmp_path / "long.parquet", where="kind == 'neuron'")
    kept = np.flatnonzero(table(N).obs["kind"] == "neuron")
    check(stored_shapes(tmp_path / "bundle"), {number: shapes[cell] for number, cell in enumerate(kept)})
    (finding,) = [each for each in result.findings if each.code == "shapes-of-no-cell"]
    assert finding.text.startswith(f"{N - len(kept)} shapes of 'long' are of no exported cell")


def test_sections_that_are_laid_out_take_their_shapes_along(tmp_path: Path) -> None:
    adata = table(N, sections=2)
    shapes = polygons(N)
    write_long(tmp_path / "long.parquet", shapes, names(N))
    exported(tmp_path, tmp_path / "long.parquet", adata=adata, arrange_by="library_id")
    atlas = json.loads((tmp_path / "bundle" / "atlas.json").read_text())
    groups = atlas["embeddings"][0]["arranged"]["groups"]
    shifts = {each["category"]: each["shift"] for each in groups}
    rows = _rows(tmp_path / "bundle", atlas, N)
    expected = {
        number: shapely.transform(
            shapes[row], lambda xy, row=row: xy + np.array(shifts[adata.obs["library_id"].iloc[row]])
        )
        for number, row in enumerate(rows)
    }
    check(stored_shapes(tmp_path / "bundle"), expected)


def _rows(bundle: Path, atlas: dict[str, Any], n: int) -> list[int]:
    """The row of each exported cell."""
    order = {name: row for row, name in enumerate(names(n))}
    found: list[str] = []
    for part in atlas["cell_ids"]["parts"]:
        data = gzip.decompress((bundle / part["path"]).read_bytes())
        count = part["end"] - part["start"]
        offsets = np.frombuffer(data, "<u4", count + 1)
        texts = data[4 * (count + 1) :]
        found += [texts[offsets[at] : offsets[at + 1]].decode() for at in range(count)]
    return [order[name] for name in found]


def test_holes_and_further_polygons(tmp_path: Path) -> None:
    first, second, *_ = polygons(4)
    hole = shapely.Polygon(first.exterior, [first.centroid.buffer(2).exterior])
    both = shapely.MultiPolygon([second, shapely.transform(second, lambda xy: xy + 500)])
    write_geo(tmp_path / "geo.parquet", [hole, both], names(4)[:2])
    result = exported(tmp_path, tmp_path / "geo.parquet", adata=table(4))
    found = stored_shapes(tmp_path / "bundle")
    assert [cell for cell, _ in found].count(1) == 2
    (said,) = [each.text for each in result.findings if each.code == "holes-dropped"]
    assert said == "1 hole in shapes of 'geo' was left out"
    check([each for each in found if each[0] == 0], {0: first})


def test_broken_rings_are_said(tmp_path: Path) -> None:
    ids = names(4)
    columns = {
        "cell_id": [ids[0]] * 2 + [ids[1]] * 4 + [ids[2]] * 4,
        "vertex_x": [0.0, 1, 0, 1, 1, 0, 5, 6, float("nan"), 5],
        "vertex_y": [0.0, 1, 0, 0, 1, 0, 5, 5, 6, 5],
    }
    pq.write_table(pa.table(columns), tmp_path / "long.parquet")
    result = exported(tmp_path, tmp_path / "long.parquet", adata=table(4))
    assert [cell for cell, _ in stored_shapes(tmp_path / "bundle")] == [1]
    (said,) = [each.text for each in result.findings if each.code == "broken-shapes"]
    assert said == "2 shapes of 'long' have fewer than three vertices or no coordinates"


def test_shapes_without_names_are_of_no_cell(tmp_path: Path) -> None:
    write_json(tmp_path / "regions.geojson", polygons(3), None)
    exported(tmp_path, tmp_path / "regions.geojson")
    assert not entry_of(tmp_path / "bundle")["are_cells"]
    assert {cell for cell, _ in stored_shapes(tmp_path / "bundle")} == {0xFFFFFFFF}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lost.parquet", None, "there is no such file"),
        ("bad.parquet", b"PAR1 no", "is no Parquet file, or is damaged"),
        ("bad.geojson", b"{", "is no GeoJSON"),
        ("bad.geojson", b"{}", "must be a GeoJSON FeatureCollection"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadOptionError, match=said) as caught:
        exported(tmp_path, tmp_path / name)
    assert str(caught.value).startswith("shapes")


def test_tables_without_the_columns(tmp_path: Path) -> None:
    pq.write_table(pa.table({"cell_id": ["a"], "x": [1.0]}), tmp_path / "table.parquet")
    with pytest.raises(BadOptionError, match="columns cell_id, vertex_x, vertex_y"):
        exported(tmp_path, tmp_path / "table.parquet")


def test_shapes_of_which_none_is_drawn_are_told(tmp_path: Path) -> None:
    nothing: list[dict[str, Any]] = [{"type": "Feature", "properties": {}, "geometry": None}]
    for features in ([], nothing):
        path = tmp_path / "none.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        result = exported(tmp_path, path, adata=table(12), scheduler="sync")
        (finding,) = [each for each in result.findings if each.code == "no-shapes"]
        assert finding.text == "'none' has no boundary of an exported cell, so none is drawn"


def test_what_is_no_file_of_shapes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cells.csv").write_text("cell_id,vertex_x,vertex_y\n")
    with pytest.raises(BadOptionError, match=r"in a Parquet, GeoParquet or \.geojson file"):
        exported(tmp_path, tmp_path / "cells.csv", adata=table(12))
