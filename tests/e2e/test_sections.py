"""Several sections of a tissue in one file: seen, and laid out side by side on request, over their images."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import zarr
from PIL import Image

import karospace_stream
from karospace_stream.errors import BadOptionError
from tests.e2e.support import contents
from tests.made.sections import INKS, MARKS, N_SECTIONS, SCALES, make_sections
from tests.oracle.reader import Bundle

FORMATS = ("karospace", "cellucid", "anndata")
Points = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def adata() -> anndata.AnnData:
    return make_sections()


def codes_of(findings: Any) -> dict[str, Any]:
    return {each.code: each for each in findings}


def stored_points(folder: Path, key: str) -> Points:
    """Coordinates of a KaroSpace bundle, in the source's units."""
    atlas = json.loads((folder / "atlas.json").read_bytes())
    entry = next(each for each in atlas["embeddings"] if each["key"] == key)
    parts = [np.frombuffer((folder / part["path"]).read_bytes(), "<f4") for part in entry["parts"]]
    return np.concatenate(parts).reshape(-1, entry["dims"]).astype(float) + entry["origin"]


def shifts_of(stated: dict[str, Any]) -> dict[str | None, list[float]]:
    return {each["category"]: each["shift"] for each in stated["groups"]}


def moved(adata: anndata.AnnData, stated: dict[str, Any], column: str = "section") -> Points:
    """Where the cells have to be."""
    shifts = shifts_of(stated)
    names = [None if pd.isna(value) else str(value) for value in adata.obs[column]]
    return np.asarray(adata.obsm["spatial"]) + [shifts.get(name, [0, 0]) for name in names]


def pixel_under(atlas: dict[str, Any], folder: Path, image: dict[str, Any], point: Points) -> tuple[int, ...]:
    """The pixel of an image under a place of the exported coordinates."""
    at = image["placement"]
    x, y = point * (at["scale_x"], at["scale_y"]) + (at["offset_x"], at["offset_y"])
    pixels = np.asarray(Image.open(io.BytesIO((folder / image["path"]).read_bytes())))
    return tuple(pixels[int(y), int(x)].tolist())


def test_by_default_nothing_moves_and_no_image_is_under_foreign_cells(
    adata: anndata.AnnData, export: Callable[..., Bundle], tmp_path: Path
) -> None:
    report = karospace_stream.export(adata, tmp_path / "out", gzip=False)
    found = codes_of(report.findings)
    overlapping = found["overlapping-sections"]
    # The page shows each in a panel of its own.
    assert overlapping.text.startswith("12 sections lie on top of each other where all are shown at once: ")
    assert (overlapping.option, overlapping.value) == ("arrange_by", "section")
    assert "2 libraries (1, 10)" in found["images-by-library"].text
    atlas = json.loads((tmp_path / "out" / "atlas.json").read_bytes())
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    np.testing.assert_allclose(stored_points(tmp_path / "out", "spatial"), adata.obsm["spatial"], atol=1e-3)
    assert "image" not in atlas
    assert "image" not in manifest
    assert "arranged" not in manifest
    assert not [each for each in manifest["asset_files"] if each["kind"] == "image"]
    assert len([each for each in manifest["asset_files"] if each["kind"] == "library_image"]) == 2
    assert [
        (each["library"], each["column"], each["category"], each["embedding"]) for each in atlas["images"]
    ] == [
        ("1", "section", "1", 0),
        ("10", "section", "10", 0),
    ]
    assert len(atlas["notes"]) == 1
    assert atlas["notes"][0].endswith("To change it, export with --arrange-by section.")
    assert atlas["overlapping_sections"] == {"column": "section", "note": 0}
    for image in atlas["images"]:
        first = np.flatnonzero(adata.obs["section"] == image["category"])[0]
        spot = np.asarray(adata.obsm["spatial"])[first]
        assert pixel_under(atlas, tmp_path / "out", image, spot) == MARKS[image["category"]]


