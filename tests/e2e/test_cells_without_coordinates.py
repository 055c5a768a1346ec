"""Cells without finite coordinates: none drawn is refused, some are counted, in every format."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest
from click.testing import CliRunner

import karospace_stream
from karospace_stream.cli import program
from karospace_stream.errors import BadInputError
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.checks import coordinates
from karospace_stream.plan.noticed import cells_without_coordinates
from karospace_stream.plan.noticed.look import Look
from karospace_stream.plan.noticed.notice import notice
from karospace_stream.source.anndata_source import AnnDataSource

N = 40
FORMATS = ("karospace", "cellucid", "anndata")
CODE = "cells-without-place"


def data(missing: Callable[[np.ndarray], None], **more: np.ndarray) -> anndata.AnnData:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(N, 2))
    missing(points)
    adata = anndata.AnnData(rng.random((N, 3), np.float32), obsm={"X_umap": points, **more})
    adata.obs["kind"] = ["a", "b"] * (N // 2)
    return adata


def some(points: np.ndarray) -> None:
    points[3, 0], points[7, 1], points[9] = np.nan, np.inf, np.nan


def every(points: np.ndarray) -> None:
    points[:20, 0], points[20:] = np.nan, -np.inf


def told(findings: Any) -> list[Any]:
    return [each for each in findings if each.code == CODE]


@pytest.fixture(params=["", ".h5ad", ".zarr"])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[anndata.AnnData], Any]:
    def write(adata: anndata.AnnData) -> Any:
        path = tmp_path / f"in{request.param}"
        if request.param == ".h5ad":
            adata.write_h5ad(path)
        elif request.param == ".zarr":
            with anndata.settings.override(zarr_write_format=2):
                adata.write_zarr(path)
        return path if request.param else adata

    return write


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("format", FORMATS)
def test_some_are_counted_and_said_once(
    format: str, written: Callable[[anndata.AnnData], Any], tmp_path: Path
) -> None:
    source = written(data(some))
    plan = karospace_stream.plan_export(source, format=format)
    (found,) = told(plan.findings)
    drawn = "are drawn in a corner" if format == "cellucid" else "are not drawn"
    assert found.text.startswith(f"3 of 40 cells have no finite coordinates in obsm:X_umap: they {drawn}")
    assert (found.option, found.value) == ("", None)
    report = karospace_stream.export(source, tmp_path / "out", format=format)
    assert told(report.findings) == [found]
    assert karospace_stream.verify(tmp_path / "out", source=source).faults == ()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("format", ["karospace", "cellucid"])
def test_an_export_that_shows_nothing_is_refused(
    format: str, written: Callable[[anndata.AnnData], Any], tmp_path: Path
) -> None:
    source = written(data(every, X_tsne=np.ones((N, 2))))
    wrong = {"coords": "obsm:X_umap", "format": format}
    for make in (karospace_stream.plan_export, karospace_stream.export):
        with pytest.raises(BadInputError) as caught:
            make(source, tmp_path / "out", **wrong)
        for words in ("must be finite", "obsm:X_umap", "for every cell", "obsm:X_tsne"):
            assert words in str(caught.value)
    assert not (tmp_path / "out").exists()
    assert not told(karospace_stream.plan_export(source, **{**wrong, "coords": "obsm:X_tsne"}).findings)


def test_a_store_may_have_them_and_says_so(tmp_path: Path) -> None:
    adata = data(every, X_tsne=np.ones((N, 2)))
    adata.uns["default_embedding"] = "X_umap"
    (found,) = told(karospace_stream.export(adata, tmp_path / "a.zarr", format="anndata").findings)
    assert found.text == "no cell has finite coordinates in obsm:X_umap: they are not drawn"
    assert (found.option, found.value) == ("coords", "obsm:X_tsne")
    assert not told(karospace_stream.plan_export(adata, format="anndata", coords="obsm:X_tsne").findings)


def test_several_formats_say_it_once_each() -> None:
    plan = karospace_stream.plan_export(data(some), format=list(FORMATS))
    assert len(told(plan.findings)) == 2  # in a store and a bundle they are not drawn
    assert len(told(karospace_stream.plan_export(data(some), format=["karospace", "anndata"]).findings)) == 1


def test_only_exported_cells_count() -> None:
    rng = np.random.default_rng(42)
    drawn = set(rng.choice(N, 10, replace=False).tolist())

    def missing(points: np.ndarray) -> None:
        points[[cell for cell in range(N) if cell not in drawn]] = np.nan

    assert not told(karospace_stream.plan_export(data(missing), downsample=10).findings)
    assert told(karospace_stream.plan_export(data(missing)).findings)


def test_columns_of_obs_count_too() -> None:
    adata = data(lambda points: None)
    del adata.obsm["X_umap"]
    adata.obs["x"], adata.obs["y"] = np.arange(N, dtype=float), np.arange(N, dtype=float)
    adata.obs.loc[adata.obs_names[:2], "y"] = np.nan
    (found,) = told(karospace_stream.plan_export(adata).findings)
    assert found.text.startswith("2 of 40 cells have no finite coordinates in obs:x,y")


@pytest.mark.parametrize("format", ["karospace", "cellucid"])
def test_a_run_refuses_what_a_plan_did_not_look_at(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it does not in a large file over the network."""
    monkeypatch.setattr(coordinates, "count_placed", lambda *_: None)
    with pytest.raises(BadInputError, match="finite"):
        karospace_stream.export(data(every), tmp_path / "out", format=format)
    assert not (tmp_path / "out").exists()
    report = karospace_stream.export(data(some), tmp_path / "some", format=format)
    assert len(told(report.findings)) == (format == "cellucid")


