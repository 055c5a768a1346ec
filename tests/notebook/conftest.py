"""JupyterLab, a browser, and a small export to show."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import karospace_stream
from tests.browser.conftest import BROWSERS, FLAGS
from tests.notebook.lab import WAIT_MS, Lab

FOREIGN = "hub.example.org"  # stands for another machine; the browser is told that it is this one


@pytest.fixture(scope="session")
def sample() -> anndata.AnnData:
    """100 cells on a grid."""
    rng = np.random.default_rng(5)
    obs = pd.DataFrame({"cell_type": pd.Categorical(["B", "T"] * 50)}, index=[f"c{i}" for i in range(100)])
    obs["stage"] = pd.Categorical(["early"] * 50 + ["late"] * 50)
    var = pd.DataFrame(index=["CD3D", "MS4A1", "<b>odd</b>"])
    adata = anndata.AnnData(rng.random((100, 3)).astype(np.float32), obs=obs, var=var)
    adata.obsm["X_umap"] = np.stack([np.arange(100) % 10, np.arange(100) // 10], axis=1).astype(float)
    return adata


@pytest.fixture(scope="session")
def bundle(sample: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shown") / "bundle"
    karospace_stream.export(sample, folder, anno="all")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser on the PATH: one of {', '.join(BROWSERS)}")
    flags = [*FLAGS, f"--host-resolver-rules=MAP {FOREIGN} 127.0.0.1"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    context.set_default_timeout(WAIT_MS)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    for name in ("jupyterlab", "anywidget", "jupyter_server_proxy"):
        if find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    folder = tmp_path_factory.mktemp("lab")
    lab = Lab(folder, "--ServerApp.allow_remote_access=True", KAROSPACE_CACHE=str(folder / "cache"))
    try:
        lab.wait()
        yield lab
    finally:
        lab.stop()
