"""Images of ``uns['spatial']``: each lies under the cells of its library, or is left out with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.noticed.look import Look
from karospace_stream.plan.noticed.notice import notice
from tests.oracle.reader import Bundle

N = 60
LEFT, BY_LIBRARY = "images-left-out", "images-by-library"
PLACED = {"scale_x": 0.05, "scale_y": 0.05, "offset_x": 0, "offset_y": 0}


def library(ink: int, scale: float | None = 0.05, *, has_image: bool = True) -> dict[str, Any]:
    factors = {"spot_diameter_fullres": 9.0}
    made: dict[str, Any] = {
        "scalefactors": factors if scale is None else {**factors, "tissue_hires_scalef": scale}
    }
    return {**made, "images": {"hires": np.full((50, 50, 3), ink, np.uint8)}} if has_image else made


def slides(obs: dict[str, Any], **libraries: Any) -> anndata.AnnData:
    rng = np.random.default_rng(0)
    adata = anndata.AnnData(
        rng.poisson(1, (N, 3)).astype(np.float32), obs=pd.DataFrame(obs, index=[f"c{at}" for at in range(N)])
    )
    adata.obsm["spatial"] = rng.uniform(0, 1_000, (N, 2))
    adata.uns["spatial"] = libraries
    return adata


def categories(*names: str | None) -> pd.Categorical:
    return pd.Categorical([names[at % len(names)] for at in range(N)])


def shown(bundle: Bundle) -> list[tuple[str, str | None, str | None]]:
    """Library, column and category of each image; of the one of all cells only that it is there."""
    atlas = bundle.stream.atlas
    alone = [("", None, None)] if "image" in atlas else []
    assert ("image" in bundle.manifest) == bool(alone)
    return alone + [(each["library"], each["column"], each["category"]) for each in atlas.get("images", [])]


def both(column: str) -> list[tuple[str, str, str]]:
    return [(name, column, name) for name in ("s1", "s2")]


BOTH = both("library_id")
ALL = [("", None, None)]
TWO = {"s1": library(1), "s2": library(2)}
SECOND_BARE = {"s1": library(1), "s2": library(2, has_image=False)}
SECOND_UNSCALED = {"s1": library(1), "s2": library(2, None)}
OF_TWO = categories("s1", "s2")


@pytest.mark.parametrize(
    ("obs", "libraries", "expected", "codes"),
    [
        # One library is that of all cells, unless a column names it among others.
        ({}, {"s1": library(1)}, ALL, set()),
        ({"sample": categories("a", "b")}, {"s1": library(1)}, ALL, set()),
        ({"library_id": categories("s1")}, {"s1": library(1)}, ALL, set()),
        ({"library_id": OF_TWO}, {"s1": library(1)}, BOTH[:1], {BY_LIBRARY}),
        ({"library_id": categories("s1", None)}, {"s1": library(1)}, BOTH[:1], {BY_LIBRARY}),
        ({"library_id": categories("s2", "s3")}, {"s1": library(1)}, ALL, set()),
        # Of several, a column has to tell.
        ({"library_id": OF_TWO}, TWO, BOTH, {BY_LIBRARY}),
        ({"slide": OF_TWO}, TWO, both("slide"), {BY_LIBRARY}),
        ({"mouse": OF_TWO}, TWO, both("mouse"), {BY_LIBRARY}),
        ({"library_id": categories("s1")}, TWO, ALL, set()),
        ({}, TWO, [], {LEFT}),
        ({"sample": categories("a", "b")}, TWO, [], {LEFT}),
        # A library without an image has cells too.
        ({}, SECOND_BARE, [], {LEFT}),
        ({"library_id": OF_TWO}, SECOND_BARE, BOTH[:1], {BY_LIBRARY}),
        # Names of clusters are no libraries.
        ({"leiden": categories("1", "2")}, {"1": library(1), "2": library(2)}, [], {LEFT}),
        # How an image lies must be known.
        ({"library_id": OF_TWO}, SECOND_UNSCALED, BOTH[:1], {BY_LIBRARY, LEFT}),
        # What CELLxGENE puts there besides.
        ({}, {"is_single": True, "s1": library(1)}, ALL, set()),
    ],
)
def test_which_image_is_under_which_cells(
    obs: dict[str, Any],
    libraries: dict[str, Any],
    expected: list[Any],
    codes: set[str],
    export: Callable[..., Bundle],
) -> None:
    adata = slides(obs, **libraries)
    bundle = export(adata)
    assert shown(bundle) == expected
    planned = karospace_stream.plan_export(adata).findings
    found = {each.code for each in planned}
    assert found & {LEFT, BY_LIBRARY} == codes
    inspected = notice(Look(karospace_stream.open_source(adata).source, ExportOptions()))
    assert [each for each in inspected if "image" in each.code] == [
        each for each in planned if "image" in each.code
    ]
    assert ("notes" in bundle.stream.atlas) == (LEFT in codes or "overlapping-sections" in found)


def test_columns_of_text_tell_libraries_too(export: Callable[..., Bundle]) -> None:
    adata = slides({"library_id": ["s1", "s2"] * (N // 2)}, s1=library(1), s2=library(2))
    assert shown(export(adata)) == BOTH


def test_the_column_of_the_libraries_is_exported_unless_others_are_named(
    export: Callable[..., Bundle],
) -> None:
    obs = {f"a{at}": categories("x", "y") for at in range(40)} | {"library_id": categories("s1", "s2")}
    adata = slides(obs, s1=library(1), s2=library(2))
    bundle = export(adata)
    assert "library_id" in bundle.manifest["annotation_columns"]
    named = export(adata, anno=["a3"])
    assert named.manifest["annotation_columns"] == ["a3"]
    assert shown(named) == []
    (left,) = (
        each for each in karospace_stream.plan_export(adata, anno=["a3"]).findings if each.code == LEFT
    )
    assert (left.option, left.value) == ("anno", ("a3", "library_id"))
    assert shown(export(adata, anno="all")) == BOTH


def test_an_image_is_placed_in_the_coordinates_of_the_slide(export: Callable[..., Bundle]) -> None:
    adata = slides({"library_id": categories("s1", "s2")}, s1=library(1), s2=library(2, 0.04))
    adata.obsm["X_umap"] = adata.obsm["spatial"] / 7
    for coords, number in (("auto", 0), ("obsm:X_umap", 1)):
        images = export(adata, coords=coords).stream.atlas["images"]
        assert [image["embedding"] for image in images] == [number] * 2
        assert images[0]["placement"] == PLACED
        assert images[1]["placement"] == PLACED | {"scale_x": 0.04, "scale_y": 0.04}
    adata.obsm["elsewhere"] = adata.obsm.pop("spatial")
    assert shown(export(adata)) == []


def test_the_image_of_all_cells_lies_under_the_slide_wherever_that_is(export: Callable[..., Bundle]) -> None:
    adata = slides({}, s1=library(1))
    adata.obsm["X_umap"] = adata.obsm["spatial"] / 7
    assert shown(export(adata)) == ALL
    elsewhere = export(adata, coords="obsm:X_umap")
    assert karospace_stream.verify(elsewhere.folder.root).faults == ()
    (image,) = elsewhere.stream.atlas["images"]
    assert (image["column"], image["embedding"], image["placement"]) == (None, 1, PLACED)
    unscaled = slides({}, s1=library(1, None))
    unscaled.obsm["X_umap"] = adata.obsm["spatial"] / 7
    assert "placement" not in export(unscaled, coords="obsm:X_umap").manifest["image"]


def test_options_of_the_user_come_first(export: Callable[..., Bundle]) -> None:
    adata = slides({"library_id": categories("s1", "s2")}, s1=library(1), s2=library(2))
    assert shown(export(adata, image=False)) == []
    assert shown(export(adata, leave_out="uns:spatial")) == []
    # What is left is still not the image of the other cells.
    assert shown(export(adata, leave_out="uns:spatial/s2")) == BOTH[:1]
    without_column = slides({}, s1=library(1), s2=library(2))
    assert shown(export(without_column, leave_out="uns:spatial/s2")) == []


def test_spots_of_different_size_are_not_drawn_in_one(export: Callable[..., Bundle]) -> None:
    adata = slides({"library_id": categories("s1", "s2")}, s1=library(1), s2=library(2))
    assert export(adata).stream.atlas["embeddings"][0]["spot_diameter"] == 9
    adata.uns["spatial"]["s2"]["scalefactors"]["spot_diameter_fullres"] = 18.0
    assert "spot_diameter" not in export(adata).stream.atlas["embeddings"][0]


def test_what_is_not_shown_is_listed(export: Callable[..., Bundle]) -> None:
    adata = slides({"library_id": categories("s1", "s2")}, s1=library(1), s2=library(2), s3=library(3))
    left = {each.part for each in karospace_stream.plan_export(adata).left_out["karospace"]}
    assert {part for part in left if part.startswith("uns:spatial")} == {"uns:spatial/s3/images/hires"}


@pytest.mark.parametrize("column", ["library_id", "part"])
def test_a_section_is_laid_out_with_the_image_of_its_library(
    column: str, export: Callable[..., Bundle]
) -> None:
    """By libraries, or by parts of them: both parts of a slide lie on its image."""
    library_id = categories("s1", "s2")
    part = categories("s1 a", "s2 a", "s1 b", "s2 b")
    adata = slides({"library_id": library_id, "part": part}, s1=library(1), s2=library(2, 0.04))
    atlas = export(adata, arrange_by=column).stream.atlas
    shifts = {each["category"]: each["shift"] for each in atlas["embeddings"][0]["arranged"]["groups"]}
    images = {image["category"]: image for image in atlas["images"]}
    assert list(images) == list(shifts)
    for category, image in images.items():
        assert image["library"] == category[:2]
        scale = {"s1": 0.05, "s2": 0.04}[category[:2]]
        x, y = shifts[category]
        assert image["placement"]["offset_x"] == pytest.approx(-x * scale)
        assert image["placement"]["offset_y"] == pytest.approx(-y * scale)
    assert len({image["path"] for image in images.values()}) == 2  # each is stored once


def test_a_section_on_several_libraries_has_no_image() -> None:
    adata = slides(
        {"library_id": categories("s1", "s2"), "section": categories("1", "1", "2")},
        s1=library(1),
        s2=library(2),
    )
    plan = karospace_stream.plan_export(adata, arrange_by="section")
    assert plan.selection.images == ()
    assert LEFT in {each.code for each in plan.findings}


def test_an_image_of_all_cells_goes_with_each_section(export: Callable[..., Bundle]) -> None:
    adata = slides({"section": categories("1", "2")}, s1=library(1))
    atlas = export(adata, arrange_by="section").stream.atlas
    assert [(each["category"], each["library"]) for each in atlas["images"]] == [("1", "s1"), ("2", "s1")]
    assert "image" not in atlas


@pytest.mark.parametrize("scale", [None, 0.0, -1.0, np.nan, 1e308])
def test_an_image_of_unknown_scale_is_beside_the_cells_and_that_is_said(
    scale: float | None, tmp_path: Path
) -> None:
    adata = slides({}, s1=library(1, scale))
    report = karospace_stream.export(adata, tmp_path / "out", genes="all", preview=False)
    (found,) = [each for each in report.findings if each.code == "image-not-placed"]
    assert "s1" in found.text
    assert found.option == "image"
    atlas = Bundle(tmp_path / "out").stream.atlas
    assert "placement" not in atlas["image"]
    placed = karospace_stream.plan_export(slides({}, s1=library(1)))
    assert "image-not-placed" not in [each.code for each in placed.findings]
