"""Figures as SVG and PNG: circles or a picture, sizes, backgrounds, and a preview that says what is saved."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

import karospace_stream
from tests.browser.axe import violations
from tests.browser.page import ViewerPage, changed
from tests.browser.test_picture import ready

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
NAMES = ["B cell", 'T <cell> & "co"', "</svg><script>x</script>", "NK"]


def cells_of(n_cells: int) -> anndata.AnnData:
    rng = np.random.default_rng(3)
    codes = np.arange(n_cells) % len(NAMES)
    cells = anndata.AnnData(
        rng.poisson(0.7, (n_cells, 2)).astype(np.float32),
        obs=pd.DataFrame(
            {"cluster": pd.Categorical(np.array(NAMES)[codes]), "depth": np.linspace(0, 9, n_cells)},
            index=[f"c{at}" for at in range(n_cells)],
        ),
    )
    cells.obsm["X_umap"] = np.c_[codes % 2, codes // 2] * 6 + rng.normal(size=(n_cells, 2))
    cells.obsm["X_pca"] = rng.normal(size=(n_cells, 3))
    return cells


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("few") / "bundle"
    karospace_stream.export(cells_of(2000), target, anno="all", name="few & hostile", progress=False)
    return target


def dialog_of(viewer: ViewerPage) -> Locator:
    viewer.page.get_by_role("button", name="Image").click()
    dialog = viewer.page.get_by_role("dialog", name="Save an image")
    ready(dialog)
    return dialog


def save(dialog: Locator, target: Path) -> Path:
    ready(dialog)
    with dialog.page.expect_download() as download:
        dialog.get_by_role("button", name=re.compile("^Save ")).click()
    expect(dialog).to_have_count(0)
    file = target / download.value.suggested_filename
    download.value.save_as(file)
    return file


def circles(parent: ET.Element) -> list[ET.Element]:
    return list(parent.iter(f"{SVG}circle"))


def named(root: ET.Element, name: str) -> ET.Element:
    return next(group for group in root.iter(f"{SVG}g") if group.get("id") == name)


def test_a_vector_figure_has_a_circle_for_each_shown_cell_and_looks_like_its_preview(
    viewer: ViewerPage, served: Callable[[Path], str], few: Path, tmp_path: Path
) -> None:
    page = viewer.page
    viewer.open(served(few) + '#embedding=X_umap&column=cluster&hidden=[["cluster",["NK"]]]')
    dialog = dialog_of(viewer)
    dialog.get_by_role("button", name="SVG", exact=True).click()
    dialog.get_by_role("combobox", name="Size").select_option("single")
    dialog.get_by_label("Title").fill("Figure <1> & 2")
    dialog.get_by_label("Axes").check()
    expect(dialog.get_by_role("status")).to_contain_text("1,500 cells as circles.")
    expect(dialog.get_by_role("status")).to_contain_text("85 \u00d7")
    ready(dialog)
    url = dialog.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    preview = np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("RGB"))
    file = save(dialog, tmp_path)

    root = ET.parse(file).getroot()
    assert root.get("width") == "240.94pt"  # 85 mm
    groups = {each.get("fill"): len(circles(each)) for each in named(root, "points")}
    assert sorted(groups.values()) == [500, 500, 500]
    legend = [each.get("fill") for each in named(root, "legend") if circles(each)]
    assert set(legend) == set(groups)
    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert {"Figure <1> & 2", *NAMES[:3], "UMAP 1", "UMAP 2"} <= set(texts)
    assert "NK" not in texts
    assert all(float(each.get("font-size", "0")) >= 5 for each in root.iter(f"{SVG}text"))
    assert not list(root.iter(f"{SVG}image"))

    # As the browser draws it: as in the preview.
    height, width = preview.shape[:2]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(file.as_uri())
    page.evaluate(
        """([width, height]) => {
          document.documentElement.setAttribute('width', width);
          document.documentElement.setAttribute('height', height);
        }""",
        [width, height],
    )
    drawn = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    difference = np.abs(drawn.astype(int) - preview)
    assert difference.mean() < 4


def test_what_is_beyond_the_frame_is_left_out_and_depth_is_kept(
    viewer: ViewerPage, served: Callable[[Path], str], few: Path, tmp_path: Path
) -> None:
    url = served(few)
    viewer.open(url + "#embedding=X_umap&column=cluster&view=0,0,7")
    dialog = dialog_of(viewer)
    dialog.get_by_role("button", name="SVG", exact=True).click()
    told = dialog.get_by_role("status")
    expect(told).to_contain_text("as circles")
    root = ET.parse(save(dialog, tmp_path)).getroot()
    size = viewer.canvas.bounding_box()
    assert size is not None
    cells = cells_of(2000).obsm["X_umap"]
    zoom = 2.0**7
    inside = (np.abs(cells[:, 0]) * zoom < size["width"] / 2) & (
        np.abs(cells[:, 1]) * zoom < size["height"] / 2
    )
    found = circles(named(root, "points"))
    # Some more reach into the frame from outside.
    assert inside.sum() <= len(found) <= inside.sum() + 60 < 2000
    assert named(root, "cells").get("clip-path", "").startswith("url(#")
    # In 3-D, the nearer cells of each colour are larger, and drawn later.
    viewer.page.goto("about:blank")
    viewer.open(url + "#embedding=X_pca&column=cluster")
    dialog = dialog_of(viewer)
    dialog.get_by_role("button", name="SVG", exact=True).click()
    radii = [
        float(each.get("r", "0"))
        for each in circles(named(ET.parse(save(dialog, tmp_path)).getroot(), "points"))
    ]
    assert len(radii) == 2000
    assert np.mean(radii[:200]) < np.mean(radii[-200:])


def test_many_cells_are_a_picture_in_a_vector_frame(
    viewer: ViewerPage, served: Callable[[Path], str], tmp_path: Path
) -> None:
    karospace_stream.export(cells_of(60_000), tmp_path / "bundle", anno="all", name="many", progress=False)
    viewer.open(served(tmp_path / "bundle") + "#embedding=X_umap&column=cluster")
    dialog = dialog_of(viewer)
    dialog.get_by_role("button", name="SVG", exact=True).click()
    dialog.get_by_role("combobox", name="Size").select_option("middle")
    dialog.get_by_role("button", name="150", exact=True).click()
    expect(dialog.get_by_role("status")).to_contain_text("The cells are an embedded picture")
    root = ET.parse(save(dialog, tmp_path)).getroot()
    assert len(circles(named(root, "cells"))) == 0
    (picture,) = root.iter(f"{SVG}image")
    png = Image.open(io.BytesIO(base64.b64decode(str(picture.get(HREF)).split(",")[1])))
    np.testing.assert_allclose(png.info["dpi"], 150, atol=0.02)
    assert abs(png.width - float(picture.get("width", "0")) / 72 * 150) <= 1
    # On nothing, so that the background is that of the figure.
    assert png.convert("RGBA").getpixel((0, 0))[3] == 0
    assert len(png.convert("RGB").getcolors(1 << 24) or []) > 4
    assert len(circles(named(root, "legend"))) == len(NAMES)


def test_a_png_of_any_size_without_a_background(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], few: Path, tmp_path: Path
) -> None:
    viewer = new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    viewer.open(served(few) + "#embedding=X_umap&gene=0")
    dialog = dialog_of(viewer)
    assert violations(viewer.page) == []
    dialog.get_by_role("combobox", name="Size").select_option("own")
    dialog.get_by_label("Width").fill("6")
    dialog.get_by_label("Height").fill("4,5")
    dialog.get_by_role("combobox", name="Unit").select_option("in")
    dialog.get_by_label("Pixels per inch", exact=True).fill("1000")
    dialog.get_by_role("button", name="Transparent").click()
    expect(dialog.get_by_role("status")).to_contain_text("6,000 \u00d7 4,500 pixels, 152.4 \u00d7 114.3 mm")
    image = Image.open(save(dialog, tmp_path))
    # More than the graphics card draws at once: the tiles fit together.
    assert image.size == (6000, 4500)
    np.testing.assert_allclose(image.info["dpi"], 1000, atol=0.02)
    alpha = np.asarray(image.convert("RGBA").resize((600, 450)))[..., 3]
    assert alpha[0, 0] == 0
    assert (alpha > 200).sum() > 500
    # All choices are those of the next figure.
    dialog = dialog_of(viewer)
    expect(dialog.get_by_role("combobox", name="Size")).to_have_value("own")
    expect(dialog.get_by_label("Height")).to_have_value("4.5")
    expect(dialog.get_by_role("button", name="Transparent")).to_have_attribute("aria-pressed", "true")


def test_a_figure_of_a_curtain_has_both_sides_their_legends_and_the_line(
    viewer: ViewerPage, served: Callable[[Path], str], few: Path, tmp_path: Path
) -> None:
    def figure_of(name: str) -> npt.NDArray[np.uint8]:
        dialog = dialog_of(viewer)
        for part in ("Caption", "Legend", "Names on the cells"):
            check = dialog.get_by_role("checkbox", name=part)
            if check.count():
                check.uncheck()
        dialog.get_by_label("Title").fill("")
        (tmp_path / name).mkdir()
        return np.asarray(Image.open(save(dialog, tmp_path / name)).convert("RGB"))

    url = served(few)
    viewer.open(f"{url}#embedding=X_umap&column=depth")
    right = figure_of("right")
    viewer.choose_column("cluster")
    left = figure_of("left")
    viewer.page.get_by_role("button", name="Curtain").click()
    viewer.page.get_by_role("combobox", name="Right of the curtain", exact=True).select_option(label="depth")
    slider = viewer.page.get_by_role("slider", name="Curtain")
    for _ in range(2):
        slider.press("PageDown")
    expect(slider).to_have_attribute("aria-valuenow", "30")
    both = figure_of("both")
    line = round(0.3 * both.shape[1])
    assert changed(both[:, : line - 8], left[:, : line - 8]) == 0
    assert changed(both[:, line + 8 :], right[:, line + 8 :]) == 0
    assert changed(both[:, line + 8 :], left[:, line + 8 :]) > 500
    assert (both[:, line] < 90).all(axis=1).mean() > 0.9, "the line goes from top to bottom"

    dialog = dialog_of(viewer)
    dialog.get_by_role("checkbox", name="Legend").check()
    dialog.get_by_role("checkbox", name="Caption").check()
    dialog.get_by_role("button", name="SVG").click()
    root = ET.parse(save(dialog, tmp_path)).getroot()
    legend = [text.text for text in named(root, "legend").iter(f"{SVG}text")]
    assert legend[0] == "cluster"
    assert {"depth", *NAMES} <= set(legend)
    assert len(list(named(root, "legend").iter(f"{SVG}rect"))) == 1
    assert any("cluster | depth" in (text.text or "") for text in named(root, "title").iter(f"{SVG}text"))
    assert len(list(named(root, "curtain").iter(f"{SVG}path"))) == 2
    assert not circles(named(root, "cells"))
