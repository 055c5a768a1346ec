"""The tooltip: at once, small, beside its cell, and without a download that nobody asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

import karospace_stream
from karospace_stream.testing.synth import write_synthetic
from tests.browser.page import ViewerPage

N_CELLS = 300_000
MOST_ON_HOVER = 200_000


@contextmanager
def traffic(page: Page) -> Iterator[dict[str, int]]:
    """Bytes that come over the wire meanwhile, headers and all, by the last part of the address."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    names: dict[str, str] = {}
    seen: dict[str, int] = {}

    def asked(event: dict[str, Any]) -> None:
        names[event["requestId"]] = event["request"]["url"].rsplit("/", 1)[-1]

    def finished(event: dict[str, Any]) -> None:
        name = names.get(event["requestId"], "?")
        seen[name] = seen.get(name, 0) + int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", finished)
    yield seen
    session.detach()


def middle_cell(viewer: ViewerPage) -> tuple[int, int]:
    spots = viewer.spots()
    x, y = spots[np.argmin(np.abs(spots - np.median(spots, axis=0)).sum(axis=1))]
    return int(x), int(y)


def test_the_first_hover_asks_for_the_names_of_few_cells_only(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    viewer.open(served(sample_bundle) + "#embedding=X_umap&column=cell_type")
    spot = middle_cell(viewer)
    with traffic(viewer.page) as seen:
        viewer.point_at(*spot)
        viewer.told()
        viewer.page.wait_for_timeout(300)
    assert seen
    assert all(name.startswith("cell_ids_part_") for name in seen), seen


def test_a_hover_over_many_cells_transfers_nothing_until_a_click(
    viewer: ViewerPage, served: Callable[[Path], str], tmp_path: Path
) -> None:
    write_synthetic(tmp_path / "large.h5ad", n_cells=N_CELLS, n_genes=3, n_neighbors=5)
    karospace_stream.export(tmp_path / "large.h5ad", tmp_path / "bundle", anno="all")
    viewer.open(served(tmp_path / "bundle") + "#embedding=X_umap&column=cell_type")
    spot = middle_cell(viewer)
    with traffic(viewer.page) as seen:
        viewer.point_at(*spot)
        expect(viewer.tooltip.locator("dt")).to_have_text("cell_type")
        viewer.page.wait_for_timeout(1000)
        assert sum(seen.values()) < MOST_ON_HOVER, seen
        assert seen == {}

        expect(viewer.tooltip.locator(".lacking")).to_have_text("Click for its name (1.7 MB)")
        viewer.page.mouse.down()
        viewer.page.mouse.up()
        name, _ = viewer.told()
    assert set(seen) == {"cell_ids_part_000.bin.gz"}
    assert name.startswith("sample_")
    expect(viewer.tooltip.locator(".lacking")).to_have_count(0)


def test_it_stands_beside_its_cell_and_does_not_flicker(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    viewer.open(served(sample_bundle) + "#embedding=X_umap&column=cell_type")
    spots = viewer.spots()
    corners = [spots[np.argmax(spots @ np.array(way))] for way in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1))]
    viewer.point_at(*corners[0])
    viewer.told()
    viewer.page.evaluate(
        """() => {
          const box = document.querySelector('.tooltip');
          box.first = true;
          window.gone = 0;
          new MutationObserver((all) => {
            for (const { removedNodes } of all) window.gone += [...removedNodes].includes(box);
          }).observe(document.querySelector('.stage'), { childList: true });
        }"""
    )
    stage = viewer.canvas.bounding_box()
    assert stage is not None
    for x, y in [*corners, *spots[:: len(spots) // 20]]:
        viewer.point_at(x, y)
        viewer.told()
        box = viewer.tooltip.bounding_box()
        assert box is not None
        left, top = box["x"] - stage["x"], box["y"] - stage["y"]
        cell_x, cell_y = viewer.ring()
        apart = max(left - cell_x, cell_x - left - box["width"], top - cell_y, cell_y - top - box["height"])
        assert apart > 5
        assert min(left, top) >= 0
        assert left + box["width"] <= stage["width"]
        assert top + box["height"] <= stage["height"]
        assert box["width"] <= 300
    assert viewer.page.evaluate("[window.gone, document.querySelector('.tooltip').first]") == [0, True]


def test_columns_are_added_and_let_go(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    viewer.open(served(sample_bundle) + "#embedding=X_umap&column=cell_type")
    spot = middle_cell(viewer)
    field = viewer.page.get_by_label("Also show")
    expect(field.locator("option", has_text="cell_type")).to_have_count(0)
    field.select_option(label="n_counts")
    field.select_option(label="score")
    viewer.wait()
    viewer.point_at(*spot)
    assert list(viewer.told()[1]) == ["cell_type", "score", "n_counts"]
    viewer.wait_for_link("tooltip=")
    viewer.page.reload()
    viewer.wait()
    viewer.page.get_by_role("button", name="Remove score from the tooltip").click()
    viewer.point_at(*spot)
    assert list(viewer.told()[1]) == ["cell_type", "n_counts"]


def test_a_tap_points_and_a_second_one_loads_the_name(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], tmp_path: Path
) -> None:
    write_synthetic(tmp_path / "cells.h5ad", n_cells=30_000, n_genes=2)
    karospace_stream.export(tmp_path / "cells.h5ad", tmp_path / "bundle", anno="cell_type")
    viewer = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    viewer.open(served(tmp_path / "bundle") + "#embedding=X_umap&column=cell_type")
    box = viewer.canvas.bounding_box()
    assert box is not None
    x, y = middle_cell(viewer)
    viewer.page.touchscreen.tap(box["x"] + x, box["y"] + y)
    expect(viewer.tooltip).to_contain_text("Tap again for its name")
    expect(viewer.tooltip.locator(".cell-id")).to_have_count(0)
    viewer.page.touchscreen.tap(box["x"] + x, box["y"] + y)
    expect(viewer.tooltip.locator(".cell-id")).to_contain_text("sample_")
