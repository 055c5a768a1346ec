"""Depth, edges, arrows, names and lines: what is drawn is where the file says."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import expect

from tests.browser.page import ViewerPage, changed
from tests.browser.shapes import (
    AHEAD,
    BEHIND,
    FLAT,
    HOSTILE,
    KINDS,
    POINTS,
    area_of,
    drag,
    flat_at,
    kind_at,
    page_spot,
    seen_at,
)


def test_what_is_nearer_hides_what_is_behind_and_is_larger(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes(AHEAD)
    viewer.slide("Point size", "3")
    picture = viewer.pixels()
    middle = seen_at(viewer, [0, 0, 0])
    assert kind_at(picture, middle) == "near"
    aside = seen_at(viewer, POINTS[2])
    assert kind_at(picture, aside) == "far"
    assert area_of(picture, middle, "near") > 1.5 * area_of(picture, aside, "far")
    viewer.point_at(*middle)
    assert viewer.told()[0] == "cell 0"

    viewer = open_shapes(BEHIND)
    assert kind_at(viewer.pixels(), middle) == "far"
    viewer.point_at(*middle)
    assert viewer.told()[0] == "cell 1"


def test_every_cell_is_found_where_it_is_drawn(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes(AHEAD)
    picture = viewer.pixels()
    for cell in (0, *range(2, len(POINTS))):
        spot = seen_at(viewer, POINTS[cell])
        assert kind_at(picture, spot) == KINDS[cell]
        viewer.point_at(spot[0] + 2, spot[1])
        name, values = viewer.told()
        assert (name, values["kind"]) == (f"cell {cell}", KINDS[cell])
        assert np.abs(np.subtract(viewer.ring(), spot)).max() <= 1


def test_a_drag_turns_and_its_link_turns_back(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes("#column=kind")
    before = viewer.pixels()
    drag(viewer, (300, 300), (420, 340))
    turned = viewer.pixels()
    assert changed(before, turned) > 200
    viewer.wait_for_link("view=")
    viewer.page.reload()
    viewer.wait()
    viewer.slide("Point opacity", "1")
    # The link keeps hundredths of a degree: rims of discs may fall into the next pixel.
    assert changed(turned, viewer.pixels()) < 20
    viewer.page.get_by_role("button", name="Show all cells").click()
    viewer.wait()
    assert changed(before, viewer.pixels()) == 0


@pytest.mark.big
def test_a_drag_with_shift_and_the_arrow_keys(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes(AHEAD)
    viewer.page.keyboard.down("Shift")
    drag(viewer, (200, 600), (250, 630))
    viewer.page.keyboard.up("Shift")
    x, y = seen_at(viewer, POINTS[3])
    picture = viewer.pixels()
    assert kind_at(picture, (x, y)) is None
    # A drag begins some pixels after the press.
    assert area_of(picture, (x + 50, y + 30), HOSTILE, reach=12) > 15
    viewer.stage.focus()
    before = viewer.pixels()
    viewer.page.keyboard.press("ArrowLeft")
    viewer.wait()
    assert changed(before, viewer.pixels()) > 100


@pytest.mark.big
def test_flattened_to_the_first_two_axes_and_back(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes("#column=kind")
    deep = viewer.pixels()
    dimensions = viewer.page.get_by_role("group", name="Dimensions")
    expect(dimensions.get_by_role("button", name="3-D")).to_have_attribute("aria-pressed", "true")
    dimensions.get_by_role("button", name="2-D").click()
    viewer.wait()
    flat = viewer.pixels()
    assert changed(deep, flat) > 200
    viewer.wait_for_link("flat=1")
    viewer.page.keyboard.press("d")
    viewer.wait()
    assert changed(deep, viewer.pixels()) == 0

    viewer = open_shapes(FLAT)
    picture = viewer.pixels()
    for cell in range(2, len(POINTS)):
        assert kind_at(picture, flat_at(viewer, *POINTS[cell][:2])) == KINDS[cell]


def test_edges_of_the_pointed_cell_and_of_all(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes(FLAT + "&edges=pointed")
    between = [flat_at(viewer, x, 4) for x in (-3, -1, 1)]

    def drawn(picture: npt.NDArray[np.uint8]) -> list[bool]:
        return [kind_at(picture, spot) is not None for spot in between]

    assert drawn(viewer.pixels()) == [False, False, False]
    # A click keeps the edges when the pointer has gone.
    viewer.page.mouse.click(*page_spot(viewer, flat_at(viewer, -2, 4)))
    viewer.wait()
    assert drawn(viewer.pixels()) == [True, True, False]
    viewer.page.keyboard.press("Escape")
    viewer.wait()
    assert drawn(viewer.pixels()) == [False, False, False]

    viewer.page.get_by_label("Edges of the neighbour graph").select_option("all")
    count = viewer.page.locator(".edge-count")
    expect(count).to_have_text("3 edges drawn.")
    viewer.slide("Edge opacity", "1")
    assert drawn(viewer.pixels()) == [True, True, True]
    viewer.toggle("end")
    expect(count).to_have_text("2 edges drawn.")
    viewer.wait()
    assert drawn(viewer.pixels()) == [True, True, False]


@pytest.mark.big
def test_edges_in_depth(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes(AHEAD + "&edges=all")
    viewer.slide("Edge opacity", "1")
    picture = viewer.pixels()
    for x in (-3, -1, 1):
        column, row = seen_at(viewer, [x, 4, 0])
        # A line of one pixel, thus in one of two rows.
        assert (np.abs(picture[row - 1 : row + 2, column].astype(int) - picture[1, 1]).sum(axis=1) > 60).any()


@pytest.mark.parametrize("link", [AHEAD, FLAT])
@pytest.mark.few(1)
def test_arrows_point_where_cells_drift(open_shapes: Callable[[str], ViewerPage], link: str) -> None:
    viewer = open_shapes(link)
    without = viewer.pixels()
    viewer.page.get_by_label("Vectors").select_option(label="Velocity (UMAP)")
    viewer.wait()
    picture = viewer.pixels()
    ahead, back = 0, 0
    for point in POINTS[4:]:
        x, y = flat_at(viewer, *point[:2]) if link == FLAT else seen_at(viewer, point)
        ahead += changed(without[y - 3 : y + 4, x + 12 : x + 20], picture[y - 3 : y + 4, x + 12 : x + 20])
        back += changed(without[y - 6 : y + 7, x - 20 : x - 12], picture[y - 6 : y + 7, x - 20 : x - 12])
    assert ahead > 30
    assert back == 0
    still = seen_at(viewer, POINTS[3]) if link == AHEAD else flat_at(viewer, -4, 0)
    around = np.s_[still[1] - 20 : still[1] + 21, still[0] - 20 : still[0] + 21]
    assert changed(without[around], picture[around]) == 0


@pytest.mark.big
def test_names_stand_at_their_cells(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes(AHEAD)
    labels = viewer.page.locator(".labels span")
    expect(labels).to_have_count(0)
    viewer.page.get_by_label("Names of the categories").check()
    expect(labels.first).to_be_visible()
    texts = labels.all_text_contents()
    # The largest goes first, and takes the place of none that it touches.
    assert texts[0] == "chain"
    assert HOSTILE in texts
    assert viewer.page.evaluate("window.pwned === undefined")
    stage = viewer.canvas.bounding_box()
    box = labels.filter(has_text="chain").bounding_box()
    assert stage is not None
    assert box is not None
    middle = (box["x"] + box["width"] / 2 - stage["x"], box["y"] + box["height"] / 2 - stage["y"])
    assert np.abs(np.subtract(middle, seen_at(viewer, POINTS[5]))).max() <= 2
    boxes = [label.bounding_box() for label in labels.all()]
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert one is not None
            assert other is not None
            apart_x = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
            apart_y = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
            assert apart_x or apart_y
    viewer.toggle("chain")
    expect(labels.filter(has_text="chain")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.few(1)
def test_the_choices_fit_into_their_panel(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], shapes_bundle: Path, width: int
) -> None:
    viewer = new_page(viewport={"width": width, "height": 844})
    viewer.open(served(shapes_bundle) + AHEAD + "&edges=all&vectors=velocity_umap&labels=1")
    for box in viewer.page.locator(".sections, .rest").all():
        assert box.evaluate("e => e.scrollWidth - e.clientWidth") == 0
    for button in ("All shown", "Invert", "Clear", "CSV"):
        viewer.page.get_by_role("button", name=button, exact=True).scroll_into_view_if_needed()
        expect(viewer.page.get_by_role("button", name=button, exact=True)).to_be_in_viewport(ratio=1)
    for button in ("Zoom in", "Select cells with a lasso", "Flatten to the first two axes"):
        expect(viewer.page.get_by_role("button", name=button)).to_be_in_viewport(ratio=1)


@pytest.mark.big
def test_a_line_is_spread_along_its_axis(
    viewer: ViewerPage, served: Callable[[Path], str], shapes_bundle: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "line"
    folder.mkdir()
    for file in shapes_bundle.rglob("*"):
        if file.is_file():
            (folder / file.relative_to(shapes_bundle)).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.relative_to(shapes_bundle)).write_bytes(file.read_bytes())
    line = np.arange(len(POINTS), dtype=np.float32) - 3.5
    stored = gzip.compress(line.tobytes())
    (folder / "assets" / "line.bin.gz").write_bytes(stored)
    part = {"path": "assets/line.bin.gz", "start": 0, "end": len(line), "size_bytes": len(stored)}
    atlas = json.loads((folder / "atlas.json").read_text())
    atlas["embeddings"].append(
        {"key": "time", "label": "time", "source": "obsm:time", "dims": 1, "dtype": "float32", "y_axis": "up"}
        | {"origin": [13.5], "minimum": [10.0], "maximum": [17.0], "parts": [part]}
    )
    (folder / "atlas.json").write_text(json.dumps(atlas))
    viewer.open(served(folder) + "#column=kind&embedding=time")
    expect(viewer.caption).to_contain_text("second axis: jitter, not data")
    spots = viewer.spots(under_tools=True)
    box = viewer.canvas.bounding_box()
    assert box is not None
    # From margin to margin, the cells in the order of the axis.
    assert abs(spots[:, 0].min() - 28) < 10
    assert abs(box["width"] - 28 - spots[:, 0].max()) < 10
    assert np.ptp(spots[:, 1]) > 20
    step = (box["width"] - 56) / 7
    for cell in range(len(POINTS) - 1):  # the last lies under the tools
        near = spots[np.abs(spots[:, 0] - (28 + cell * step)) < 3]
        viewer.point_at(*near[len(near) // 2])
        assert viewer.told()[0] == f"cell {cell}"
