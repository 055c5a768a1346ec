"""The panel: folded and remembered, a legend as high as there is room, and nothing over something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.page import ViewerPage

SIZES = {
    "wide": {"width": 1440, "height": 900},
    "notebook": {"width": 800, "height": 500},
    "narrow": {"width": 390, "height": 844},
}
ROW = 28


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, new_page: Callable[..., ViewerPage]) -> ViewerPage:
    return new_page(viewport=SIZES[request.param])


def bounds(element: Locator) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    box = element.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def test_the_panel_folds_and_the_page_remembers_it(
    sized: ViewerPage, served: Callable[[Path], str], clusters: Path
) -> None:
    viewer, page = sized, sized.page
    size = page.viewport_size
    viewer.open(served(clusters))
    hide, show = (page.get_by_role("button", name=f"{what} panel") for what in ("Hide", "Show"))
    expect(hide).to_be_in_viewport(ratio=1)
    page.get_by_label("Filter by").select_option(label="stage")
    hide.focus()
    page.keyboard.press("Enter")
    expect(show).to_be_focused()
    expect(page.locator(".panel")).to_be_hidden()
    viewer.settle()
    box = viewer.canvas.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (size["width"], size["height"])
    left, _, _, _ = bounds(viewer.caption)
    _, _, right, _ = bounds(show)
    assert right <= left

    page.reload()
    viewer.wait()
    expect(page.locator(".panel")).to_be_hidden()
    # What is in the panel brings it back: the search, the key, the button.
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Gene", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(show).to_be_visible()
    expect(viewer.stage).to_be_focused()
    show.click()
    expect(hide).to_be_focused()


def test_the_legend_is_as_high_as_there_is_room(
    sized: ViewerPage, served: Callable[[Path], str], clusters: Path
) -> None:
    viewer, page = sized, sized.page
    viewer.open(served(clusters) + "#column=cluster")
    rows = page.locator(".legend .rows")
    _, top, _, bottom = bounds(rows)
    _, _, _, end = bounds(page.locator(".sections"))
    assert bottom - top >= 7 * ROW
    if page.viewport_size == SIZES["wide"]:
        # Down to the heading of what comes below, which shows that something does.
        assert 20 < end - bottom < 3 * ROW
        expect(page.get_by_role("heading", name="Filter")).to_be_in_viewport(ratio=1)
        page.locator(".rest").evaluate("e => { e.scrollTop = 9999 }")
        expect(page.get_by_label("Annotation")).to_be_in_viewport(ratio=1)
    viewer.choose_column("stage")
    assert rows.evaluate("e => e.scrollHeight === e.clientHeight")


def test_categories_are_listed_as_people_count(
    viewer: ViewerPage, served: Callable[[Path], str], clusters: Path
) -> None:
    viewer.open(served(clusters) + "#column=cluster&hidden=" + '[["cluster",["cluster 2"]]]')
    rows = viewer.page.locator(".legend li")
    expect(rows.nth(2)).to_contain_text("cluster 2")
    expect(rows.nth(2).get_by_role("checkbox")).not_to_be_checked()
    expect(rows.nth(10)).to_contain_text("cluster 10")
    # The colours are those of the file's order: cluster 10 is its third.
    expect(rows.nth(10).locator(".swatch")).to_have_css("background-color", "rgb(0, 158, 115)")
    viewer.choose_column("stage")
    assert rows.locator(".name").all_text_contents() == ["early", "mid", "late"]


def test_embeddings_have_the_names_that_people_use(
    viewer: ViewerPage, served: Callable[[Path], str], clusters: Path
) -> None:
    viewer.open(served(clusters))
    choice = viewer.page.get_by_label("Embedding")
    assert choice.locator("option").all_text_contents() == ["UMAP", "PCA (3-D)"]
    expect(choice).to_have_attribute("title", "obsm:X_umap")
    expect(viewer.caption).to_contain_text("UMAP")


def test_what_is_said_covers_no_button(
    sized: ViewerPage, served: Callable[[Path], str], clusters: Path
) -> None:
    viewer, page = sized, sized.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    viewer.open(served(clusters) + "#column=cluster")
    page.get_by_role("button", name="Copy link").click()
    said = page.locator("footer .status")
    expect(said).to_have_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    expect(said).to_be_in_viewport(ratio=1)
    _, _, _, bottom = bounds(said)
    for button in page.locator("footer button").all():
        expect(button).to_be_in_viewport(ratio=1)
        assert bottom <= bounds(button)[1]
        assert button.evaluate("e => e.scrollWidth <= e.clientWidth + 1")


def test_the_sentence_about_no_gene_is_whole(
    sized: ViewerPage, served: Callable[[Path], str], clusters: Path
) -> None:
    viewer, page = sized, sized.page
    viewer.open(served(clusters))
    field = page.get_by_role("combobox", name="Gene", exact=True)
    field.fill("no gene of this name")
    sentence = page.locator(".options p")
    expect(sentence).to_be_in_viewport(ratio=1)
    assert sentence.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight")
    _, top, _, bottom = bounds(sentence)
    _, start, _, end = bounds(page.locator(".sections"))
    assert start <= top < bottom <= end
    field.fill("")
    _, _, _, bottom = bounds(page.locator(".options"))
    assert bottom <= end
