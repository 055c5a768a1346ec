"""What the preview server adds, as a person sees it: an export that still runs, a folder of exports."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import anndata
import pytest
from playwright.sync_api import expect

import karospace_stream
from karospace_stream.runtime.events import Event, TaskDone
from karospace_stream.targets.local.cache import FOLDER_VARIABLE
from tests.browser.page import NOT_FOUND, WAIT_MS, Said, ViewerPage


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    gate = threading.Event()
    yield gate
    gate.set()


@pytest.mark.parametrize("layout", ["classic", "packed"])
def test_the_page_opens_while_the_genes_follow(
    layout: str,
    viewer: ViewerPage,
    sample: anndata.AnnData,
    said: Said,
    gate: threading.Event,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))
    sample.write_h5ad(tmp_path / "sample.h5ad")

    def stop_at_genes(event: Event) -> None:
        if isinstance(event, TaskDone) and event.stage in {"scatter", "gather"}:
            gate.wait(WAIT_MS / 1000)

    options = {"scheduler": "sync", "strategy": "spill", "anno": "all", "listener": stop_at_genes}
    options["layout"] = layout
    with karospace_stream.serve(tmp_path / "sample.h5ad", port=0, **options) as server:
        viewer.open(server.url)
        viewer.choose_column("primary")
        field = viewer.page.get_by_role("combobox", name="Gene", exact=True)
        field.fill("con")
        field.press("Enter")
        viewer.page.wait_for_timeout(1500)
        expect(viewer.alert()).to_have_count(0)
        gate.set()
        expect(viewer.caption.locator("strong")).to_have_text("con")
        viewer.wait()
        server.complete()
        viewer.page.goto("about:blank")  # it would ask for markers that are complete now
    # The browser itself writes down each file that was not there yet.
    assert all("404" in line for line in said), said
    said.were_expected(NOT_FOUND)
