"""Filters by categories, numbers and genes that apply together, against pandas."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, Route, expect

import karospace_stream
from tests.browser.axe import violations
from tests.browser.conftest import PAGE, SHARED
from tests.browser.page import Said, ViewerPage
from tests.browser.sample import N_CELLS
from tests.browser.test_groups import save_group, select_kind

MANY = 250_000


def editor(viewer: ViewerPage) -> Locator:
    return viewer.page.locator(".range-editor")


def filter_by(viewer: ViewerPage, column: str) -> None:
    viewer.page.get_by_label("Filter by").select_option(label=column)
    expect(editor(viewer)).to_be_visible()


def brush_box(viewer: ViewerPage) -> Any:
    brush = editor(viewer).locator(".brush")
    brush.scroll_into_view_if_needed()
    return brush.bounding_box()


def type_bound(viewer: ViewerPage, name: str, text: str) -> None:
    field = editor(viewer).get_by_label(name, exact=True)
    field.fill(text)
    field.press("Enter")


def expect_shown(viewer: ViewerPage, number: int) -> None:
    expect(viewer.caption).to_contain_text(f"{number:,} of ")


def drag(page: Page, box: Any, start: float, end: float) -> None:
    """Drag over the histogram, from one share of its width to another."""
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + start * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], middle, steps=5)
    page.mouse.up()


@pytest.fixture(scope="module")
def real() -> anndata.AnnData:
    source = SHARED / "data" / "anndata_v050_pbmc68k.h5ad"
    if not source.is_file():
        pytest.skip(f"the shared data are not at {source.parent}")
    with warnings.catch_warnings():
        # It was written by anndata 0.5.
        warnings.simplefilter("ignore")
        return anndata.read_h5ad(source)


@pytest.fixture(scope="module")
def real_bundle(real: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filters") / "real"
    karospace_stream.export(real, folder, anno="all")
    return folder


@pytest.mark.few(1)
def test_filters_combine_as_in_pandas(
    viewer: ViewerPage, served: Callable[[Path], str], real: anndata.AnnData, real_bundle: Path
) -> None:
    page, obs = viewer.page, real.obs
    viewer.open(served(real_bundle) + "#column=louvain")
    filter_by(viewer, "n_counts")
    box = brush_box(viewer)
    drag(page, box, 0.1, 0.35)
    low, high = (
        float(editor(viewer).get_by_label(each, exact=True).input_value()) for each in ("From", "to")
    )
    extent = obs["n_counts"].min(), obs["n_counts"].max()
    assert [low, high] == pytest.approx(np.interp([0.1, 0.35], [0, 1], extent), abs=30)
    counts = obs["n_counts"].between(low, high)
    expect_shown(viewer, counts.sum())
    # A drag that begins in the range moves it.
    drag(page, brush_box(viewer), 0.2, 0.3)
    moved = float(editor(viewer).get_by_label("From", exact=True).input_value())
    assert moved == pytest.approx(low + 0.1 * (extent[1] - extent[0]), abs=30)
    type_bound(viewer, "From", "3000")
    type_bound(viewer, "to", "4500,5")
    counts = obs["n_counts"].between(3000, 4500.5)
    expect_shown(viewer, counts.sum())

    page.get_by_role("combobox", name="or by a gene").fill("CD79A")
    page.get_by_role("combobox", name="or by a gene").press("Enter")
    expect(editor(viewer)).to_have_attribute("aria-label", "Range of CD79A")
    type_bound(viewer, "to", "2.5")
    gene = pd.Series(real[:, "CD79A"].X.ravel() <= np.float32(2.5), obs.index)
    expect_shown(viewer, (counts & gene).sum())

    page.locator(".legend label[title='3'] .name").click()
    group = obs["louvain"] != "3"
    expect_shown(viewer, (counts & gene & group).sum())

    # The legend counts what the other filters show; the filter by phase counts what all three show.
    def legend_counts(legend: Locator) -> dict[str, int]:
        names = legend.locator(".name").all_text_contents()
        numbers = legend.locator("li .count").all_text_contents()
        return {name: int(number.replace(",", "")) for name, number in zip(names, numbers, strict=True)}

    louvain = obs["louvain"][counts & gene].value_counts().to_dict()
    assert legend_counts(page.locator(".legend").first) == louvain
    page.get_by_label("Filter by").select_option(label="phase")
    expect(page.locator(".legend")).to_have_count(2)
    phase = obs["phase"][counts & gene & group].value_counts().to_dict()
    assert legend_counts(page.locator(".legend").last) == phase

    switch = page.get_by_role("checkbox", name="Apply filter: n_counts")
    switch.uncheck()
    expect_shown(viewer, (gene & group).sum())
    page.keyboard.press("Control+z")
    expect(switch).to_be_checked()
    expect_shown(viewer, (counts & gene & group).sum())
    expect(page).to_have_url(re.compile("hidden=.*between=.*n_counts.*CD79A"))
    other = page.context.new_page()
    other.goto(page.url)
    again = ViewerPage(other)
    again.wait()
    expect_shown(again, (counts & gene & group).sum())
    other.close()

    page.get_by_role("button", name="Remove filter: CD79A").click()
    expect_shown(viewer, (counts & group).sum())
    expect(page.locator("#filter-title")).to_be_focused()
    page.get_by_role("button", name="Clear filters").click()
    expect(viewer.caption).to_contain_text("700 cells")
    expect(page.get_by_role("list", name="Filters")).to_have_count(0)


def test_cells_without_a_value_go_with_the_first_bound(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path, sample: anndata.AnnData
) -> None:
    score = sample.obs["score"]
    viewer.open(served(sample_bundle) + "#column=cell_type")
    filter_by(viewer, "score")
    missing = editor(viewer).get_by_role("checkbox", name="Cells without a value")
    expect(missing).to_be_checked()
    expect(missing.locator("xpath=..").locator(".count")).to_have_text(str(score.isna().sum()))
    type_bound(viewer, "From", "0.25")
    expect(missing).not_to_be_checked()
    expect_shown(viewer, (score >= 0.25).sum())
    missing.check()
    expect_shown(viewer, ((score >= 0.25) | score.isna()).sum())
    expect(viewer.page.get_by_role("button", name="score at least 0.25 or missing")).to_be_visible()
    editor(viewer).get_by_role("button", name="All values").click()
    expect(viewer.caption).to_contain_text(f"{N_CELLS} cells")
    missing.uncheck()
    expect_shown(viewer, score.notna().sum())


def test_zeros_of_a_gene_have_a_share_of_their_own(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path, sample: anndata.AnnData
) -> None:
    page = viewer.page
    values = pd.Series(sample[:, "Case"].X.ravel(), sample.obs_names)
    viewer.open(served(sample_bundle) + "#column=cell_type")
    field = page.get_by_role("combobox", name="or by a gene")
    field.fill("Case")
    field.press("Enter")
    zeros = (values == 0).sum()
    expect(editor(viewer).locator(".zeros")).to_contain_text(
        f"of the cells ({zeros}); the bars leave them out."
    )
    editor(viewer).get_by_role("button", name="Above zero").click()
    expect_shown(viewer, (values > 0).sum())
    # The share stays that of the other filters' cells.
    viewer.toggle("B cell")
    others = sample.obs["cell_type"] != "B cell"
    expect(editor(viewer).locator(".zeros")).to_contain_text(f"({(others & (values == 0)).sum()})")
    expect_shown(viewer, (others & (values > 0)).sum())


def test_keys_move_the_bounds_and_wrong_ones_are_refused(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path, sample: anndata.AnnData
) -> None:
    counts = sample.obs["n_counts"]
    viewer.open(served(sample_bundle) + "#column=cell_type")
    filter_by(viewer, "n_counts")
    low = editor(viewer).get_by_role("slider", name="Lowest value shown")
    expect(low).to_have_attribute("aria-valuetext", str(counts.min()))
    low.focus()
    for _ in range(100):
        viewer.page.keyboard.press("ArrowRight")
    expect(low).to_have_value("100")
    told = float(low.get_attribute("aria-valuetext") or "")
    assert told == pytest.approx(counts.min() + 0.1 * (counts.max() - counts.min()), abs=10)
    expect_shown(viewer, (counts >= told).sum())
    viewer.page.keyboard.press("Home")
    expect(viewer.caption).to_contain_text(f"{N_CELLS} cells")
    type_bound(viewer, "to", "5000")
    type_bound(viewer, "From", "6000")
    expect(viewer.alert()).to_have_text(
        "The lowest value must not be above the highest, but 6000 is above 5000."
    )
    expect_shown(viewer, (counts <= 5000).sum())
    type_bound(viewer, "From", "many")
    expect(editor(viewer).get_by_label("From", exact=True)).to_have_value("")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 390)])
def test_a_finger_brushes_and_axe_finds_nothing(
    new_page: Callable[..., ViewerPage],
    served: Callable[[Path], str],
    sample_bundle: Path,
    sample: anndata.AnnData,
    scheme: str,
    width: int,
) -> None:
    viewer = new_page(viewport={"width": width, "height": 844}, has_touch=True, color_scheme=scheme)
    viewer.open(served(sample_bundle) + "#column=cell_type&hidden=" + quote('[["cell_type",["B cell"]]]'))
    filter_by(viewer, "n_counts")
    viewer.page.get_by_role("checkbox", name="Apply filter: cell_type").uncheck()
    box = brush_box(viewer)
    session = viewer.page.context.new_cdp_session(viewer.page)
    y = box["y"] + box["height"] / 2
    for kind, share in (("touchStart", 0.25), ("touchMove", 0.4), ("touchMove", 0.75), ("touchEnd", 0)):
        points = [] if kind == "touchEnd" else [{"x": box["x"] + share * box["width"], "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    ends = [editor(viewer).get_by_label(each, exact=True) for each in ("From", "to")]
    expect(ends[1]).not_to_have_value("")
    low, high = (float(each.input_value()) for each in ends)
    counts = sample.obs["n_counts"]
    span = counts.max() - counts.min()
    assert [low, high] == pytest.approx([counts.min() + 0.25 * span, counts.min() + 0.75 * span], abs=60)
    expect_shown(viewer, counts.between(low, high).sum())
    assert violations(viewer.page) == []
    assert viewer.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame]:
    """So many cells that a worker filters them."""
    rng = np.random.default_rng(3)
    obs = pd.DataFrame(
        {
            "group": pd.Categorical(np.array(["a", "b", "c"])[rng.integers(0, 3, MANY)]),
            "depth": rng.normal(size=MANY).astype(np.float32),
        },
        index=[str(at) for at in range(MANY)],
    )
    cells = anndata.AnnData(np.zeros((MANY, 1), np.float32), obs=obs)
    cells.obsm["X_umap"] = rng.normal(size=(MANY, 2)).astype(np.float32)
    folder = tmp_path_factory.mktemp("many") / "bundle"
    karospace_stream.export(cells, folder, anno="all")
    return folder, obs


LINK = "#column=group&hidden=" + quote(json.dumps([["group", ["a"]]]))


def expect_filtered(viewer: ViewerPage, obs: pd.DataFrame) -> None:
    """Filter by a second column, and compare what is counted."""
    group = obs["group"] != "a"
    expect_shown(viewer, group.sum())
    filter_by(viewer, "depth")
    type_bound(viewer, "From", "0.5")
    depth = obs["depth"] >= 0.5
    expect_shown(viewer, (group & depth).sum())
    rows = viewer.page.locator(".legend li .count")
    for row, name in enumerate("abc"):
        expect(rows.nth(row)).to_have_text(f"{(depth & (obs['group'] == name)).sum():,}")


@pytest.mark.parametrize("is_served", [True, False])
def test_a_worker_filters_many_cells(
    viewer: ViewerPage,
    served: Callable[[Path], str],
    drop: Callable[[ViewerPage, Path], None],
    many: tuple[Path, pd.DataFrame],
    is_served: bool,
) -> None:
    folder, obs = many
    started: list[str] = []
    viewer.page.on("worker", lambda worker: started.append(worker.url))
    if is_served:
        viewer.page.goto(served(folder))
    else:
        viewer.page.goto(PAGE.as_uri())
        drop(viewer, folder)
    viewer.wait()
    before = len(started)
    viewer.toggle("a")
    expect_filtered(viewer, obs)
    assert len(started) == before + 1


def test_the_page_filters_where_no_worker_may_run(
    viewer: ViewerPage, served: Callable[[Path], str], many: tuple[Path, pd.DataFrame], said: Said
) -> None:
    folder, obs = many

    def forbid(route: Route) -> None:
        text = route.fetch().text()
        assert "worker-src blob: data:" in text
        route.fulfill(
            body=text.replace("worker-src blob: data:", "worker-src 'none'"), content_type="text/html"
        )

    url = served(folder)
    viewer.page.route(url, forbid)
    viewer.page.goto(url + LINK)
    expect_filtered(viewer, obs)
    assert viewer.page.workers == []
    said.were_expected()


def test_a_group_filters_and_so_do_all_others(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path, sample: anndata.AnnData
) -> None:
    page = viewer.page
    viewer.open(served(sample_bundle) + "#embedding=X_umap&column=cell_type")
    select_kind(viewer, "T cell")
    save_group(viewer, "mine")
    page.get_by_label("or by a group").select_option(label="mine")
    mine = sample.obs["cell_type"] == "T cell"
    expect_shown(viewer, mine.sum())
    filter_by(viewer, "n_counts")
    type_bound(viewer, "From", "5000")
    counts = sample.obs["n_counts"] >= 5000
    expect_shown(viewer, (mine & counts).sum())
    chip = page.get_by_role("list", name="Filters").get_by_role("button", name="mine 100 cells")
    chip.click()
    expect_shown(viewer, (~mine & counts).sum())
    expect(page.get_by_role("button", name="mine without its 100 cells")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page).to_have_url(re.compile("without="))
    page.get_by_label("Name of mine", exact=True).fill("ours")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="ours without its 100 cells")).to_be_visible()
    assert violations(page) == []
