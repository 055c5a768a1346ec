"""Which table of a store is read, from a folder, a zip file or a URL, and what an export makes of it."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
import shapely
import zarr
from click.testing import CliRunner
from scipy import sparse

import karospace_stream
from karospace_stream.cli import program
from karospace_stream.errors import BadInputError, BadOptionError, BudgetError
from karospace_stream.inputs.kinds.spatialdata import labels as labels_module
from tests.inputs.kinds.spatialdata.stores import (
    IDENTITY,
    Labels,
    Points,
    Shapes,
    annotated,
    leading,
    write_store,
)
from tests.inputs.kinds.spatialdata.test_centres import (
    CIRCLES,
    coordinates,
    image,
    middles,
    opened,
    pixel_centres,
    several,
)
from tests.source.remote.servers import serving


def tables() -> dict[str, anndata.AnnData]:
    return {
        name: annotated({"cells": list(range(n))}) for n, name in enumerate(("bins", "cells", "nuclei"), 2)
    }


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("folder", ["table", "tables"])
def test_every_value_of_the_only_table(tmp_path: Path, version: int, folder: str) -> None:
    table = tables()["cells"]
    path = write_store(
        tmp_path / "x.zarr", {"t": table}, {"cells": Shapes(CIRCLES)}, version=version, folder=folder
    )
    source = opened(path)
    assert (source.catalog.name, source.catalog.location) == ("x", str(path))
    block = source.matrix("X").read_rows(0, 3)
    values = sparse.csr_matrix((block.data, block.indices, block.indptr), table.shape)
    np.testing.assert_array_equal(values.toarray(), table.X.toarray())
    assert source.obs_names(0, 3).tolist() == table.obs_names.tolist()
    assert source.obs_column("instance_id", 0, 3).values.tolist() == [0, 1, 2]
    # The table by itself is an AnnData as before, without the coordinates.
    alone = opened(path / folder / "t")
    assert (alone.catalog.kind, alone.catalog.n_cells, alone.catalog.obsm) == ("", 3, ())


def test_one_of_several_tables(tmp_path: Path) -> None:
    path = write_store(tmp_path / "x.zarr", tables(), {"cells": Shapes(CIRCLES)})
    source = opened(path)
    assert source.catalog.n_cells == 2
    (found,) = (each for each in source.catalog.findings if each.code == "other-tables")
    assert (found.option, found.value) == ("table", None)
    assert found.text == "the table 'bins' of the store is read, one of 3; the others are cells, nuclei"
    source = opened(path, table="nuclei")
    assert source.catalog.n_cells == 4
    assert [each.code for each in source.catalog.findings] == ["region-coordinates"]
    with pytest.raises(
        BadOptionError, match="has no table 'nucleii', but bins, cells, nuclei; did you mean 'nuclei'"
    ):
        opened(path, table="nucleii")
    with pytest.raises(
        BadOptionError, match=r"--table chooses among .*, but .*nuclei is an AnnData; leave it out"
    ):
        opened(path / "tables" / "nuclei", table="nuclei")
    source = opened(write_store(tmp_path / "y.zarr", {"a": tables()["bins"], "table": tables()["nuclei"]}))
    assert source.catalog.n_cells == 4
    assert source.catalog.findings[0].value == "a"


@pytest.mark.parametrize("version", [2, 3])
def test_a_store_without_a_table(tmp_path: Path, version: int) -> None:
    path = write_store(tmp_path / "x.zarr", {}, {"cells": Shapes(CIRCLES)}, version=version)
    with pytest.raises(
        BadInputError, match=r"x\.zarr is a SpatialData store without a table, so it has no values"
    ):
        opened(path)
    shutil.rmtree(path / "tables")
    with pytest.raises(BadInputError, match="is a SpatialData store without a table"):
        opened(path)


def test_an_element_is_no_store(tmp_path: Path) -> None:
    path = write_store(tmp_path / "x.zarr", {"t": annotated({"l": [1]})}, {"l": Labels([image()])})
    with pytest.raises(BadInputError, match="is an OME-Zarr image, not an AnnData"):
        opened(path / "labels" / "l")


def test_a_table_that_annotates_nothing(tmp_path: Path) -> None:
    table = tables()["cells"]
    del table.uns["spatialdata_attrs"]
    elements = {"l": Labels([image()]), **{name: Shapes(CIRCLES) for name in "abcde"}}
    elements["p"] = Points([pd.DataFrame({"x": [1.0], "y": [2.0]})])
    source = opened(write_store(tmp_path / "x.zarr", {"t": table}, elements))
    assert (source.catalog.obsm, source.catalog.unreadable) == ((), ())
    assert [(each.code, each.text) for each in source.catalog.findings] == [
        (
            "elements-unread",
            "what else the store has is not read: labels 'l'; shapes 'a', 'b', 'c' and 2 more",
        ),
        # True also of an export that asks for them.
        ("points-unread", "points 'p' are read only where they are asked for as transcripts"),
    ]


def test_shapes_in_arrays(tmp_path: Path) -> None:
    """As SpatialData before 0.2 stores them."""
    path = write_store(tmp_path / "x.zarr", {"t": annotated({"p": [5, 3], "c": [1, 2]})}, version=2)
    root = zarr.open_group(path, mode="a", use_consolidated=False)
    geometries = np.array([shapely.box(0, 0, 2, 4), shapely.box(5, 5, 7, 6)])
    kind, places, offsets = shapely.to_ragged_array(geometries)
    for name, at, of, ids in (("p", places, kind, [3, 5]), ("c", np.array([[1.0, 9], [4, 4]]), 0, [2, 1])):
        group = root.create_group(f"shapes/{name}")
        group.create_array("coords", data=at)
        group.create_array("Index", data=np.array(ids))
        for number, each in enumerate(offsets if name == "p" else ()):
            group.create_array(f"offset{number}", data=each)
        group.attrs["spatialdata_attrs"] = {"geos": {"name": "any", "type": int(of)}, "version": "0.1"}
        group.attrs.update({"axes": ["x", "y"], "coordinateTransformations": [leading(IDENTITY, "xy")]})
    np.testing.assert_array_equal(coordinates(opened(path)), [[6, 5.5], [1, 2], [4, 4], [1, 9]])


@pytest.mark.parametrize("deflated", [False, True])
def test_a_zip_file(tmp_path: Path, deflated: bool) -> None:
    path = several(tmp_path / "x.zarr")
    wanted = coordinates(opened(path))
    packed = tmp_path / "x.zarr.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for file in filter(Path.is_file, path.rglob("*")):
            archive.write(file, file.relative_to(path).as_posix())
    np.testing.assert_array_equal(coordinates(opened(packed)), wanted)


@pytest.mark.parametrize("version", [2, 3])
def test_a_url(tmp_path: Path, version: int) -> None:
    path = several(tmp_path / "x.zarr", version=version)
    with serving() as web:
        source = opened(web.put_folder(path))
        np.testing.assert_array_equal(coordinates(source), coordinates(opened(path)))
        assert source.catalog.findings == opened(path).catalog.findings


def test_points_at_a_url(tmp_path: Path) -> None:
    import pandas as pd

    points = Points(
        [pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 4.0]}), pd.DataFrame({"x": [5.0], "y": [6.0]}, [7])]
    )
    path = write_store(tmp_path / "x.zarr", {"t": annotated({"p": [7, 0]})}, {"p": points})
    with serving() as web:
        np.testing.assert_array_equal(coordinates(opened(web.put_folder(path))), [[5, 6], [1, 3]])


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels_module, "MOST_PIXELS", 2000)
    monkeypatch.setattr(labels_module, "_TILE_NBYTES", 2000)
    monkeypatch.setattr(labels_module, "_STRIP_PIXELS", 300)


def with_large_labels(path: Path, *, levels: int = 3) -> tuple[Path, np.ndarray]:
    values, other = image((120, 200), 9), image((90, 60), 9, seed=1)
    ids = [[int(each) for each in np.unique(each) if each] for each in (values, other)]
    move = leading({"type": "translation", "translation": [500.0, 0.0]}, "yx")
    elements = {
        "l": Labels([values[:: 2**level, :: 2**level] for level in range(levels)]),
        "m": Labels([other[:: 2**level, :: 2**level] for level in range(levels)], [move]),
    }
    regions = {"l": [*ids[0], 1], "m": ids[1]}
    wanted = [
        pixel_centres(values, ids[0]),
        [[np.nan, np.nan]],
        pixel_centres(other, ids[1]) + np.array([0, 500]),
    ]
    return write_store(path, {"t": annotated(regions)}, elements), np.concatenate(wanted)


@pytest.mark.parametrize(("levels", "scheduler"), [(1, "threads"), (4, "processes")])
def test_large_labels_are_read_before_the_export(
    tmp_path: Path, large: None, levels: int, scheduler: str
) -> None:
    path, wanted = with_large_labels(tmp_path / "x.zarr", levels=levels)
    source = opened(path)
    assert source.preparation is not None
    rough = coordinates(source)
    assert rough.shape == wanted.shape
    assert np.isfinite(rough).all()  # nobody knows yet which cells have no place
    if levels > 1:  # from less detail
        assert np.nanmedian(np.abs(rough - wanted)) < 6
    else:
        assert len(np.unique(rough, axis=0)) == len(rough)
    scratch = tmp_path / "scratch"
    made = karospace_stream.export(
        path, tmp_path / "out", format="anndata", scratch=scratch, scheduler=scheduler, progress=False
    )
    found = anndata.read_zarr(tmp_path / "out").obsm["spatial"]
    np.testing.assert_allclose(found, wanted, rtol=1e-6)
    assert not list(scratch.iterdir())
    (without,) = (each.text for each in made.findings if each.code == "cells-without-place")
    assert without.startswith("1 of ")
    verified = karospace_stream.verify(tmp_path / "out", source=path, progress=False)
    assert verified, verified.faults


def test_the_same_bytes_whether_or_not_labels_are_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    path, _ = with_large_labels(tmp_path / "x.zarr")
    karospace_stream.export(path, tmp_path / "one", progress=False)
    monkeypatch.setattr(labels_module, "MOST_PIXELS", 1000)
    karospace_stream.export(path, tmp_path / "two", progress=False, memory="400MB")
    for file in filter(Path.is_file, (tmp_path / "one" / "assets").rglob("*")):
        assert file.read_bytes() == (tmp_path / "two" / file.relative_to(tmp_path / "one")).read_bytes()


def test_large_chunks_of_labels_need_a_budget(tmp_path: Path, large: None) -> None:
    values = np.zeros((8192, 8192), np.uint32)
    values[10:20, 30:50] = 3
    path = write_store(
        tmp_path / "x.zarr", {"t": annotated({"l": [3]})}, {"l": Labels([values], chunks=(8192, 8192))}
    )
    with pytest.raises(BudgetError, match="stage 'prepare' needs"):
        karospace_stream.plan_export(path, memory="600MB")
    assert "prepare" in [each.name for each in karospace_stream.plan_export(path, memory="4GB").costs]
    # Also beside a table, and as one of several inputs.
    (tmp_path / "cells.csv").write_text(
        "id,number\n" + "".join(f"{name},1\n" for name in opened(path).obs_names(0, 1))
    )
    other = shutil.copytree(path, tmp_path / "y.zarr")
    for given, options in ((path, {"obs_table": tmp_path / "cells.csv"}), ({"a": path, "b": other}, {})):
        with pytest.raises(BudgetError, match="stage 'prepare' needs"):
            karospace_stream.plan_export(given, memory="600MB", **options)


def test_the_command(tmp_path: Path) -> None:
    path = write_store(tmp_path / "x.zarr", tables(), {"cells": Shapes(CIRCLES)})
    run = CliRunner().invoke(
        program, ["export", str(path), str(tmp_path / "out"), "--table", "nuclei", "--quiet"]
    )
    assert run.exit_code == 0, run.output
    run = CliRunner().invoke(program, ["verify", str(tmp_path / "out"), "--source", str(path)])
    assert run.exit_code == 0, run.output
    run = CliRunner().invoke(program, ["plan", str(path)])
    assert "one of 3; the others are cells, nuclei" in run.output
    assert "--table" in run.output


def test_coordinates_of_an_export(tmp_path: Path) -> None:
    path = write_store(
        tmp_path / "x.zarr", {"t": annotated({"cells": [3, 1, 4]})}, {"cells": Shapes(CIRCLES)}
    )
    karospace_stream.export(path, tmp_path / "out", format="anndata", progress=False)
    found = anndata.read_zarr(tmp_path / "out")
    np.testing.assert_allclose(found.obsm["spatial"], middles([CIRCLES[n] for n in (3, 1, 4)]), rtol=1e-6)
