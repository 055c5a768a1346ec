"""AnnData stores that no export was made of: read as they are, a gene at a time, wherever they lie."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import anndata
import pytest
from playwright.sync_api import Page, expect
from scipy import sparse

import karospace_stream
from karospace_stream.formats.registry import heads
from karospace_stream.serving import start
from karospace_stream.serving.files import LocalFiles
from tests.browser.conftest import PAGE
from tests.browser.page import NOT_FOUND, Said, ViewerPage, changed
from tests.browser.sample import HOSTILE, HOSTILE_COLUMN, make_sample
from tests.browser.stores import write_store, zip_store

KINDS = ["v2", "v3", "v3_sharded"]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample as a store of each kind, and the zip of one."""
    folder = tmp_path_factory.mktemp("stores")
    sample = make_sample()
    sample.uns["title"] = "Sample <b>store</b>"
    write_store(sample, folder / "v2.zarr", 2)
    write_store(sample, folder / "v3.zarr", 3)
    write_store(sample, folder / "v3_sharded.zarr", 3, shard=True)
    for kind in ("v2", "v3_sharded"):
        zip_store(folder / f"{kind}.zarr")
    return folder


@pytest.fixture
def hosted(stores: Path) -> Iterator[str]:
    """The address of the folder, on a host that answers ranges and lets pages of others read."""
    with start(LocalFiles([str(stores)]), str(stores), heads=heads(), port=0) as server:
        yield server.url


@pytest.fixture
def page_at(served: Callable[[Path], str], sample_bundle: Path) -> str:
    """A page that lies on another host than the stores."""
    return served(sample_bundle)


def _asked(page: Page, below: str) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(below)))
    return asked


@pytest.mark.parametrize(("kind", "scheme"), [*((kind, "light") for kind in KINDS), ("v3_sharded", "dark")])
@pytest.mark.few(1)
def test_a_store_looks_as_its_export_does(
    new_page: Callable[..., ViewerPage], said: Said, page_at: str, hosted: str, kind: str, scheme: str
) -> None:
    viewer, exported = new_page(color_scheme=scheme), new_page(color_scheme=scheme)
    # The exporter puts the tissue first, the store its UMAP.
    exported.open(f"{page_at}#embedding=X_umap&column=cell_type")
    viewer.open_elsewhere(f"{page_at}?data={hosted}{kind}.zarr#column=cell_type")
    expect(viewer.page.get_by_role("heading", name="Sample <b>store</b>")).to_be_visible()
    assert len(viewer.spots()) > 500
    assert changed(exported.pixels(), viewer.pixels()) == 0
    for column in ("score", "primary", HOSTILE_COLUMN):
        for one in (viewer, exported):
            one.choose_column(column)
        assert changed(exported.pixels(), viewer.pixels()) == 0, column
    for gene in (HOSTILE[0], HOSTILE[2]):
        for one in (viewer, exported):
            one.choose_gene(gene)
        assert changed(exported.pixels(), viewer.pixels()) == 0, gene
    assert viewer.page.evaluate("() => window.pwned") is None
    # Asked as v2 first, a store of v3 is told so by one missing file.
    assert said == ([NOT_FOUND] if kind != "v2" else [])
    said.were_expected()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.few(1)
def test_a_gene_costs_two_requests_for_its_values_and_two_for_its_cells(
    viewer: ViewerPage, said: Said, page_at: str, hosted: str, kind: str
) -> None:
    asked = _asked(viewer.page, f"{hosted}{kind}.zarr/")
    viewer.open_elsewhere(f"{page_at}?data={hosted}{kind}.zarr")
    opening = [path for path in asked if "://" not in path]
    assert not any(path.startswith(("X/data", "X/indices")) for path in opening)
    # Metadata, title, places, codes, categories, their colours, names of genes, where genes begin.
    assert len(opening) == (8 if kind == "v2" else 9)
    for gene in (HOSTILE[0], HOSTILE[3], HOSTILE[7]):
        known, before = {*asked}, len(asked)
        viewer.choose_gene(gene)
        for part in ("X/data/", "X/indices/"):
            paths = [path for path in asked[before:] if path.startswith(part)]
            # The first of a shard reads its index too, for which another host is asked for its length.
            indices = 2 * len({*paths} - known) if kind == "v3_sharded" else 0
            assert 0 < len(paths) <= 2 + indices
    said.were_expected()


