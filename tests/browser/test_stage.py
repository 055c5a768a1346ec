"""The stage and the panel: one stop for Tab, buttons beside the cells, names that break between words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

import karospace_stream
from tests.browser.page import ViewerPage
from tests.browser.sample import N_CELLS
from tests.browser.test_looks import SIZES

ROW = 28
LONG = "Mouse_embryo_E11.5_stereo-seq_bin50_annotated_by_region_and_cell_type"


@pytest.fixture(scope="module")
def many_kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A square of cells of 23 kinds, whose title is one long word."""
    folder = tmp_path_factory.mktemp("kinds") / "bundle"
    row, column = np.divmod(np.arange(32 * 24), 32)
    kinds = pd.Categorical([f"kind {i % 23}" for i in range(len(row))])
    obs = pd.DataFrame({"kind": kinds}, index=[f"cell {i}" for i in range(len(row))])
    adata = anndata.AnnData(np.ones((len(row), 1), np.float32), obs=obs)
    adata.obsm["spatial"] = np.stack([column, row], axis=1).astype(float)
    karospace_stream.export(adata, folder, title=LONG)
    return folder


def test_the_plot_is_one_stop_for_tab(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    viewer.open(served(sample_bundle))
    viewer.stage.focus()
    stops = []
    for _ in range(5):
        active = viewer.page.locator(":focus")
        stops.append([active.evaluate("e => e.tagName"), active.get_attribute("aria-label") or ""])
        viewer.page.keyboard.press("Tab")
    assert stops[0][1].startswith("Plot of 300 cells")
    assert stops[1] == ["BUTTON", "Move the view"]
    assert "CANVAS" not in {tag for tag, _ in stops}
    # A click on the cells leads the keys to the plot.
    viewer.page.mouse.click(800, 400)
    viewer.page.keyboard.press("+")
    viewer.wait_for_link("view=")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.few(1)
def test_no_cell_lies_under_the_buttons_at_first(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], many_kinds: Path, size: str
) -> None:
    viewer = new_page(viewport=SIZES[size])
    viewer.open(served(many_kinds))
    stage, buttons = viewer.canvas.bounding_box(), viewer.page.locator(".rail").bounding_box()
    assert stage is not None
    assert buttons is not None
    x, y = int(buttons["x"] - stage["x"]), int(buttons["y"] - stage["y"])
    picture = viewer.pixels().astype(int)
    under = np.abs(picture[y : y + int(buttons["height"]), x : x + int(buttons["width"])] - picture[1, 1])
    assert under.max() < 10


@pytest.mark.few(1)
def test_a_legend_with_more_rows_shows_half_of_one(
    viewer: ViewerPage, served: Callable[[Path], str], many_kinds: Path
) -> None:
    viewer.open(served(many_kinds))
    scrolled = 0
    for height in range(680, 1100, 12):
        viewer.page.set_viewport_size({"width": 1200, "height": height})
        inner, outer = viewer.page.locator(".legend .rows").evaluate("e => [e.scrollHeight, e.clientHeight]")
        if inner > outer:
            scrolled += 1
            assert 6 < outer % ROW < 22, f"{outer} pixels of {inner} in a window of {height}"
    assert scrolled > 10


def test_cells_without_a_value_are_counted(
    viewer: ViewerPage, served: Callable[[Path], str], sample: anndata.AnnData, sample_bundle: Path
) -> None:
    viewer.open(served(sample_bundle) + "#column=score")
    missing = int(sample.obs["score"].isna().sum())
    expect(viewer.caption).to_contain_text(f"{N_CELLS} cells, {missing} without a value")
    viewer.page.get_by_label("Filter by").select_option(label="primary")
    viewer.toggle("true")
    shown = sample.obs[~sample.obs["primary"]]
    expect(viewer.caption).to_contain_text(
        f"{len(shown)} of {N_CELLS} cells, {shown['score'].isna().sum()} without a value"
    )
    viewer.choose_column("cell_type")
    expect(viewer.caption).to_contain_text(f"{len(shown)} of {N_CELLS} cells, 1 without a value")
    viewer.choose_column("primary")
    expect(viewer.caption).not_to_contain_text("without")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.few(1)
def test_a_long_name_breaks_between_its_words(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], many_kinds: Path, size: str
) -> None:
    viewer = new_page(viewport=SIZES[size])
    viewer.open(served(many_kinds))
    title = viewer.page.locator(".panel h1")
    expect(title).to_have_text(LONG)
    expect(title).to_have_attribute("title", LONG)
    lines = title.evaluate(
        """(e) => {
          const lines = new Map(), range = document.createRange();
          for (const node of e.childNodes) {
            for (let at = 0; at < node.textContent.length; at++) {
              range.setStart(node, at); range.setEnd(node, at + 1);
              const top = Math.round(range.getBoundingClientRect().top);
              lines.set(top, (lines.get(top) ?? '') + node.textContent[at]);
            }
          }
          return [...lines.values()];
        }"""
    )
    assert "".join(lines) == LONG
    assert all(line[-1] in "_.-" for line in lines[:-1]), lines
