"""Every main state of the pages without a serious violation, and keys that lead everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from karospace_stream.testing.synth import write_synthetic
from tests.app.client import Client, running
from tests.browser.axe import violations
from tests.browser.page import NOT_FOUND, Said, ViewerPage
from tests.browser.shapes import FLAT, flat_at
from tests.browser.test_looks import SIZES

LOOKS = [("light", "wide"), ("dark", "narrow")]


@pytest.fixture(params=LOOKS, ids="-".join)
def looking(request: pytest.FixtureRequest, new_page: Callable[..., ViewerPage]) -> ViewerPage:
    """A wide light page, and a narrow dark one."""
    scheme, size = request.param
    return new_page(viewport=SIZES[size], color_scheme=scheme)


def check(page: Page, state: str) -> None:
    assert violations(page) == [], state


def gene_field(viewer: ViewerPage) -> Locator:
    return viewer.page.get_by_role("combobox", name="Gene", exact=True)


def test_a_violation_is_found(viewer: ViewerPage) -> None:
    viewer.page.set_content("<img src='data:,'><input><p style='color: #aaa'>hardly seen</p>")
    found = violations(viewer.page)
    assert {line.split()[1] for line in found} >= {"image-alt", "label", "color-contrast"}


def test_colours_filter_search_help_and_errors(
    looking: ViewerPage, served: Callable[[Path], str], bundle: Path, said: Said
) -> None:
    viewer, page = looking, looking.page
    viewer.open(served(bundle) + "#embedding=X_umap&column=cell_type")
    check(page, "a category")
    viewer.toggle("B cell")
    page.get_by_label("Filter by").select_option(label="primary")
    expect(page.locator(".legend")).to_have_count(2)
    check(page, "a filter")
    viewer.choose_gene("Case")
    check(page, "a gene")
    viewer.choose_column("score")
    check(page, "a number")
    gene_field(viewer).fill("c")
    expect(page.get_by_role("listbox", name="Genes")).to_be_visible()
    check(page, "the search of genes")
    gene_field(viewer).fill("none of this name")
    expect(page.get_by_role("status").filter(has_text="No exported gene")).to_have_count(1)
    check(page, "nothing found")
    gene_field(viewer).press("Escape")
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Show panel")).to_be_visible()
    check(page, "without the panel")
    page.keyboard.press("p")
    page.get_by_role("button", name="Image").click()
    expect(page.get_by_role("dialog", name="Save an image")).to_be_visible()
    check(page, "an image to save")
    page.keyboard.press("Escape")
    viewer.stage.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "help")
    page.keyboard.press("Escape")

    for part in (bundle / "assets" / "expression").glob("gene_00006*"):
        part.unlink()
    gene_field(viewer).fill("case")
    gene_field(viewer).press("Enter")
    expect(viewer.alert()).to_be_visible()
    check(page, "an error")
    said.were_expected(NOT_FOUND)


#: Links to what colours the cells, and what narrows them.
STATES = {
    "categories": "&column=cell_type",
    "a gene": "&gene=Case",
    "a mean of genes": "&list=" + quote('["mine", "mean", ["Case", "con"]]'),
    "a blend": "&blend=" + quote('["Case", "con"]'),
    "filters": "&column=cell_type&between=" + quote('[["column", "score", 0, 1]]'),
    "nothing": "",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_main_state(
    scheme: str, new_page: Callable[..., ViewerPage], served: Callable[[Path], str], full_bundle: Path
) -> None:
    """With all sections of the panel open, and with each view of the drawer, docked at either side."""
    viewer = new_page(viewport={"width": 1400, "height": 900}, color_scheme=scheme)
    page, url = viewer.page, served(full_bundle)
    for name, link in STATES.items():
        page.goto("about:blank")
        viewer.open(f"{url}#embedding=X_umap{link}")
        for closed in reversed(page.locator(".section-title[aria-expanded=false]").all()):
            closed.click()
        expect(viewer.alert()).to_have_count(0)
        check(page, name)
    page.goto("about:blank")
    viewer.open(f"{url}#embedding=X_umap&column=cell_type")
    page.get_by_role("button", name="Gene table").click()
    tabs = page.locator(".drawer").get_by_role("tab")
    assert tabs.count() > 3
    for side in ("Dock at the right", "Dock below"):
        for tab in tabs.all():
            tab.click()
            expect(tab).to_have_attribute("aria-selected", "true")
            viewer.wait()
            check(page, f"{tab.inner_text()} ({side})")
            numbers = page.locator(".drawer").get_by_role("button", name="Numbers", exact=True)
            if side == "Dock below" and numbers.count() > 0:
                numbers.first.click()
                check(page, f"the numbers of {tab.inner_text()}")
        page.get_by_role("button", name=side).click()


def test_overlays_selection_and_tooltip(
    looking: ViewerPage, served: Callable[[Path], str], shapes_bundle: Path
) -> None:
    viewer = looking
    viewer.open(served(shapes_bundle) + FLAT + "&edges=all&vectors=velocity_umap&labels=1")
    check(viewer.page, "overlays")
    # Of the cells, the one in the middle is within any window.
    viewer.point_at(*flat_at(viewer, 0, 0))
    expect(viewer.tooltip.locator("dd").first).to_be_visible()
    check(viewer.page, "the tooltip")
    viewer.page.keyboard.press("l")
    viewer.page.get_by_role("button", name="All shown", exact=True).click()
    expect(viewer.page.locator(".selection-count")).to_have_text("8 cells are selected.")
    check(viewer.page, "a selection")


def test_the_ways_in(
    looking: ViewerPage, served: Callable[[Path], str], bundle: Path, tmp_path: Path, said: Said
) -> None:
    page = looking.page
    page.goto((bundle / "index.html").as_uri())
    expect(page.get_by_role("heading", name="Choose the export folder")).to_be_visible()
    check(page, "from a disk")
    url = served(bundle)
    page.goto(f"{url}?data=http://elsewhere.invalid/")
    expect(page.get_by_role("button", name="Open it")).to_be_visible()
    check(page, "another host")
    page.goto(f"{url}?data=assets")
    expect(looking.alert()).to_be_visible()
    check(page, "no bundle")
    bundle.rename(tmp_path / "one")
    (tmp_path / "datasets.json").write_text(
        '{"version": 1, "datasets": [{"id": "one", "path": "one"}, {"id": "two", "path": "two"}]}'
    )
    page.goto(served(tmp_path))
    expect(page.get_by_role("heading", name="Choose a data set")).to_be_visible()
    check(page, "a list")
    said.were_expected(NOT_FOUND)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with running(tmp_path / "state") as client:
        yield client


def test_the_exporter(looking: ViewerPage, client: Client, tmp_path: Path) -> None:
    page = looking.page
    source = tmp_path / "cells.h5ad"
    write_synthetic(source, n_cells=300, n_genes=20)
    page.goto(client.server.url)
    field = page.get_by_role("combobox", name="Input", exact=True)
    expect(field).to_be_visible()
    check(page, "the start")
    field.press_sequentially(str(tmp_path / "cel"))
    expect(page.get_by_role("listbox")).to_be_visible()
    expect(page.locator(".wrong")).to_be_visible()
    check(page, "what is wrong")
    field.fill(str(source))
    field.press("Escape")
    page.get_by_role("combobox", name="Output", exact=True).fill(str(tmp_path / "out"))
    for fold in page.locator("main details.fold > summary").all():
        fold.click()
    expect(page.get_by_label("The plan")).to_be_visible()
    check(page, "the plan")
    page.get_by_role("button", name="Browse: Input").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="cells.h5ad")).to_be_visible()
    check(page, "the picker")
    page.get_by_role("button", name="Close").click()
    page.locator(".begin .primary").click()
    expect(page.get_by_role("button", name="Open in the viewer")).to_be_visible()
    page.locator("summary", has_text="Log").click()
    check(page, "a run")


def test_a_list_is_one_stop_for_tab_and_arrows_lead_through_it(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    page = viewer.page
    viewer.open(served(sample_bundle) + "#embedding=X_umap&column=cell_type")
    legend = page.locator(".legend")
    boxes = legend.get_by_role("checkbox")
    page.get_by_role("button", name="Order and colours").focus()
    page.keyboard.press("Tab")
    expect(boxes.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(boxes.nth(1)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Only this: T cell")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Only this: Monocyte")).to_be_focused()
    page.keyboard.press("Enter")
    expect(boxes.nth(1)).not_to_be_checked()
    page.keyboard.press("ArrowLeft")
    expect(boxes.nth(2)).to_be_focused()
    # Out of the list with one Tab, and back to the row that was left.
    page.keyboard.press("Tab")
    assert legend.evaluate("e => e.contains(document.activeElement)") is False
    page.keyboard.press("Shift+Tab")
    expect(boxes.nth(2)).to_be_focused()
    page.keyboard.press("Space")
    expect(boxes.nth(2)).not_to_be_checked()


def test_escape_leaves_the_gene_field_for_the_plot(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    page = viewer.page
    viewer.open(served(sample_bundle) + "#embedding=X_umap&gene=Case")
    for typed in ("", "c"):
        page.keyboard.press("/")
        expect(gene_field(viewer)).to_be_focused()
        page.keyboard.type(typed)
        page.keyboard.press("Escape")
        expect(viewer.stage).to_be_focused()
        expect(gene_field(viewer)).to_have_value("Case")
        expect(page.get_by_role("listbox")).to_have_count(0)
