"""The page with a packed bundle: from a server, from a host without ranges; and pages from before it."""

from __future__ import annotations

import functools
import http.server
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import anndata
import numpy as np
import pytest
from playwright.sync_api import expect

import karospace_stream
from tests.browser.conftest import ROOT
from tests.browser.page import ViewerPage

#: The last commit whose page knows nothing of the packed layout.
BEFORE = "f9f2ab2b"


@pytest.fixture(scope="module")
def bundles(sample: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same cells in both layouts."""
    folder = tmp_path_factory.mktemp("layouts")
    for layout in ("classic", "packed"):
        karospace_stream.export(sample, folder / layout, layout=layout, anno="all", name="sample")
    return {layout: folder / layout for layout in ("classic", "packed")}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def host_without_ranges(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_both_layouts_look_the_same(new_page: Callable[..., ViewerPage], bundles: dict[str, Path]) -> None:
    pictures = []
    for layout in ("classic", "packed"):
        viewer = new_page()
        with karospace_stream.serve(bundles[layout], port=0) as server:
            viewer.open(server.url)
            viewer.choose_gene("con")
            pictures.append(viewer.pixels())
            assert viewer.page.get_by_text("sends whole files").count() == 0
    np.testing.assert_array_equal(*pictures)


def test_a_host_without_ranges_is_said(viewer: ViewerPage, bundles: dict[str, Path]) -> None:
    with host_without_ranges(bundles["packed"]) as url:
        viewer.open(url)
        viewer.choose_gene("con")
        expect(viewer.page.get_by_text("This host sends whole files only")).to_be_attached()
        viewer.page.goto("about:blank")


def test_a_page_from_before_refuses_it_with_a_sentence(
    viewer: ViewerPage, bundles: dict[str, Path], tmp_path: Path
) -> None:
    made = subprocess.run(
        ["git", "show", f"{BEFORE}:karospace_stream/page/index.html"], cwd=ROOT, capture_output=True
    )
    if made.returncode:
        pytest.skip(f"the history of the repository is not here: {made.stderr.decode(errors='replace')}")
    with karospace_stream.serve(bundles["packed"], port=0) as server:
        page = bundles["packed"] / "old.html"
        page.write_bytes(made.stdout)
        viewer.page.goto(f"{server.url}old.html")
        expect(viewer.page.get_by_text("use the index.html of the export")).to_be_visible()
        viewer.page.goto("about:blank")
        page.unlink()


def test_what_leaves_the_page_names_rows_of_the_source(
    new_page: Callable[..., ViewerPage], bundles: dict[str, Path]
) -> None:
    """Rows 0 to 4 and 9 of a link are the same cells in both layouts, by name, and give the same link."""
    saved, links = [], []
    for layout in ("classic", "packed"):
        viewer = new_page()
        with karospace_stream.serve(bundles[layout], port=0) as server:
            viewer.open(f"{server.url}#column=cell_type&selected=0-5.4")
            expect(viewer.page.locator(".selection-count")).to_have_text("6 cells are selected.")
            with viewer.page.expect_download() as caught:
                viewer.page.get_by_role("button", name="CSV").click()
            saved.append(caught.value.path().read_text())
            viewer.page.wait_for_function("location.hash.includes('selected=')")
            links.append(viewer.page.evaluate("new URLSearchParams(location.hash.slice(1)).get('selected')"))
            viewer.page.goto("about:blank")
    assert saved[0] == saved[1]
    assert links == ["0-5.4", "0-5.4"]
