"""The grid of panels, one for each section: what is loaded and drawn first, and what people do in it."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.page import FRAMES, ViewerPage

PAGE = Path(__file__).parents[2] / "karospace_stream" / "page" / "index.html"
N_SECTIONS = 60
N_CELLS = 20_000
#: What may be loaded before the first panels are in sight.
MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of 60 sections of 20,000 cells: its documents, points, coordinates and one column."""
    folder = tmp_path_factory.mktemp("sixty")
    rng = np.random.default_rng(0)
    n = N_SECTIONS * N_CELLS

    def put(path: str, values: Any) -> list[dict[str, Any]]:
        data = gzip.compress(np.ascontiguousarray(values).tobytes(), 1, mtime=0)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        return [{"path": path, "start": 0, "end": n, "size_bytes": len(data)}]

    steps = rng.integers(0, 65_535, (N_SECTIONS, 2, N_CELLS), dtype=np.uint16)
    codes = rng.integers(0, 4, (N_SECTIONS, N_CELLS), dtype=np.uint8)
    items = []
    for section in range(N_SECTIONS):
        points = np.frombuffer(steps[section].tobytes() + codes[section].tobytes(), np.uint8)
        path = f"assets/sections/{section:05}.bin.gz"
        size = put(path, points)[0]["size_bytes"]
        items.append(
            {
                "name": f"s{section + 1}",
                "start": section * N_CELLS,
                "end": (section + 1) * N_CELLS,
                "n_placed": N_CELLS,
                "minimum": [0, 0],
                "maximum": [1000, 1000],
                "points": {"path": path, "size_bytes": size},
            }
        )
    xy = np.float32(steps.transpose(0, 2, 1).reshape(-1, 2)) * np.float32(1000 / 65_534)
    conditions = ["control" if section % 2 else "treated" for section in range(N_SECTIONS)]
    atlas = {
        "format": "karospace-stream",
        "version": 1,
        "dataset_name": "sixty",
        "n_cells": n,
        "n_genes": 0,
        "cell_ids": {"parts": put("assets/stream/ids.bin.gz", np.zeros(1, np.uint8))},
        "embeddings": [
            {
                "key": "spatial",
                "label": "Spatial",
                "source": "obsm:spatial",
                "dims": 2,
                "dtype": "float32",
                "y_axis": "down",
                "microns_per_unit": 1,
                "origin": [0, 0],
                "minimum": [0, 0],
                "maximum": [1000, 1000],
                "parts": put("assets/stream/xy.bin.gz", xy),
            }
        ],
        "columns": [
            {
                "name": "kind",
                "kind": "category",
                "dtype": "uint8",
                "missing": 255,
                "categories": ["A", "B", "C", "D"],
                "parts": put("assets/stream/kind.bin.gz", codes),
            }
        ],
        "genes": {
            "table": {"path": "assets/genes.json", "size_bytes": 20},
            "expression": {
                "dtype": "float32",
                "path": "assets/{gene}_{part}",
                "gene_digits": 5,
                "part_digits": 3,
                "cuts": [0, n],
            },
        },
        "sections": {
            "column": "slice",
            "embedding": 0,
            "first_column": 0,
            "metadata": [{"name": "condition", "values": conditions}],
            "items": items,
        },
    }
    (folder / "assets/genes.json").write_text('{"name": []}')
    (folder / "atlas.json").write_text(json.dumps(atlas))
    (folder / "manifest.json").write_text('{"stream": {"version": 1, "path": "atlas.json"}}')
    return folder