def test_sections_side_by_side(adata: anndata.AnnData, tmp_path: Path) -> None:
    target = tmp_path / "out"
    report = karospace_stream.export(adata, target, arrange_by="section", gzip=False)
    assert not {"overlapping-sections", "images-by-library"} & set(codes_of(report.findings))
    atlas = json.loads((target / "atlas.json").read_bytes())
    manifest = json.loads((target / "manifest.json").read_bytes())
    stated = manifest["arranged"]
    assert stated == atlas["embeddings"][0]["arranged"]
    assert {"coordinates": "obsm:spatial", **stated} == report.arranged
    assert json.loads((target / "report.json").read_bytes())["arranged"] == report.arranged
    assert list(shifts_of(stated)) == [str(number) for number in range(1, N_SECTIONS + 1)]
    assert stated["groups"][0]["shift"] == [0, 0]
    points = stored_points(target, "spatial")
    np.testing.assert_allclose(points, moved(adata, stated), atol=1e-3)
    boxes = [
        (points[own].min(axis=0), points[own].max(axis=0))
        for own in (adata.obs["section"] == name for name in shifts_of(stated))
    ]
    for at, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[:at]:
            assert ((low > other_high) | (high < other_low)).any()
    np.testing.assert_allclose(stored_points(target, "X_umap"), adata.obsm["X_umap"], atol=1e-5)
    # Rows of the base layer are the same.
    rows = json.loads((target / "assets" / "coords_000.json").read_bytes())
    np.testing.assert_allclose([[row["x"], row["y"]] for row in rows], points, atol=1e-3)


def test_images_move_with_their_sections(adata: anndata.AnnData, tmp_path: Path) -> None:
    target = tmp_path / "out"
    karospace_stream.export(adata, target, arrange_by="section", gzip=False)
    atlas = json.loads((target / "atlas.json").read_bytes())
    points = stored_points(target, "spatial")
    assert [image["category"] for image in atlas["images"]] == ["1", "10"]
    others = {name: points[adata.obs["section"] == name] for name in map(str, range(1, N_SECTIONS + 1))}
    for image in atlas["images"]:
        own = others[image["category"]]
        assert pixel_under(atlas, target, image, own[0]) == MARKS[image["category"]]
        assert pixel_under(atlas, target, image, own[-1]) == INKS[image["category"]]
        at = image["placement"]
        left, top = -at["offset_x"] / at["scale_x"], -at["offset_y"] / at["scale_y"]
        right, bottom = left + image["width"] / at["scale_x"], top + image["height"] / at["scale_y"]
        for name, other in others.items():
            inside = ((other > (left, top)) & (other < (right, bottom))).all(axis=1)
            assert inside.all() if name == image["category"] else not inside.any()


def test_all_formats_are_laid_out_alike_and_everything_else_stays(
    adata: anndata.AnnData, tmp_path: Path
) -> None:
    options = {"coords": "obsm:spatial"}
    karospace_stream.export(adata, tmp_path / "plain", format=FORMATS, anno="all", **options)
    report = karospace_stream.export(
        adata, tmp_path / "laid", format=FORMATS, anno="all", arrange_by="section", **options
    )
    expected = moved(adata, dict(report.arranged or {}))
    store: Any = zarr.open_group(tmp_path / "laid" / "anndata", mode="r")
    np.testing.assert_array_equal(store["obsm/spatial"][:], expected.astype(np.float32))
    opened = anndata.read_zarr(tmp_path / "laid" / "anndata")
    about = opened.uns["arranged"]
    assert (about["key"], about["column"]) == ("spatial", "section")
    shifts = dict(zip(about["groups"].tolist(), about["shifts"].tolist(), strict=True))
    assert shifts == shifts_of(dict(report.arranged or {}))
    back = opened.obsm["spatial"] - np.array([shifts[name] for name in opened.obs["section"]])
    np.testing.assert_allclose(back, adata.obsm["spatial"], atol=2e-3)
    identity = json.loads((tmp_path / "laid" / "cellucid" / "dataset_identity.json").read_bytes())
    assert identity["arranged"]["embedding"] == "spatial"
    assert identity["arranged"]["dimensions"] == [2]
    for format in FORMATS:
        plain, laid = (contents(tmp_path / name / format) for name in ("plain", "laid"))
        differing = {key for key in laid if laid[key] != plain.get(key)}
        assert not [
            key for key in differing if any(word in key for word in ("umap", "graph", "expression", "obs_0"))
        ]
        vectors = [key for key in laid if "vector" in key or "velocity" in key]
        if format != "cellucid":  # which scales them as the points
            assert vectors
            assert not differing & set(vectors)


def test_a_cellucid_export_moves_its_points(adata: anndata.AnnData, tmp_path: Path) -> None:
    report = karospace_stream.export(
        adata, tmp_path / "out", format="cellucid", coords="obsm:spatial", arrange_by="section", gzip=False
    )
    points = np.frombuffer((tmp_path / "out" / "points_2d.bin").read_bytes(), "<f4").reshape(-1, 2)
    expected = moved(adata, dict(report.arranged or {}))
    low, high = expected.min(axis=0), expected.max(axis=0)
    around = (expected - (low + high) / 2) * 2 / (high - low).max()
    np.testing.assert_allclose(points, around, atol=1e-5)
    without = karospace_stream.plan_export(adata, format="cellucid", arrange_by="section")
    found = codes_of(without.findings)["not-arranged"]
    assert (found.option, found.value) == ("coords", "obsm:spatial")


