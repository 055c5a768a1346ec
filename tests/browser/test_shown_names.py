"""A category with another name for display: plots and tables have it, files hold both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page import ViewerPage
from tests.browser.test_drawer import readout, saved
from tests.browser.test_looks import SIZES
from tests.browser.test_markers import LINK, drawer, panel
from tests.browser.test_neighbours import bundle, look, near

__all__ = ["bundle", "near"]
NEW = "Renamed cells"


@pytest.fixture
def url(bundle: Path, served: Callable[[Path], str]) -> str:
    return served(bundle)


def rename_first(page: Page) -> str:
    """Renames the first category of the legend; returns the name in the data."""
    page.locator(".legend .options-button").click()
    row = page.locator(".legend li").first
    old = row.locator(".name").inner_text()
    row.get_by_role("button", name="Edit:").click()
    field = page.get_by_role("textbox", name="Name to show for")
    field.fill(NEW)
    field.press("Enter")
    expect(row.locator(".name")).to_have_text(NEW)
    return old


def open_view(page: Page, name: str) -> None:
    place = page.get_by_role("region", name="Plots", exact=True)
    button = place.get_by_role("button", name=name, exact=True)
    (button if button.count() else panel(page).get_by_role("button", name=name, exact=True)).click()


def test_plots_tables_and_files_have_the_new_name(viewer: ViewerPage, url: str, tmp_path: Path) -> None:
    viewer.open(url + LINK)
    page = viewer.page
    old = rename_first(page)
    picture = drawer(page).locator("svg.plot, .plot-picture svg, [role=img]").filter(has_text=NEW).first
    for name, has_file in (
        ("Violins", True),
        ("Histogram", False),
        ("Composition", True),
        ("Dot plot", True),
        ("Neighbours", True),
    ):
        open_view(page, name)
        if name == "Histogram":
            page.get_by_role("combobox", name="Split by", exact=True).select_option(label="cell_type")
        expect(picture).to_be_visible()
        if has_file:
            table = saved(page, tmp_path / f"{name}.csv")
            shown = next(each for each in table.columns if each.endswith(" (as shown)"))
            own = shown.removesuffix(" (as shown)")
            assert set(table.loc[table[shown] == NEW, own]) == {old}
            assert old not in set(table[shown])
    expect(readout(page)).to_be_visible()
    look(page, "By distance")
    expect(picture).to_be_visible()
    expect(drawer(page).get_by_label("Around cell_type").locator("option").first).to_have_text(NEW)
    expect(drawer(page).locator(".facts")).to_contain_text(f"of a cell of {NEW}")
    look(page, "Table")
    expect(drawer(page).get_by_role("cell", name=NEW).first).to_be_visible()
    open_view(page, "Gene table")
    group = drawer(page).get_by_label("Group of cell_type")
    expect(group.locator("option").filter(has_text=NEW)).to_have_count(1)
    group.select_option(label=NEW)
    expect(drawer(page).locator(".facts")).to_contain_text(f"“{NEW}”")
    open_view(page, "Compare")
    page.get_by_label("Cells of the first side").select_option(label="cell_type")
    page.get_by_label("Category of the first side").select_option(label=NEW)
    drawer(page).get_by_role("button", name="Compare", exact=True).click()
    expect(drawer(page).locator(".compared-title")).to_contain_text(f"{NEW} (cell_type: {old})")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_reads_names_and_reaches_all_buttons(
    new_page: Callable[..., ViewerPage], url: str, scheme: str
) -> None:
    viewer = new_page(viewport=SIZES["narrow"], has_touch=True, is_mobile=True, color_scheme=scheme)
    viewer.open(url + LINK)
    page = viewer.page
    row = page.locator(".legend li").first
    name = row.locator(".name")
    light = row.get_by_role("button", name="Spotlight:")
    row.scroll_into_view_if_needed()
    whole = "each => each.scrollWidth <= each.clientWidth"
    expect(light).to_be_visible()
    assert name.evaluate(whole)
    page.locator(".legend .options-button").tap()
    expect(light).to_be_hidden()
    assert name.evaluate(whole)
    row.get_by_role("button", name="Edit:").tap()
    for each in ("Only this:", "Select:", "Spotlight:"):
        expect(row.get_by_role("button", name=each)).to_be_visible()
    light.tap()
    expect(light).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".spotlight-line")).to_contain_text("Spotlight on")
