"""Panels beside the stage, the curtain, and cells that move from one embedding to another."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

import karospace_stream
from tests.browser.axe import violations
from tests.browser.page import ViewerPage, changed
from tests.made.sections import make_sections

#: Keeps all WebGL contexts of the page in sight, without keeping them alive.
CONTEXTS = """() => {
  const all = (window.contexts = []);
  const get = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const context = get.call(this, kind, ...rest);
    const known = all.some((each) => each.deref() === context);
    if (context && kind.startsWith('webgl') && !known) all.push(new WeakRef(context));
    return context;
  };
}"""
LIVING = "() => contexts.filter((each) => each.deref() && !each.deref().isContextLost()).length"
#: A clock that can be stopped.
CLOCK = """() => {
  const now = performance.now.bind(performance);
  window.stopped = null;
  performance.now = () => window.stopped ?? now();
}"""
UMAP = "UMAP beside this"


def side(viewer: ViewerPage) -> Locator:
    return viewer.page.locator(".side-plot")


def open_side(viewer: ViewerPage) -> Locator:
    viewer.page.get_by_role("button", name=UMAP).click()
    expect(side(viewer)).to_have_attribute("data-searchable", "true")
    viewer.settle()
    return side(viewer)


def picture(plot: Locator) -> npt.NDArray[np.uint8]:
    png = plot.locator("canvas").screenshot(caret="initial")
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def in_plot(viewer: ViewerPage, plot: Locator, mark: str) -> tuple[float, float]:
    """Where a ring is, in pixels of the page."""
    ring, box = plot.locator(mark), plot.bounding_box()
    assert box is not None
    style = ring.first.get_attribute("style") or ""
    found = re.search(r"left: ([-\d.]+)px; top: ([-\d.]+)px", style)
    assert found, style
    return box["x"] + float(found[1]), box["y"] + float(found[2])


def test_a_cell_and_a_selection_are_seen_in_all_panels(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    viewer.open(served(sample_bundle))
    plot = open_side(viewer)
    x, y = viewer.spots()[len(viewer.spots()) // 2]
    viewer.point_at(x, y)
    cell, _ = viewer.told()
    expect(viewer.page.locator(".ring")).to_have_count(2)
    # Where the ring beside is, there is the same cell.
    viewer.page.mouse.move(*in_plot(viewer, plot, ".ring"))
    expect(plot.get_by_role("tooltip")).to_be_visible()
    expect(viewer.tooltip).to_have_count(1)
    assert viewer.told()[0] == cell
    # A click keeps its ring in both.
    viewer.page.mouse.click(*in_plot(viewer, plot, ".ring"))
    viewer.page.mouse.move(5, 5)
    expect(viewer.tooltip).to_have_count(0)
    expect(viewer.stage.locator(".ring")).to_have_count(1)
    expect(plot.locator(".ring")).to_have_count(1)
    # What is selected in one fades the others in both.
    before = [picture(viewer.stage), picture(plot)]
    viewer.page.keyboard.press("r")
    box = plot.bounding_box()
    assert box is not None
    viewer.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    viewer.page.mouse.down()
    viewer.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6, steps=3)
    viewer.page.mouse.up()
    expect(viewer.caption).to_contain_text("selected")
    viewer.page.keyboard.press("v")
    viewer.settle()
    assert all(
        changed(one, two) > 200
        for one, two in zip(before, [picture(viewer.stage), picture(plot)], strict=True)
    )
    # The link has the panel.
    viewer.wait_for_link("beside=")
    viewer.page.get_by_role("button", name="Close the panel", exact=True).click()
    expect(side(viewer)).to_have_count(0)


def test_the_edge_of_a_panel_is_moved_by_keys_and_mouse(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    viewer.open(served(sample_bundle))
    plot = open_side(viewer)
    edge = viewer.page.get_by_role("separator", name="Size of the panels beside the stage")
    expect(edge).to_have_attribute("aria-valuenow", "50")
    edge.press("Shift+ArrowRight")
    expect(edge).to_have_attribute("aria-valuenow", "58")
    at, width = edge.bounding_box(), plot.evaluate("e => e.clientWidth")
    assert at is not None
    viewer.page.mouse.move(at["x"] + 3, at["y"] + 200)
    viewer.page.mouse.down()
    viewer.page.mouse.move(at["x"] - 150, at["y"] + 200, steps=3)
    viewer.page.mouse.up()
    assert abs(plot.evaluate("e => e.clientWidth") - width - 153) < 12
    viewer.page.set_viewport_size({"width": 390, "height": 844})
    expect(viewer.page.locator(".plots.narrow")).to_have_count(1)
    stage, below = viewer.stage.bounding_box(), plot.bounding_box()
    assert stage is not None
    assert below is not None
    assert below["y"] > stage["y"] + stage["height"]


def test_panels_that_are_closed_leave_no_webgl_context(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    viewer.page.add_init_script(f"({CONTEXTS})()")
    viewer.open(served(sample_bundle))
    before = viewer.page.evaluate(LIVING)
    assert before >= 1
    for _ in range(10):
        viewer.page.keyboard.press("w")
        expect(side(viewer)).to_have_attribute("data-searchable", "true")
        assert viewer.page.evaluate(LIVING) == before + 1
        viewer.page.keyboard.press("w")
        expect(side(viewer)).to_have_count(0)
    assert viewer.page.evaluate(LIVING) == before
    viewer.settle()
    assert len(viewer.spots()) > 500


def test_a_curtain_has_the_colours_of_both_sides(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    url = served(sample_bundle)
    viewer.open(f"{url}#column=score")
    right = viewer.pixels()
    viewer.choose_column("cell_type")
    left = viewer.pixels()
    viewer.page.get_by_role("button", name="Curtain").click()
    viewer.page.get_by_role("combobox", name="Right of the curtain", exact=True).select_option(label="score")
    slider = viewer.page.get_by_role("slider", name="Curtain")
    expect(slider).to_have_attribute("aria-valuenow", "50")
    expect(viewer.page.get_by_label("Legend on the right: score")).to_be_visible()
    viewer.settle()
    _hide(viewer)
    both = viewer.pixels()
    middle = both.shape[1] // 2
    assert changed(both[:, : middle - 2], left[:, : middle - 2]) == 0
    assert changed(both[:, middle + 2 :], right[:, middle + 2 :]) == 0
    assert changed(both[:, middle + 2 :], left[:, middle + 2 :]) > 500
    # The tooltip has both values; that of the side is the current one.
    spots = viewer.spots()
    for beyond, current in ((False, "cell_type"), (True, "score")):
        here = spots[(spots[:, 0] > middle + 60) if beyond else (spots[:, 0] < middle - 60)]
        viewer.point_at(*here[len(here) // 2])
        _, values = viewer.told()
        assert {"cell_type", "score"} <= set(values)
        expect(viewer.tooltip.locator(".current dt")).to_have_text(current)
    slider.press("Home")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "1")
    viewer.wait_for_link(quote('"at":0.01', safe=""))
    viewer.settle()
    start = both.shape[1] // 50
    assert changed(viewer.pixels()[:, start:], right[:, start:]) == 0


def _hide(viewer: ViewerPage) -> None:
    """Hide what lies over the canvas."""
    viewer.page.locator(".curtain, .curtain-legend").evaluate_all(
        "all => all.forEach((e) => { e.style.opacity = 0 })"
    )


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_cells_move_to_another_embedding_unless_motion_is_reduced(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], sample_bundle: Path, motion: str
) -> None:
    viewer = new_page(reduced_motion=motion)
    viewer.page.add_init_script(f"({CLOCK})()")
    viewer.open(served(sample_bundle))
    # The image belongs to one embedding and leaves at once.
    viewer.page.get_by_label("Tissue image").uncheck()
    viewer.settle()
    before = viewer.pixels()
    viewer.page.evaluate("() => { stopped = performance.now() }")
    viewer.page.get_by_label("Embedding").select_option(label="UMAP")
    expect(viewer.caption).to_contain_text("UMAP")
    expect(viewer.stage).to_have_attribute("data-moving", "true" if motion == "no-preference" else "false")
    viewer.page.wait_for_timeout(300)
    begun = viewer.pixels()
    viewer.page.evaluate("() => { stopped = null }")
    expect(viewer.stage).to_have_attribute("data-moving", "false")
    viewer.wait()
    after = viewer.pixels()
    # The first picture of the motion is the one before it, on the way to the same as without.
    far = changed(before, after)
    assert changed(begun, after if motion == "reduce" else before) < far / 10


def test_a_panel_stands_beside_the_grid_of_sections(
    viewer: ViewerPage, served: Callable[[Path], str], tmp_path: Path
) -> None:
    adata = make_sections()
    # On a lattice, so that no cell lies over another.
    places = np.random.default_rng(3).permutation(adata.n_obs)
    adata.obsm["X_umap"] = np.stack([places % 32, places // 32], axis=1).astype(np.float32)
    karospace_stream.export(adata, tmp_path / "bundle", section="section", anno="all")
    viewer.page.goto(f"{served(tmp_path / 'bundle')}#panels=grid")
    grid = viewer.page.locator(".section-grid")
    expect(grid.locator("[data-settled=true]")).to_be_attached()
    viewer.page.keyboard.press("w")
    plot = side(viewer)
    expect(plot).to_have_attribute("data-searchable", "true")
    expect(viewer.page.get_by_role("button", name="Curtain")).to_be_disabled()
    # All cells are on the right, and none of the panels of the sections lies under them.
    box, beside = grid.bounding_box(), plot.bounding_box()
    assert box is not None
    assert beside is not None
    assert box["x"] + box["width"] <= beside["x"]
    expect(grid.locator("[data-settled=true]")).to_be_attached()
    cells = grid.locator(".section-panel .cells").first.bounding_box()
    assert cells is not None
    for at in np.random.default_rng(0).uniform(0.2, 0.8, (200, 2)):
        viewer.page.mouse.move(cells["x"] + cells["width"] * at[0], cells["y"] + cells["height"] * at[1])
        viewer.page.wait_for_timeout(50)
        if viewer.tooltip.count() > 0:
            break
    expect(grid.get_by_role("tooltip")).to_be_visible()
    cell = viewer.tooltip.get_attribute("data-cell")
    # Where the ring beside is, there is the same cell; in the grid it then has a ring.
    viewer.page.mouse.move(*in_plot(viewer, plot, ".ring"))
    expect(plot.get_by_role("tooltip")).to_have_attribute("data-cell", cell or "")
    expect(grid.locator(".ring")).to_have_count(1)
    viewer.wait_for_link("beside=")
    viewer.page.reload()
    expect(side(viewer)).to_have_attribute("data-searchable", "true")
    expect(grid.locator("[data-settled=true]")).to_be_attached()


def test_a_plot_stands_beside_the_cells(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    page = viewer.page
    viewer.open(f"{served(sample_bundle)}#column=cell_type")
    page.get_by_role("region", name="Plots", exact=True).get_by_role("button", name="Composition").click()
    move = page.get_by_role("button", name="Move beside the cells")
    move.press("Enter")
    panel = page.get_by_role("region", name="Panel 1: Composition")
    picture = panel.get_by_role("img", name=re.compile("Composition of cell_type"))
    expect(picture).to_be_visible()
    expect(page.get_by_role("region", name="Drawer")).to_have_count(0)
    # The keys go on where the plot is, and another one is a choice.
    choice = panel.get_by_label("What panel 1 shows")
    expect(choice).to_be_focused()
    # Filters of the legend are those of the plot.
    parts = picture.locator("rect[stroke]")
    before = parts.count()
    viewer.toggle("T cell")
    expect(parts).not_to_have_count(before)
    viewer.toggle("T cell")
    expect(parts).to_have_count(before)
    choice.select_option(label="Violins")
    panel = page.get_by_role("region", name="Panel 1: Violins")
    fold = panel.get_by_role("button", name="What is drawn, and how")
    if fold.get_attribute("aria-expanded") == "false":
        fold.click()
    field = panel.get_by_role("combobox", name="Values")
    field.fill("score")
    field.press("Enter")
    violins = panel.get_by_role("img", name=re.compile("Violins of score"))
    expect(violins).to_be_visible()
    # What is selected in it is selected on the stage.
    scrolled = panel.get_by_role("region", name=re.compile("Violins of score"))
    scrolled.press("Home")
    panel.get_by_role("button", name=re.compile("^Select: ")).click()
    expect(viewer.caption).to_contain_text("selected")
    # The link has the plot and its choices.
    viewer.wait_for_link(quote('"view":"violin"', safe=""))
    page.reload()
    viewer.wait()
    expect(violins).to_be_visible()
    assert violations(page) == []
    scrolled.press("Escape")
    expect(panel).to_have_count(0)
    expect(viewer.stage).to_be_focused()
