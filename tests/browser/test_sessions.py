"""Sessions: kept in the browser, as a file, dropped on a page; where storage is forbidden; first steps."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, expect

import karospace_stream
from tests.browser.axe import violations
from tests.browser.conftest import PAGE
from tests.browser.page import ViewerPage
from tests.browser.test_groups import save_group, section, select_kind

Served = Callable[[Path], str]
N_CELLS = 6_000
KINDS = ["B cell", "T cell", "Monocyte"]
FORBID = """for (const name of ['indexedDB', 'localStorage'])
  Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });"""


def scattered(n_cells: int = N_CELLS) -> anndata.AnnData:
    """Cells of three kinds in no order, so that a link cannot hold those of one kind."""
    random = np.random.default_rng(1)
    kinds = pd.Categorical(random.choice(KINDS, n_cells), KINDS)
    cells = anndata.AnnData(
        random.poisson(1, (n_cells, 3)).astype(np.float32),
        obs=pd.DataFrame(
            {"kind": kinds, "area": random.random(n_cells)}, index=[f"c{at}" for at in range(n_cells)]
        ),
        var=pd.DataFrame(index=["CD3E", "CD19", "LYZ"]),
    )
    cells.obsm["X_umap"] = random.normal(size=(n_cells, 2))
    return cells


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sessions")
    karospace_stream.export(scattered(), folder / "one", anno="all", name="one")
    karospace_stream.export(scattered(2_000), folder / "other", anno="all", name="other")
    return folder


def sessions(viewer: ViewerPage) -> Locator:
    """The section, opened."""
    title = viewer.page.get_by_role("button", name="Sessions", exact=True)
    if title.get_attribute("aria-expanded") == "false":
        title.click()
    return section(viewer, "Sessions")


def furnish(viewer: ViewerPage) -> str:
    """Make a group that is too large for a link, colour by a gene, filter, select; return the link."""
    page = viewer.page
    select_kind(viewer, "T cell")
    save_group(viewer, "T cells")
    viewer.toggle("Monocyte")
    viewer.choose_gene("LYZ")
    viewer.slide("Point size", "2")
    viewer.wait_for_link("hidden=")
    viewer.wait_for_link("gene=LYZ")
    return page.url


def expect_selected(viewer: ViewerPage, number: int) -> None:
    expect(viewer.page.locator(".selection-count")).to_have_text(f"{number:,} cells are selected.")


def expect_furnished(viewer: ViewerPage, link: str, n_selected: int) -> None:
    expect(viewer.page).to_have_url(link)
    expect_selected(viewer, n_selected)
    expect(viewer.caption.locator("strong")).to_have_text("LYZ")
    expect(viewer.page.get_by_role("slider", name="Point size")).to_have_value("2")
    expect(viewer.page.get_by_label("Name of T cells", exact=True)).to_have_value("T cells")


def save_file(viewer: ViewerPage, folder: Path) -> Path:
    with viewer.page.expect_download() as download:
        sessions(viewer).get_by_role("button", name="Session file", exact=True).click()
    assert download.value.suggested_filename == "one.karospace-session.json"
    download.value.save_as(folder / "one.karospace-session.json")
    return folder / "one.karospace-session.json"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_kept_view_survives_a_reload(
    new_page: Callable[..., ViewerPage], served: Served, bundles: Path, scheme: str
) -> None:
    viewer = new_page(first_visit=True, color_scheme=scheme)
    page = viewer.page
    url = served(bundles / "one")
    viewer.open(url)
    hint = page.get_by_role("note", name="First steps")
    expect(hint).to_contain_text("? lists all keys.")
    assert violations(page) == []
    hint.get_by_role("button", name="Hide the first steps").click()
    expect(hint).to_have_count(0)
    page.get_by_role("button", name="Groups", exact=True).click()
    link = furnish(viewer)
    n_selected = int((scattered().obs["kind"] == "T cell").sum())
    page.get_by_role("button", name="Copy link").click()
    status = page.locator("footer .status")
    expect(status).to_contain_text("the group “T cells”, the selected cells.")
    expect(status.get_by_role("button", name="Save a session file")).to_be_visible()
    status.get_by_role("button", name="Hide this message").click()
    viewer.stage.focus()
    page.keyboard.press("s")
    expect(status).to_have_text("Kept in this browser as “LYZ”, under Sessions.")
    page.keyboard.press("s")
    expect(status).to_have_text("Kept in this browser as “LYZ 2”, under Sessions.")
    rows = sessions(viewer).get_by_role("list", name="Saved views").get_by_role("listitem")
    expect(rows).to_have_count(2)
    rows.nth(1).get_by_label("Name of LYZ").fill("Lysozyme")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name of Lysozyme")).to_be_visible()
    rows.nth(0).get_by_role("button", name="Forget LYZ 2").click()
    expect(rows).to_have_count(1)
    assert violations(page) == []

    page.goto("about:blank")
    viewer.open(url)
    expect(hint).to_have_count(0)
    expect(viewer.caption.locator("strong")).to_have_text("kind")
    offer = page.get_by_role("status").filter(has_text="Your saved view “Lysozyme” of")
    assert violations(page) == []
    offer.get_by_role("button", name="Restore").click()
    viewer.wait()
    expect_furnished(viewer, link, n_selected)
    expect(offer).to_have_count(0)
    assert viewer.alert().count() == 0
    expect(status).to_have_text("The session is restored.")
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: restoring the session.")).to_have_count(1)
    expect(viewer.caption.locator("strong")).to_have_text("kind")
    expect(page.get_by_label("Name of T cells", exact=True)).to_have_count(0)

    page.reload()
    viewer.wait()
    offer.get_by_role("button", name="Forget").click()
    expect(offer).to_have_count(0)
    expect(sessions(viewer)).not_to_contain_text("Restore")
    page.reload()
    viewer.wait()
    expect(offer).to_have_count(0)
    # Nor do other data sets offer what is kept of this one.
    viewer.stage.focus()
    page.keyboard.press("s")
    expect(status).to_contain_text("Kept in this browser")
    viewer.open(served(bundles / "other"))
    expect(sessions(viewer)).not_to_contain_text("Restore")


def test_a_session_file_brings_everything_back(
    new_page: Callable[..., ViewerPage],
    served: Served,
    bundles: Path,
    drop: Callable[[ViewerPage, Path], None],
    tmp_path: Path,
) -> None:
    viewer = new_page()
    url = served(bundles / "one")
    viewer.open(url)
    viewer.page.get_by_role("button", name="Groups", exact=True).click()
    link = furnish(viewer)
    n_selected = int((scattered().obs["kind"] == "T cell").sum())
    path = save_file(viewer, tmp_path)

    # Where nothing can be kept, a file serves as well: chosen, on a phone.
    other = new_page(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    other.page.add_init_script(FORBID)
    other.open(url)
    expect(sessions(other)).to_contain_text("This browser does not let the page keep anything.")
    other.stage.focus()
    other.page.keyboard.press("s")
    expect(other.alert()).to_contain_text("Save a session file instead.")
    expect(sessions(other).get_by_role("button", name="Save what I see")).to_be_disabled()
    other.page.get_by_role("button", name="Groups", exact=True).click()
    sessions(other).get_by_label("Open a session file").set_input_files(path)
    other.wait()
    expect_furnished(other, link, n_selected)
    assert other.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert violations(other.page) == []
    again = json.loads(save_file(other, tmp_path / "again").read_text())
    first = json.loads(path.read_text())
    assert again["bundle"] == first["bundle"]
    assert again["parts"] == first["parts"]

    # Dropped on a data set with other cells.
    viewer.open(served(bundles / "other"))
    drop(viewer, path)
    dialog = viewer.page.get_by_role("dialog", name="This session is of other cells")
    expect(dialog).to_contain_text("its name is “one”, not “other”; it has 6,000 cells, not 2,000.")
    assert violations(viewer.page) == []
    dialog.get_by_role("button", name="Restore what fits").click()
    viewer.wait()
    expect(viewer.caption.locator("strong")).to_have_text("LYZ")
    expect(viewer.alert()).to_contain_text("the groups: they are numbers of other cells")
    expect(viewer.page.locator(".groups li")).to_have_count(0)
    broken = tmp_path / "broken.json"
    broken.write_text(path.read_text()[:-20])
    drop(viewer, broken)
    # The notice of the file before is gone.
    expect(viewer.alert()).to_have_count(1)
    expect(viewer.alert()).to_contain_text("not a session file of this page, or it was cut off")
    expect(viewer.alert()).to_contain_text("Open a file that “Session file” has saved")
    empty = tmp_path / "empty.json"
    empty.write_text(json.dumps({**first, "parts": {}}))
    drop(viewer, empty)
    dialog.get_by_role("button", name="Restore what fits").click()
    expect(viewer.alert()).to_have_count(1)
    expect(viewer.alert()).to_contain_text("The session file holds nothing that can be restored.")
    expect(viewer.caption.locator("strong")).to_have_text("LYZ")

    # Dropped before its data set is open, on a page of a disk.
    viewer.page.goto(PAGE.as_uri())
    drop(viewer, path)
    expect(viewer.page.get_by_text("The session file of “one” is read")).to_be_visible()
    assert violations(viewer.page) == []
    drop(viewer, bundles / "one")
    viewer.wait()
    expect_selected(viewer, n_selected)
    expect(viewer.caption.locator("strong")).to_have_text("LYZ")

    # A page of a disk keeps views, too.
    viewer.stage.focus()
    viewer.page.keyboard.press("s")
    expect(viewer.page.locator("footer .status")).to_contain_text("Kept in this browser")
    viewer.page.reload()
    drop(viewer, bundles / "one")
    viewer.wait()
    expect(viewer.page.get_by_text("Your saved view “LYZ” of")).to_be_visible()
