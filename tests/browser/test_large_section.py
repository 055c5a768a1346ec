"""One section alone, turned and mirrored over its image; and regions that are drawn on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
from playwright.sync_api import expect

import karospace_stream
from tests.browser.page import ViewerPage
from tests.browser.test_sections import first_cell, painted
from tests.made.sections import INKS, MARKS, make_sections


def button(viewer: ViewerPage, name: str) -> None:
    viewer.page.get_by_role("button", name=name, exact=True).click()
    viewer.settle()


def check_mark(viewer: ViewerPage, adata: anndata.AnnData, section: str) -> None:
    """The mark in the image is under its cell, to a pixel of the screen and half a pixel of the image."""
    bar = viewer.page.locator(".section-bar")
    bar.evaluate("e => { e.style.visibility = 'hidden' }")
    picture = viewer.pixels()
    bar.evaluate("e => { e.style.visibility = 'visible' }")
    x, y = painted(picture, MARKS[section]).mean(axis=0) + 0.5
    viewer.point_at(x, y)
    assert viewer.told()[0] == first_cell(adata, section)
    # The mark is around the pixel of the cell, whose centre is up to half a pixel of the image away.
    pixel = np.sqrt(len(painted(picture, MARKS[section]))) / 9
    assert np.hypot(*(np.array(viewer.ring()) - (x, y))) < 1 + np.hypot(0.5, 0.5) * pixel


def lasso(viewer: ViewerPage) -> None:
    box = viewer.canvas.bounding_box()
    assert box is not None
    corners = [(0.3, 0.3), (0.6, 0.3), (0.6, 0.6), (0.3, 0.6)]
    ways = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in corners]
    viewer.page.keyboard.press("l")
    viewer.page.mouse.move(*ways[0])
    viewer.page.mouse.down()
    for way in ways[1:]:
        viewer.page.mouse.move(*way, steps=5)
    viewer.page.mouse.up()
    viewer.page.keyboard.press("v")
    viewer.settle()


def test_a_section_alone(viewer: ViewerPage, served: Callable[[Path], str], tmp_path: Path) -> None:
    adata = make_sections()
    karospace_stream.export(adata, tmp_path / "bundle", section="section", anno="all")
    url = served(tmp_path / "bundle")
    viewer.open(url + "#section=10&column=cell_type")
    own = np.flatnonzero(adata.obs["section"] == "10")
    expect(viewer.caption).to_contain_text(f"{len(own)} cells in this section")
    expect(viewer.page.locator(".section-title strong")).to_have_text("10")
    expect(viewer.page.locator(".scale-bar")).to_contain_text("units")
    viewer.slide("Image opacity", "1")
    viewer.slide("Point size", "0.25")
    check_mark(viewer, adata, "10")
    button(viewer, "Turn right by 90°")
    check_mark(viewer, adata, "10")
    button(viewer, "Flip")
    viewer.page.get_by_label("Rotation in degrees").fill("37")
    viewer.settle()
    check_mark(viewer, adata, "10")

    # A region has the cells that it encloses, of this section only.
    lasso(viewer)
    button(viewer, "Save as group")
    expect(viewer.page.locator(".labels .region")).to_have_text("Group 1")
    with viewer.page.expect_download() as saving:
        button(viewer, "Save the outlines of groups as GeoJSON")
    saved = json.loads(Path(saving.value.path()).read_text())
    (feature,) = saved["features"]
    assert feature["properties"]["section"] == "10"
    with viewer.page.expect_download() as saving:
        button(viewer, "Save the groups as CSV")
    lines = Path(saving.value.path()).read_text().splitlines()
    names = [line.split(",")[0] for line in lines[1:]]
    assert lines[0] == "cell_id,section,group"
    assert {line.split(",")[1] for line in lines[1:]} == {"10"}
    assert 5 < len(names) < len(own)
    rows = adata.obs_names.get_indexer(names)
    assert (np.diff(rows) > 0).all()
    # What shapely finds in the file is what was selected.
    import shapely

    scale = adata.uns["spatial"]["10"]["scalefactors"]["tissue_hires_scalef"]
    polygon = shapely.geometry.shape(feature["geometry"])
    inside = shapely.contains_xy(polygon, *(adata.obsm["spatial"][own] * scale).T)
    assert names == list(adata.obs_names[own[inside]])
    # The file brings the same cells back.
    button(viewer, "Delete Group 1")
    text = json.dumps(saved).encode()
    viewer.page.get_by_label("Import groups from a CSV, JSON or GeoJSON file").set_input_files(
        {"name": "r.geojson", "mimeType": "application/json", "buffer": text}
    )
    expect(viewer.page.locator(".import-status")).to_contain_text("1 region imported")
    expect(viewer.page.locator(".groups .count")).to_have_text(str(len(names)))

    # Other sections by keys; a link leads to one of them.
    viewer.stage.focus()
    viewer.page.keyboard.press("]")
    expect(viewer.page.locator(".section-title strong")).to_have_text("11")
    viewer.wait_for_link("section=11")
    viewer.page.keyboard.press("[")
    expect(viewer.page.locator(".section-title strong")).to_have_text("10")
    assert len(painted(viewer.pixels(), INKS["10"])) > 1_000