@pytest.mark.filterwarnings("ignore:Writing zarr v2 data will no longer be the default")
def test_stores_record_that_sections_overlap(adata: anndata.AnnData, tmp_path: Path) -> None:
    for name, coords in (("tissue", "obsm:spatial"), ("umap", "obsm:X_umap")):
        karospace_stream.export(
            adata, tmp_path / name, format=("anndata", "karospace", "cellucid"), coords=coords
        )
        atlas = json.loads((tmp_path / name / "karospace" / "atlas.json").read_bytes())
        stated = {"column": "section", "note": atlas["notes"][atlas["overlapping_sections"]["note"]]}
        opened = anndata.read_zarr(tmp_path / name / "anndata")
        assert {key: str(text) for key, text in opened.uns["overlapping_sections"].items()} == stated
        identity = json.loads((tmp_path / name / "cellucid" / "dataset_identity.json").read_bytes())
        # Points that are no coordinates of the tissue have no sections on top of each other.
        assert identity.get("overlapping_sections") == (stated if name == "tissue" else None)
    karospace_stream.export(adata, tmp_path / "laid", format="anndata", arrange_by="section")
    assert "overlapping_sections" not in anndata.read_zarr(tmp_path / "laid").uns


@pytest.mark.parametrize("format", FORMATS)
def test_verify_knows_the_shift(adata: anndata.AnnData, format: str, tmp_path: Path) -> None:
    source = tmp_path / "in.h5ad"
    adata.write_h5ad(source)
    karospace_stream.export(
        source, tmp_path / "out", format=format, arrange_by="section", coords="obsm:spatial"
    )
    verified = karospace_stream.verify(tmp_path / "out", source=source)
    assert verified.faults == ()
    if format == "anndata":
        zipped = tmp_path / "out.zarr.zip"
        karospace_stream.export(source, zipped, format=format, arrange_by="section")
        assert karospace_stream.verify(zipped, source=source).faults == ()


