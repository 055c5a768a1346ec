"""What is done on the page: a link, what opens the controls, and an act that can be done again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

_UMAP = "#embedding=X_umap"
#: What a plot shows: another text when it is drawn anew.
_LOOK = "() => document.querySelector('.drawer svg.plot')?.innerHTML ?? ''"
_CHOOSE = """(select, names) => {
  const [one, other] = names.map((name) => [...select.options].find(({ text }) => text === name).value);
  select.value = select.value === one ? other : one;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}"""
_MOST_POLLS = 1200


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
    _button(page, "Composition").first.click()
    page.get_by_role("group", name="Composition").get_by_role("row").first.wait_for()


def _invert(page: Page) -> None:
    _click(_button(page, "Invert").first)


def _choose_other(field: Locator, one: str, other: str) -> None:
    field.evaluate(_CHOOSE, [one, other])


def _colour_by_another(page: Page) -> None:
    caption = page.locator(".caption strong")
    now = "cell_type" if caption.inner_text() == "sample" else "sample"
    _choose_other(page.get_by_label("Annotation"), "sample", "cell_type")
    expect(caption).to_have_text(now, timeout=60_000)


def _in_drawer(page: Page) -> Locator:
    return page.get_by_role("region", name="Drawer", exact=True)


def _open_plot(name: str) -> Callable[[Page], None]:
    """Opens a plot, after it was closed if it is open, and waits for its picture."""

    def act(page: Page) -> None:
        button = page.get_by_role("region", name="Plots", exact=True).get_by_role("button", name=name)
        if button.get_attribute("aria-expanded") == "true":
            _click(_button(page, "Close the drawer"))
            _in_drawer(page).wait_for(state="detached")
        _click(button)
        _in_drawer(page).locator("svg.plot").first.wait_for()

    return act


def _open_scatter(page: Page) -> None:
    page.get_by_role("region", name="Plots", exact=True).get_by_role("button", name="Scatter").click()
    for label, name in (("Across", "pseudotime"), ("Up", "n_counts")):
        field = _in_drawer(page).get_by_role("combobox", name=label, exact=True)
        field.fill(name)
        field.press("Enter")
    _in_drawer(page).locator("svg.plot").first.wait_for()


def _drawn_anew(act: Callable[[Page], None]) -> Callable[[Page], None]:
    """Waits until the open plot shows what an act leads to."""

    def until_drawn(page: Page) -> None:
        before = page.evaluate(_LOOK)
        act(page)
        for _ in range(_MOST_POLLS):
            if page.evaluate(_LOOK) != before:
                return
            page.wait_for_timeout(50)
        raise RuntimeError("the plot must be drawn anew, but still shows what it did a minute ago")

    return until_drawn


def _split_by_another(page: Page) -> None:
    _choose_other(_in_drawer(page).get_by_label("Split by"), "Nothing", "is_doublet")


def _bars_by_another(page: Page) -> None:
    _choose_other(_in_drawer(page).get_by_label("In each of"), "sample", "leiden")


ACTS = (
    Act("nothing but the drag", f"{_UMAP}&column=cell_type", _nothing, _nothing),
    Act("filter: hide or show a category", f"{_UMAP}&column=cell_type", _nothing, _hide_category),
    Act("filter: move the bound of a range", f"{_UMAP}&column=cell_type", _open_range, _move_range),
    Act("select: a category", f"{_UMAP}&column=cell_type", _nothing, _select_category),
    Act("select: numbers above a threshold", f"{_UMAP}&column=pseudotime", _open_threshold, _select_above),
    Act("select: invert", f"{_UMAP}&column=cell_type", _nothing, _invert),
    Act("colours: another column", f"{_UMAP}&column=sample", _nothing, _colour_by_another),
    Act("composition of what is selected", f"{_UMAP}&column=cell_type", _open_composition, _invert),
    Act("violins: open", f"{_UMAP}&column=cell_type", _nothing, _open_plot("Violins")),
    Act(
        "violins: split or not",
        f"{_UMAP}&column=cell_type",
        _open_plot("Violins"),
        _drawn_anew(_split_by_another),
    ),
    Act("violins: filter", f"{_UMAP}&column=cell_type", _open_plot("Violins"), _drawn_anew(_hide_category)),
    Act("composition: open", f"{_UMAP}&column=cell_type", _nothing, _open_plot("Composition")),
    Act(
        "composition: other bars",
        f"{_UMAP}&column=cell_type",
        _open_plot("Composition"),
        _drawn_anew(_bars_by_another),
    ),
    Act(
        "composition: filter",
        f"{_UMAP}&column=cell_type",
        _open_plot("Composition"),
        _drawn_anew(_hide_category),
    ),
    Act("histogram: open", f"{_UMAP}&column=cell_type", _nothing, _open_plot("Histogram")),
    Act(
        "histogram: split or not",
        f"{_UMAP}&column=cell_type",
        _open_plot("Histogram"),
        _drawn_anew(_split_by_another),
    ),
    Act("scatter: filter", f"{_UMAP}&column=cell_type", _open_scatter, _drawn_anew(_hide_category)),
)
