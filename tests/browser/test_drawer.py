"""The drawer: where it docks, its size and tabs by keys, and the plots of loaded values, against pandas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.page import ViewerPage
from tests.browser.sample import HOSTILE, HOSTILE_COLUMN
from tests.browser.test_looks import SIZES
from tests.browser.test_markers import LINK, drawer

GROUPS = ["cell_type", HOSTILE_COLUMN]


@pytest.fixture
def url(sample_bundle: Path, served: Callable[[Path], str]) -> str:
    return served(sample_bundle)


def open_plot(viewer: ViewerPage, url: str, name: str) -> Page:
    viewer.open(url + LINK)
    plots = viewer.page.get_by_role("region", name="Plots", exact=True)
    plots.get_by_role("button", name=name).click()
    return viewer.page


def extent(page: Page) -> tuple[float, float]:
    box = drawer(page).bounding_box()
    assert box is not None
    return box["width"], box["height"]


def expect_extent(page: Page, width: float | None = None, height: float | None = None) -> None:
    """Wait until the drawer has a width or a height: it is drawn after the key or the click."""
    element = drawer(page).element_handle()
    page.wait_for_function(
        """([element, width, height]) => {
            const box = element.getBoundingClientRect();
            return (width ?? box.width) === box.width && (height ?? box.height) === box.height;
        }""",
        arg=[element, width, height],
    )


def saved(page: Page, path: Path) -> pd.DataFrame:
    with page.expect_download() as download:
        drawer(page).get_by_role("button", name="CSV", exact=True).click()
    download.value.save_as(path)
    return pd.read_csv(path, float_precision="round_trip")


def readout(page: Page) -> Locator:
    return drawer(page).locator(".readout")


def test_it_docks_and_is_resized_by_mouse_and_keys(viewer: ViewerPage, url: str) -> None:
    page = open_plot(viewer, url, "Histogram")
    edge = drawer(page).get_by_role("separator", name="Size of the drawer")
    expect(edge).to_have_attribute("aria-orientation", "horizontal")
    width, height = extent(page)
    box = edge.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=4)
    page.mouse.up()
    expect_extent(page, width, height + 60)
    edge.press("ArrowDown")
    expect_extent(page, width, height + 60 - 24)
    edge.press("Home")
    expect_extent(page, height=180)
    expect(edge).to_have_attribute("aria-valuenow", edge.get_attribute("aria-valuemin") or "")

    drawer(page).get_by_role("button", name="Dock at the right").click()
    expect(edge).to_have_attribute("aria-orientation", "vertical")
    expect_extent(page, height=800)
    before = round(extent(page)[0])
    edge.press("Shift+ArrowRight")
    expect_extent(page, width=before - 96)
    # Both survive a reload, and a narrow window has it below.
    page.reload()
    viewer.wait()
    expect_extent(page, before - 96, 800)
    page.set_viewport_size({"width": 390, "height": 800})
    expect(edge).to_have_attribute("aria-orientation", "horizontal")
    expect_extent(page, width=390)
    expect(drawer(page).get_by_role("button", name="Dock below")).to_be_hidden()
    page.set_viewport_size({"width": 1200, "height": 800})
    drawer(page).get_by_role("button", name="Dock below").click()
    expect_extent(page, height=180)
    edge.dblclick()
    expect_extent(page, height=height)
    page.keyboard.press("Escape")
    expect(drawer(page)).to_have_count(0)


def test_tabs_are_one_stop_and_arrows_lead_through_them(viewer: ViewerPage, url: str) -> None:
    page = open_plot(viewer, url, "Composition")
    tab = drawer(page).get_by_role("tab", selected=True)
    expect(tab).to_have_text("Composition")
    expect(tab).to_be_focused()
    expect(drawer(page).get_by_role("tabpanel", name="Composition")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(drawer(page).get_by_role("tab", name="Histogram")).to_be_focused()
    expect(tab).to_have_text("Composition")
    page.keyboard.press("Enter")
    expect(tab).to_have_text("Histogram")
    page.keyboard.press("Tab")
    expect(tab).not_to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(tab).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Composition").first).to_be_visible()


def test_a_histogram_counts_as_pandas_does(
    viewer: ViewerPage, url: str, sample: anndata.AnnData, tmp_path: Path
) -> None:
    page = open_plot(viewer, url, "Histogram")
    values = drawer(page).get_by_role("combobox", name="Values")
    values.fill("Case")
    values.press("Enter")
    expect(drawer(page).get_by_role("img", name="Histogram of Case")).to_be_visible()
    numbers = np.asarray(sample.X)[:, HOSTILE.index("Case")]

    found = saved(page, tmp_path / "all.csv")
    counts, edges = np.histogram(numbers.astype(float), bins=40)
    np.testing.assert_allclose(found["from"], edges[:-1], rtol=1e-12)
    np.testing.assert_array_equal(found["cells"], counts)

    # Without the cells of a category, split, in fewer bins.
    viewer.toggle("Monocyte")
    drawer(page).get_by_label("Split by").select_option(label="cell_type")
    drawer(page).get_by_label("Bins").fill("6")
    drawer(page).get_by_label("Bins").press("Enter")
    expect(drawer(page).locator("svg.plot path[fill^='#'], svg.plot path[fill^='rgb']")).not_to_have_count(1)
    frame = pd.DataFrame({"value": numbers.astype(float), "group": sample.obs["cell_type"].astype(object)})
    shown = frame[frame["group"] != "Monocyte"]
    page.wait_for_timeout(300)
    found = saved(page, tmp_path / "split.csv")
    edges = np.histogram_bin_edges(shown["value"], bins=6)
    for group, lines in found.groupby("cell_type", dropna=False):
        chosen = shown["group"].isna() if pd.isna(group) else shown["group"] == group
        np.testing.assert_array_equal(lines["cells"], np.histogram(shown["value"][chosen], bins=edges)[0])
    assert found["cells"].sum() == len(shown)

    # By keys: from bin to bin. The table has the lines of the CSV.
    drawer(page).get_by_role("region", name="Histogram of Case by cell_type").focus()
    page.keyboard.press("End")
    last = int(found["cells"][found["to"] == found["to"].max()].sum())
    expect(readout(page)).to_contain_text(f": {last} cell")
    drawer(page).get_by_role("button", name="Numbers").click()
    expect(drawer(page).get_by_role("table").get_by_role("row")).to_have_count(len(found) + 1)
    viewer.wait_for_link("plot=%7B%22view%22%3A%22histogram%22")
    page.reload()
    viewer.wait()
    expect(drawer(page).get_by_label("Bins")).to_have_value("6")


def test_a_composition_counts_as_pandas_does(
    viewer: ViewerPage, url: str, sample: anndata.AnnData, tmp_path: Path
) -> None:
    page = open_plot(viewer, url, "Composition")
    drawer(page).get_by_label("In each of").select_option(label=HOSTILE_COLUMN)
    plot = drawer(page).get_by_role("img", name="Composition of cell_type in <img")
    expect(plot).to_be_visible()
    assert page.evaluate("window.pwned") is None
    parts = plot.locator("rect[height='18']")
    expected = sample.obs.groupby(HOSTILE_COLUMN, observed=True)["cell_type"].value_counts(dropna=False)
    expect(parts).to_have_count(int((expected > 0).sum()))
    found = saved(page, tmp_path / "all.csv")

    def check(found: pd.DataFrame, expected: pd.Series) -> None:
        totals = found.groupby(HOSTILE_COLUMN)["cells"].transform("sum")
        np.testing.assert_allclose(found["share"], found["cells"] / totals, rtol=1e-12)
        for _, line in found.iterrows():
            kind = line["cell_type"]
            kinds = expected.loc[line[HOSTILE_COLUMN]]
            count = kinds[kinds.index.isna()].sum() if pd.isna(kind) else kinds.get(kind, 0)
            assert line["cells"] == count
        assert found["cells"].sum() == expected.sum()

    check(found, expected)
    # The colours are those of the legend.
    legend = page.locator(".legend li .swatch, .legend li [style*='background']").first
    colour = legend.evaluate("e => getComputedStyle(e).backgroundColor")
    assert parts.first.evaluate("e => getComputedStyle(e).fill") == colour

    # Without a category, and of the selected cells only.
    viewer.toggle("T cell")
    page.get_by_role("button", name="Invert", exact=True).click()
    viewer.toggle("T cell")
    drawer(page).get_by_label("Only selected cells").check()
    drawer(page).get_by_label("Lengths").select_option(label="Cells")
    drawer(page).get_by_label("Order").select_option(label="By cells")
    page.wait_for_timeout(300)
    kept = sample.obs[sample.obs["cell_type"] != "T cell"]
    found = saved(page, tmp_path / "selected.csv")
    check(found, kept.groupby(HOSTILE_COLUMN, observed=True)["cell_type"].value_counts(dropna=False))
    sums = found.groupby(HOSTILE_COLUMN, sort=False)["cells"].sum()
    assert sums.is_monotonic_decreasing
    parts.first.hover()
    expect(readout(page)).to_contain_text("cells, ")


def test_at_the_right_the_plot_and_its_tab_are_seen(new_page: Callable[..., ViewerPage], url: str) -> None:
    viewer = new_page(viewport={"width": 1400, "height": 900})
    page = open_plot(viewer, url, "Scatter")
    tab = drawer(page).get_by_role("tab", selected=True)
    expect(tab).to_have_text("Scatter")
    drawer(page).get_by_role("button", name="Dock at the right").click()
    expect(tab).to_be_in_viewport(ratio=0.95)
    # Without a choice there is no plot, so the fields are unfolded.
    up = drawer(page).get_by_role("combobox", name="Up", exact=True)
    for label, gene in (("Across", "Case"), ("Up", "case")):
        field = drawer(page).get_by_role("combobox", name=label, exact=True)
        field.fill(gene)
        field.press("Enter")
    expect(drawer(page).locator("svg.scatter-plot")).to_be_visible()
    expect(up).to_be_visible()

    # The typed bound that is wrong is named.
    drawer(page).get_by_role("textbox", name="Across from").fill("5")
    drawer(page).get_by_role("textbox", name="Across to").fill("1")
    expect(drawer(page).get_by_role("alert")).to_have_text("Across from (5) must not be above Across to (1).")
    expect(drawer(page).get_by_role("button", name="Select", exact=True)).to_be_disabled()
    assert violations(page) == []

    drawer(page).get_by_role("tab", name="Violins").click()
    expect(tab).to_be_in_viewport(ratio=0.95)
    expect(page.locator("svg.violins")).to_be_in_viewport(ratio=0.9)
    fold = drawer(page).get_by_role("button", name="What is drawn, and how")
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.click()
    drawer(page).get_by_label("Split by").select_option(label=HOSTILE_COLUMN)
    fold.click()
    # The names of all parts are within the picture.
    plot = page.locator("svg.violins")
    expect(plot.locator("rect[rx='2']")).not_to_have_count(0)
    ends = plot.evaluate(
        "plot => [...plot.querySelectorAll('text')].map((each) => each.getBoundingClientRect().right"
        " - plot.getBoundingClientRect().right)"
    )
    assert max(ends) <= 0


def test_a_plot_says_what_it_cannot_draw(viewer: ViewerPage, url: str) -> None:
    page = open_plot(viewer, url, "Histogram")
    bins = drawer(page).get_by_label("Bins, 1 to 200")
    for typed, shown in (("7", "7"), ("", "7"), ("500", "200")):
        bins.fill(typed)
        bins.press("Enter")
        bins.blur()
        expect(bins).to_have_value(shown)
    for view in ("Histogram", "Composition"):
        drawer(page).get_by_role("tab", name=view).click()
        expect(page.locator("svg.plot")).to_be_visible()
        drawer(page).get_by_label("Only selected cells").check()
        expect(drawer(page).get_by_text("No cells are selected.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Invert", exact=True).click()
    expect(drawer(page).get_by_role("img", name="Composition of")).to_be_visible()


@pytest.mark.parametrize(("scheme", "size"), [("light", "wide"), ("dark", "narrow")])
def test_no_serious_violation(new_page: Callable[..., ViewerPage], url: str, scheme: str, size: str) -> None:
    viewer = new_page(viewport=SIZES[size], color_scheme=scheme)
    page = open_plot(viewer, url, "Histogram")
    expect(page.locator("svg.plot")).to_be_visible()
    assert violations(page) == []
    if size == "wide":
        drawer(page).get_by_role("button", name="Dock at the right").click()
    drawer(page).get_by_role("button", name="Numbers").click()
    expect(drawer(page).get_by_role("table")).to_be_visible()
    assert violations(page) == []
    drawer(page).get_by_role("tab", name="Composition").click()
    expect(page.locator("svg.plot")).to_be_visible()
    assert violations(page) == []
    overflow = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
