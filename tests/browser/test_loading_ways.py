"""The ways to load an export: a zip, a list of data sets, a host that does not let pages read."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PAGE
from tests.browser.page import Said, ViewerPage

NOT_FOUND = "error: Failed to load resource: the server responded with a status of 404 (File not found)"
NO_ICON = "error: Failed to load resource: the server responded with a status of 404 (Not Found)"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture
def hosted() -> Iterator[Callable[[Path], str]]:
    """Serve folders as any static host does, without CORS; gives their addresses."""
    servers = []

    def start(folder: Path) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site(sample_bundle: Path, tmp_path: Path) -> Path:
    """Two copies of the sample below one list, with the page beside the list."""
    folder = tmp_path / "site"
    for name in ("one", "two"):
        shutil.copytree(sample_bundle, folder / name)
    shutil.copy(PAGE, folder / "index.html")
    datasets = [
        {"id": name, "path": f"{name}/", "name": f"Sample <{name}>", "n_cells": 600, "format": "karospace"}
        for name in ("one", "two")
    ]
    listed = {"version": 1, "default": "two", "datasets": datasets}
    (folder / "datasets.json").write_text(json.dumps(listed))
    return folder


def test_a_list_is_offered_and_one_can_go_back(
    viewer: ViewerPage, said: Said, hosted: Callable[[Path], str], site: Path
) -> None:
    page = viewer.page
    page.goto(hosted(site))
    rows = page.get_by_role("list", name="Data sets").get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("Sample <two>")
    expect(rows.nth(1)).to_contain_text("default")
    assert said == [NOT_FOUND] * 2  # no manifest.json, no dataset_identity.json beside the list
    said.were_expected()
    rows.nth(0).get_by_role("button").click()
    viewer.wait()
    assert "dataset=one" in page.url
    page.get_by_role("button", name="All 2 data sets").click()
    expect(rows).to_have_count(2)
    assert "dataset" not in page.url
    page.go_back()
    viewer.wait()
    assert "dataset=one" in page.url


def test_an_address_opens_one_of_a_list(
    viewer: ViewerPage, hosted: Callable[[Path], str], site: Path
) -> None:
    # Named by its head, the list costs the console no missing file.
    viewer.open(hosted(site) + "?data=datasets.json&dataset=two#embedding=X_umap")
    expect(viewer.page).to_have_title("sample · KaroSpace")


def test_a_data_set_that_there_is_not_is_named(
    viewer: ViewerPage, hosted: Callable[[Path], str], site: Path
) -> None:
    viewer.page.goto(hosted(site) + "?data=datasets.json&dataset=three")
    expect(viewer.alert()).to_contain_text("no data set “three”")
    viewer.page.get_by_role("button", name="All data sets").click()
    expect(viewer.page.get_by_role("heading", name="Choose a data set")).to_be_visible()


@pytest.mark.parametrize("way", ["chosen", "dropped"])
@pytest.mark.few(1)
def test_a_zip_opens(
    viewer: ViewerPage,
    drop: Callable[[ViewerPage, Path], None],
    sample_bundle: Path,
    tmp_path: Path,
    way: str,
) -> None:
    # The export lies in a folder of the zip, as packers make it.
    packed = Path(shutil.make_archive(str(tmp_path / "s"), "zip", sample_bundle.parent, sample_bundle.name))
    viewer.page.goto(PAGE.as_uri())
    if way == "chosen":
        viewer.page.get_by_label("Choose a zip of an export").set_input_files(packed)
    else:
        expect(viewer.page.get_by_role("heading", name="Choose the export folder")).to_be_visible()
        drop(viewer, packed)
    viewer.wait()
    viewer.choose_gene("Case")
    assert len(viewer.spots()) > 500


def test_a_dropped_folder_of_bundles_is_a_list(
    viewer: ViewerPage, drop: Callable[[ViewerPage, Path], None], site: Path
) -> None:
    (site / "datasets.json").unlink()
    viewer.page.goto(PAGE.as_uri())
    expect(viewer.page.get_by_role("heading", name="Choose the export folder")).to_be_visible()
    drop(viewer, site)
    viewer.page.get_by_role("button", name="two").click()
    viewer.wait()


def test_what_is_neither_folder_nor_zip_is_told_so(
    viewer: ViewerPage, drop: Callable[[ViewerPage, Path], None], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("1")
    viewer.page.goto(PAGE.as_uri())
    expect(viewer.page.get_by_role("heading", name="Choose the export folder")).to_be_visible()
    drop(viewer, tmp_path / "notes.txt")
    expect(viewer.alert()).to_contain_text("neither a folder nor a .zip")


def test_a_host_without_cors_is_named_with_the_header(
    viewer: ViewerPage, said: Said, hosted: Callable[[Path], str], site: Path
) -> None:
    elsewhere = hosted(site / "one")
    here = hosted(site)
    viewer.page.goto(f"{here}?data={elsewhere}")
    viewer.agree()
    expect(viewer.alert()).to_contain_text("its answer lacks the header Access-Control-Allow-Origin")
    expect(viewer.alert()).to_contain_text(elsewhere.split("/")[2])
    said.were_expected()  # the browser's own words about each refused request


def _note_paths(page: Page, host: str) -> list[str]:
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url) if request.url.split("/")[2] == host else None
    )
    return asked


def test_another_host_is_shown_before_it_is_asked(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path, site: Path
) -> None:
    here, elsewhere = served(site / "one"), served(sample_bundle)
    host = elsewhere.split("/")[2]
    asked = _note_paths(viewer.page, host)
    for spelling in (f"//{host}/", f"/\\{host}", f"http:\\\\{host}", elsewhere):
        viewer.page.goto("about:blank")
        viewer.page.goto(f"{here}?data={spelling}")
        expect(viewer.alert()).to_contain_text(f"This link loads data from {host}. Open it?")
        assert asked == []
    viewer.page.get_by_role("button", name="Do not open").click()
    expect(viewer.alert()).to_contain_text(f"Nothing from {host} is shown.")
    assert asked == []
    viewer.page.reload()
    viewer.agree()
    viewer.wait()
    assert len(viewer.spots()) > 500
    # Known to this tab from now on, and to no other.
    viewer.page.reload()
    viewer.wait()
    other = viewer.page.context.new_page()
    other.goto(f"{here}?data={elsewhere}")
    expect(other.get_by_role("alert")).to_contain_text(host)


def test_a_frame_asks_as_well_and_is_heard_afterwards(
    viewer: ViewerPage, said: Said, served: Callable[[Path], str], sample_bundle: Path, site: Path
) -> None:
    here, elsewhere = served(site / "one"), served(sample_bundle)
    viewer.page.goto(here + "manifest.json")
    viewer.page.evaluate(
        """(url) => {
          window.heard = [];
          addEventListener('message', (event) => window.heard.push(event.data));
          const frame = document.createElement('iframe');
          Object.assign(frame, { src: url, width: 900, height: 600 });
          document.body.append(frame);
        }""",
        f"{here}?embed=1&data={elsewhere}",
    )
    frame = viewer.page.frame_locator("iframe")
    expect(frame.get_by_role("alert")).to_contain_text(elsewhere.split("/")[2])
    frame.get_by_role("button", name="Open it").click()
    viewer.page.wait_for_function("() => window.heard.some((each) => each.type === 'karospace:selection')")
    said.were_expected(NO_ICON)  # of the page around, which is a bare file


def test_a_host_that_the_own_one_sends_on_to_is_shown_first(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path, site: Path
) -> None:
    here, elsewhere = served(site / "one"), served(sample_bundle)

    def send_on(route: Route) -> None:
        path = route.request.url.split("/away/")[1]
        route.fulfill(status=302, headers={"location": elsewhere + path})

    viewer.page.route("**/away/**", send_on)
    viewer.page.goto(f"{here}?data=away")
    expect(viewer.alert()).to_contain_text(f"This link loads data from {elsewhere.split('/')[2]}. Open it?")
    viewer.agree()
    viewer.wait()
