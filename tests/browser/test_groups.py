"""Named groups of cells: made, changed, shown, saved, read, and counted by category."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import anndata
import pandas as pd
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.page import ViewerPage
from tests.browser.test_tools import expect_selected, tool

Served = Callable[[Path], str]
LINK = "#embedding=X_umap&column=cell_type"


def select_kind(viewer: ViewerPage, kind: str) -> None:
    row = viewer.page.locator(".legend li").filter(has_text=kind)
    row.hover()
    row.get_by_role("button", name=f"Select: {kind}").click()


def save_group(viewer: ViewerPage, name: str) -> None:
    viewer.page.get_by_role("button", name="Save as group").click()
    field = viewer.page.locator(".groups input[type=text]:focus")
    field.fill(name)
    field.press("Enter")
    expect(viewer.page.get_by_label(f"Name of {name}", exact=True)).to_be_visible()


def section(viewer: ViewerPage, name: str) -> Locator:
    return viewer.page.get_by_role("region", name=name, exact=True)


def test_groups_are_made_shown_saved_and_read(
    viewer: ViewerPage, served: Served, sample: anndata.AnnData, sample_bundle: Path, tmp_path: Path
) -> None:
    page = viewer.page
    viewer.open(served(sample_bundle) + LINK)
    select_kind(viewer, "T cell")
    save_group(viewer, 'mine, "T"')
    select_kind(viewer, "B cell")
    save_group(viewer, "B")
    # A name that another group has is refused, and the old one stays.
    page.get_by_label("Name of B", exact=True).fill('mine, "T"')
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("There is a group")
    expect(page.get_by_label("Name of B", exact=True)).to_have_value("B")
    page.get_by_label("Colour of B").fill("#ff0000")
    groups = section(viewer, "Groups")
    groups.get_by_role("button", name="Select mine").click(modifiers=["Shift"])
    kinds = sample.obs["cell_type"]
    expect_selected(viewer, int(kinds.isin(["B cell", "T cell"]).sum()))
    assert violations(page) == []

    groups.get_by_role("button", name="Colour by groups").click()
    expect(viewer.caption.locator("strong")).to_have_text("My groups")
    expect(viewer.caption).to_contain_text("100 in no group")
    legend = page.get_by_role("list", name="Groups by colour")
    expect(legend.get_by_role("listitem")).to_have_count(3)
    expect(legend.get_by_role("listitem").nth(1)).to_contain_text("B100")
    expect(legend.get_by_role("listitem").nth(1).locator(".swatch")).to_have_css(
        "background-color", "rgb(255, 0, 0)"
    )
    page.get_by_role("button", name="Clear", exact=True).click()
    viewer.settle()
    picture = viewer.pixels().astype(int)
    assert ((picture - [255, 0, 0]) ** 2).sum(axis=2).min() < 900
    assert violations(page) == []

    with page.expect_download() as download:
        groups.get_by_role("button", name="Save the groups as CSV").click()
    saved = pd.read_csv(download.value.path())
    assert download.value.suggested_filename == "sample_groups.csv"
    assert saved.groupby("group")["cell_id"].apply(set).to_dict() == {
        'mine, "T"': set(sample.obs_names[kinds == "T cell"]),
        "B": set(sample.obs_names[kinds == "B cell"]),
    }
    with page.expect_download() as download:
        groups.get_by_role("button", name="Save the groups as JSON").click()
    kept = json.loads(Path(download.value.path()).read_text())
    assert [(group["name"], len(group["cells"])) for group in kept["groups"]] == [
        ('mine, "T"', 100),
        ("B", 100),
    ]

    groups.get_by_role("button", name="Delete B").click()
    expect(legend.get_by_role("listitem")).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(legend.get_by_role("listitem")).to_have_count(3)
    both = tmp_path / "groups.csv"
    both.write_text("cell_id,group\ncell <0>,B\ncell <1>,new\nnobody,new\ncell <0>,new\n")
    page.get_by_label("Import groups from a CSV, JSON or GeoJSON file").set_input_files(both)
    expect(page.locator(".import-status")).to_have_text(
        "2 groups imported. 2 names of 3 found. No cell is called: nobody."
    )
    expect(section(viewer, "Legend")).to_contain_text("2 memberships of an earlier group are not seen.")
    expect(legend.get_by_role("listitem").nth(2)).to_contain_text("new2")
    page.get_by_label("Import groups from a CSV, JSON or GeoJSON file").set_input_files(
        {"name": "x.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    )
    expect(viewer.alert()).to_contain_text("must name the columns cell_id and group")


def test_groups_and_the_selection_are_in_the_link(
    new_page: Callable[..., ViewerPage], served: Served, sample_bundle: Path
) -> None:
    viewer = new_page()
    url = served(sample_bundle)
    viewer.open(url + LINK)
    select_kind(viewer, "B cell")
    save_group(viewer, "kept")
    section(viewer, "Groups").get_by_role("button", name="Colour by groups").click()
    viewer.wait_for_link("by=groups")
    other = new_page(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    other.open(viewer.page.url)
    expect(other.caption.locator("strong")).to_have_text("My groups")
    expect(other.caption).to_contain_text("100 selected")
    other.page.get_by_role("button", name="Groups", exact=True).tap()
    expect(other.page.get_by_label("Name of kept")).to_have_value("kept")
    assert other.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    for box in other.page.locator(".sections, .rest").all():
        assert box.evaluate("e => e.scrollWidth - e.clientWidth") == 0
    assert violations(other.page) == []


@pytest.mark.parametrize("of", ["the selection", "mine"])
def test_a_composition_is_counted_and_saved(
    viewer: ViewerPage, served: Served, sample: anndata.AnnData, sample_bundle: Path, of: str
) -> None:
    page = viewer.page
    viewer.open(served(sample_bundle) + LINK)
    select_kind(viewer, "T cell")
    if of == "mine":
        save_group(viewer, "mine")
        select_kind(viewer, "B cell")
    panel = page.get_by_role("region", name="Selection", exact=True)
    panel.get_by_role("button", name="Composition", exact=True).click()
    form = page.get_by_role("group", name="Composition")
    if of == "mine":
        form.get_by_role("combobox", name="Of").select_option("mine")
    form.get_by_role("combobox", name="By").select_option(label="primary")
    cells = sample.obs[sample.obs["cell_type"] == "T cell"]
    counts = cells["primary"].value_counts()
    rows = form.get_by_role("row")
    expect(rows).to_have_count(1 + len(counts))
    most = str(counts.index[0]).lower()
    expect(rows.nth(1)).to_contain_text(f"{most}{counts.iloc[0]}{100 * counts.iloc[0] // len(cells)} %")
    assert violations(page) == []
    with page.expect_download() as download:
        form.get_by_role("button", name="Save the composition as CSV").click()
    saved = pd.read_csv(download.value.path(), index_col=0)
    assert saved["cells"].tolist() == counts.tolist()
    assert saved["share"].tolist() == pytest.approx((counts / len(cells)).tolist())
    # The next selection is counted at once.
    if of == "the selection":
        tool(viewer, "Invert").click()
        expect(rows.nth(1)).not_to_contain_text(f"{most}{counts.iloc[0]}")
