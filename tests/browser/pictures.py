"""Draws the pictures of the page in the README and in the tour.

``python -m tests.browser.pictures BUNDLE FOLDER``, where BUNDLE is the export that ``make demo`` makes;
``make pictures`` does both.
"""

from __future__ import annotations

import functools
import io
import shutil
import sys
import threading
from collections.abc import Callable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.comparing import REST, choose_sides, drawer, open_comparison, run
from tests.browser.conftest import FLAGS, LATER_VISIT
from tests.browser.page import ViewerPage

LABELS = "#column=bulk_labels&embedding=X_umap"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def cells(viewer: ViewerPage) -> None:
    """The cells by their type, one of them under the pointer."""
    x, y = viewer.spots()[len(viewer.spots()) // 2]
    viewer.point_at(x, y)
    viewer.page.get_by_role("tooltip").wait_for()


def blend(viewer: ViewerPage) -> None:
    """Three genes, mixed."""
    region = section(viewer, "Gene lists")
    region.get_by_role("button", name="New list").click()
    region.get_by_label("Name of the list").fill("Lineages")
    region.get_by_label("Genes: names").fill("CD79A NKG7 CST3")
    region.get_by_role("button", name="Save the list").click()
    region.get_by_role("button", name="Blend").click()
    viewer.wait()
    top(viewer)


def selection(viewer: ViewerPage) -> None:
    """Cells in a lasso, and what they are."""
    page = viewer.page
    box = viewer.canvas.bounding_box()
    assert box is not None
    page.keyboard.press("l")
    corners = [(0.05, 0.46), (0.3, 0.42), (0.42, 0.6), (0.36, 0.9), (0.1, 0.88), (0.04, 0.6), (0.05, 0.46)]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()
    section(viewer, "Selection").get_by_role("button", name="Composition").click()
    viewer.settle()


def violins(viewer: ViewerPage) -> None:
    """A gene by cell type, beside the cells."""
    viewer.choose_gene("NKG7")
    section(viewer, "Plots").get_by_role("button", name="Violins").click()
    viewer.page.get_by_role("button", name="Dock at the right").click()
    viewer.wait()
    top(viewer)


def comparison(viewer: ViewerPage) -> None:
    """One cell type against the rest."""
    page = viewer.page
    section(viewer, "Plots")
    open_comparison(page)
    choose_sides(page, ("bulk_labels", "CD56+ NK"), REST)
    run(page, "CD56+ NK")
    drawer(page).get_by_role("button", name="Volcano").click()
    top(viewer)


def figure(viewer: ViewerPage) -> None:
    """What will be saved, at the width of one column."""
    viewer.page.get_by_role("button", name="Image").click()
    dialog = viewer.page.get_by_role("dialog", name="Save an image")
    dialog.get_by_role("button", name="SVG", exact=True).click()
    dialog.get_by_role("combobox", name="Size").select_option("double")
    dialog.get_by_label("Title").fill("Blood cells")
    viewer.page.wait_for_timeout(2000)


STEPS: tuple[tuple[str, Callable[[ViewerPage], None]], ...] = (
    ("viewer", cells),
    ("tour-genes", blend),
    ("tour-selection", selection),
    ("tour-violins", violins),
    ("tour-compare", comparison),
    ("tour-figure", figure),
)
BOTH_THEMES = ("viewer",)


def section(viewer: ViewerPage, name: str) -> Locator:
    """A section of the panel, unfolded and in sight."""
    show(viewer, name)
    return viewer.page.get_by_role("region", name=name, exact=True)


def top(viewer: ViewerPage) -> None:
    """The panel from its beginning."""
    viewer.page.locator(".sections").evaluate("each => each.scrollTo(0, 0)")
    viewer.page.mouse.move(700, 30)


def show(viewer: ViewerPage, name: str) -> None:
    region = viewer.page.get_by_role("region", name=name, exact=True)
    fold = region.get_by_role("button", name=name, exact=True)
    if fold.count() and fold.get_attribute("aria-expanded") == "false":
        fold.click()
    region.evaluate("each => each.scrollIntoView({ block: 'start' })")


def open_page(browser: Browser, scheme: Literal["light", "dark"]) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    context.add_init_script(LATER_VISIT)
    return context.new_page()


def draw(page: Page, file: Path) -> None:
    # 256 colours suffice, and the pictures stay small.
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(256, kmeans=4, dither=Image.Dither.NONE).save(file, optimize=True)


def main(bundle: Path, folder: Path) -> None:
    handler = functools.partial(Quiet, directory=str(bundle))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, step in STEPS:
            schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
            for scheme in schemes if name in BOTH_THEMES else schemes[:1]:
                page = open_page(browser, scheme)
                viewer = ViewerPage(page)
                viewer.open(f"http://127.0.0.1:{server.server_port}/{LABELS}")
                step(viewer)
                draw(page, folder / (f"{name}-{scheme}.png" if name in BOTH_THEMES else f"{name}.png"))
                page.context.close()
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
