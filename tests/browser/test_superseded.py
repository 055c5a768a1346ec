"""What is chosen in quick succession: a slow host sees each superseded request end."""

from __future__ import annotations

import select
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

import karospace_stream
from tests.browser.conftest import PAGE
from tests.browser.page import WAIT_MS, ViewerPage, changed

N_GENES = 21
NAMES = [f"gene{gene:02d}" for gene in range(N_GENES)]


class SlowHost:
    """Serves a folder. Of each file of a gene it sends half, and the rest once it is let go."""

    def __init__(self, folder: Path) -> None:
        self.let_go = threading.Event()
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.sent: list[str] = []
        handler = type("Handler", (_Handler,), {"host": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    host: SlowHost

    def log_message(self, *_: object) -> None:
        """Write nothing."""

    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[-1]
        if not name.startswith("gene_"):
            super().do_GET()
            return
        self.host.begun.append(name)
        body = Path(self.translate_path(self.path)).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        half = len(body) // 2
        self.wfile.write(body[:half])
        self.wfile.flush()
        while not self.host.let_go.wait(0.01):
            if self._is_closed():
                self.host.ended.append(name)
                return
        self.wfile.write(body[half:])
        self.host.sent.append(name)

    def _is_closed(self) -> bool:
        """Whether the browser has closed the connection."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        if not readable:
            return False
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except ConnectionError:
            return True


@pytest.fixture(scope="module")
def genes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cells in a row, of which each gene colours others."""
    rng = np.random.default_rng(3)
    cells = anndata.AnnData(
        rng.gamma(1.5, 1.0, size=(300, N_GENES)).astype(np.float32),
        obs=pd.DataFrame({"kind": pd.Categorical(["a", "b"] * 150)}, index=[f"c{at}" for at in range(300)]),
        var=pd.DataFrame(index=NAMES),
    )
    cells.obsm["X_umap"] = rng.normal(size=(300, 2))
    folder = tmp_path_factory.mktemp("genes") / "bundle"
    karospace_stream.export(cells, folder, anno="all", name="genes", markers="none")
    shutil.copy(PAGE, folder / "index.html")
    return folder


@pytest.fixture
def host(genes: Path) -> Iterator[SlowHost]:
    host = SlowHost(genes)
    yield host
    host.stop()


def test_of_twenty_genes_in_quick_succession_only_the_last_is_loaded(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], genes: Path, host: SlowHost
) -> None:
    viewer = new_page()
    viewer.open(f"{host.url}#embedding=X_umap&column=kind")
    field = viewer.page.get_by_role("combobox", name="Gene", exact=True)
    field.click()
    expect(viewer.page.get_by_role("listbox", name="Genes")).to_be_visible()
    failed: list[str] = []
    viewer.page.on("requestfailed", lambda request: failed.append(str(request.failure)))
    for name in NAMES[:-1]:
        field.fill(name)
        field.press("Enter")
    last = NAMES[-2]
    for _ in range(WAIT_MS // 100):
        if len(host.begun) - len(host.ended) == 1 and str(NAMES.index(last)) in host.begun[-1]:
            break
        viewer.page.wait_for_timeout(100)
    assert len(host.begun) >= 2, host.begun
    assert len(host.ended) == len(host.begun) - 1
    assert set(failed) == {"net::ERR_ABORTED"}
    assert host.sent == []
    host.let_go.set()
    expect(viewer.caption.locator("strong")).to_have_text(last)
    viewer.wait()
    assert len(host.sent) == 1, "no other gene was loaded"
    expect(viewer.alert()).to_have_count(0)

    # The colours are those of this gene; and one that was given up is loaded when it is chosen again.
    other = new_page()
    for name in (last, NAMES[3]):
        other.page.goto("about:blank")
        other.open(f"{served(genes)}#embedding=X_umap&gene={name}")
        viewer.choose_gene(name)
        assert changed(viewer.pixels(), other.pixels()) == 0
