"""The viewer in a real JupyterLab, in a real browser, with a real kernel."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import anndata
import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.notebook.conftest import FOREIGN
from tests.notebook.lab import WAIT_MS, Lab, Notebook

pytestmark = pytest.mark.browser

SHOW = """
import json, pathlib, karospace_stream
view = karospace_stream.show({source!r}, height=500)
def keep(cells):
    same = bool((cells == view.selection).all())
    told = {{"type": str(cells.dtype), "cells": cells.tolist(), "same": same}}
    pathlib.Path("told.json").write_text(json.dumps(told))
end = view.on_selection(keep)
view
"""


def wait_drawn(viewer: FrameLocator) -> None:
    expect(viewer.locator(".stage")).to_have_attribute("data-searchable", "true", timeout=WAIT_MS)


def expect_caption(viewer: FrameLocator, name: str) -> None:
    expect(viewer.locator(".caption strong")).to_have_text(name, timeout=WAIT_MS)


def lasso_all(page: Page, viewer: FrameLocator) -> None:
    """Draw a line around all cells."""
    button = viewer.get_by_role("button", name="Select cells with a lasso")
    if button.get_attribute("aria-pressed") != "true":
        button.click()
    box = viewer.locator("svg.drawing").bounding_box()
    assert box is not None
    left, top = box["x"] + 3, box["y"] + 3
    right, bottom = box["x"] + box["width"] - 3, box["y"] + box["height"] - 3
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=4)
    page.mouse.up()


def told(lab: Lab, wanted: int) -> dict[str, object]:
    """What the callback in the kernel was told last, once it is of so many cells."""
    file = lab.folder / "told.json"
    for _ in range(300):
        try:
            content = json.loads(file.read_text())
            if len(content["cells"]) == wanted:
                return dict(content)
        except (FileNotFoundError, ValueError):
            pass
        time.sleep(0.1)
    raise AssertionError(
        f"no selection of {wanted} cells came: {file.read_text() if file.exists() else None}"
    )


def test_colours_go_to_the_page_and_the_selection_comes_back(lab: Lab, page: Page, bundle: Path) -> None:
    lab.write(
        "talk.ipynb",
        [
            SHOW.format(source=str(bundle)),
            'view.color_by("stage")',
            'view.color_by(gene="<b>odd</b>")',
            "end(); view.selection.sum()",
            "view.groups.value_counts().to_dict()",
            "view.close()",
        ],
    )
    notebook = Notebook(page, lab.notebook("talk"))
    notebook.run(0)
    viewer = notebook.viewer(0)
    wait_drawn(viewer)
    address = notebook.cell(0).locator("iframe").get_attribute("src") or ""
    assert re.match(r"http://127\.0\.0\.1:\d+/[\w-]{20,}/\?embed=1&parent=", address)

    notebook.run(1)
    expect_caption(viewer, "stage")
    notebook.run(2)
    expect_caption(viewer, "<b>odd</b>")
    wait_drawn(viewer)

    notebook.cell(0).locator("iframe").scroll_into_view_if_needed()
    lasso_all(page, viewer)
    assert told(lab, 100) == {"type": "int64", "cells": list(range(100)), "same": True}
    notebook.run(3)
    expect(notebook.cell(3).locator(".jp-OutputArea-output")).to_contain_text("4950", timeout=WAIT_MS)

    viewer.get_by_role("button", name="Save as group").click()
    notebook.run(4)
    expect(notebook.cell(4).locator(".jp-OutputArea-output")).to_contain_text(
        "{'Group 1': 100}", timeout=WAIT_MS
    )

    notebook.run(5)
    expect(notebook.cell(0).locator("iframe")).to_have_count(0, timeout=WAIT_MS)


@pytest.mark.big
def test_a_colour_asked_before_the_page_is_there_arrives(lab: Lab, page: Page, bundle: Path) -> None:
    code = [
        "import karospace_stream as ks",
        f"view = ks.show({str(bundle)!r})",
        "view.color_by('stage')",
        "view",
    ]
    lab.write("early.ipynb", ["\n".join(code)])
    notebook = Notebook(page, lab.notebook("early"))
    notebook.run(0)
    expect_caption(notebook.viewer(0), "stage")


@pytest.mark.big
def test_a_file_and_an_object_are_shown_from_the_cache(
    lab: Lab, page: Page, sample: anndata.AnnData, tmp_path: Path
) -> None:
    file = str(tmp_path / "some.h5ad")
    sample.write_h5ad(file)
    lab.write(
        "cache.ipynb",
        [
            f"import anndata, karospace_stream as ks\nadata = anndata.read_h5ad({file!r})",
            "ks.show(adata, genes='top_mean:2')",
            f"ks.show({file!r})",
        ],
    )
    notebook = Notebook(page, lab.notebook("cache"))
    for number in range(3):
        notebook.run(number)
    for number in (1, 2):
        notebook.cell(number).scroll_into_view_if_needed()
        wait_drawn(notebook.viewer(number))


@pytest.mark.big
def test_from_another_machine_it_comes_through_the_proxy(lab: Lab, page: Page, bundle: Path) -> None:
    lab.write("far.ipynb", [SHOW.format(source=str(bundle)), 'view.color_by(gene="CD3D")'])
    notebook = Notebook(page, lab.notebook("far", FOREIGN))
    notebook.run(0)
    wait_drawn(notebook.viewer(0))
    address = notebook.cell(0).locator("iframe").get_attribute("src") or ""
    assert re.match(rf"http://{FOREIGN}:{lab.port}/proxy/\d+/[\w-]{{20,}}/\?embed=1", address)
    notebook.run(1)
    expect_caption(notebook.viewer(0), "CD3D")


@pytest.mark.big
def test_where_nothing_reaches_the_port_the_cell_says_what_to_do(lab: Lab, page: Page, bundle: Path) -> None:
    lab.write("lost.ipynb", [SHOW.format(source=str(bundle)), "print('port', view.server.port)"])
    # The kernel's machine is another one, so its ports are not those of the browser's; and no proxy.
    page.route(re.compile(r"^http://127\.0\.0\.1:"), lambda route: route.abort())
    page.route(re.compile(r"/proxy/\d+/"), lambda route: route.fulfill(status=404))
    notebook = Notebook(page, lab.notebook("lost", FOREIGN))
    notebook.run(0)
    alert = notebook.cell(0).get_by_role("alert")
    expect(alert).to_contain_text("The viewer cannot be reached from this browser.", timeout=WAIT_MS)
    expect(notebook.cell(0).locator("iframe")).to_have_count(0)
    notebook.run(1)
    port = notebook.cell(1).locator(".jp-OutputArea-output").inner_text().split()[-1]
    expect(alert).to_contain_text(f"ssh -N -L {port}:127.0.0.1:{port} ")


@pytest.mark.big
def test_without_anywidget_there_is_a_plain_frame_and_a_sentence(lab: Lab, page: Page, bundle: Path) -> None:
    lab.write(
        "plain.ipynb",
        [
            "import sys\nsys.modules['anywidget'] = None",
            f"import karospace_stream\nview = karospace_stream.show({str(bundle)!r})\nview",
        ],
    )
    notebook = Notebook(page, lab.notebook("plain"))
    notebook.run(0)
    notebook.run(1)
    wait_drawn(notebook.viewer(1))
    expect(notebook.cell(1)).to_contain_text("pip install 'karospace-stream[jupyter]'")
