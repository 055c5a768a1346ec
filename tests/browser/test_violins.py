"""Violins, boxes and scatter plots of cells: numbers against pandas and scipy, and what a click selects."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, expect
from scipy import stats

from tests.browser.axe import violations
from tests.browser.page import ViewerPage
from tests.browser.sample import N_CELLS

GENES = ("Case", "case")


def open_plot(viewer: ViewerPage, name: str) -> None:
    viewer.page.get_by_role("region", name="Plots").get_by_role("button", name=name).click()


def choose(viewer: ViewerPage, label: str, option: str) -> None:
    field = viewer.page.get_by_role("combobox", name=label, exact=True)
    if field.evaluate("each => each.tagName") == "SELECT":
        field.select_option(label=option)
    else:
        field.fill(option)
        field.press("Enter")


def drawer(viewer: ViewerPage) -> Locator:
    return viewer.page.locator(".drawer")


def saved(viewer: ViewerPage, kind: str) -> Path:
    with viewer.page.expect_download() as download:
        drawer(viewer).get_by_role("button", name=kind, exact=True).click()
    return download.value.path()


def table_of(viewer: ViewerPage) -> pd.DataFrame:
    return pd.read_csv(saved(viewer, "CSV"))


def expect_selected(viewer: ViewerPage, number: int) -> None:
    text = "No cells are selected." if number == 0 else f"{number} cells are selected."
    expect(viewer.page.locator(".selection-count")).to_have_text(text)


def check_both_themes(viewer: ViewerPage) -> None:
    for scheme in ("light", "dark"):
        # Colours that still change have less contrast.
        viewer.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        viewer.page.wait_for_timeout(500)
        assert violations(viewer.page) == []


def whiskers(values: pd.Series) -> tuple[float, float]:
    """As ``matplotlib.cbook.boxplot_stats`` finds them."""
    first, third = np.percentile(values, [25, 75])
    reach = 1.5 * (third - first)
    low, high = values[values >= first - reach].min(), values[values <= third + reach].max()
    return min(first, low), max(third, high)


def test_violins(
    sample: anndata.AnnData, sample_bundle: Path, served: Callable[[Path], str], viewer: ViewerPage
) -> None:
    obs = sample.obs
    page = viewer.page
    viewer.open(served(sample_bundle))
    viewer.choose_column("score")
    viewer.choose_column("cell_type")
    open_plot(viewer, "Violins")
    # The last numbers that were the colours, by the categories that are.
    expect(page.get_by_role("combobox", name="Values", exact=True)).to_have_value("score")
    plot = drawer(viewer).locator("svg.violins")
    expect(plot).to_have_attribute("aria-label", re.compile("^Violins of score by cell_type"))
    choose(viewer, "Split by", "primary")
    n_missing = int(obs["score"].isna().sum())
    # One cell with a missing type has a score or not; neither is drawn.
    untyped = obs["cell_type"].isna()
    not_drawn = int((obs["score"].isna() & ~untyped).sum())
    facts = drawer(viewer).locator(".facts")
    expect(facts).to_contain_text(f"{not_drawn} cells without a value are not drawn.")
    expect(facts).to_contain_text("1 cell without cell_type or primary is not drawn.")
    assert not_drawn in {n_missing, n_missing - 1}

    table = table_of(viewer).set_index(["cell_type", "primary"])
    typed = obs[~untyped]
    groups = typed.groupby([typed["cell_type"].astype(str), typed["primary"]], observed=True)["score"]
    assert len(table) == groups.ngroups == 6
    for name, cells in groups:
        row, values = table.loc[name], cells.dropna()
        assert (row["cells"], row["drawn"], row["without_value"]) == (
            len(cells),
            len(values),
            cells.isna().sum(),
        )
        expected = {
            "mean": values.mean(),
            "standard_deviation": values.std(),
            "minimum": values.min(),
            "q1": values.quantile(0.25),
            "median": values.median(),
            "q3": values.quantile(0.75),
            "maximum": values.max(),
            "whisker_low": whiskers(values)[0],
            "whisker_high": whiskers(values)[1],
            "share_not_zero": (values != 0).mean(),
        }
        assert row[list(expected)].to_dict() == pytest.approx(expected, rel=1e-6, abs=1e-7)

    choose(viewer, "Numbers of", "Densities")
    for name, places in table_of(viewer).groupby(["cell_type", "primary"]):
        values = groups.get_group(name).dropna()
        density = stats.gaussian_kde(values)(places["value"])
        assert np.abs(places["density"] - density).max() < 1e-4 * density.max()
    choose(viewer, "Numbers of", "Groups")

    # Pointer: the first violin, then its cells.
    box = plot.bounding_box()
    assert box is not None
    readout = drawer(viewer).locator(".readout")
    page.mouse.move(box["x"] + 70, box["y"] + box["height"] / 2)
    first = groups.get_group(("B cell", False)).dropna()
    expect(readout).to_contain_text("cell_type B cell, primary false: median")
    expect(readout).to_contain_text(f"{len(first)} cells, 100 % not zero")
    page.mouse.down()
    page.mouse.up()
    expect_selected(viewer, len(first))
    # Keys lead through the violins; the button adds with Shift.
    region = drawer(viewer).get_by_role("region", name=re.compile("Violins of score"))
    region.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(readout).to_contain_text("cell_type B cell, primary true: median")
    second = groups.get_group(("B cell", True)).dropna()
    select = drawer(viewer).get_by_role("button", name="Select: cell_type B cell, primary true")
    select.focus()
    select.click(modifiers=["Shift"])
    expect_selected(viewer, len(first) + len(second))

    # The plot follows filters at once; undo shows all again.
    page.get_by_role("button", name="Only this: B cell", exact=True).last.click()
    expect(readout).to_contain_text("Point at a violin")
    assert set(table_of(viewer)["cell_type"]) == {"B cell"}
    page.get_by_role("button", name="Undo").click()
    expect(plot.locator("title")).to_have_text(["B cell", "T cell", "Monocyte"])

    picture = ET.fromstring(saved(viewer, "SVG").read_text(encoding="utf-8"))
    texts = [each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"score", "false", "true"} <= set(texts)
    drawer(viewer).get_by_role("button", name="Numbers", exact=True).click()
    expect(drawer(viewer).locator("table.numbers tbody tr")).to_have_count(6)
    drawer(viewer).get_by_role("button", name="Numbers", exact=True).click()

    # Zeros of a gene are left out on request, which the plot says.
    choose(viewer, "Values", "Case")
    choose(viewer, "Split by", "Nothing")
    page.get_by_role("checkbox", name="With zeros").uncheck()
    expect(plot).to_have_attribute("aria-label", re.compile(r"^Violins of Case \(without zeros\)"))
    gene = pd.Series(np.asarray(sample[:, "Case"].X).ravel(), index=obs.index)
    table = table_of(viewer).set_index("cell_type")
    for name, values in gene.groupby(obs["cell_type"], observed=True):
        assert table.loc[name, "drawn"] == (values > 0).sum()
        assert table.loc[name, "share_not_zero"] == pytest.approx((values > 0).mean())
        assert table.loc[name, "median"] == pytest.approx(values[values > 0].median(), rel=1e-6)
    check_both_themes(viewer)


def test_scatter(
    sample: anndata.AnnData, sample_bundle: Path, served: Callable[[Path], str], viewer: ViewerPage
) -> None:
    page = viewer.page
    viewer.open(served(sample_bundle))
    viewer.choose_gene("Case")
    open_plot(viewer, "Scatter")
    expect(page.get_by_role("combobox", name="Across", exact=True)).to_have_value("Case")
    choose(viewer, "Up", "case")
    x, y = (np.asarray(sample[:, gene].X).ravel().astype(float) for gene in GENES)
    readout = drawer(viewer).locator(".readout")
    pearson, spearman = stats.pearsonr(x, y)[0], stats.spearmanr(x, y)[0]
    said = f"{N_CELLS} cells: Pearson {pearson:.3f}, Spearman {spearman:.3f}".replace("-", "\N{MINUS SIGN}")
    expect(readout).to_have_text(said)
    table = table_of(viewer)
    assert table["cells"].sum() == N_CELLS
    assert table[["pearson", "spearman"]].iloc[0].to_dict() == pytest.approx(
        {"pearson": pearson, "spearman": spearman}, rel=1e-6
    )
    # Each square has the cells between its bounds; the last one includes the highest.
    row = table.sort_values("cells").iloc[-1]
    inside = [
        (values >= row[f"{gene}_from"]) & (values < row[f"{gene}_to"])
        for gene, values in zip(GENES, (x, y), strict=True)
    ]
    assert (inside[0] & inside[1]).sum() == row["cells"]
    assert row["cells"] > 1

    # Typed bounds, then a drag over the whole plot with Alt, which subtracts.
    for name, text in (("Across from", "1"), ("Across to", "2.5"), ("Up from", "0.5")):
        page.get_by_role("textbox", name=name).fill(text)
    drawer(viewer).get_by_role("button", name="Select", exact=True).click()
    chosen = (x >= 1) & (x <= 2.5) & (y >= 0.5)
    expect_selected(viewer, int(chosen.sum()))
    plot = drawer(viewer).locator("svg.scatter-plot")
    box = plot.bounding_box()
    assert box is not None
    page.keyboard.down("Alt")
    page.mouse.move(box["x"] + 20, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2, steps=4)
    page.mouse.up()
    page.keyboard.up("Alt")
    expect_selected(viewer, 0)
    page.get_by_role("button", name="Undo").click()
    expect_selected(viewer, int(chosen.sum()))

    # Colours of the categories, with their names; axes of logarithms.
    viewer.choose_column("cell_type")
    page.get_by_role("checkbox", name="Colours of the categories").check()
    expect(plot.get_by_text("Monocyte")).to_be_visible()
    page.get_by_role("checkbox", name="log1p axes").check()
    expect(readout).to_contain_text("of log1p")
    logged = stats.pearsonr(np.log1p(x), np.log1p(y))[0]
    assert table_of(viewer)["pearson"].iloc[0] == pytest.approx(logged, rel=1e-6)

    # Filters apply at once.
    viewer.toggle("B cell")
    shown = (sample.obs["cell_type"] != "B cell").to_numpy()
    expect(readout).to_contain_text(f"{shown.sum()} cells:")
    assert table_of(viewer)["spearman"].iloc[0] == pytest.approx(
        stats.spearmanr(x[shown], y[shown])[0], rel=1e-6
    )
    check_both_themes(viewer)