@pytest.mark.parametrize(
    ("zarr_format", "shard", "name"), [(2, False, "ours.zarr"), (3, True, "ours.zarr.zip")]
)
@pytest.mark.few(1)
def test_what_export_writes_looks_as_its_bundle_does(
    new_page: Callable[..., ViewerPage],
    said: Said,
    served: Callable[[Path], str],
    sample: anndata.AnnData,
    tmp_path: Path,
    zarr_format: Literal[2, 3],
    shard: bool,
    name: str,
) -> None:
    # A column that could not be the name of a folder everywhere is refused there.
    plain = sample.copy()
    plain.obs = plain.obs.drop(columns=HOSTILE_COLUMN)
    layout = {"zarr_format": zarr_format, "shard": shard, "uns": ["cell_type_colors"]}
    karospace_stream.export(plain, tmp_path / name, format="anndata", **layout)
    karospace_stream.export(plain, tmp_path / "bundle", anno="all")
    viewer, exported = new_page(), new_page()
    exported.open(served(tmp_path / "bundle") + "#embedding=X_umap")
    viewer.open(served(tmp_path / name))
    assert changed(exported.pixels(), viewer.pixels()) == 0
    for one in (viewer, exported):
        one.choose_column("score")
    assert changed(exported.pixels(), viewer.pixels()) == 0
    for gene in (HOSTILE[0], HOSTILE[6]):
        for one in (viewer, exported):
            one.choose_gene(gene)
        assert changed(exported.pixels(), viewer.pixels()) == 0, gene
    said.were_expected()  # what the folder of a store might also be is asked for first


def test_the_tooltip_tells_values(viewer: ViewerPage, page_at: str, hosted: str) -> None:
    told = quote(json.dumps(["n_counts", "primary", HOSTILE_COLUMN]))
    viewer.open_elsewhere(f"{page_at}?data={hosted}v2.zarr#tooltip={told}")
    viewer.point_at(*viewer.spots()[100])
    cell_id, values = viewer.told()
    sample = make_sample().obs.loc[cell_id]
    assert values["cell_type"] == ("—" if sample.isna()["cell_type"] else sample["cell_type"])
    assert values["n_counts"] == str(sample["n_counts"])
    assert values["primary"] == str(sample["primary"]).lower()
    assert values[HOSTILE_COLUMN] == sample[HOSTILE_COLUMN]


@pytest.mark.parametrize("kind", ["v2", "v3_sharded"])
@pytest.mark.few(1)
def test_a_zip_on_a_host_is_read_by_ranges(
    viewer: ViewerPage, said: Said, page_at: str, hosted: str, kind: str
) -> None:
    asked: list[str] = []
    viewer.page.on(
        "request",
        lambda request: asked.append(request.method) if request.url.startswith(hosted) else None,
    )
    viewer.open_elsewhere(f"{page_at}?data={hosted}{kind}.zarr.zip")
    # All of it is within the end that is read at once: its length, and the end.
    viewer.choose_gene("Case")
    assert asked == ["HEAD", "GET"]
    viewer.choose_column("score")
    assert len(viewer.spots()) > 500
    assert said == []


def test_a_store_of_this_machine_is_picked_or_dropped(
    new_page: Callable[..., ViewerPage], stores: Path, drop: Callable[[ViewerPage, Path], None]
) -> None:
    pictures = []
    for way in ("picked", "dropped", "zip"):
        viewer = new_page()
        viewer.page.goto(PAGE.as_uri())
        expect(viewer.page.get_by_role("heading", name="Choose the export folder")).to_be_visible()
        if way == "picked":
            viewer.page.get_by_label("Choose the export folder").set_input_files(stores / "v3.zarr")
        elif way == "dropped":
            drop(viewer, stores / "v3_sharded.zarr")
        else:
            viewer.page.get_by_label("Choose a zip of an export").set_input_files(stores / "v2.zarr.zip")
        viewer.wait()
        viewer.choose_gene("Case")
        pictures.append(viewer.pixels())
    assert changed(pictures[0], pictures[1]) == 0
    assert changed(pictures[0], pictures[2]) == 0


def test_the_preview_shows_a_store_and_a_folder_of_them(
    viewer: ViewerPage, said: Said, served: Callable[[Path], str], stores: Path
) -> None:
    viewer.open(served(stores / "v2.zarr"))
    viewer.choose_gene("Case")
    said.were_expected()  # what the folder of a store might also be is asked for first
    viewer.page.goto(served(stores))
    rows = viewer.page.get_by_role("list", name="Data sets").get_by_role("listitem")
    expect(rows).to_have_count(len(KINDS))
    expect(rows.nth(0)).to_contain_text("300 cells")
    said.were_expected()
    rows.nth(0).get_by_role("button").click()
    viewer.wait()
    viewer.choose_gene("Case")
    assert said == []


def test_a_store_that_lies_cell_after_cell_is_told_so_and_not_read(
    viewer: ViewerPage, sample: anndata.AnnData, page_at: str, hosted: str, stores: Path
) -> None:
    ordinary = sample.copy()
    ordinary.X = sparse.csr_matrix(ordinary.X)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about v2 having a successor
        with anndata.settings.override(zarr_write_format=2):
            ordinary.write_zarr(stores / "ordinary.zarr")
    try:
        asked = _asked(viewer.page, f"{hosted}ordinary.zarr/")
        viewer.page.goto(f"{page_at}?data={hosted}ordinary.zarr")
        viewer.agree()
        expect(viewer.alert()).to_contain_text("is stored by cells (CSR)")
        expect(viewer.alert()).to_contain_text("karospace-stream export STORE.zarr NEW.zarr --format anndata")
        assert [path for path in asked if "://" not in path] == [".zmetadata"]
    finally:
        shutil.rmtree(stores / "ordinary.zarr")