def inspected(source: Any) -> list[Any]:
    return told(notice(Look(karospace_stream.open_source(source).source, ExportOptions())))


@pytest.mark.filterwarnings("ignore")
def test_an_inspection_counts_them_too(written: Callable[[anndata.AnnData], Any]) -> None:
    found = inspected(written(data(some, X_pca=np.ones((N, 3)))))
    assert [(each.text, each.option, each.value) for each in found] == [
        (
            f"3 of {N} cells have no finite coordinates in obsm:X_umap: they are not drawn",
            "coords",
            "obsm:X_pca",
        )
    ]
    assert inspected(written(data(every, spatial=np.ones((N, 2))))) == []  # spatial is shown first


def test_an_inspection_says_that_no_cell_has_a_place(tmp_path: Path) -> None:
    data(every).write_h5ad(tmp_path / "in.h5ad")
    done = CliRunner().invoke(program, ["inspect", str(tmp_path / "in.h5ad")])
    assert "note: no cell has finite coordinates in obsm:X_umap: they are not drawn" in done.output


def test_an_inspection_counts_in_columns_of_obs() -> None:
    adata = data(some)
    adata.obs["x"], adata.obs["y"] = adata.obsm.pop("X_umap").T
    (found,) = inspected(adata)
    assert found.text.startswith(f"3 of {N} cells have no finite coordinates in obs:x,y")


def test_an_inspection_reads_no_large_coordinates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of ten million cells are not read; a plan reads them, since its export does."""
    n_nbytes = N * 2 * 8
    monkeypatch.setattr(cells_without_coordinates, "MOST_NBYTES", n_nbytes)
    assert len(inspected(data(some))) == 1
    monkeypatch.setattr(cells_without_coordinates, "MOST_NBYTES", n_nbytes - 1)
    monkeypatch.setattr(AnnDataSource, "obsm", pytest.fail)
    assert inspected(data(some)) == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("format", ["karospace", ["karospace", "anndata"]])
def test_the_next_coordinates_are_shown_if_no_cell_has_the_first(
    format: Any, written: Callable[[anndata.AnnData], Any], tmp_path: Path
) -> None:
    adata = data(lambda points: None, spatial=np.full((N, 2), np.nan), X_pca=np.ones((N, 3)))
    source = written(adata)
    report = karospace_stream.export(source, tmp_path / "out", format=format)
    (found,) = [each for each in report.findings if each.code == "other-coordinates"]
    assert found.text == "no cell has finite coordinates in obsm:spatial: obsm:X_umap is shown first instead"
    assert (found.option, found.value) == ("coords", None)
    out = tmp_path / "out" if format == "karospace" else tmp_path / "out" / "karospace"
    assert json.loads((out / "manifest.json").read_text())["coordinate_source"] == "obsm:X_umap"
    assert karospace_stream.verify(out, source=source).faults == ()
    if format != "karospace":  # a store keeps what it cannot show
        assert np.isnan(anndata.read_zarr(tmp_path / "out" / "anndata").obsm["spatial"]).all()
    with pytest.raises(BadInputError, match="those in obsm:spatial are NaN"):
        karospace_stream.plan_export(source, coords="obsm:spatial")


def test_columns_of_obs_are_the_next_coordinates_too() -> None:
    adata = data(every)
    adata.obs["x"], adata.obs["y"] = np.arange(N, dtype=float), np.arange(N, dtype=float)
    plan = karospace_stream.plan_export(adata)
    assert plan.formats[0].facts().coordinates == "obs:x,y"


def test_coordinates_that_all_lack_cells_are_named_once() -> None:
    adata = data(every, spatial=np.full((N, 2), np.nan))
    with pytest.raises(BadInputError) as caught:
        karospace_stream.plan_export(adata)
    assert "those in obsm:spatial, obsm:X_umap are NaN or infinite for every cell; compute" in str(
        caught.value
    )
    with pytest.raises(BadInputError, match="those in obsm:X_umap are NaN"):
        karospace_stream.plan_export(data(every), format="cellucid", points="X_umap")


@pytest.mark.filterwarnings("ignore")
def test_an_inspection_lists_as_drawable_what_has_cells(tmp_path: Path) -> None:
    def drawn(adata: anndata.AnnData) -> list[str]:
        adata.write_h5ad(tmp_path / "in.h5ad")
        lines = CliRunner().invoke(program, ["inspect", str(tmp_path / "in.h5ad")]).output.splitlines()
        return [line for line in lines if "coordinates" in line or "can be drawn" in line]

    assert drawn(data(every)) == [
        "  can be drawn  no; obsm:X_umap has no finite coordinates; compute an embedding "
        "(for instance scanpy.tl.umap)",
        "note: no cell has finite coordinates in obsm:X_umap: they are not drawn",
    ]
    assert drawn(data(some, spatial=np.full((N, 2), np.nan))) == [
        "  can be drawn  obsm:X_umap (obsm:spatial has no finite coordinates)",
        "note: no cell has finite coordinates in obsm:spatial: obsm:X_umap is shown first instead "
        "(to change: --coords WHERE)",
        f"note: 3 of {N} cells have no finite coordinates in obsm:X_umap: they are not drawn",
    ]
    assert drawn(data(lambda points: None)) == ["  can be drawn  obsm:X_umap"]
