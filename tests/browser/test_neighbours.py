"""Genes by their spatial pattern, and neighbouring groups: as a matrix, a table, and by distance."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect
from scipy import sparse

import karospace_stream
from tests.browser.axe import violations
from tests.browser.page import ViewerPage
from tests.browser.sample import COLUMNS, HOSTILE, HOSTILE_COLUMN, ROWS, SPACING
from tests.browser.test_looks import SIZES
from tests.browser.test_markers import GROUPS, LINK, drawer, panel

#: Values follow the columns of the grid in one gene, and are all equal in another.
PATTERN, FLAT = 5, 6
OPTIONS = {"group_by": ["cell_type", HOSTILE_COLUMN], "neighbourhoods": "auto", "permutations": 50}
NUMBERS = ["moran_i", "moran_pval", "moran_pval_adj", "geary_c", "geary_pval", "geary_pval_adj"]


@pytest.fixture(scope="module")
def near(sample: anndata.AnnData) -> anndata.AnnData:
    """The sample with the graph of its grid."""
    data = sample.copy()
    at = np.arange(len(data)).reshape(ROWS, COLUMNS)
    pairs = [(at[:, :-1].ravel(), at[:, 1:].ravel()), (at[:-1].ravel(), at[1:].ravel())]
    rows, columns = (np.concatenate(ends) for ends in zip(*pairs, strict=True))
    one = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), (len(data), len(data)))
    data.obsp["spatial_connectivities"] = one + one.T
    data.X[:, PATTERN] = np.tile(np.arange(COLUMNS), ROWS)
    data.X[:, FLAT] = 3
    return data


@pytest.fixture(scope="module")
def found(near: anndata.AnnData) -> karospace_stream.GeneStatistics:
    return karospace_stream.statistics(near, **OPTIONS)


@pytest.fixture(scope="module")
def bundle(near: anndata.AnnData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("near") / "bundle"
    karospace_stream.export(near, folder, anno="all", name="sample", **OPTIONS)
    return folder


@pytest.fixture
def url(bundle: Path, served: Callable[[Path], str]) -> str:
    return served(bundle)


def open_view(viewer: ViewerPage, url: str, name: str, link: str = LINK) -> Page:
    viewer.open(url + link)
    panel(viewer.page).get_by_role("button", name=name, exact=True).click()
    return viewer.page


def look(page: Page, name: str) -> None:
    drawer(page).get_by_role("group", name="How neighbours are shown").get_by_role(
        "button", name=name
    ).click()


def squares(page: Page) -> Locator:
    """Of the matrix, row by row."""
    return drawer(page).locator(
        'svg.plot rect[width="20"][fill^="rgb"], svg.plot rect[width="20"][fill^="#"]'
    )


def readout(page: Page) -> Locator:
    return drawer(page).locator(".readout")


def number(text: str) -> float:
    return np.nan if text == "—" else float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def saved(page: Page, name: str, path: Path) -> Path:
    with page.expect_download() as download:
        drawer(page).get_by_role("button", name=name, exact=True).click()
    download.value.save_as(path)
    return path


def same(texts: list[str], values: object) -> None:
    """Numbers on the page have three digits."""
    np.testing.assert_allclose([number(each) for each in texts], np.asarray(values, float), rtol=6e-3)


def test_genes_by_their_pattern(
    viewer: ViewerPage, url: str, found: karospace_stream.GeneStatistics, tmp_path: Path
) -> None:
    page = open_view(viewer, url, "Spatial genes")
    table = page.get_by_role("table", name="Spatially variable genes")
    genes = table.get_by_role("rowheader")
    expected = found.genes.reset_index(names="gene").sort_values("moran_i", ascending=False, kind="stable")
    expect(genes).to_have_text(expected["gene"].to_list())
    assert expected["gene"].iloc[0] == HOSTILE[PATTERN]
    assert expected["gene"].iloc[-1] == HOSTILE[FLAT]
    for at in (1, 3, len(HOSTILE)):
        cells = table.get_by_role("row").nth(at).get_by_role("cell").all_text_contents()
        same(cells, expected[NUMBERS].iloc[at - 1])
    expect(drawer(page)).to_contain_text("on the graph spatial_connectivities")
    viewer.wait_for_link("markers=%7B%22view%22%3A%22spatial%22%7D")

    # By keys alone: sort by C, find a gene, colour by it, close.
    table.get_by_role("button", name="Geary\N{RIGHT SINGLE QUOTATION MARK}s C").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    rising = found.genes["geary_c"].reset_index(drop=True).sort_values(kind="stable").index
    expect(genes).to_have_text([HOSTILE[gene] for gene in rising])
    with saved(page, "CSV", tmp_path / "genes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["names"] for row in rows] == [HOSTILE[gene] for gene in rising]
    for name in NUMBERS:
        values = [float(row[name] or "nan") for row in rows]
        # I and C are float32 in the bundle.
        rtol = 1e-6 if name in ("moran_i", "geary_c") else 0
        np.testing.assert_allclose(values, found.genes[name].to_numpy()[rising], rtol=rtol)
    search = drawer(page).get_by_label("Find a gene in the table")
    search.fill("case")
    expect(genes).to_have_count(2)
    search.press("Tab")
    page.keyboard.press("Tab")
    for _ in range(8):  # past the headers
        if page.evaluate("document.activeElement.classList.contains('marker')"):
            break
        page.keyboard.press("Tab")
    first = genes.first.get_by_role("button")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Gene", exact=True)).to_have_value(str(first.text_content()))
    expect(first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(drawer(page)).to_have_count(0)
    expect(panel(page).get_by_role("button", name="Spatial genes")).to_be_focused()


def test_the_matrix_tells_its_numbers(
    viewer: ViewerPage, url: str, found: karospace_stream.GeneStatistics, tmp_path: Path
) -> None:
    page = open_view(viewer, url, "Neighbours")
    plot = drawer(page).get_by_role("img", name="z-scores of 3 groups of cell_type as neighbours")
    expect(plot).to_be_visible()
    expect(squares(page)).to_have_count(9)
    expect(readout(page)).to_have_text("Point at a square for its numbers.")
    table = found.neighbours["cell_type"]
    fills = []
    for at, row in enumerate(table.itertuples()):
        fills.append(squares(page).nth(at).get_attribute("fill"))
        if at in (0, 5, 7):
            squares(page).nth(at).hover()
            expect(readout(page)).to_contain_text(f"{row.group} → {row.neighbour}: z ")
            expect(readout(page)).to_contain_text(f", {row.count:,} neighbours")
            same([str(readout(page).text_content()).split(": z ")[1].split(",")[0]], [row.zscore])
    assert len(set(fills)) > 3
    page.mouse.move(1, 1)
    expect(readout(page)).to_have_text("Point at a square for its numbers.")
    expect(drawer(page)).to_contain_text("with 50 shuffles of the groups among the cells (seed 0)")
    csv_of = pd.read_csv(saved(page, "CSV", tmp_path / "pairs.csv"), float_precision="round_trip")
    for name in ("group", "neighbour", "count", "zscore"):
        np.testing.assert_array_equal(csv_of[name], table[name])
    text = saved(page, "SVG", tmp_path / "pairs.svg").read_text()
    assert text.startswith("<svg")
    assert all(f">{group}</text>" in text for group in GROUPS)
    assert saved(page, "PNG", tmp_path / "pairs.png").read_bytes().startswith(b"\x89PNG")


def test_the_table_of_neighbours(
    viewer: ViewerPage, url: str, found: karospace_stream.GeneStatistics, tmp_path: Path
) -> None:
    page = open_view(viewer, url, "Neighbours")
    drawer(page).get_by_role("combobox", name="Groups of").select_option(label=HOSTILE_COLUMN)
    look(page, "Table")
    table = page.get_by_role("table", name=f"Neighbouring groups of {HOSTILE_COLUMN}")
    expected = found.neighbours[HOSTILE_COLUMN].sort_values("zscore", ascending=False, kind="stable")
    expect(table.get_by_role("rowheader")).to_have_text(expected["group"].to_list())
    for at, row in enumerate(expected.itertuples(), 1):
        neighbour, *numbers = table.get_by_role("row").nth(at).get_by_role("cell").all_text_contents()
        assert neighbour == row.neighbour
        same(numbers, [row.zscore, row.count])
    # Of left and right halves of a grid of 15 rows, 15 cells of each side meet.
    assert set(expected["count"]) == {15, 2 * (15 * 9 + 14 * 10)}
    csv_of = pd.read_csv(saved(page, "CSV", tmp_path / "pairs.csv"), float_precision="round_trip")
    np.testing.assert_array_equal(csv_of["zscore"], found.neighbours[HOSTILE_COLUMN]["zscore"])
    # By keys alone: into the rows, and along them.
    table.get_by_role("row").nth(1).focus()
    page.keyboard.press("ArrowDown")
    expect(table.get_by_role("row").nth(2)).to_be_focused()
    assert page.evaluate("window.pwned") is None


def test_lines_by_distance(
    viewer: ViewerPage, url: str, found: karospace_stream.GeneStatistics, tmp_path: Path
) -> None:
    page = open_view(viewer, url, "Neighbours")
    look(page, "By distance")
    drawer(page).get_by_label("Around cell_type").select_option(label="Monocyte")
    plot = drawer(page).get_by_role("img", name="Co-occurrence of the groups of cell_type with Monocyte")
    lines = plot.locator("path[stroke-linejoin]")
    expect(lines).to_have_count(3)
    # In the colours of the cells.
    colors = [lines.nth(at).get_attribute("stroke") for at in range(3)]
    assert colors == ["#d62728", "#2ca02c", "#1f77b4"]
    table = found.co_occurrence["cell_type"]
    of_group = table[(table["group"] == "T cell") & (table["other"] == "Monocyte")]
    points = str(lines.nth(1).get_attribute("d"))[1:].split("L")
    assert len(points) == len(of_group) == 49
    x, y = map(float, points[30].split())
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + x, box["y"] + y)
    expect(readout(page)).to_contain_text("of Monocyte: ")
    group, rest = str(readout(page).text_content()).split(" within ")
    distance, ratio = rest.removesuffix(" times as often as by chance").split(" of Monocyte: ")
    pointed = table[(table["group"] == group) & (table["other"] == "Monocyte")].iloc[30]
    same([distance, ratio], [pointed["distance"], pointed["ratio"]])
    expect(drawer(page)).to_contain_text("Counted among 300 cells.")
    csv_of = pd.read_csv(saved(page, "CSV", tmp_path / "lines.csv"))
    around = table[table["other"] == "Monocyte"]
    assert csv_of["group"].to_list() == around["group"].to_list()
    assert set(csv_of["other"]) == {"Monocyte"}
    for name in ("distance", "ratio"):
        np.testing.assert_allclose(csv_of[name], around[name], rtol=1e-6)
    assert csv_of["distance"].min() >= SPACING
    viewer.wait_for_link("lines")


def test_a_link_opens_the_same_lines(viewer: ViewerPage, url: str) -> None:
    names = '{"view":"neighbours","column":"cell_type","look":"lines","group":"T cell"}'
    viewer.open(url + "#embedding=X_umap&markers=" + quote(names))
    page = viewer.page
    expect(drawer(page).get_by_label("Around cell_type")).to_have_value("1")
    plot = drawer(page).get_by_role("img", name="Co-occurrence of the groups of cell_type with T cell")
    expect(plot).to_be_visible()


@pytest.mark.few(1)
def test_a_finger_reads_numbers(new_page: Callable[..., ViewerPage], url: str) -> None:
    """A tap has no pointer that stays, but what it told does."""
    viewer = new_page(viewport=SIZES["narrow"], has_touch=True)
    page = open_view(viewer, url, "Neighbours")
    squares(page).nth(4).tap()
    expect(readout(page)).to_contain_text("T cell → T cell: z ")
    look(page, "By distance")
    lines = drawer(page).locator("path[stroke-linejoin]")
    expect(lines).to_have_count(3)
    x, y = map(float, str(lines.first.get_attribute("d"))[1:].split("L")[10].split())
    drawer(page).locator("svg.plot").tap(position={"x": x, "y": y})
    expect(readout(page)).to_contain_text("times as often as by chance")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.few(1)
def test_looks(new_page: Callable[..., ViewerPage], url: str, tmp_path: Path, scheme: str, size: str) -> None:
    """Nothing is cut off, nothing is hard to read, and there are pictures to look at."""
    viewer = new_page(viewport=SIZES[size], color_scheme=scheme)
    page = open_view(viewer, url, "Spatial genes")
    expect(drawer(page).get_by_role("rowheader")).to_have_count(len(HOSTILE))
    for name in ("spatial", "Matrix", "Table", "By distance"):
        if name == "Matrix":
            drawer(page).get_by_role("tab", name="Neighbours", exact=True).click()
        if name != "spatial":
            look(page, name)
            expect(drawer(page).get_by_text("Loading neighbouring groups …")).to_have_count(0)
        page.screenshot(path=tmp_path / f"{name.replace(' ', '_')}_{scheme}_{size}.png")
        assert violations(page) == []
        overflow = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(overflow) == 0
