"""Depth, edges, arrows, names and lines: what is drawn is where the file says."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import scipy.sparse
from playwright.sync_api import expect

import karospace_stream
from tests.browser.conftest import SHARED
from tests.browser.page import ViewerPage, changed

HOSTILE = "<img src=x onerror=window.pwned=1>"
KINDS = ["near", "far", "far", HOSTILE, "chain", "chain", "chain", "end"]
PLACES = [[0, 0, 4], [0, 0, -4], [4, 0, -4], [-4, 0, 0], [-4, 4, 0], [-2, 4, 0], [0, 4, 0], [2, 4, 0]]
COLORS = {"near": "#d62728", "far": "#1f3fb4", HOSTILE: "#2ca02c", "chain": "#ff7f0e", "end": "#9467bd"}
ZOOM = 5.5
AHEAD = f"#column=kind&view=0,0,{ZOOM},0,0,0"
BEHIND = f"#column=kind&view=0,0,{ZOOM},0,0,180"
FLAT = "#column=kind&flat=1&view=0,0,6"


def make_shapes() -> anndata.AnnData:
    """Eight cells in space: two in one line of sight, four in a chain along which they drift."""
    n_cells = len(PLACES)
    kind = pd.Categorical(KINDS, categories=sorted(COLORS))
    adata = anndata.AnnData(
        np.ones((n_cells, 2), dtype=np.float32),
        obs=pd.DataFrame({"kind": kind}, index=[f"cell {i}" for i in range(n_cells)]),
    )
    adata.obsm["X_umap"] = np.array(PLACES, dtype=np.float64)
    drift = np.full((n_cells, 3), np.nan)
    drift[4:] = [0.25, 0, 0]
    adata.obsm["velocity_umap"] = drift
    links = scipy.sparse.lil_matrix((n_cells, n_cells))
    for cell in (4, 5, 6):
        links[cell, cell + 1] = links[cell + 1, cell] = 1
    adata.obsp["connectivities"] = links.tocsr()
    adata.uns["kind_colors"] = [COLORS[name] for name in kind.categories]
    return adata


@pytest.fixture(scope="module")
def shapes_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shapes") / "bundle"
    karospace_stream.export(make_shapes(), folder, anno="all", name="shapes")
    return folder


@pytest.fixture
def open_shapes(
    viewer: ViewerPage, served: Callable[[Path], str], shapes_bundle: Path
) -> Callable[[str], ViewerPage]:
    url = served(shapes_bundle)

    def open_at(link: str) -> ViewerPage:
        viewer.page.goto("about:blank")
        viewer.open(url + link)
        viewer.slide("Point opacity", "1")
        return viewer

    return open_at


def seen_at(viewer: ViewerPage, place: Sequence[float], zoom: float = ZOOM) -> tuple[int, int]:
    """Pixel of a place, by the pinhole camera straight ahead, looking at the origin."""
    box = viewer.canvas.bounding_box()
    assert box is not None
    x, y, z = place
    scale = 2**zoom
    distance = box["height"] / 2 / math.tan(math.radians(25)) / scale
    nearness = distance / (distance - z)
    middle = (box["width"] / 2, box["height"] / 2)
    return round(middle[0] + x * scale * nearness), round(middle[1] - y * scale * nearness)


def flat_at(viewer: ViewerPage, x: float, y: float) -> tuple[int, int]:
    """Pixel of a place of the first two axes, under the link `FLAT`."""
    box = viewer.canvas.bounding_box()
    assert box is not None
    return round(box["width"] / 2 + x * 64), round(box["height"] / 2 - y * 64)


def kind_at(picture: npt.NDArray[np.uint8], spot: tuple[int, int]) -> str | None:
    """The kind of the nearest hue; None on the background. What is far is paler than its colour."""
    pixel = picture[spot[1], spot[0]].astype(float)
    background = picture[1, 1].astype(float)
    if np.abs(pixel - background).sum() < 60:
        return None

    def paleness(color: str) -> float:
        full = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)], dtype=float)
        share = np.clip((pixel - background) @ (full - background) / ((full - background) ** 2).sum(), 0, 1)
        return float(np.abs(background + share * (full - background) - pixel).sum())

    return min(COLORS, key=lambda name: paleness(COLORS[name]))


def area_of(picture: npt.NDArray[np.uint8], spot: tuple[int, int], kind: str, reach: int = 30) -> int:
    """Pixels of a kind in the square around a place."""
    around = range(-reach, reach + 1)
    return sum(kind_at(picture, (spot[0] + dx, spot[1] + dy)) == kind for dx in around for dy in around)


def test_what_is_nearer_hides_what_is_behind_and_is_larger(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes(AHEAD)
    viewer.slide("Point size", "3")
    picture = viewer.pixels()
    middle = seen_at(viewer, [0, 0, 0])
    assert kind_at(picture, middle) == "near"
    aside = seen_at(viewer, PLACES[2])
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
    for cell in (0, *range(2, len(PLACES))):
        spot = seen_at(viewer, PLACES[cell])
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
    viewer.page.wait_for_function("location.hash.includes('view=')")
    viewer.page.reload()
    viewer.wait()
    viewer.slide("Point opacity", "1")
    # The link keeps hundredths of a degree: rims of discs may fall into the next pixel.
    assert changed(turned, viewer.pixels()) < 20
    viewer.page.get_by_role("button", name="Show all cells").click()
    viewer.wait()
    assert changed(before, viewer.pixels()) == 0


def test_a_drag_with_shift_and_the_arrow_keys(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes(AHEAD)
    viewer.page.keyboard.down("Shift")
    drag(viewer, (200, 600), (250, 630))
    viewer.page.keyboard.up("Shift")
    x, y = seen_at(viewer, PLACES[3])
    picture = viewer.pixels()
    assert kind_at(picture, (x, y)) is None
    # A drag begins some pixels after the press.
    assert area_of(picture, (x + 50, y + 30), HOSTILE, reach=12) > 15
    viewer.stage.focus()
    before = viewer.pixels()
    viewer.page.keyboard.press("ArrowLeft")
    viewer.wait()
    assert changed(before, viewer.pixels()) > 100


def test_flattened_to_the_first_two_axes_and_back(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes("#column=kind")
    deep = viewer.pixels()
    dimensions = viewer.page.get_by_role("group", name="Dimensions")
    expect(dimensions.get_by_role("button", name="3-D")).to_have_attribute("aria-pressed", "true")
    dimensions.get_by_role("button", name="2-D").click()
    viewer.wait()
    flat = viewer.pixels()
    assert changed(deep, flat) > 200
    viewer.page.wait_for_function("location.hash.includes('flat=1')")
    viewer.page.keyboard.press("d")
    viewer.wait()
    assert changed(deep, viewer.pixels()) == 0

    viewer = open_shapes(FLAT)
    picture = viewer.pixels()
    for cell in range(2, len(PLACES)):
        assert kind_at(picture, flat_at(viewer, *PLACES[cell][:2])) == KINDS[cell]


def test_edges_of_the_pointed_cell_and_of_all(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes(FLAT)
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


def test_edges_in_depth(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes(AHEAD + "&edges=all")
    viewer.slide("Edge opacity", "1")
    picture = viewer.pixels()
    for x in (-3, -1, 1):
        column, row = seen_at(viewer, [x, 4, 0])
        # A line of one pixel, thus in one of two rows.
        assert (np.abs(picture[row - 1 : row + 2, column].astype(int) - picture[1, 1]).sum(axis=1) > 60).any()


@pytest.mark.parametrize("link", [AHEAD, FLAT])
def test_arrows_point_where_cells_drift(open_shapes: Callable[[str], ViewerPage], link: str) -> None:
    viewer = open_shapes(link)
    without = viewer.pixels()
    viewer.page.get_by_label("Vectors").select_option(label="Velocity (UMAP), on umap")
    viewer.wait()
    picture = viewer.pixels()
    ahead, behind = 0, 0
    for place in PLACES[4:]:
        x, y = flat_at(viewer, *place[:2]) if link == FLAT else seen_at(viewer, place)
        ahead += changed(without[y - 3 : y + 4, x + 12 : x + 20], picture[y - 3 : y + 4, x + 12 : x + 20])
        behind += changed(without[y - 6 : y + 7, x - 20 : x - 12], picture[y - 6 : y + 7, x - 20 : x - 12])
    assert ahead > 30
    assert behind == 0
    still = seen_at(viewer, PLACES[3]) if link == AHEAD else flat_at(viewer, -4, 0)
    around = np.s_[still[1] - 20 : still[1] + 21, still[0] - 20 : still[0] + 21]
    assert changed(without[around], picture[around]) == 0


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
    assert np.abs(np.subtract(middle, seen_at(viewer, PLACES[5]))).max() <= 2
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
def test_the_choices_fit_into_their_panel(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], shapes_bundle: Path, width: int
) -> None:
    viewer = new_page(viewport={"width": width, "height": 844})
    viewer.open(served(shapes_bundle) + AHEAD + "&edges=all&vectors=velocity_umap&labels=1")
    inside = viewer.page.locator(".sections").evaluate("e => e.scrollWidth - e.clientWidth")
    assert inside == 0
    for button in ("Lasso", "Shown", "Clear", "CSV"):
        viewer.page.get_by_role("button", name=button, exact=True).scroll_into_view_if_needed()
        expect(viewer.page.get_by_role("button", name=button, exact=True)).to_be_in_viewport(ratio=1)
    for button in ("Zoom in", "Select cells with a lasso", "Flatten to the first two axes"):
        expect(viewer.page.get_by_role("button", name=button)).to_be_in_viewport(ratio=1)


def page_spot(viewer: ViewerPage, spot: tuple[float, float]) -> tuple[float, float]:
    """The pixel of the page for one of the canvas."""
    box = viewer.canvas.bounding_box()
    assert box is not None
    return box["x"] + spot[0], box["y"] + spot[1]


def drag(viewer: ViewerPage, start: tuple[int, int], end: tuple[int, int]) -> None:
    """From one pixel of the canvas to another, as a hand does: in steps."""
    viewer.page.mouse.move(*page_spot(viewer, start))
    viewer.page.mouse.down()
    viewer.page.mouse.move(*page_spot(viewer, end), steps=5)
    viewer.page.mouse.up()
    viewer.wait()


def draw_around(viewer: ViewerPage, corners: list[tuple[float, float]]) -> None:
    """With the lasso, along the corners."""
    viewer.page.mouse.move(*page_spot(viewer, corners[0]))
    viewer.page.mouse.down()
    for corner in corners[1:]:
        viewer.page.mouse.move(*page_spot(viewer, corner), steps=4)
    viewer.page.mouse.up()
    viewer.settle()


def square_around(left: tuple[int, int], right: tuple[int, int]) -> list[tuple[float, float]]:
    """A square around two places in a row."""
    reach = 25
    return [
        (left[0] - reach, left[1] - reach),
        (right[0] + reach, right[1] - reach),
        (right[0] + reach, right[1] + reach),
        (left[0] - reach, left[1] + reach),
    ]


@pytest.mark.parametrize("link", [AHEAD, FLAT])
def test_a_lasso_selects_what_is_seen_in_it(open_shapes: Callable[[str], ViewerPage], link: str) -> None:
    viewer = open_shapes(link)
    spots = [flat_at(viewer, *place[:2]) if link == FLAT else seen_at(viewer, place) for place in PLACES]
    count = viewer.page.locator(".selection-count")
    viewer.page.keyboard.press("l")
    draw_around(viewer, square_around(spots[4], spots[6]))
    expect(count).to_have_text("3 cells are selected.")
    viewer.page.keyboard.down("Shift")
    draw_around(viewer, square_around(spots[3], spots[3]))
    viewer.page.keyboard.up("Shift")
    expect(count).to_have_text("4 cells are selected.")
    with viewer.page.expect_download() as download:
        viewer.page.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == "shapes_selection.csv"
    ids = pd.read_csv(download.value.path())["cell_id"].tolist()
    assert ids == ["cell 3", "cell 4", "cell 5", "cell 6"]

    faint = viewer.pixels()[spots[2][1], spots[2][0]]
    assert 200 < faint.mean() < 250
    viewer.page.keyboard.press("Escape")
    expect(viewer.page.locator(".lasso")).to_have_count(0)
    expect(count).to_have_text("4 cells are selected.")
    viewer.page.keyboard.press("Escape")
    expect(count).to_have_text("No cells are selected.")
    viewer.settle()
    assert kind_at(viewer.pixels(), spots[2]) == "far"


def test_a_hidden_cell_is_not_selected(open_shapes: Callable[[str], ViewerPage]) -> None:
    viewer = open_shapes(FLAT)
    viewer.toggle("chain")
    viewer.page.keyboard.press("l")
    draw_around(viewer, square_around(flat_at(viewer, -4, 4), flat_at(viewer, 2, 4)))
    expect(viewer.page.locator(".selection-count")).to_have_text("1 cell is selected.")


def test_the_page_around_sets_colours_and_hears_the_selection(
    viewer: ViewerPage, served: Callable[[Path], str], shapes_bundle: Path
) -> None:
    page = viewer.page
    page.set_content(f"<iframe src='{served(shapes_bundle)}?embed=1{FLAT}' width=1100 height=700></iframe>")
    page.evaluate("heard = []; addEventListener('message', (event) => heard.push(event.data))")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".stage")).to_have_attribute("data-searchable", "true", timeout=60_000)
    page.wait_for_function("heard.length > 0")
    assert page.evaluate("heard") == [{"type": "karospace:selection", "cells": []}]
    caption = frame.locator(".caption strong")

    send = "(message) => frames[0].postMessage(message, '*')"
    page.evaluate(send, {"type": "karospace:colour", "gene": "1"})
    expect(caption).to_have_text("1")
    page.evaluate(send, {"type": "karospace:colour", "column": "kind"})
    expect(caption).to_have_text("kind")
    page.evaluate(send, {"type": "karospace:colour", "gene": "absent"})
    expect(frame.get_by_role("alert")).to_contain_text('There is no gene named "absent"')
    # Not a message of ours, not one from the page around: neither is heard.
    page.evaluate(send, {"type": "karospace:colour", "gene": 1})
    page.evaluate(send, {"type": "karospace:colour", "gene": "1", "column": "kind"})
    page.frames[1].evaluate("postMessage({type: 'karospace:colour', gene: '1'}, '*')")
    page.wait_for_timeout(300)
    expect(caption).to_have_text("kind")

    box = frame.locator("canvas").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    frame.get_by_role("button", name="Dismiss").click()
    frame.get_by_role("button", name="Lasso", exact=True).click()
    left, right, top = middle[0] - 2.5 * 64, middle[0] + 2.5 * 64, middle[1] - 4 * 64
    page.mouse.move(left, top - 20)
    page.mouse.down()
    for corner in ((right, top - 20), (right, top + 20), (left, top + 20)):
        page.mouse.move(*corner, steps=3)
    page.mouse.up()
    page.wait_for_function("heard.length > 1")
    assert page.evaluate("heard.at(-1)") == {"type": "karospace:selection", "cells": [5, 6, 7]}


def test_a_page_around_of_another_origin_than_the_named_one_is_not_heard(
    viewer: ViewerPage, served: Callable[[Path], str], shapes_bundle: Path, said: list[str]
) -> None:
    page = viewer.page
    address = served(shapes_bundle) + "?embed=1&parent=https://lab.example.org#column=kind"
    page.set_content(f"<iframe src='{address}' width=1100 height=700></iframe>")
    page.evaluate("heard = []; addEventListener('message', (event) => heard.push(event.data))")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".stage")).to_have_attribute("data-searchable", "true", timeout=60_000)
    page.evaluate("frames[0].postMessage({type: 'karospace:colour', gene: '1'}, '*')")
    page.wait_for_timeout(300)
    expect(frame.locator(".caption strong")).to_have_text("kind")
    assert page.evaluate("heard") == []
    # The browser says that the selection was not handed over.
    assert all("lab.example.org" in line for line in said)
    said.clear()


def test_a_line_is_spread_along_its_axis(
    viewer: ViewerPage, served: Callable[[Path], str], shapes_bundle: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "line"
    folder.mkdir()
    for file in shapes_bundle.rglob("*"):
        if file.is_file():
            (folder / file.relative_to(shapes_bundle)).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.relative_to(shapes_bundle)).write_bytes(file.read_bytes())
    line = np.arange(len(PLACES), dtype=np.float32) - 3.5
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
    expect(viewer.caption).to_contain_text("across the line: spread, not data")
    spots = viewer.spots()
    box = viewer.canvas.bounding_box()
    assert box is not None
    # From margin to margin, the cells in the order of the axis.
    assert abs(spots[:, 0].min() - 28) < 10
    assert abs(box["width"] - 28 - spots[:, 0].max()) < 10
    assert np.ptp(spots[:, 1]) > 20
    step = (box["width"] - 56) / 7
    for cell in range(len(PLACES)):
        near = spots[np.abs(spots[:, 0] - (28 + cell * step)) < 3]
        viewer.point_at(*near[len(near) // 2])
        assert viewer.told()[0] == f"cell {cell}"


@pytest.mark.parametrize("target_format", ["karospace", "cellucid"])
def test_a_real_file_in_depth_with_its_graph_vectors_and_genes(
    viewer: ViewerPage,
    served: Callable[[Path], str],
    tmp_path: Path,
    said: list[str],
    target_format: str,
) -> None:
    source = SHARED / "data" / "cellrank50_velocity_umap.h5ad"
    if not source.is_file():
        pytest.skip(f"the shared data are not at {source.parent}")
    adata = anndata.read_h5ad(source)
    # The file has no layout of three axes of its own.
    adata.obsm["X_umap_3d"] = np.hstack([adata.obsm["X_umap"], 20 * adata.obsm["X_diffmap"][:, 1:2]])
    quantised: dict[str, Any] = {"var_quantization": 8} if target_format == "cellucid" else {}
    karospace_stream.export(adata, tmp_path / "real", format=target_format, anno="all", **quantised)
    viewer.open(served(tmp_path / "real") + "#column=clusters")
    page = viewer.page

    layouts = page.get_by_label("Embedding")
    deep = next(text for text in layouts.locator("option").all_text_contents() if "3-D" in text)
    layouts.select_option(label=deep)
    expect(page.get_by_role("group", name="Dimensions")).to_be_visible()
    viewer.wait()
    bare = viewer.pixels()
    page.get_by_label("Edges of the neighbour graph").select_option("all")
    upper = scipy.sparse.triu(adata.obsp["connectivities"] + adata.obsp["connectivities"].T, k=1)
    expect(page.locator(".edge-count")).to_have_text(f"{upper.nnz} edges drawn.")
    viewer.settle()
    assert changed(bare, viewer.pixels()) > 1000
    page.get_by_label("Edges of the neighbour graph").select_option("none")

    vectors = page.get_by_label("Vectors")
    vectors.select_option(index=1)
    viewer.wait()
    with_arrows = viewer.pixels()
    vectors.select_option(label="None")
    viewer.wait()
    assert changed(viewer.pixels(), with_arrows) > 300

    gene = str(adata.var_names[int(np.argmax(np.asarray(adata.X.sum(axis=0)).ravel()))])
    viewer.choose_gene(gene)
    x, y = viewer.spots()[0]
    viewer.point_at(x, y)
    _, values = viewer.told()
    cell = int(viewer.tooltip.get_attribute("data-cell") or -1)
    true = np.asarray(adata[:, gene].X.toarray()).ravel()
    step = np.ptp(true) / 254 if quantised else 0
    assert abs(float(values[gene]) - true[cell]) <= step + 1e-5
    # To find out which format it is, the page asks for files that are not there.
    said[:] = [line for line in said if "404" not in line]
