"""A headless Chromium, bundles of the real exporter, and the servers and pages that show them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, sync_playwright
from scipy import sparse

import karospace_stream
from tests.browser.page import WAIT_MS, Said, ViewerPage
from tests.browser.sample import COLUMNS, HOSTILE_COLUMN, ROWS, make_sample, tissue_image
from tests.browser.shapes import make_shapes

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "karospace_stream" / "page" / "index.html"
SHARED = ROOT.parent / "shared"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    # All is drawn by the processor here, which needs a third less where it plays no GPU for the page around.
    "--disable-gpu-compositing",
]
# The first steps of a first visit take room in the panel.
LATER_VISIT = "try { localStorage.setItem('karospace-hint', 'seen') } catch {}"
# Which means that each picture is copied out of WebGL.
_COPIED = "GPU stall due to ReadPixels"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-golden", action="store_true", help="write the pictures of tests/browser/golden anew"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser on the PATH: one of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def said() -> Said:
    """What the pages of a test say on the console. A test that expects something takes it out."""
    return Said()


@pytest.fixture
def new_page(browser: Browser, said: Said) -> Iterator[Callable[..., ViewerPage]]:
    """Pages of later visits in contexts of their own; afterwards nothing may be on the console."""
    contexts = []

    def make(*, first_visit: bool = False, **options: Any) -> ViewerPage:
        settings = {"viewport": {"width": 1200, "height": 800}, "color_scheme": "light", **options}
        context = browser.new_context(**settings)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        if not first_visit:
            context.add_init_script(LATER_VISIT)
        page = context.new_page()

        def hear(message: ConsoleMessage) -> None:
            if _COPIED not in message.text:
                said.append(f"{message.type}: {message.text}")

        page.on("console", hear)
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
        return ViewerPage(page)

    yield make
    for context in contexts:
        context.close()
    assert said.unexpected() == []


@pytest.fixture
def viewer(new_page: Callable[..., ViewerPage]) -> ViewerPage:
    return new_page()


@pytest.fixture(scope="session")
def sample() -> anndata.AnnData:
    return make_sample()


@pytest.fixture(scope="session")
def sample_bundle(sample: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as the real exporter writes it, cut into parts of 256 values at most."""
    folder = tmp_path_factory.mktemp("sample")
    pixels, placement = tissue_image(sample)
    Image.fromarray(pixels).save(folder / "tissue.png")
    karospace_stream.export(
        sample,
        folder / "bundle",
        anno="all",
        image=folder / "tissue.png",
        image_placement=placement,
        max_asset_mb=0.001,
        name="sample",
    )
    return folder / "bundle"


@pytest.fixture(scope="session")
def full_bundle(sample: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with markers, the graph of its grid, and neighbouring groups."""
    data = sample.copy()
    at = np.arange(len(data)).reshape(ROWS, COLUMNS)
    pairs = [(at[:, :-1].ravel(), at[:, 1:].ravel()), (at[:-1].ravel(), at[1:].ravel())]
    rows, columns = (np.concatenate(ends) for ends in zip(*pairs, strict=True))
    one = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), (len(data), len(data)))
    data.obsp["spatial_connectivities"] = one + one.T
    folder = tmp_path_factory.mktemp("full") / "bundle"
    karospace_stream.export(
        data,
        folder,
        anno="all",
        name="sample",
        group_by=["cell_type", HOSTILE_COLUMN],
        neighbourhoods="auto",
        permutations=50,
    )
    return folder


@pytest.fixture
def bundle(sample_bundle: Path, tmp_path: Path) -> Path:
    """A copy of the sample's bundle that a test may break."""
    return Path(shutil.copytree(sample_bundle, tmp_path / "bundle"))


@pytest.fixture
def served() -> Iterator[Callable[[Path], str]]:
    """Serves folders with the real preview server; gives their addresses."""
    servers = []

    def start(folder: Path) -> str:
        servers.append(karospace_stream.serve(folder, port=0))
        return servers[-1].url

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def drop() -> Callable[[ViewerPage, Path], None]:
    """Drop a file or a folder of this machine on a page."""

    def drop_on(viewer: ViewerPage, path: Path) -> None:
        session = viewer.page.context.new_cdp_session(viewer.page)
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            session.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})

    return drop_on


@pytest.fixture
def golden(tmp_path: Path) -> Callable[[str], Path]:
    """A bundle of the older exporter, with our page put into it."""

    def copy(name: str) -> Path:
        source = SHARED / "golden" / "karospace" / name
        if not source.is_dir():
            pytest.skip(f"the shared bundles of the older exporter are not at {source}")
        folder = tmp_path / name
        for file in source.rglob("*"):
            if file.is_file():
                copied = folder / file.relative_to(source)
                copied.parent.mkdir(parents=True, exist_ok=True)
                copied.write_bytes(file.read_bytes())
        shutil.copy(PAGE, folder / "index.html")
        return folder

    return copy


@pytest.fixture(scope="module")
def shapes_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shapes") / "bundle"
    karospace_stream.export(make_shapes(), folder, anno="all", name="shapes")
    return folder


@pytest.fixture
def open_shapes(
    viewer: ViewerPage, served: Callable[[Path], str], shapes_bundle: Path
) -> Callable[[str], ViewerPage]:
    url = served(shapes_bundle)

    def open_at(link: str) -> ViewerPage:
        viewer.page.goto("about:blank")
        viewer.open(url + link)
        viewer.slide("Point opacity", "1")
        return viewer

    return open_at


@pytest.fixture(scope="session")
def clusters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty clusters, in the order of an alphabet, and three stages in the order of time."""
    codes = np.arange(400) % 40
    names = np.array([f"cluster {code}" for code in range(40)])
    stages = pd.Categorical(np.array(["early", "mid", "late"])[codes % 3], ["early", "mid", "late"])
    cells = anndata.AnnData(
        np.ones((400, 3), np.float32),
        obs=pd.DataFrame(
            {"cluster": pd.Categorical(names[codes]), "stage": stages}, index=[f"c{at}" for at in range(400)]
        ),
    )
    cells.obsm["X_umap"] = np.random.default_rng(0).normal(size=(400, 2))
    cells.obsm["X_pca"] = np.random.default_rng(1).normal(size=(400, 3))
    target = tmp_path_factory.mktemp("clusters") / "bundle"
    karospace_stream.export(cells, target, anno="all", name="Forty clusters of cells")
    return target
