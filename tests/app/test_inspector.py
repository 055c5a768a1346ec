"""The contents of a file for the page, from a bounded part of it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest

from karospace_stream.testing.synth import write_synthetic
from tests.app.client import DATA, Client

HOSTILE = '</script><img src=x onerror="window.pwned=1">'


def test_a_real_file(client: Client, real: Path) -> None:
    truth = anndata.read_h5ad(real)
    facts = client.ask("inspect", source=str(real))
    assert (facts["n_cells"], facts["n_genes"]) == truth.shape
    assert facts["nbytes"] == real.stat().st_size
    assert [column["name"] for column in facts["obs"]] == list(truth.obs.columns)
    layers = {f"layers/{key}" for key in truth.layers if key is not None}  # which is X, for anndata 0.13
    assert {m["name"] for m in facts["matrices"]} == {"X", "raw", *layers}
    matrix = facts["matrices"][0]
    assert matrix["density"] == pytest.approx(
        truth.X.nnz / truth.X.size if matrix["layout"] == "dense" else truth.X.nnz / np.prod(truth.shape)
    )
    assert {each["key"]: each["n_columns"] for each in facts["obsm"]} == {
        key: truth.obsm[key].shape[1] for key in truth.obsm
    }
    assert set(facts["obsp"]) == set(truth.obsp)
    assert facts["coords"][0] == "obsm:X_umap"
    assert facts["against"] == []
    kinds = {column["name"]: column for column in facts["obs"]}
    assert kinds["clusters"]["n_categories"] == truth.obs["clusters"].cat.categories.size
    examples = client.ask("examples", source=str(real))["examples"]
    assert examples["clusters"] == list(truth.obs["clusters"].cat.categories[:6])
    assert len(examples) == truth.obs.shape[1]
    assert client.ask("genes", source=str(real))["names"] == list(truth.var_names)
    assert client.ask("genes", source=str(real), values={"raw": True})["names"] == list(truth.raw.var_names)
    assert client.ask("start")["recent"][0] == str(real)


def test_a_thumbnail_is_the_embedding_on_a_grid(client: Client, real: Path) -> None:
    truth = anndata.read_h5ad(real)
    drawn = client.ask("thumbnail", source=str(real), key="X_umap")
    points = np.column_stack([drawn["x"], drawn["y"]])
    assert points.min() >= 0
    assert points.max() <= 1000
    assert np.corrcoef(points[:, 0], truth.obsm["X_umap"][:, 0])[0, 1] > 0.999
    assert np.corrcoef(points[:, 1], truth.obsm["X_umap"][:, 1])[0, 1] > 0.999
    assert drawn["codes"] == truth.obs["clusters"].cat.codes.tolist()
    assert "no 'X_no'" in client.problem("thumbnail", source=str(real), key="X_no")[1]


def test_a_thumbnail_has_sections_side_by_side_if_they_are_laid_out(client: Client, tmp_path: Path) -> None:
    n = 3_000  # of which some are drawn
    adata = anndata.AnnData(np.ones((n, 2), np.float32))
    adata.obs["section"] = pd.Categorical(np.repeat(["a", "b", "c"], n // 3))
    rng = np.random.default_rng(0)
    adata.obsm["spatial"], adata.obsm["X_umap"] = rng.random((n, 2)), rng.random((n, 2))
    adata.write_h5ad(tmp_path / "in.h5ad")

    def overlaps(key: str, column: str) -> list[int]:
        drawn = client.ask("thumbnail", source=str(tmp_path / "in.h5ad"), key=key, arrange_by=column)
        points, codes = np.column_stack([drawn["x"], drawn["y"]]), np.array(drawn["codes"])
        assert set(codes) == {0, 1, 2}
        boxes = [(points[codes == code].min(axis=0), points[codes == code].max(axis=0)) for code in range(3)]
        return [
            sum(bool((low < high_of).all() and (low_of < high).all()) for low_of, high_of in boxes) - 1
            for low, high in boxes
        ]

    drawn = client.ask("thumbnail", source=str(tmp_path / "in.h5ad"), key="spatial")
    rows = [start + at for start in np.arange(30) * (n - 50) // 29 for at in range(50)]
    assert np.corrcoef(drawn["y"], adata.obsm["spatial"][rows, 1])[0, 1] < -0.999  # y of a tissue points down
    assert overlaps("spatial", "") == [2, 2, 2]  # each lies on both others
    assert overlaps("spatial", "section") == [0, 0, 0]
    assert overlaps("X_umap", "section") == [2, 2, 2]
    assert (
        "no obs column 'sec'"
        in client.problem("thumbnail", source=str(tmp_path / "in.h5ad"), key="spatial", arrange_by="sec")[1]
    )


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.h5ad")) or ["none"])
def test_every_real_file_is_said_or_refused_in_words(client: Client, name: str) -> None:
    source = DATA / name
    if not source.is_file():
        pytest.skip(f"the shared data are not at {DATA}")
    facts = client.ask("inspect", source=str(source))
    if "problem" in facts:
        assert facts["problem"]["field"] == "source"
        return
    client.ask("examples", source=str(source))
    for embedding in facts["obsm"]:
        client.ask("thumbnail", source=str(source), key=embedding["key"])


def test_what_speaks_against_an_export_is_said(client: Client, tmp_path: Path) -> None:
    anndata.AnnData(obs=pd.DataFrame({"a": ["x", "y"]}, index=["1", "2"])).write_h5ad(tmp_path / "bare.h5ad")
    against = client.ask("inspect", source=str(tmp_path / "bare.h5ad"))["against"]
    assert len(against) == 1  # a plan says whether coordinates are needed
    assert "no X" in against[0]


def test_names_of_any_kind_are_text(client: Client, tmp_path: Path) -> None:
    adata = anndata.AnnData(np.ones((3, 2), dtype="float32"))
    adata.var_names = [HOSTILE, "b"]
    adata.obs[HOSTILE.replace("/", "")] = pd.Categorical([HOSTILE, "b", "b"])
    adata.obsm["X_<b>"] = np.zeros((3, 2))
    adata.write_h5ad(tmp_path / "a.h5ad")
    source = str(tmp_path / "a.h5ad")
    assert client.ask("genes", source=source)["names"][0] == HOSTILE
    assert client.ask("examples", source=source)["examples"][HOSTILE.replace("/", "")] == [HOSTILE, "b"]
    assert client.ask("thumbnail", source=source, key="X_<b>")["x"] == [500, 500, 500]


@pytest.mark.parametrize("source", ["", "nowhere.h5ad", "/", "/dev/null", "s3://", "ftp://x/y.h5ad"])
def test_what_is_no_input_is_said_beside_its_field(client: Client, source: str) -> None:
    field, message = client.problem("inspect", source=source)
    assert field in {"source", "storage_options", ""}
    assert "should not happen" not in message


def test_a_large_file_is_inspected_in_the_memory_of_a_small_one(tmp_path: Path) -> None:
    peaks = []
    for n_cells in (2_000, 400_000):
        path = tmp_path / f"{n_cells}.h5ad"
        write_synthetic(path, n_cells=n_cells, n_genes=2)
        peaks.append(_inspect_peak_nbytes(path))
    assert peaks[1] < peaks[0] + 20_000_000


@pytest.mark.big
def test_ten_million_cells_are_inspected_in_seconds_and_constant_memory(tmp_path: Path) -> None:
    small, large = tmp_path / "small.h5ad", tmp_path / "large.h5ad"
    write_synthetic(small, n_cells=2_000, n_genes=2)
    write_synthetic(large, n_cells=10_000_000, n_genes=2)
    before = _inspect_peak_nbytes(small)
    started = time.monotonic()
    after = _inspect_peak_nbytes(large)
    assert after < before + 50_000_000
    assert time.monotonic() - started < 20  # with the start of Python


def _inspect_peak_nbytes(path: Path) -> int:
    """Most memory of a fresh process that looks at all that the page shows."""
    program = (
        "import sys\n"
        "from karospace_stream.app.inspector import Inspector\n"
        "from karospace_stream.options.export_options import ExportOptions\n"
        "from karospace_stream.runtime.memory import PeakMemory\n"
        "look, path = Inspector(), sys.argv[1]\n"
        "with PeakMemory() as memory:\n"
        "    facts = look.facts(path, ExportOptions())\n"
        "    look.examples(path, ExportOptions())\n"
        "    for each in facts['obsm']: look.thumbnail(path, ExportOptions(), each['key'])\n"
        "print(memory.nbytes)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path], check=True, capture_output=True, text=True)
    return int(done.stdout)
