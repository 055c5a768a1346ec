"""Images of uns and of SpatialData stores, and targets on a store."""

from __future__ import annotations

import json
from pathlib import Path

import anndata
import numpy as np
import pytest
import tifffile
import zarr
from click.testing import CliRunner

import karospace_stream
from karospace_stream.cli import program
from tests.inputs.spatial.test_howto import commands
from tests.oracle.reader import Bundle
from tests.slides.made import MARKS, cells, check_marks, marked, slides


def test_two_libraries_with_large_images(tmp_path: Path) -> None:
    made = anndata.AnnData(np.ones((8, 2), np.float32))
    made.obsm["spatial"] = np.concatenate([MARKS, MARKS]) * 2
    made.obs["library_id"] = ["a"] * 4 + ["b"] * 4
    made.obs["library_id"] = made.obs["library_id"].astype("category")
    pictures = {
        "a": np.stack([marked()] * 3, axis=2),
        "b": np.stack([marked()] * 3, axis=2) / np.float32(255),
    }
    factors = {"tissue_hires_scalef": 0.5, "spot_diameter_fullres": 10.0}
    made.uns["spatial"] = {
        name: {"images": {"hires": picture}, "scalefactors": factors} for name, picture in pictures.items()
    }
    made.write_h5ad(tmp_path / "cells.h5ad")
    karospace_stream.export(tmp_path / "cells.h5ad", tmp_path / "out", genes="none")
    found = slides(tmp_path / "out")
    assert [each["section"] for each in found] == [0, 1]
    for slide in found:
        check_marks(tmp_path / "out", slide, MARKS * 2)
    atlas = json.loads((tmp_path / "out" / "atlas.json").read_text("utf-8"))
    assert len(atlas["images"]) == 2
    assert Bundle(tmp_path / "out").stream.atlas == atlas  # all that is listed is there, and nothing else


def test_an_image_of_a_spatialdata_store(tmp_path: Path) -> None:
    from shapely import Point

    from tests.inputs.kinds.spatialdata.stores import Shapes, annotated, leading, write_store

    spots = Shapes([Point(*each) for each in MARKS * 3], radius=[1.0] * len(MARKS))
    table = annotated({"spots": range(len(MARKS))})
    write_store(tmp_path / "store.zarr", {"table": table}, {"spots": spots}, consolidate=False)
    root = zarr.open_group(tmp_path / "store.zarr", mode="a", use_consolidated=False)
    group = root.require_group("images").create_group("he")
    group.create_array("0", data=np.stack([marked()] * 3), chunks=(3, 400, 500))
    scale = leading({"type": "scale", "scale": [1, 3, 3]}, "cyx")
    axes = [{"name": "c", "type": "channel"}, {"name": "y", "type": "space"}, {"name": "x", "type": "space"}]
    image = {"axes": axes, "datasets": [{"path": "0"}], "coordinateTransformations": [scale], "name": "he"}
    group.attrs["ome"] = {"version": "0.5", "multiscales": [image]}
    karospace_stream.export(tmp_path / "store.zarr", tmp_path / "out", genes="none")
    (slide,) = slides(tmp_path / "out")
    assert (slide["name"], slide["kind"]) == ("he", "rgb")
    check_marks(tmp_path / "out", slide, MARKS * 3)


def test_images_of_regions_that_lie_on_top_of_each_other(tmp_path: Path) -> None:
    from shapely import Point

    from tests.inputs.kinds.spatialdata.stores import IDENTITY, Shapes, annotated, leading, write_store

    points = {name: MARKS[::step] * 3 for name, step in (("one", 1), ("two", 2))}
    spots = {
        name: Shapes([Point(*each) for each in of], transformations=[leading(IDENTITY, "xy", name)])
        for name, of in points.items()
    }
    for each in spots.values():
        each.radius = [1.0] * len(each.geometries)
    table = annotated({name: range(len(of)) for name, of in points.items()})
    write_store(tmp_path / "store.zarr", {"table": table}, spots, consolidate=False)
    root = zarr.open_group(tmp_path / "store.zarr", mode="a", use_consolidated=False)
    # One for each region, and one that nobody can place: both systems have other cells in the same place.
    for name, systems in (("image of two", ["two"]), ("image of one", ["one"]), ("of both", ["one", "two"])):
        group = root.require_group("images").create_group(name)
        group.create_array("0", data=np.stack([marked()] * 3), chunks=(3, 800, 800))
        scales = [leading({"type": "scale", "scale": [1, 3, 3]}, "cyx", each) for each in systems]
        axes = [{"name": "c", "type": "channel"}, *({"name": each, "type": "space"} for each in "yx")]
        image = {"axes": axes, "datasets": [{"path": "0"}], "coordinateTransformations": scales, "name": name}
        group.attrs["ome"] = {"version": "0.5", "multiscales": [image]}
    plan = karospace_stream.plan_export(tmp_path / "store.zarr")
    assert any(each.code == "images-left-out" and each.value == "region" for each in plan.findings)
    report = karospace_stream.export(
        tmp_path / "store.zarr", tmp_path / "out", genes="none", section="region"
    )
    one, two = slides(tmp_path / "out")
    assert [(each["name"][-3:], each["section"]) for each in (one, two)] == [("one", 0), ("two", 1)]
    assert any(each.code == "images-left-out" and "of both" in each.text for each in report.findings)
    atlas = json.loads((tmp_path / "out" / "atlas.json").read_text("utf-8"))
    assert [each["name"] for each in atlas["sections"]["items"]] == ["one", "two"]
    for slide in (one, two):
        shift = np.zeros(2)
        if made := atlas.get("arranged"):
            shift = np.array(made["groups"][slide["section"]]["shift"])
        check_marks(tmp_path / "out", slide, points[["one", "two"][slide["section"]]] + shift)


def test_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cells(tmp_path / "cells.h5ad", section=["s1", "s1", "s2", "s2"])
    tifffile.imwrite("tissue.tiff", np.zeros((40, 60), np.uint16))
    from PIL import Image

    Image.new("RGB", (30, 20)).save("other.png")
    there = commands("images.md")
    assert len(there) >= 2
    for each in there:
        done = CliRunner().invoke(program, [*each, "--overwrite"])
        assert done.exit_code == 0, done.output
