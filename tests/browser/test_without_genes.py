"""Exports without genes, whose cells lie where columns of obs say: the rest is there to explore."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

import karospace_stream
from tests.browser.page import NOT_FOUND, Said, ViewerPage, changed


@pytest.mark.parametrize("format", ["karospace", "cellucid", "anndata"])
@pytest.mark.few(2)
def test_without_genes(
    format: str,
    new_page: Callable[..., ViewerPage],
    said: Said,
    served: Callable[[Path], str],
    tmp_path: Path,
) -> None:
    viewer = new_page(first_visit=True)
    rng = np.random.default_rng(0)
    obs = pd.DataFrame(
        {"kind": list("AB") * 100, "batch": list("xxyy") * 50}, index=[f"c{i}" for i in range(200)]
    )
    obs["X_centroid"], obs["Y_centroid"] = rng.uniform(0, 900, (2, 200))
    karospace_stream.export(anndata.AnnData(None, obs=obs), tmp_path / "out", format=format, genes="none")
    viewer.open(served(tmp_path / "out"))
    if format != "karospace":  # whose manifest is looked for first
        said.were_expected(NOT_FOUND)
    hint = viewer.page.get_by_role("note", name="First steps")
    expect(hint).to_contain_text("Colour the cells by an annotation just below. Select")
    hint.get_by_role("button", name="Hide the first steps").click()
    field = viewer.page.get_by_role("combobox", name="Gene", exact=True)
    expect(field).to_be_disabled()
    expect(field).to_have_attribute("placeholder", "This export has no genes")
    viewer.choose_column("kind")
    before = viewer.pixels()
    assert len(np.unique(before.reshape(-1, 3), axis=0)) > 3
    viewer.choose_column("batch")
    assert changed(before, viewer.pixels()) > 100