class Asked(list[tuple[str, int]]):
    """The paths that a server gave, each with the bytes that it sent."""

    def sections(self) -> list[str]:
        return [path for path, _ in self if "/sections/" in path]

    def before(self, part: str) -> list[tuple[str, int]]:
        """What was asked for before a path with this in it."""
        first = next(at for at, (path, _) in enumerate(self) if part in path)
        return self[:first]


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder, and the page compressed, as hosts do."""

    def __init__(self, *args: Any, asked: Asked, page: bytes, **kwargs: Any) -> None:
        self.asked, self.page = asked, page
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        file = Path(self.translate_path(path))
        if path == "/":
            self.asked.append((path, len(self.page)))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(self.page)))
            self.end_headers()
            self.wfile.write(self.page)
            return
        if file.is_file():
            self.asked.append((path, file.stat().st_size))
        super().do_GET()

    def log_message(self, *args: Any) -> None:
        """The console is for tests."""


@pytest.fixture
def counted(sixty: Path) -> Iterator[tuple[str, Asked]]:
    asked = Asked()
    page = gzip.compress(PAGE.read_bytes())
    handler = partial(_Handler, asked=asked, page=page, directory=str(sixty))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()


def settle(page: Page) -> None:
    """Until all panels in sight are drawn, nothing is being loaded, and no new picture comes."""
    expect(page.locator('[data-settled="true"]')).to_be_attached()
    expect(page.locator(".busy")).to_have_count(0)
    before = -1
    while (now := drawn(page)) != before:
        before = now
        page.evaluate(FRAMES)
        page.wait_for_timeout(300)


def drawn(page: Page) -> int:
    return int(page.locator("[data-settled]").get_attribute("data-drawn") or 0)


def test_panels_in_sight_come_first_and_only_they_are_loaded_and_drawn(
    viewer: ViewerPage, counted: tuple[str, Asked]
) -> None:
    url, asked = counted
    page = viewer.page
    # The colours of all cells come after the panels in sight.
    with page.expect_response("**/kind.bin.gz"):
        page.goto(url)
    settle(page)
    first = asked.before("kind.bin.gz")
    n_first = len([path for path, _ in first if "/sections/" in path])
    assert n_first >= 6
    assert sum(size for _, size in first) < MOST_BYTES
    assert len(asked.sections()) == n_first  # none out of sight
    assert not any("xy.bin" in path for path, _ in asked)
    assert int(page.locator("[data-panels]").get_attribute("data-panels") or 0) == n_first
    # The canvas is as large as what is in sight, not as all panels, and its pixels are those of the screen.
    canvas, sight = page.locator(".section-grid canvas"), page.locator(".scroller")
    extents = "each => [each.clientWidth, each.clientHeight, each.width, each.height]"
    width, height, *pixels = canvas.evaluate(extents)
    assert [width, height] == pixels
    assert height <= sight.evaluate("each => each.clientHeight") + 160
    before = drawn(page)
    page.wait_for_timeout(500)
    assert drawn(page) == before  # nothing is drawn while nothing changes

    # Scrolling to the end asks for the last rows, not for all between.
    page.locator(".scroller").evaluate("each => { each.scrollTop = each.scrollHeight }")
    expect(page.locator('[data-section="59"]')).to_be_visible()
    settle(page)
    later = asked.sections()[n_first:]
    assert f"/assets/sections/{N_SECTIONS - 1:05}.bin.gz" in later
    assert len(later) <= n_first + 3
    assert len(set(asked.sections())) == len(asked.sections())  # none twice
    # Pictures of a few scroll events and arriving files, not one for each of the 60.
    assert drawn(page) - before < 30

    # What was in sight before is still there.
    page.locator(".scroller").evaluate("each => { each.scrollTop = 0 }")
    expect(page.locator('[data-section="0"]')).to_be_visible()
    settle(page)
    assert len(asked.sections()) == n_first + len(later)
    assert violations(page) == []


def test_chips_keys_turning_selecting_and_links(viewer: ViewerPage, counted: tuple[str, Asked]) -> None:
    url, asked = counted
    page = viewer.page
    page.goto(url)
    settle(page)
    count = page.locator(".grid-toolbar .count")
    page.get_by_role("button", name="control 30").click()
    expect(count).to_have_text("30 of 60 sections")
    page.get_by_label("Find a section by its name").fill("s4")
    expect(count).to_have_text("6 of 60 sections")
    page.get_by_role("button", name="Show every section").click()
    expect(count).to_have_text("60 sections")
    settle(page)

    page.get_by_role("button", name="Rotate s1", exact=True).click()
    page.get_by_role("button", name="Mirror s2", exact=True).click()
    viewer.wait_for_link("turned=")

    # A rectangle over the whole panel selects the cells of its section.
    page.keyboard.press("r")
    box = page.locator('[data-section="1"] .cells').bounding_box()
    assert box
    page.mouse.move(box["x"] + 1, box["y"] + 1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2, steps=3)
    page.mouse.up()
    expect(page.locator(".section-grid .caption")).to_contain_text("20,000 selected")
    page.keyboard.press("v")

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("tooltip")).to_contain_text("kind")
    cell = int(page.get_by_role("tooltip").get_attribute("data-cell") or -1)
    assert N_CELLS <= cell < 2 * N_CELLS

    page.locator('[data-section="0"] .open').focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator('[data-section="1"] .open')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".section-grid")).to_have_count(0)
    viewer.wait_for_link("section=s2")
    assert any("xy.bin" in path for path, _ in asked)  # now they are needed
    page.keyboard.press("PageDown")
    expect(page.locator(".section-title strong")).to_have_text("s3")
    page.get_by_role("button", name="Grid", exact=True).click()
    expect(page.locator('[data-section="2"] .open')).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window(
    new_page: Callable[..., ViewerPage], counted: tuple[str, Asked], scheme: str
) -> None:
    url, _ = counted
    viewer = new_page(viewport={"width": 420, "height": 760}, color_scheme=scheme)
    viewer.page.goto(url)
    settle(viewer.page)
    assert violations(viewer.page) == []
