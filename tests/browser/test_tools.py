"""The tools that select: with the mouse, with keys and with a finger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.page import ViewerPage
from tests.browser.shapes import FLAT, drag, flat_at, page_spot

Open = Callable[[str], ViewerPage]


def count(viewer: ViewerPage) -> Locator:
    return viewer.page.locator(".selection-count")


def tool(viewer: ViewerPage, name: str) -> Locator:
    return viewer.page.get_by_role("button", name=name, exact=True)


def expect_selected(viewer: ViewerPage, number: int) -> None:
    text = f"{number} cell is selected." if number == 1 else f"{number} cells are selected."
    expect(count(viewer)).to_have_text(text if number else "No cells are selected.")


def frame(viewer: ViewerPage, left: float, right: float, y: float) -> None:
    """Draws a rectangle around places in a row."""
    reach = 0.4
    drag(viewer, flat_at(viewer, left - reach, y + reach), flat_at(viewer, right + reach, y - reach))


def test_a_rectangle_in_every_mode(open_shapes: Open) -> None:
    viewer = open_shapes(FLAT)
    keys = viewer.page.keyboard
    tool(viewer, "Select cells with a rectangle").click()
    frame(viewer, -4, 0, 4)
    expect_selected(viewer, 3)
    for held, left, right, number in (
        (["Alt"], -2, -2, 2),  # 4, 6
        (["Shift"], 0, 2, 3),  # 4, 6, 7
        (["Shift", "Alt"], -2, 2, 2),  # 6, 7
    ):
        for key in held:
            keys.down(key)
        frame(viewer, left, right, 4)
        for key in held:
            keys.up(key)
        expect_selected(viewer, number)
    # The same by buttons, which stay pressed.
    tool(viewer, "Subtract from the selection").click()
    frame(viewer, 2, 2, 4)
    expect_selected(viewer, 1)
    tool(viewer, "Add to the selection").click()
    frame(viewer, -4, -2, 4)
    expect_selected(viewer, 3)
    tool(viewer, "Intersect with the selection").click()
    frame(viewer, -4, -4, 4)
    expect_selected(viewer, 1)
    tool(viewer, "Replace the selection").click()
    frame(viewer, 0, 2, 4)
    expect_selected(viewer, 2)
    viewer.page.get_by_role("button", name="Invert", exact=True).click()
    expect_selected(viewer, 6)


def test_a_brush_selects_what_it_covers(open_shapes: Open) -> None:
    viewer = open_shapes(FLAT)
    page = viewer.page
    tool(viewer, "Select cells with a brush").click()
    drag(viewer, flat_at(viewer, -4.1, 4.1), flat_at(viewer, -2, 4.1))
    expect_selected(viewer, 2)
    radius = page.get_by_role("slider", name="Radius of the brush")
    before = int(radius.input_value())
    page.keyboard.press("]")
    assert int(radius.input_value()) > before
    page.keyboard.press("[")
    assert int(radius.input_value()) == before
    page.mouse.move(*page_spot(viewer, flat_at(viewer, 0, 4)))
    page.keyboard.down("Shift")
    for _ in range(4):
        page.mouse.wheel(0, -100)
    page.keyboard.up("Shift")
    expect(radius).not_to_have_value(str(before))
    circle = page.locator(".drawing circle")
    expect(circle).to_have_attribute("r", radius.input_value())
    radius.fill("140")
    # A disc of 140 pixels around a cell reaches its neighbours in the row, 128 pixels away.
    page.mouse.click(*page_spot(viewer, flat_at(viewer, 0, 4)))
    expect_selected(viewer, 3)
    assert violations(page) == []


def test_a_click_selects_a_cell(open_shapes: Open) -> None:
    viewer = open_shapes(FLAT)
    page = viewer.page
    page.mouse.click(*page_spot(viewer, flat_at(viewer, -4, 4)))
    expect_selected(viewer, 0)
    for cell, key, number in ((-4, "Shift", 1), (-2, "Shift", 2), (-4, "Alt", 1)):
        page.keyboard.down(key)
        page.mouse.click(*page_spot(viewer, flat_at(viewer, cell, 4)))
        page.keyboard.up(key)
        expect_selected(viewer, number)
    page.keyboard.press("l")
    page.mouse.click(*page_spot(viewer, flat_at(viewer, 2, 4)))
    expect_selected(viewer, 1)
    page.mouse.click(*page_spot(viewer, flat_at(viewer, 2, 2)))
    expect_selected(viewer, 0)
    page.keyboard.press("v")
    expect(tool(viewer, "Move the view")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".drawing")).to_have_count(0)


def test_keys_alone_draw_a_rectangle(open_shapes: Open) -> None:
    viewer = open_shapes(FLAT)
    page = viewer.page
    page.keyboard.press("r")
    expect(viewer.stage).to_be_focused()
    page.keyboard.press("ArrowRight")
    rectangle = page.locator(".key-frame rect")
    expect(rectangle).to_be_visible()
    expect(page.get_by_text("2 cells. Enter selects them.")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect_selected(viewer, 2)
    # Up to the row of the chain, and wide enough for its cells.
    for _ in range(30):
        page.keyboard.press("ArrowUp")
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    for _ in range(60):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+Enter")
    expect_selected(viewer, 6)
    page.keyboard.press("Alt+Enter")
    expect_selected(viewer, 2)
    page.keyboard.press("Escape")
    expect(rectangle).to_have_count(0)
    expect(tool(viewer, "Select cells with a rectangle")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(tool(viewer, "Move the view")).to_have_attribute("aria-pressed", "true")
    expect_selected(viewer, 2)


def test_a_finger_draws_and_sections_stay_folded(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], shapes_bundle: Path
) -> None:
    viewer = new_page(viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="dark")
    page = viewer.page
    viewer.open(served(shapes_bundle) + "#column=kind&flat=1&view=0,0,5")
    for name in ("Move the view", "Select cells with a brush", "Zoom in", "Show all cells"):
        expect(tool(viewer, name)).to_be_in_viewport(ratio=1)
    tool(viewer, "Select cells with a rectangle").tap()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    middle = page_spot(viewer, flat_at(viewer, 0, 0))
    session = page.context.new_cdp_session(page)
    for kind, dx, dy in (
        ("touchStart", -150, -150),
        ("touchMove", -100, -120),
        ("touchMove", 20, -100),
        ("touchEnd", 0, 0),
    ):
        points = [] if kind == "touchEnd" else [{"x": middle[0] + dx, "y": middle[1] + dy}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect_selected(viewer, 3)
    assert violations(page) == []
    title = page.get_by_role("button", name="Selection", exact=True)
    title.tap()
    expect(count(viewer)).to_have_count(0)
    page.reload()
    viewer.wait()
    expect(title).to_have_attribute("aria-expanded", "false")
    title.tap()
    expect(count(viewer)).to_be_visible()


@pytest.mark.parametrize("key", ["l", "b"])
def test_what_is_drawn_is_dropped_by_escape(open_shapes: Open, key: str) -> None:
    viewer = open_shapes(FLAT)
    page = viewer.page
    page.keyboard.press(key)
    page.mouse.move(*page_spot(viewer, flat_at(viewer, -5, 5)))
    page.mouse.down()
    page.mouse.move(*page_spot(viewer, flat_at(viewer, 1, 4)), steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect_selected(viewer, 0)
