"""Comparisons in the page are those of ``scanpy.tl.rank_genes_groups``, on real and drawn cells."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, sync_playwright

import karospace_stream
from tests.browser.comparing import REST, choose_sides, drawer, open_comparison, run, saved_table
from tests.browser.conftest import BROWSERS, FLAGS
from tests.browser.page import WAIT_MS, ViewerPage
from tests.oracle.others import ROOT, made_once
from tests.oracle.test_scanpy import draw

REAL = ROOT.parent / "shared" / "data" / "anndata_v050_pbmc68k.h5ad"
#: Test, whether ties are corrected, and what is pressed for it.
TESTS = (("wilcoxon", False), ("wilcoxon", True), ("t-test", False))


def opened(path: str | Path) -> anndata.AnnData:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a file of 2018
        return anndata.read_h5ad(path, backed="r")


def cases(folder: Path) -> list[dict[str, Any]]:
    draw(folder)
    sources = [(REAL, "bulk_labels")] if REAL.exists() else []
    # Fold changes of the page are those of natural logarithms.
    sources += [(path, "kind") for path in sorted(folder.glob("*.h5ad")) if path.stem != "logged"]
    found = []
    for path, column in sources:
        # The largest first.
        groups = opened(path).obs[column].astype("category").value_counts().index.map(str)
        for test, tie_correct in TESTS:
            for reference in ("rest", groups[0]):
                case = {"source": str(path), "column": column, "raw": False, "test": test}
                case |= {"reference": reference, "tie_correct": tie_correct, "name": f"case_{len(found):03d}"}
                found.append(case | {"group": groups[1]})
    return found


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def prepare(folder: Path) -> list[str]:
        (folder / "cases.json").write_text(json.dumps(cases(folder)))
        return []

    script = Path(__file__).with_name("scanpy") / "run.py"
    return made_once(tmp_path_factory, "scanpy_compare", "scanpy", script, prepare)


@pytest.fixture
def page() -> Iterator[Page]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser on the PATH: one of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.set_default_timeout(WAIT_MS)
        yield page
        browser.close()


@pytest.mark.big
def test_the_page_finds_what_scanpy_finds(peer: Path, page: Page, tmp_path: Path) -> None:
    several = json.loads((peer / "cases.json").read_text())
    for source, ours in groupby(several, key=itemgetter("source")):
        bundle = tmp_path / Path(source).stem
        karospace_stream.export(source, bundle, gene_names="index", progress=False, markers="none")
        server = karospace_stream.serve(bundle, port=0)
        try:
            viewer = ViewerPage(page)
            viewer.open(server.url)
            open_comparison(page)
            for case in ours:
                compare(page, case, np.load(peer / f"{case['name']}.npz"), tmp_path / "table.csv")
        finally:
            page.goto("about:blank")
            server.stop()


def compare(page: Page, case: dict[str, Any], theirs: Any, path: Path) -> None:
    """All numbers to 1e-6, where scanpy has float32 to twice its precision."""
    column, group, reference = case["column"], case["group"], case["reference"]
    choose_sides(page, (column, group), REST if reference == "rest" else (column, reference))
    button = "Wilcoxon" if case["test"] == "wilcoxon" else "Welch"
    drawer(page).get_by_role("button", name=button).click()
    if case["test"] == "wilcoxon":
        drawer(page).get_by_label("Correct for ties").set_checked(case["tie_correct"])
    other = "the rest" if reference == "rest" else f"{reference} ({column})"
    run(page, f"{group} ({column}) against {other}:")
    _, table = saved_table(page, path)
    names = opened(case["source"]).var_names
    table = table.loc[names]
    # Where a side is constant, it takes the root of a variance that rounding made negative.
    failed = (theirs[f"scores/{group}"] == 0) & (theirs[f"pvals/{group}"] == 1)
    assert theirs[f"constant/{group}"][failed & (np.abs(table["scores"]) > 1e-6)].all()
    for ours, column_of, relative in (
        ("scores", "scores", 1e-6),
        ("pvals", "pvals", 1e-6),
        ("pvals_adj", "pvals_adj", 1e-6),
        ("logfoldchanges", "logfoldchanges", 2e-6),
        ("pct_nz_group", "pts", 1e-6),
    ):
        if ours == "pvals_adj" and failed.any():
            continue
        found = pd.to_numeric(table[ours]).to_numpy()
        np.testing.assert_allclose(
            found[~failed],
            theirs[f"{column_of}/{group}"][~failed],
            relative,
            1e-6 if ours in ("scores", "logfoldchanges") else 1e-12,
            err_msg=f"{ours} {case}",
        )
