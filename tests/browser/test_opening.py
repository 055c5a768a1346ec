"""The ways in: a picked or dropped folder, another address, older bundles; and what is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PAGE
from tests.browser.page import NOT_FOUND, Said, ViewerPage, changed
from tests.browser.sample import HOSTILE, HOSTILE_COLUMN


def test_from_a_disk_the_folder_is_asked_for(
    viewer: ViewerPage,
    new_page: Callable[..., ViewerPage],
    served: Callable[[Path], str],
    sample_bundle: Path,
) -> None:
    viewer.page.goto((sample_bundle / "index.html").as_uri())
    expect(viewer.page.get_by_role("heading", name="Choose the export folder")).to_be_visible()
    viewer.page.get_by_label("Choose the export folder").set_input_files(sample_bundle)
    viewer.wait()
    by_type = viewer.pixels()
    viewer.choose_gene("Case")
    by_gene = viewer.pixels()
    assert changed(by_type, by_gene) > 500
    viewer.choose_column("cell_type")
    viewer.toggle("B cell")
    assert changed(by_type, viewer.pixels()) > 500

    over_http = new_page()
    over_http.open(served(sample_bundle) + "#gene=Case")
    assert changed(by_gene, over_http.pixels()) == 0


def test_from_a_disk_the_tooltip_tells_values(viewer: ViewerPage, sample_bundle: Path) -> None:
    viewer.page.goto((sample_bundle / "index.html").as_uri() + "#embedding=X_umap")
    viewer.page.get_by_label("Choose the export folder").set_input_files(sample_bundle)
    viewer.wait()
    viewer.point_at(*viewer.spots()[100])
    cell_id, values = viewer.told()
    assert cell_id.startswith("cell <")
    assert values["cell_type"] in {"B cell", "T cell", "Monocyte", "—"}


def test_a_dropped_folder_opens(viewer: ViewerPage, sample_bundle: Path) -> None:
    viewer.page.goto((sample_bundle / "index.html").as_uri())
    session = viewer.page.context.new_cdp_session(viewer.page)
    data = {"items": [], "files": [str(sample_bundle)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})
    viewer.wait()
    assert len(viewer.spots()) > 500


def test_the_wrong_folder_is_named(viewer: ViewerPage, sample_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.txt").write_text("1")
    viewer.page.goto((sample_bundle / "index.html").as_uri())
    viewer.page.get_by_label("Choose the export folder").set_input_files(tmp_path / "photos")
    expect(viewer.alert()).to_contain_text("“photos” holds no export: it has none of manifest.json")
    viewer.page.get_by_label("Choose the export folder").set_input_files(sample_bundle)
    viewer.wait()


def test_data_may_lie_elsewhere(
    viewer: ViewerPage, served: Callable[[Path], str], bundle: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    shutil.move(bundle, site / "sample")
    shutil.copy(PAGE, site / "index.html")
    (site / "manifest.json").write_text("{}")  # only for the preview server, which wants a bundle
    viewer.open(served(site) + "?data=sample")
    expect(viewer.page).to_have_title("sample · KaroSpace")


@pytest.mark.parametrize("name", ["visium_image", "visium_list", "imc_small_parts"])
@pytest.mark.few(1)
def test_bundles_of_the_older_exporter_open(
    viewer: ViewerPage,
    said: Said,
    served: Callable[[Path], str],
    golden: Callable[[str], Path],
    name: str,
) -> None:
    viewer.open(served(golden(name)))
    assert said == []  # manifest.json tells that there is no atlas.json: it is not asked for
    before = viewer.pixels()
    assert len(np.unique(before.reshape(-1, 3), axis=0)) > 3
    field = viewer.page.get_by_role("combobox", name="Gene", exact=True)
    field.click()
    gene = viewer.page.get_by_role("listbox", name="Genes").get_by_role("option").nth(1).inner_text()
    viewer.choose_gene(gene)
    assert changed(before, viewer.pixels()) > 500
    if name == "imc_small_parts":
        expect(viewer.page.locator(".note")).to_contain_text("The cells have no values in “cell type”")
    if name == "visium_image":
        expect(viewer.page.get_by_text("not its position under the cells")).to_be_visible()
        viewer.page.get_by_role("button", name="Show the image").click()
        expect(viewer.page.get_by_alt_text("Tissue image of the bundle")).to_be_visible()


@pytest.mark.parametrize("gene", HOSTILE)
@pytest.mark.few(1)
def test_a_gene_of_any_name_is_found_and_runs_nothing(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path, gene: str
) -> None:
    viewer.open(served(sample_bundle) + "#embedding=X_umap")
    viewer.choose_gene(gene)
    viewer.point_at(*viewer.spots()[50])
    assert gene in viewer.told()[1]
    assert viewer.page.evaluate("() => window.pwned") is None


def test_columns_of_any_name_are_found_and_run_nothing(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    viewer.open(served(sample_bundle))
    for column, category in ((HOSTILE_COLUMN, "<b>left</b>"), ("__proto__", "upper")):
        viewer.choose_column(column)
        before = viewer.pixels()
        viewer.toggle(category)
        assert changed(before, viewer.pixels()) > 500
        viewer.toggle(category)
    assert viewer.page.evaluate("() => window.pwned") is None


def test_a_missing_gene_is_named_and_the_rest_stays(
    viewer: ViewerPage, said: Said, served: Callable[[Path], str], bundle: Path
) -> None:
    # One part of several: which of two missing ones is told first is a race.
    missing = min((bundle / "assets" / "expression").glob("gene_00005*"))
    missing.unlink()
    viewer.open(served(bundle))
    before = viewer.pixels()
    field = viewer.page.get_by_role("combobox", name="Gene", exact=True)
    field.fill(HOSTILE[5])
    field.press("Enter")
    expect(viewer.alert()).to_contain_text(f"{missing.relative_to(bundle).as_posix()} is missing")
    assert said == [NOT_FOUND]
    said.were_expected()
    viewer.page.get_by_role("button", name="Dismiss").click()
    assert changed(before, viewer.pixels()) == 0
    viewer.choose_gene(HOSTILE[6])


def test_a_missing_embedding_is_named(
    viewer: ViewerPage, said: Said, served: Callable[[Path], str], bundle: Path
) -> None:
    import json

    first = json.loads((bundle / "atlas.json").read_text())["embeddings"][0]["parts"][0]["path"]
    (bundle / first).unlink()
    viewer.page.goto(served(bundle))
    expect(viewer.alert()).to_contain_text(f"The file {first} is missing")
    said.were_expected()


def test_a_folder_without_a_bundle_is_told_so(
    viewer: ViewerPage, said: Said, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    viewer.page.goto(served(sample_bundle) + "?data=assets")
    expect(viewer.alert()).to_contain_text("it has none of manifest.json, dataset_identity.json")
    assert said == [NOT_FOUND] * 7  # the browser's own words about each of the files that make a bundle
    said.were_expected()


def test_a_damaged_file_is_named(viewer: ViewerPage, served: Callable[[Path], str], bundle: Path) -> None:
    (bundle / "atlas.json").write_text('{"format": "karospace-stream", "version": 1, ')
    viewer.page.goto(served(bundle))
    expect(viewer.alert()).to_contain_text("atlas.json is not JSON")


def test_a_browser_without_webgl2_is_told_so(
    viewer: ViewerPage, served: Callable[[Path], str], sample_bundle: Path
) -> None:
    viewer.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    viewer.page.goto(served(sample_bundle))
    expect(viewer.alert()).to_contain_text("no WebGL 2")
