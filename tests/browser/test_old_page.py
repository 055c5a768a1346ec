"""The page from before sections, slides, shapes and transcripts opens a bundle that has all of them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pytest
import tifffile
from playwright.sync_api import expect

import karospace_stream
from tests.browser.conftest import ROOT
from tests.browser.page import ViewerPage, changed
from tests.made.cell_shapes import names, polygons, table, write_long
from tests.made.transcripts import make_transcripts, write_xenium_transcripts
from tests.oracle.reader import Bundle

#: The last commit whose page knows nothing of a tissue.
BEFORE = "af55779b0a9528b612272dcf900796e87c81fcdd"
N = 144


@pytest.fixture
def old_page() -> bytes:
    """As it was built and committed then."""
    made = subprocess.run(
        ["git", "show", f"{BEFORE}:karospace_stream/page/index.html"], cwd=ROOT, capture_output=True
    )
    if made.returncode:
        pytest.skip(f"the history of the repository is not here: {made.stderr.decode(errors='replace')}")
    return made.stdout


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> tuple[anndata.AnnData, Path, Path]:
    """The cells, a bundle with all parts of a tissue, and one of the same cells without any."""
    folder = tmp_path_factory.mktemp("old")
    adata = table(N, sections=2)
    write_long(folder / "cell_boundaries.parquet", polygons(N), names(N))
    write_xenium_transcripts(
        folder / "transcripts.parquet", make_transcripts(3_000, 100, 300), as_bytes=False
    )
    tifffile.imwrite(folder / "tissue.tiff", np.full((600, 600, 3), 200, np.uint8), photometric="rgb")
    karospace_stream.export(
        adata,
        folder / "tissue",
        name="sample",
        anno="all",
        image=folder / "tissue.tiff",
        image_placement=(1, 1, 0, 0),
        shapes=folder / "cell_boundaries.parquet",
        transcripts=folder / "transcripts.parquet",
    )
    karospace_stream.export(adata, folder / "plain", name="sample", anno="all", section="none")
    return adata, folder / "tissue", folder / "plain"


def test_cells_and_their_names(
    new_page: Callable[..., ViewerPage],
    served: Callable[[Path], str],
    bundles: tuple[anndata.AnnData, Path, Path],
    old_page: bytes,
) -> None:
    adata, *both = bundles
    seen = []
    for folder in both:
        (folder / "index.html").write_bytes(old_page)
        viewer = new_page()
        viewer.open(served(folder) + "#column=kind")
        expect(viewer.alert()).to_have_count(0)
        viewer.slide("Point opacity", "1")
        seen.append((viewer, viewer.pixels()))
    (tissue, picture), (plain, expected) = seen
    assert changed(picture, expected) == 0
    spots = plain.spots()
    for x, y in spots[:: len(spots) // 7]:
        told = []
        for viewer in (tissue, plain):
            viewer.point_at(x, y)
            told.append(viewer.told())
        assert told[0] == told[1]
        cell, values = told[0]
        assert values["kind"] == adata.obs.loc[cell, "kind"]
    # The values of a gene are those of the same cells.
    pictures = []
    for viewer in (tissue, plain):
        viewer.choose_gene("gene1")
        pictures.append(viewer.pixels())
    assert changed(pictures[0], expected) > 500
    assert changed(*pictures) == 0


def test_a_reader_of_the_old_schema(bundles: tuple[anndata.AnnData, Path, Path]) -> None:
    """Tables, coordinates and values of schema 1.0.0 tell the same of each cell, in one order."""
    adata, tissue, plain = bundles
    new, old = Bundle(tissue), Bundle(plain)
    assert {"sections", "slides", "shapes", "transcripts"} <= set(new.stream.atlas)
    assert set(new.manifest) == set(old.manifest)
    differing = {"asset_files", "expression", "created_at"}
    assert {k: v for k, v in new.manifest.items() if k not in differing} == {
        k: v for k, v in old.manifest.items() if k not in differing
    }
    cells, xy = new.coords()
    assert cells != list(adata.obs_names)
    assert sorted(cells) == sorted(adata.obs_names)
    rows = adata.obs_names.get_indexer(cells)
    np.testing.assert_array_equal(xy, adata.obsm["spatial"][rows])
    assert [each["cell_id"] for each in new.obs_json()] == cells
    by_name = {each["cell_id"]: each for each in old.obs_json()}
    assert new.obs_json() == [by_name[cell] for cell in cells]
    assert [row[0] for row in new.obs_csv()] == cells
    assert new.var() == old.var()
    for gene in range(adata.n_vars):
        np.testing.assert_array_equal(new.expression(gene), old.expression(gene)[rows])
