"""Fifty million transcripts: what a page loads before a gene is chosen, and of the gene that is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Response, expect

import karospace_stream
from tests.browser.page import ViewerPage, changed

N = 50_000_000
N_GENES = 300
SIDE = 10_000.0
_AT_ONCE = 1_000_000
#: The first gene has about a sixth of all, the last a thousandth of that.
SHARES = 1 / np.arange(1, N_GENES + 1)


def write_transcripts(path: Path) -> None:
    rng = np.random.default_rng(0)
    names = pa.array([f"Gene{number}" for number in range(N_GENES)])
    kind = pa.dictionary(pa.int32(), pa.string())
    schema = pa.schema([("x_location", pa.float32()), ("y_location", pa.float32()), ("feature_name", kind)])
    ends = np.cumsum(SHARES) / SHARES.sum()
    with pq.ParquetWriter(path, schema) as writer:
        for _ in range(N // _AT_ONCE):
            x, y = rng.random((2, _AT_ONCE), np.float32) * np.float32(SIDE)
            codes = np.searchsorted(ends, rng.random(_AT_ONCE)).astype(np.int32)
            gene = pa.DictionaryArray.from_arrays(pa.array(codes), names)
            writer.write_table(pa.table([x, y, gene], schema))


def choose(viewer: ViewerPage, gene: str) -> None:
    field = viewer.page.get_by_role("combobox", name="Add a gene")
    field.fill(gene)
    field.press("Enter")


@pytest.mark.big
def test_only_what_is_in_view_is_loaded(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], tmp_path: Path
) -> None:
    write_transcripts(tmp_path / "transcripts.parquet")
    rng = np.random.default_rng(1)
    cells = anndata.AnnData(np.ones((2_000, 3), np.float32))
    cells.var_names = ["Gene0", "Gene100", "Gene299"]
    cells.obsm["spatial"] = rng.random((2_000, 2)) * SIDE
    karospace_stream.export(
        cells, tmp_path / "bundle", transcripts=tmp_path / "transcripts.parquet", memory="1GB", progress=False
    )
    viewer = new_page()
    answers: list[tuple[str, int]] = []

    def hear(response: Response) -> None:
        if "/transcripts/" in response.url:
            answers.append((response.url.rpartition("/")[2], int(response.headers["content-length"])))

    viewer.page.on("response", hear)
    viewer.open(served(tmp_path / "bundle"))
    assert {name for name, _ in answers} <= {"genes.json.gz"}
    assert sum(size for _, size in answers) < 20_000
    answers.clear()

    section = viewer.page.get_by_role("region", name="Transcripts", exact=True)

    def loaded(told: str) -> tuple[int, int]:
        """Requests, and their bytes, since the last time."""
        expect(section.locator("p[role=status]")).to_have_text(told)
        viewer.wait()
        sizes = [size for _, size in answers]
        answers.clear()
        return len(sizes), sum(sizes)

    # Eight million of it, of which a sample is drawn.
    empty = viewer.pixels()
    choose(viewer, "Gene0")
    n_requests, n_bytes = loaded("A sample is shown: zoom in for all.")
    assert n_requests < 40
    assert n_bytes < 1_500_000
    assert changed(empty, viewer.pixels()) > 50_000
    choose(viewer, "Gene299")
    n_requests, n_bytes = loaded("A sample is shown: zoom in for all.")
    assert n_requests < 15
    assert n_bytes < 300_000
    box = viewer.canvas.bounding_box()
    assert box is not None
    viewer.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _ in range(5):
        viewer.page.mouse.wheel(0, -500)
        viewer.settle()
    n_requests, n_bytes = loaded("All in view are shown.")
    assert n_requests < 150
    assert n_bytes < 5_000_000
