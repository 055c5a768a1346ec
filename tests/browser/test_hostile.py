"""Bundles that would take a tab down are refused in a sentence, while the rest of the page goes on."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import anndata
import pytest
from playwright.sync_api import expect

import karospace_stream
from tests.browser import bombs
from tests.browser.memory import peak_nbytes
from tests.browser.page import NOT_FOUND, Said, ViewerPage
from tests.browser.stores import write_store

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the kernel tells peaks on Linux"
)
MOST_NBYTES = 1 << 30
TOO_MUCH = "holds more than"
IN_A_CHUNK = "a chunk decompresses to more than"


@pytest.fixture
def export(sample: anndata.AnnData, tmp_path: Path) -> Callable[[str], Path]:
    """An export of the sample in a folder that a test may break."""

    def make(kind: str) -> Path:
        target = tmp_path / f"{kind}.zarr"
        if kind in {"v2", "v3"}:
            return write_store(sample, target, 2 if kind == "v2" else 3)
        options = {"karospace": {"anno": "all"}, "cellucid": {"compression": 6}}.get(kind, {})
        karospace_stream.export(sample, target, format=kind, **options)
        return target

    return make


def karospace_gene(folder: Path) -> None:
    for part in (folder / "assets" / "expression").iterdir():
        part.write_bytes(bombs.gzipped())


def karospace_array(folder: Path) -> None:
    for part in (folder / "assets" / "stream").glob("coords*"):
        part.write_bytes(bombs.gzipped())


def karospace_json(folder: Path) -> None:
    (folder / "atlas.json").write_bytes(bombs.gzipped(b" "))


def cellucid_gene(folder: Path) -> None:
    for values in (folder / "var").iterdir():
        values.write_bytes(bombs.gzipped())


def cellucid_array(folder: Path) -> None:
    for points in folder.glob("points_*"):
        points.write_bytes(bombs.gzipped())


def cellucid_json(folder: Path) -> None:
    (folder / "obs_manifest.json").write_bytes(bombs.gzipped(b" "))


def v2_array(folder: Path) -> None:
    assert json.loads((folder / "obsm/X_umap/.zarray").read_bytes())["compressor"]["id"] == "zlib"
    for chunk in (folder / "obsm").glob("*/0.0"):
        chunk.write_bytes(bombs.zlibbed())


def v3_array(folder: Path) -> None:
    assert b'"gzip"' in (folder / "obsm/X_umap/zarr.json").read_bytes()
    for chunk in (folder / "obsm").glob("*/c/0/0"):
        chunk.write_bytes(bombs.gzipped())


def v3_gene(folder: Path) -> None:
    assert b'"blosc"' in (folder / "X/indices/zarr.json").read_bytes()
    for chunk in (folder / "X/indices/c").iterdir():
        chunk.write_bytes(bombs.blosc(4 * 256))


big = pytest.mark.big


@pytest.mark.parametrize(
    ("kind", "spoil", "says"),
    [
        ("karospace", karospace_gene, TOO_MUCH),
        pytest.param("karospace", karospace_array, TOO_MUCH, marks=big),
        pytest.param("karospace", karospace_json, TOO_MUCH, marks=big),
        pytest.param("cellucid", cellucid_gene, TOO_MUCH, marks=big),
        pytest.param("cellucid", cellucid_array, TOO_MUCH, marks=big),
        pytest.param("cellucid", cellucid_json, TOO_MUCH, marks=big),
        ("v2", v2_array, IN_A_CHUNK),
        pytest.param("v3", v3_array, IN_A_CHUNK, marks=big),
        pytest.param("v3", v3_gene, "the Blosc frame is damaged", marks=big),
    ],
)
def test_a_file_that_inflates_to_gigabytes_is_told_so(
    viewer: ViewerPage,
    served: Callable[[Path], str],
    said: Said,
    export: Callable[[str], Path],
    kind: str,
    spoil: Callable[[Path], None],
    says: str,
) -> None:
    folder = export(kind)
    spoil(folder)
    viewer.page.goto(served(folder) + ("#gene=Case" if spoil.__name__.endswith("gene") else ""))
    _is_told(viewer, says)
    said.were_expected(NOT_FOUND)  # of the heads of other formats


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        pytest.param(2400, "does not have the 2,400 bytes that the zip states", marks=big),
        pytest.param(bombs.NBYTES, TOO_MUCH, marks=big),
    ],
)
def test_a_zip_that_inflates_to_gigabytes_is_told_so(
    viewer: ViewerPage, export: Callable[[str], Path], tmp_path: Path, declared: int, says: str
) -> None:
    folder = export("karospace")
    coords = min((folder / "assets" / "stream").glob("coords*"))
    bombs.put_into_zip(folder, tmp_path / "bomb.zip", coords, declared)
    viewer.page.goto((folder / "index.html").as_uri())
    viewer.page.get_by_label("Choose a zip of an export").set_input_files(tmp_path / "bomb.zip")
    _is_told(viewer, says)


def test_a_picture_of_more_pixels_than_a_tab_holds_is_told_so(
    viewer: ViewerPage, served: Callable[[Path], str], bundle: Path
) -> None:
    picture = bombs.one_colour_png(60_000, 60_000)
    (bundle / "preview.png").write_bytes(picture)
    atlas = json.loads((bundle / "atlas.json").read_bytes())
    (bundle / atlas["image"]["path"]).write_bytes(picture)
    viewer.page.goto(served(bundle))
    _is_told(viewer, "pixels, but this page decodes at most 67,108,864")
    # The cells are there without it.
    viewer.wait()
    assert peak_nbytes() < MOST_NBYTES


@pytest.mark.big
def test_the_largest_picture_that_is_shown_fits(
    viewer: ViewerPage, served: Callable[[Path], str], bundle: Path
) -> None:
    atlas = json.loads((bundle / "atlas.json").read_bytes())
    (bundle / atlas["image"]["path"]).write_bytes(bombs.one_colour_png(8192, 8192))
    viewer.open(served(bundle))
    expect(viewer.alert()).to_have_count(0)
    assert peak_nbytes() < MOST_NBYTES


def _is_told(viewer: ViewerPage, says: str) -> None:
    expect(viewer.alert()).to_have_count(1)
    expect(viewer.alert()).to_contain_text(says)
    assert peak_nbytes() < MOST_NBYTES
