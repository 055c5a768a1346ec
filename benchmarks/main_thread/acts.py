"""What is done on the page: a link, what opens the controls, and an act that can be done again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

_UMAP = "#embedding=X_umap"


@dataclass(frozen=True)
class Act:
    """Something that people do."""

    name: str
    link: str
    prepare: Callable[[Page], None]
    #: By an event in the page itself, so that it can be done while the mouse drags.
    do: Callable[[Page], None]


def _click(place: Locator) -> None:
    place.evaluate("element => element.click()")


def _nothing(_: Page) -> None:
    """What is needed is there."""


def _button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def _hide_category(page: Page) -> None:
    _click(page.locator(".legend li").nth(2).locator("input, [role=checkbox]").first)


def _open_range(page: Page) -> None:
    page.get_by_label("Filter by").select_option(label="pseudotime")
    _lowest(page).wait_for()


def _lowest(page: Page) -> Locator:
    return page.get_by_role("slider", name="Lowest value shown")


def _move_range(page: Page) -> None:
    slide = """slider => {
      const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
      setter.call(slider, Number(slider.value) > 0.3 ? 0.2 : 0.5);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    }"""
    _lowest(page).evaluate(slide)


def _open_by_value(page: Page) -> None:
    _button(page, "By value").click()


def _select_category(page: Page) -> None:
    turn = page.evaluate("window.turn = 1 - (window.turn ?? 0)")
    _click(page.get_by_role("button", name="Select: ").nth(turn))


def _open_threshold(page: Page) -> None:
    _open_by_value(page)
    page.get_by_role("group", name="Select by value").get_by_label("Value", exact=True).fill("0.5")


def _select_above(page: Page) -> None:
    form = page.get_by_role("group", name="Select by value")
    _click(form.get_by_role("button", name="Select", exact=True))


def _open_composition(page: Page) -> None:
    _click(page.get_by_role("button", name="Select: ").nth(0))
    _button(page, "Composition").click()
    page.get_by_role("group", name="Composition").get_by_role("row").first.wait_for()


def _invert(page: Page) -> None:
    _click(_button(page, "Invert").first)


def _colour_by_another(page: Page) -> None:
    choose = """select => {
      select.value = select.value === '1' ? '2' : '1';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }"""
    page.get_by_label("Annotation").evaluate(choose)


ACTS = (
    Act("nothing but the drag", f"{_UMAP}&column=cell_type", _nothing, _nothing),
    Act("filter: hide or show a category", f"{_UMAP}&column=cell_type", _nothing, _hide_category),
    Act("filter: move the bound of a range", f"{_UMAP}&column=cell_type", _open_range, _move_range),
    Act("select: a category", f"{_UMAP}&column=cell_type", _nothing, _select_category),
    Act("select: numbers above a threshold", f"{_UMAP}&column=pseudotime", _open_threshold, _select_above),
    Act("select: invert", f"{_UMAP}&column=cell_type", _nothing, _invert),
    Act("colours: another column", f"{_UMAP}&column=sample", _nothing, _colour_by_another),
    Act("composition of what is selected", f"{_UMAP}&column=cell_type", _open_composition, _invert),
)
