"""What a person does to compare two groups of cells, and the file that they get."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from playwright.sync_api import Locator, Page, expect

#: Of a side: what it is made of, and which one of those.
Side = tuple[str, str | None]
REST: Side = ("The rest of the shown cells", None)
SELECTION: Side = ("The selection", None)


def drawer(page: Page) -> Locator:
    return page.get_by_role("region", name="Drawer", exact=True)


def open_comparison(page: Page) -> None:
    plots = page.get_by_role("region", name="Plots", exact=True)
    plots.get_by_role("button", name="Compare", exact=True).click()


def choose_sides(page: Page, first: Side, second: Side) -> None:
    for which, (of, name) in (("first", first), ("second", second)):
        drawer(page).get_by_label(f"Cells of the {which} side").select_option(label=of)
        if name is not None:
            kind = "Group" if of == "A group of mine" else "Category"
            drawer(page).get_by_label(f"{kind} of the {which} side").select_option(label=name)


def start(page: Page) -> None:
    drawer(page).get_by_role("button", name="Compare", exact=True).click()


def run(page: Page, title: str) -> None:
    """Compare, and wait until the result is there."""
    start(page)
    expect(drawer(page).get_by_role("button", name="Cancel")).to_have_count(0)
    expect(page.locator(".compared-title")).to_contain_text(title)


def saved_table(page: Page, path: Path) -> tuple[str, pd.DataFrame]:
    """The line that says what was compared, and the numbers by gene."""
    drawer(page).get_by_role("button", name="Table", exact=True).click()
    with page.expect_download() as download:
        drawer(page).get_by_role("button", name="CSV").click()
    download.value.save_as(path)
    with path.open(encoding="utf-8") as file:
        head = file.readline().strip()
    table = pd.read_csv(path, skiprows=1, keep_default_na=False, dtype={"names": str})
    return head, table.set_index("names")
