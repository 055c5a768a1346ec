"""Names of categories and counts in the legend are of what is shown, whatever the colours are of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
from playwright.sync_api import expect

from tests.browser.page import ViewerPage
from tests.browser.shapes import FLAT


def test_names_stay_while_a_gene_is_coloured_and_may_be_of_any_column(
    open_shapes: Callable[[str], ViewerPage],
) -> None:
    viewer = open_shapes(FLAT + "&labels=1")
    labels = viewer.page.locator(".labels span")
    expect(labels).to_have_count(5)
    expect(viewer.page.locator(".names-count")).to_have_text("")
    places = [label.bounding_box() for label in labels.all()]
    viewer.choose_gene("1")
    assert [label.bounding_box() for label in labels.all()] == places
    viewer.wait_for_link("names=kind")


def test_names_without_room_are_counted(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    # Cells of every type lie all over: the three names have one place.
    viewer.open(served(sample_bundle) + "#gene=Case&names=cell_type")
    labels = viewer.page.locator(".labels span")
    said = viewer.page.locator(".names-count")
    expect(labels).to_have_count(1)
    expect(said).to_contain_text("2 of 3 names are left out for lack of room")
    viewer.page.get_by_label("Named column").select_option(label="__proto__")
    expect(labels).to_have_text(["upper", "lower"])
    expect(said).to_have_text("")
    viewer.page.get_by_label("Names of the categories").uncheck()
    expect(labels).to_have_count(0)


def test_the_legend_counts_what_other_filters_show(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path, sample: anndata.AnnData
) -> None:
    viewer.open(served(sample_bundle) + "#column=cell_type")
    viewer.page.get_by_label("Filter by").select_option(label="primary")
    viewer.page.locator(".legend").nth(1).get_by_text("false").click()
    viewer.settle()
    legend = viewer.page.locator(".legend").first
    kept = sample.obs[sample.obs["primary"]]
    for name, count in kept["cell_type"].value_counts().items():
        expect(legend.locator("li").filter(has_text=name).locator(".count")).to_have_text(str(count))
    viewer.toggle("B cell")
    hidden = str((kept["cell_type"] == "B cell").sum())
    expect(legend.locator("li").filter(has_text="B cell").locator(".count")).to_have_text(hidden)
    counts = viewer.page.locator(".legend").nth(1).locator(".count")
    both = (sample.obs["cell_type"] != "B cell").groupby(sample.obs["primary"]).sum()
    expect(counts).to_have_text([str(both[False]), str(both[True])])