@pytest.mark.filterwarnings("ignore:Writing zarr v2 data will no longer be the default")
def test_the_bytes_are_the_same_however_they_are_made(
    adata: anndata.AnnData, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    source, store = tmp_path / "in.h5ad", tmp_path / "in.zarr"
    adata.write_h5ad(source)
    adata.write_zarr(store)
    options = {"arrange_by": "section", "name": "in", "max_asset_mb": 0.01}
    karospace_stream.export(source, tmp_path / "one", **options)
    monkeypatch.setattr("karospace_stream.formats.cells.tiles.TILE", 700)
    karospace_stream.export(store, tmp_path / "two", scheduler="sync", **options)
    karospace_stream.export(adata, tmp_path / "three", workers=3, strategy="spill", **options)
    assert contents(tmp_path / "one") == contents(tmp_path / "two") == contents(tmp_path / "three")


def test_cells_without_a_place_or_a_section(adata: anndata.AnnData, tmp_path: Path) -> None:
    given = adata.copy()
    given.obsm["spatial"][[0, 5]] = np.nan
    given.obsm["spatial"][7, 1] = np.inf
    given.obs.loc[given.obs_names[20:40], "section"] = None
    report = karospace_stream.export(
        given, tmp_path / "out", arrange_by="section", format=("karospace", "anndata")
    )
    shifts = shifts_of(dict(report.arranged or {}))
    assert list(shifts)[-1] is None
    store: Any = zarr.open_group(tmp_path / "out" / "anndata", mode="r")
    rows = store["uns/sections/rows"][:]  # cells without a section come last
    assert set(rows[-20:].tolist()) == set(range(20, 40))
    expected = moved(given, dict(report.arranged or {})).astype(np.float32)
    np.testing.assert_array_equal(store["obsm/spatial"][:], expected[rows])
    assert np.isnan(expected[0]).all()
    assert np.isinf(expected[7, 1])


@pytest.mark.parametrize("kind", ["string", "integer"])
def test_sections_may_be_text_or_numbers(adata: anndata.AnnData, kind: str, tmp_path: Path) -> None:
    given = adata.copy()
    names = given.obs["section"].astype(str)
    given.obs["section"] = names.astype(int) if kind == "integer" else names.astype(object)
    report = karospace_stream.export(given, tmp_path / "out", arrange_by="section", gzip=False)
    assert list(shifts_of(dict(report.arranged or {}))) == [
        str(number) for number in range(1, N_SECTIONS + 1)
    ]
    expected = moved(given, dict(report.arranged or {}))
    np.testing.assert_allclose(stored_points(tmp_path / "out", "spatial"), expected, atol=1e-3)


def test_a_sample_of_the_cells(adata: anndata.AnnData, tmp_path: Path) -> None:
    plan = karospace_stream.plan_export(adata, arrange_by="section", downsample=500)
    report = karospace_stream.export(
        adata, tmp_path / "out", arrange_by="section", downsample=500, gzip=False
    )
    cells = plan.selection.cells
    expected = moved(adata, dict(report.arranged or {}))[cells]
    np.testing.assert_allclose(stored_points(tmp_path / "out", "spatial"), expected, atol=1e-3)


def test_three_axes_move_in_two(adata: anndata.AnnData, tmp_path: Path) -> None:
    given = adata.copy()
    given.obsm["spatial"] = np.c_[given.obsm["spatial"], np.arange(given.n_obs)]
    report = karospace_stream.export(given, tmp_path / "out", arrange_by="section", gzip=False)
    flat = adata.copy()
    expected = np.c_[moved(flat, dict(report.arranged or {})), np.arange(given.n_obs)]
    np.testing.assert_allclose(stored_points(tmp_path / "out", "spatial"), expected, atol=1e-3)


def test_columns_of_obs_are_laid_out_and_stay_as_columns(adata: anndata.AnnData, tmp_path: Path) -> None:
    given = adata.copy()
    given.obs[["x", "y"]] = given.obsm.pop("spatial")
    del given.obsm["X_umap"], given.obsm["velocity_spatial"]
    report = karospace_stream.export(given, tmp_path / "out", arrange_by="section", format="anndata")
    opened = anndata.read_zarr(tmp_path / "out")
    given.obsm["spatial"] = given.obs[["x", "y"]].to_numpy()
    expected = moved(given, dict(report.arranged or {}))
    np.testing.assert_array_equal(opened.obsm["spatial"], expected.astype(np.float32))
    np.testing.assert_array_equal(opened.obs["x"], given.obs["x"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"arrange_by": "sektion"}, "no obs column 'sektion'; did you mean 'section'"),
        (
            {"arrange_by": "score"},
            "arrange_by= must be a column of groups, such as section or library_id; 'score'",
        ),
        ({"arrange_by": "barcode"}, "at most 1,000 groups; 'barcode' has more"),
        (
            {"arrange_by": "section", "leave_out": "obsm:spatial"},
            "arrange_by: no coordinates of a tissue were found; name them with coords=",
        ),
        ({"arrange_by": "section", "image": "x.png"}, "arrange_by: sections would be laid out .* image="),
    ],
)
def test_what_cannot_be_laid_out_is_refused(
    adata: anndata.AnnData, options: dict[str, Any], message: str
) -> None:
    given = adata.copy()
    given.obs["score"] = 0.5
    given.obs["barcode"] = given.obs_names.to_numpy()
    with pytest.raises(BadOptionError, match=message):
        karospace_stream.plan_export(given, **options)


def test_a_data_frame_is_laid_out_but_not_in_a_store_that_keeps_it(
    adata: anndata.AnnData, tmp_path: Path
) -> None:
    given = adata.copy()
    given.obsm["spatial"] = pd.DataFrame(given.obsm["spatial"], index=given.obs_names, columns=["x", "y"])
    report = karospace_stream.export(given, tmp_path / "out", arrange_by="section", gzip=False)
    expected = moved(adata, dict(report.arranged or {}))
    np.testing.assert_allclose(stored_points(tmp_path / "out", "spatial"), expected, atol=1e-3)
    with pytest.raises(BadOptionError, match=r"keeps the data frame obsm\['spatial'\]"):
        karospace_stream.plan_export(given, arrange_by="section", format="anndata")


def test_one_section_is_not_laid_out(adata: anndata.AnnData, tmp_path: Path) -> None:
    given = adata[adata.obs["section"] == "10"].copy()
    report = karospace_stream.export(given, tmp_path / "out", arrange_by="section", gzip=False)
    assert report.arranged is None
    assert "nothing-to-arrange" in codes_of(report.findings)
    atlas = json.loads((tmp_path / "out" / "atlas.json").read_bytes())
    # All cells that are left are of one library: its image is that of the bundle.
    assert "images" not in atlas
    assert atlas["image"]["placement"]["scale_x"] == SCALES["10"]
