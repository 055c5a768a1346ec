"""Bundles seen in a browser straight from each kind of store, as they look from a folder."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import anndata
import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Browser

import karospace_stream
from tests.browser.page import ViewerPage, changed
from tests.stores.kinds import SERVERS
from tests.stores.servers import Server

pytestmark = pytest.mark.browser
GENE = "#gene=Case"


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Server:
    return request.getfixturevalue(request.param)


@pytest.fixture
def address(server: Server, sample: anndata.AnnData) -> str:
    """Where browsers find an export of the sample."""
    key = f"viewed/{secrets.token_hex(4)}"
    options = {"public_read": True} if server.kind == "moto" else {}
    karospace_stream.export(
        sample,
        f"{server.url}/{key}",
        anno="all",
        max_asset_mb=0.001,
        name="sample",
        storage_options=server.options,
        **options,
    )
    return f"{server.http}/{key}"


@pytest.fixture(scope="module")
def local(
    sample: anndata.AnnData, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, npt.NDArray[np.uint8]]]:
    """The address of a local export, and how it looks."""
    folder = tmp_path_factory.mktemp("local") / "bundle"
    karospace_stream.export(sample, folder, anno="all", max_asset_mb=0.001, name="sample")
    page = browser.new_page(viewport={"width": 1200, "height": 800}, color_scheme="light")
    with karospace_stream.serve(folder, port=0) as server:
        viewer = ViewerPage(page)
        viewer.open(server.url + GENE)
        yield server.url, viewer.pixels()
    page.close()


def test_the_page_beside_the_data_and_on_another_host(
    address: str, local: tuple[str, npt.NDArray[np.uint8]], viewer: ViewerPage
) -> None:
    here, wanted = local
    viewer.open(f"{address}/index.html{GENE}")
    assert changed(wanted, viewer.pixels()) == 0
    viewer.point_at(*viewer.spots()[100])
    assert viewer.told()[0].startswith("cell <")
    viewer.page.goto("about:blank")
    viewer.open_elsewhere(f"{here}?data={address}/{GENE}")
    assert changed(wanted, viewer.pixels()) == 0
