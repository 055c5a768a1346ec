"""The lasso, and the page around a page in a frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.page import Said, ViewerPage
from tests.browser.shapes import (
    AHEAD,
    FLAT,
    POINTS,
    draw_around,
    flat_at,
    kind_at,
    seen_at,
    square_around,
)


@pytest.mark.parametrize("link", [AHEAD, FLAT])
@pytest.mark.few(1)
def test_a_lasso_selects_what_is_seen_in_it(open_shapes: Callable[[str], ViewerPage], link: str) -> None:
    viewer = open_shapes(link)
    spots = [flat_at(viewer, *point[:2]) if link == FLAT else seen_at(viewer, point) for point in POINTS]
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
    saved = pd.read_csv(download.value.path())
    assert saved.columns.tolist() == ["cell_id", viewer.caption.locator("strong").inner_text()]
    ids = saved["cell_id"].tolist()
    assert ids == ["cell 3", "cell 4", "cell 5", "cell 6"]

    faint = viewer.pixels()[spots[2][1], spots[2][0]]
    assert 200 < faint.mean() < 250
    viewer.page.keyboard.press("Escape")
    expect(viewer.page.locator(".drawing")).to_have_count(0)
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


def show_in_a_frame(page: Page, address: str) -> None:
    """As docs/howto/embed.md says: who wants the first message listens before the frame is there."""
    page.set_content(
        "<script>heard = []; addEventListener('message', (event) => heard.push(event.data))</script>"
        f"<iframe src='{address}' width=1100 height=700></iframe>"
    )


def test_the_page_around_sets_colours_and_hears_the_selection(
    viewer: ViewerPage, served: Callable[[Path], str], shapes_bundle: Path
) -> None:
    page = viewer.page
    show_in_a_frame(page, f"{served(shapes_bundle)}?embed=1{FLAT}")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".stage")).to_have_attribute("data-searchable", "true")
    page.wait_for_function("heard.length > 1")
    assert page.evaluate("heard") == [
        {"type": "karospace:selection", "cells": [], "rows": []},
        {"type": "karospace:groups", "nCells": 8, "groups": []},
    ]
    caption = frame.locator(".caption strong")

    send = "(message) => frames[0].postMessage(message, '*')"
    page.evaluate(send, {"type": "karospace:colour", "gene": "1"})
    expect(caption).to_have_text("1")
    page.evaluate(send, {"type": "karospace:colour", "column": "kind"})
    expect(caption).to_have_text("kind")
    page.evaluate(send, {"type": "karospace:colour", "gene": "absent"})
    expect(frame.get_by_role("alert")).to_contain_text('There is no gene "absent"')
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
    frame.get_by_role("button", name="Select cells with a lasso").click()
    left, right, top = middle[0] - 2.5 * 64, middle[0] + 2.5 * 64, middle[1] - 4 * 64
    page.mouse.move(left, top - 20)
    page.mouse.down()
    for corner in ((right, top - 20), (right, top + 20), (left, top + 20)):
        page.mouse.move(*corner, steps=3)
    page.mouse.up()
    page.wait_for_function("heard.length > 2")
    three = {"cells": [5, 6, 7], "rows": [5, 6, 7]}
    assert page.evaluate("heard.at(-1)") == {"type": "karospace:selection", **three}
    frame.get_by_role("button", name="Save as group").click()
    page.wait_for_function("heard.length > 3")
    color = frame.get_by_label("Colour of Group 1").input_value()
    group = {"name": "Group 1", "color": color, **three}
    assert page.evaluate("heard.at(-1)") == {"type": "karospace:groups", "nCells": 8, "groups": [group]}


def test_a_page_around_of_another_origin_than_the_named_one_is_not_heard(
    viewer: ViewerPage, served: Callable[[Path], str], shapes_bundle: Path, said: Said
) -> None:
    page = viewer.page
    address = served(shapes_bundle) + "?embed=1&parent=https://lab.example.org#column=kind"
    show_in_a_frame(page, address)
    frame = page.frame_locator("iframe")
    expect(frame.locator(".stage")).to_have_attribute("data-searchable", "true")
    page.evaluate("frames[0].postMessage({type: 'karospace:colour', gene: '1'}, '*')")
    page.wait_for_timeout(300)
    expect(frame.locator(".caption strong")).to_have_text("kind")
    assert page.evaluate("heard") == []
    # The browser says that the selection was not handed over.
    assert all("lab.example.org" in line for line in said)
    said.were_expected()
