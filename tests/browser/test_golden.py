"""The cloud and the plots look as they did: pictures without texts, within a tolerance.

Another picture on purpose: ``pytest tests/browser/test_golden.py --write-golden``, and look at what it wrote.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Locator, Page, expect

from tests.browser.comparing import choose_sides, drawer, open_comparison, run
from tests.browser.page import ViewerPage
from tests.browser.sample import HOSTILE_COLUMN

GOLDEN = Path(__file__).parent / "golden"
LINK = "#embedding=X_umap&column=cell_type"
#: Pictures are compared at this width: a line that is a pixel off is no difference then.
WIDTH = 320
#: How far a pixel may be off, of 255 in each channel; and how many may be farther, as a share of all that are
#: painted.
FAR, SHARE = 48, 0.05


@dataclass(frozen=True)
class State:
    """A link, and which picture of the page it leads to: the cloud by default."""

    name: str
    link: str
    picture: str | None = None
    #: What is done before, if a link does not lead to it.
    prepare: Callable[[Page], None] | None = None
    #: Small dots are made larger, as they would fade where the picture is scaled down.
    has_dots: bool = False


def marker_view(**chosen: object) -> str:
    return f"{LINK}&markers={quote(json.dumps(chosen))}"


def plot_view(**chosen: object) -> str:
    return f"{LINK}&plot={quote(json.dumps(chosen))}"


def boxes_alone(page: Page) -> None:
    drawer(page).get_by_role("checkbox", name="Violins", exact=True).uncheck()


def two_genes(page: Page) -> None:
    for label, gene in (("Across", "Case"), ("Up", "case")):
        field = drawer(page).get_by_role("combobox", name=label, exact=True)
        field.fill(gene)
        field.press("Enter")


def compared(look: str) -> Callable[[Page], None]:
    def prepare(page: Page) -> None:
        open_comparison(page)
        choose_sides(page, ("cell_type", "B cell"), ("cell_type", "T cell"))
        run(page, "100 cells and 100 cells.")
        drawer(page).get_by_role("button", name=look, exact=True).click()

    return prepare


_NO_TEXTS = "CanvasRenderingContext2D.prototype.fillText = () => {};"
_HIDE_TEXTS = "plot => plot.querySelectorAll('text').forEach((each) => { each.style.visibility = 'hidden' })"
_PLOT = ".drawer svg.plot"
_GENES = ".drawer svg.gene-scatter"
STATES = [
    State("cloud_of_categories", LINK),
    State("cloud_of_a_gene", "#embedding=X_umap&gene=Case"),
    State("cloud_of_sections", f"#embedding=spatial&column={quote(HOSTILE_COLUMN)}&edges=all"),
    State("dot_plot", marker_view(view="plot", column="cell_type", genes="con, Case, case"), _PLOT),
    State(
        "heat_map", marker_view(view="plot", column="cell_type", genes="con, Case, case", heat=True), _PLOT
    ),
    State("variable_genes", marker_view(view="variable", column="cell_type"), ".drawer canvas"),
    State("neighbours", marker_view(view="neighbours", column="cell_type"), _PLOT),
    State(
        "co_occurrence",
        marker_view(view="neighbours", column="cell_type", look="lines", group="T cell"),
        _PLOT,
    ),
    State("violins", plot_view(view="violin"), _PLOT),
    State("boxes", plot_view(view="violin"), _PLOT, boxes_alone),
    State(
        "histogram",
        plot_view(view="histogram", values={"gene": "Case"}, by={"column": "cell_type"}, bins=20),
        _PLOT,
    ),
    State("composition", plot_view(view="composition", by={"column": "__proto__"}), _PLOT),
    State("gene_scatter", plot_view(view="scatter"), _PLOT, two_genes, has_dots=True),
    State("volcano", LINK, _GENES, compared("Volcano"), has_dots=True),
    State("ma_plot", LINK, _GENES, compared("MA plot"), has_dots=True),
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_it_looks_as_it_did(
    state: State,
    new_page: Callable[..., ViewerPage],
    served: Callable[[Path], str],
    full_bundle: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    viewer = new_page(viewport={"width": 1700, "height": 1000}, reduced_motion="reduce")
    viewer.page.add_init_script(_NO_TEXTS)
    viewer.open(served(full_bundle) + state.link)
    if state.prepare is not None:
        state.prepare(viewer.page)
        viewer.wait()
    if state.picture is None:
        viewer.slide("Point size", "3")
        picture = scaled(Image.fromarray(viewer.pixels()))
    else:
        plot = without_texts(viewer, viewer.page.locator(state.picture).first)
        picture = scaled(plot.filter(ImageFilter.MinFilter(7)) if state.has_dots else plot)
    path = GOLDEN / f"{state.name}.png"
    if request.config.getoption("--write-golden"):
        # Few colours make a small file; the tolerance is far wider than what they change.
        picture.quantize(64).save(path, optimize=True)
        return
    problem = difference(Image.open(path).convert("RGB"), picture, tmp_path / state.name)
    assert problem is None, f"{state.name}: {problem}; look at {tmp_path}, or write it anew: --write-golden"


def without_texts(viewer: ViewerPage, plot: Locator) -> Image.Image:
    """The plot without its texts, which other fonts would change."""
    expect(plot).to_be_visible()
    viewer.page.mouse.move(0, 0)
    plot.evaluate(_HIDE_TEXTS)
    return Image.open(io.BytesIO(plot.screenshot(caret="initial"))).convert("RGB")


def scaled(picture: Image.Image) -> Image.Image:
    height = round(picture.height * WIDTH / picture.width)
    return picture.resize((WIDTH, height), Image.Resampling.BOX)


def difference(before: Image.Image, now: Image.Image, stem: Path) -> str | None:
    """What is wrong, in words; then the picture and where it differs are beside ``stem``."""
    if abs(before.height - now.height) > 0.03 * before.height:
        problem = f"it is {now.height} pixels high, not {before.height}"
    else:
        painted = differs(before, Image.new("RGB", before.size, before.getpixel((0, 0))))
        assert painted.any(), "the picture to compare with is empty"
        share = float(differs(before, now).sum() / painted.sum())
        if share <= SHARE:
            return None
        problem = f"{100 * share:.1f} % of the painted pixels differ"
    now.save(f"{stem}.png")
    before.save(f"{stem}_before.png")
    Image.fromarray((255 * differs(before, now)).astype(np.uint8)).save(f"{stem}_difference.png")
    return problem


def differs(before: Image.Image, now: Image.Image) -> npt.NDArray[np.bool_]:
    one, other = (np.asarray(each, int) for each in (before, now.resize(before.size)))
    far: npt.NDArray[np.bool_] = np.abs(one - other).max(axis=2) > FAR
    return far


def test_what_is_gone_or_of_another_colour_differs(tmp_path: Path) -> None:
    golden = Image.open(GOLDEN / "dot_plot.png").convert("RGB")
    assert difference(golden, golden, tmp_path / "same") is None
    gone = golden.copy()
    gone.paste((255, 255, 255), (0, 0, WIDTH, golden.height // 2))
    assert "differ" in (difference(golden, gone, tmp_path / "gone") or "")
    assert (tmp_path / "gone_difference.png").is_file()
    swapped = Image.fromarray(np.asarray(golden)[:, :, ::-1])
    assert "differ" in (difference(golden, swapped, tmp_path / "swapped") or "")
    taller = golden.resize((WIDTH, 2 * golden.height))
    assert "high" in (difference(golden, taller, tmp_path / "taller") or "")


def test_the_pictures_are_small_and_each_is_compared() -> None:
    files = {path.stem: path.stat().st_size for path in GOLDEN.glob("*.png")}
    assert set(files) == {state.name for state in STATES}
    assert sum(files.values()) < 300_000
