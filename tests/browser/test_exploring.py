"""Over HTTP: colours, filters, tooltips, the camera, the image."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import anndata
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.page import ViewerPage, changed
from tests.browser.sample import COLUMNS, HOSTILE, N_CELLS, SPACING


@pytest.fixture
def open_sample(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> Callable[[str], ViewerPage]:
    url = served(sample_bundle)

    def open_at(link: str = "") -> ViewerPage:
        viewer.open(url + link)
        return viewer

    return open_at


def test_pixels_change_with_annotation_gene_and_filter(open_sample: Callable[..., ViewerPage]) -> None:
    viewer = open_sample()
    by_type = viewer.pixels()
    viewer.choose_column("primary")
    by_bool = viewer.pixels()
    viewer.choose_gene("Case")
    by_gene = viewer.pixels()
    viewer.choose_gene("case")
    by_other = viewer.pixels()
    pictures = [by_type, by_bool, by_gene, by_other]
    for index, picture in enumerate(pictures):
        for other in pictures[index + 1 :]:
            assert changed(picture, other) > 500
    viewer.choose_column("cell_type")
    assert changed(by_type, viewer.pixels()) == 0
    viewer.toggle("T cell")
    assert changed(by_type, viewer.pixels()) > 500


def test_colours_are_those_of_the_file(open_sample: Callable[..., ViewerPage]) -> None:
    viewer = open_sample("#embedding=X_umap&column=cell_type")
    viewer.slide("Point opacity", "1")
    colors = {tuple(color) for color in viewer.pixels().reshape(-1, 3).tolist()}
    assert {(0xD6, 0x27, 0x28), (0x2C, 0xA0, 0x2C), (0x1F, 0x77, 0xB4)} <= colors


def test_legend_counts_and_switches_categories(
    open_sample: Callable[..., ViewerPage], sample: anndata.AnnData
) -> None:
    viewer = open_sample("#column=cell_type")
    legend = viewer.page.locator(".legend")
    counts = sample.obs["cell_type"].value_counts()
    for name in sample.obs["cell_type"].cat.categories:
        expect(legend.locator("li").filter(has_text=name).locator(".count")).to_have_text(str(counts[name]))
    expect(legend.locator("li").filter(has_text="missing").locator(".count")).to_have_text("1")

    viewer.toggle("B cell")
    expect(viewer.caption).to_contain_text(f"{N_CELLS - counts['B cell']} of {N_CELLS} cells")
    legend.get_by_role("button", name="Hide all").click()
    expect(viewer.caption).to_contain_text(f"0 of {N_CELLS} cells")
    legend.get_by_role("button", name="Only this: Monocyte").click()
    expect(viewer.caption).to_contain_text(f"{counts['Monocyte']} of {N_CELLS} cells")
    legend.get_by_role("button", name="Show all").click()
    expect(viewer.caption).to_contain_text(f"{N_CELLS} cells")


def test_filters_of_several_columns_go_together(
    open_sample: Callable[..., ViewerPage], sample: anndata.AnnData
) -> None:
    viewer = open_sample("#column=cell_type")
    viewer.toggle("B cell")
    viewer.choose_gene("Case")
    viewer.page.get_by_label("Filter by").select_option(label="primary")
    viewer.toggle("false")
    kept = (sample.obs["cell_type"] != "B cell").to_numpy() & sample.obs["primary"].to_numpy()
    expect(viewer.caption).to_contain_text(f"{kept.sum()} of {N_CELLS} cells")
    viewer.page.get_by_role("button", name="Remove filter: cell_type").click()
    expect(viewer.caption).to_contain_text(f"{sample.obs['primary'].sum()} of {N_CELLS} cells")


def test_tooltip_tells_the_true_values(
    open_sample: Callable[..., ViewerPage], sample: anndata.AnnData
) -> None:
    told = quote(json.dumps(list(sample.obs.columns)))
    viewer = open_sample(f"#embedding=X_umap&gene=Case&tooltip={told}")
    spots = viewer.spots()
    rng = np.random.default_rng(1)
    seen = set()
    for x, y in spots[rng.choice(len(spots), 25, replace=False)]:
        viewer.point_at(x, y)
        cell_id, values = viewer.told()
        assert values == _expected(sample, cell_id, "Case")
        seen.add(cell_id)
    assert len(seen) > 15


def _expected(sample: anndata.AnnData, cell_id: str, gene: str) -> dict[str, str]:
    """Values as the page shows them, straight from the AnnData: with three digits."""
    row = sample.obs.loc[cell_id]
    shown = {gene: float(sample[cell_id, gene].X.item()), **row}
    texts = {}
    for name, value in shown.items():
        if isinstance(value, float):
            texts[str(name)] = "—" if np.isnan(value) else f"{value:.3g}"
        elif isinstance(value, (bool, np.bool_)):
            texts[str(name)] = str(bool(value)).lower()
        else:
            texts[str(name)] = str(value)
    return texts


def test_cells_lie_where_their_coordinates_say(
    open_sample: Callable[..., ViewerPage], sample: anndata.AnnData
) -> None:
    for embedding, y_sign in (("spatial", 1), ("X_umap", -1)):
        viewer = open_sample(f"#embedding={embedding}&column=cell_type")
        viewer.page.reload()
        viewer.wait()
        uncheck = viewer.page.get_by_label("Tissue image")
        if uncheck.count():
            uncheck.uncheck()
            viewer.settle()
        spots = viewer.spots()
        rings, points = [], []
        for x, y in spots[np.linspace(0, len(spots) - 1, 12).astype(int)]:
            viewer.point_at(x, y)
            cell_id, _ = viewer.told()
            rings.append(viewer.ring())
            points.append(sample.obsm[embedding][sample.obs_names.get_loc(cell_id)])
        drawn, true = np.array(rings), np.array(points)
        scale_x, _ = np.polyfit(true[:, 0], drawn[:, 0], 1)
        scale_y, _ = np.polyfit(true[:, 1], drawn[:, 1], 1)
        assert scale_x > 0
        assert scale_y * y_sign == pytest.approx(scale_x, rel=1e-3)
        fitted = np.stack([scale_x * true[:, 0], scale_y * true[:, 1]], axis=1)
        assert np.ptp(drawn - fitted, axis=0).max() < 0.5


def test_a_cell_is_drawn_where_it_is_on_deep_zoom(
    open_sample: Callable[..., ViewerPage], sample: anndata.AnnData
) -> None:
    zoom = 12
    assert 2**zoom * SPACING > 100_000  # the next cell is a hundred screens away
    for cell in (0, 137, N_CELLS - 1):
        x, y = sample.obsm["spatial"][cell]
        viewer = open_sample(f"#column=cell_type&view={x},{y},{zoom}")
        viewer.page.reload()
        viewer.wait()
        height, width = viewer.pixels().shape[:2]
        viewer.point_at(width / 2, height / 2)
        assert viewer.told()[0] == sample.obs_names[cell]
        assert viewer.ring() == pytest.approx((width / 2, height / 2), abs=1)


def test_the_wheel_zooms_around_the_pointer(open_sample: Callable[..., ViewerPage]) -> None:
    viewer = open_sample("#column=cell_type")
    viewer.page.get_by_label("Tissue image").uncheck()
    viewer.settle()
    spots = viewer.spots()
    viewer.point_at(*spots[len(spots) // 3])
    cell_id, _ = viewer.told()
    x, y = viewer.ring()
    viewer.point_at(x, y)
    for notches in [-200, 200] + 12 * [900]:  # the last ones far beyond where zooming ends
        viewer.page.mouse.wheel(0, notches)
        viewer.settle()
    viewer.point_at(x + 40, y + 40)  # a pointer that rests is not asked
    viewer.point_at(x, y)
    assert viewer.told()[0] == cell_id
    assert np.hypot(*np.subtract(viewer.ring(), (x, y))) < 2


@pytest.mark.big
def test_image_lies_under_the_cells(open_sample: Callable[..., ViewerPage], sample: anndata.AnnData) -> None:
    viewer = open_sample("#column=primary")
    viewer.slide("Image opacity", "1")
    without_cells = "#column=primary&hidden=" + '[["primary",["true","false"]]]'
    corners = {}
    for name, near in (("first", (0, 0)), ("last", (viewer.pixels().shape[1], 0))):
        viewer.point_at(*_nearest_cell(viewer, near))
        corners[name] = (viewer.told()[0], viewer.ring())
    assert corners["first"][0] == sample.obs_names[0]
    assert corners["last"][0] == sample.obs_names[COLUMNS - 1]

    viewer.page.evaluate("link => { location.hash = link }", without_cells)
    expect(viewer.caption).to_contain_text(f"0 of {N_CELLS}")
    viewer.wait()
    picture = viewer.pixels()
    for name, color in (("first", (255, 0, 0)), ("last", (0, 0, 255))):
        x, y = (round(coordinate) for coordinate in corners[name][1])
        assert np.abs(picture[y, x].astype(int) - color).max() < 12, name
    viewer.page.get_by_label("Tissue image").uncheck()
    viewer.settle()
    assert len(viewer.spots()) == 0


def _nearest_cell(viewer: ViewerPage, corner: tuple[int, int]) -> tuple[int, int]:
    """A pixel of the cell that is drawn nearest to a corner of the canvas."""
    viewer.page.get_by_label("Tissue image").uncheck()
    viewer.settle()
    spots = viewer.spots()
    viewer.page.get_by_label("Tissue image").check()
    viewer.settle()
    x, y = spots[np.argmin(np.abs(spots - np.array(corner)).sum(axis=1))]
    return int(x), int(y)


@pytest.mark.big
def test_colour_range_changes_pixels_and_comes_back(open_sample: Callable[..., ViewerPage]) -> None:
    viewer = open_sample("#embedding=X_umap&gene=Case")
    whole = viewer.pixels()
    viewer.slide("Highest colour at", "200")
    assert changed(whole, viewer.pixels()) > 500
    viewer.page.get_by_role("button", name="5 to 95 %").click()
    viewer.settle()
    assert changed(whole, viewer.pixels()) > 500
    viewer.page.get_by_role("button", name="Full").click()
    viewer.settle()
    assert changed(whole, viewer.pixels()) == 0


@pytest.mark.big
def test_high_values_are_drawn_over_low_ones(
    open_sample: Callable[..., ViewerPage], sample: anndata.AnnData
) -> None:
    viewer = open_sample("#embedding=X_umap&gene=Case")
    viewer.slide("Point opacity", "1")
    viewer.slide("Point size", "5")
    drawn = {tuple(color) for color in viewer.pixels().reshape(-1, 3).tolist()}
    assert (253, 231, 37) in drawn  # the yellow end of viridis: nothing covers the highest cell


def test_keys_move_zoom_and_search(open_sample: Callable[..., ViewerPage]) -> None:
    viewer = open_sample()
    viewer.stage.focus()
    viewer.page.keyboard.press("0")  # a first key, for the ring around what has the focus
    start = viewer.pixels()
    for key in ("+", "ArrowLeft", "ArrowUp"):
        before = viewer.pixels()
        viewer.page.keyboard.press(key)
        viewer.settle()
        assert changed(before, viewer.pixels()) > 500, key
    viewer.page.keyboard.press("0")
    viewer.settle()
    assert changed(start, viewer.pixels()) == 0

    viewer.page.keyboard.press("/")
    viewer.page.keyboard.type("c")
    options = viewer.page.get_by_role("listbox", name="Genes").get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    names = options.all_text_contents()
    viewer.page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    viewer.page.keyboard.press("Enter")
    expect(viewer.caption.locator("strong")).to_have_text(names[1])
    viewer.page.keyboard.press("Escape")
    viewer.stage.focus()
    viewer.page.keyboard.press("?")
    expect(viewer.page.get_by_role("dialog")).to_be_visible()
    viewer.page.keyboard.press("Escape")
    expect(viewer.page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.big
def test_a_copied_link_shows_the_same(
    open_sample: Callable[..., ViewerPage], new_page: Callable[..., ViewerPage]
) -> None:
    viewer = open_sample("#embedding=X_umap")
    viewer.choose_column("cell_type")
    viewer.toggle("Monocyte")
    viewer.choose_gene(HOSTILE[0])
    viewer.slide("Highest colour at", "500")
    viewer.page.get_by_role("button", name="Zoom in").click()
    viewer.settle()
    expect(viewer.page).to_have_url(re.compile("view="))  # the address is written once the view rests
    other = new_page()
    other.open(viewer.page.url)
    expect(other.caption.locator("strong")).to_have_text(HOSTILE[0])
    # The address rounds to a hundredth of a pixel, so some rims are a shade lighter or darker.
    before, after = viewer.pixels().astype(int), other.pixels().astype(int)
    assert np.abs(before - after).max() < 40
