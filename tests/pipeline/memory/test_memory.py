"""What each stage is planned to take is more than what it takes.

Measured by tracemalloc, which sees every array and every bytes object, task by task, as the
graph runs them: the block stays referenced while it is turned.
"""

from __future__ import annotations

import gc
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.formats.genes.job import MatrixJob
from karospace_stream.formats.karospace.cells import arrays
from karospace_stream.formats.karospace.tables import writers
from karospace_stream.measures.variable.batch_sums import Moments
from karospace_stream.pipeline.counting.batches import batch_tasks
from karospace_stream.pipeline.counting.means import sum_tasks
from karospace_stream.pipeline.gather import gather, gather_source
from karospace_stream.pipeline.scatter import scatter
from karospace_stream.pipeline.scratch import make_scratch
from karospace_stream.pipeline.stages import begin, matrix_job
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.row_blocks import read_stored
from karospace_stream.runtime.clock import timestamp
from karospace_stream.runtime.events import ignore
from karospace_stream.runtime.run import run
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.targets import begin_local
from karospace_stream.transpose import plan as planning

N_CELLS, N_GENES = 10_000, 150


def peak_of(task: Callable[[], Any]) -> int:
    """Most bytes that a task needs above what is there when it begins."""
    gc.collect()
    tracemalloc.start(1)
    try:
        task()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def write(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A file of the wanted layout and types, written once."""
    folder = tmp_path_factory.mktemp("memory")

    def make(layout: str, dtype: str, index: str = "int32", density: float = 0.9) -> Path:
        path = folder / f"{layout}-{dtype}-{index}-{density}.h5ad"
        if path.exists():
            return path
        X: Any = sparse.random(N_CELLS, N_GENES, density, format="csr", dtype="float32", random_state=0)
        X.data = (X.data * 100 + 1).astype(dtype)
        if layout == "dense":
            X = X.toarray()
        elif layout == "csc":
            X = X.tocsc()
        if layout != "dense":
            X.indices, X.indptr = X.indices.astype(index), X.indptr.astype(index)
        adata = anndata.AnnData(X, obs=_obs(), obsm={"X_umap": np.random.default_rng(0).random((N_CELLS, 2))})
        chunks = (N_CELLS, 8) if layout == "dense" and index == "tall" else None
        adata.write_h5ad(path)
        if chunks:
            _rechunk(path, chunks)
        return path

    return make


def _obs() -> pd.DataFrame:
    number = np.arange(N_CELLS)
    return pd.DataFrame(
        {
            "kind": pd.Categorical(np.array(["B cell", "T cell", "other"])[number % 3]),
            "barcode": [f"{row:012d}-and-a-rather-long-name-of-this-cell" for row in number],
            "count": number,
            "share": number / 3,
        },
        index=[f"cell-{row:010d}" for row in number],
    )


def _rechunk(path: Path, chunks: tuple[int, int]) -> None:
    import h5py

    with h5py.File(path, "r+") as file:
        attributes, values = dict(file["X"].attrs), file["X"][:]
        del file["X"]
        file.create_dataset("X", data=values, chunks=chunks).attrs.update(attributes)


def planned(path: Path, tmp_path: Path, **options: Any) -> tuple[ExportPlan, MatrixJob]:
    terms = {"genes": "all", "anno": "all", "scheduler": "sync", "memory": "1GB"} | options
    plan = karospace_stream.plan_export(path, scratch=tmp_path, **terms)
    target = begin_local(tmp_path / "bundle", sealed_by="manifest.json", overwrite=False)
    return plan, matrix_job(plan, begin(plan, [target], timestamp()), make_scratch(plan))


FILES = {
    "csr float32": ("csr", "float32", "int32"),
    "csr float64, long indices": ("csr", "float64", "int64"),
    "csr int32": ("csr", "int32", "int32"),
    "csr uint8": ("csr", "uint8", "int32"),
    "dense float32": ("dense", "float32", ""),
    "dense float64": ("dense", "float64", ""),
}
GENE_MAJOR = {
    "csc float32": ("csc", "float32", "int32"),
    "csc float64, long indices": ("csc", "float64", "int64"),
    "dense float64 in columns": ("dense", "float64", "tall"),
}
#: Constant parts of the plan that would hide an error in the bytes of a value: here, nothing is
#: inflated, and dense slices are as high as the block.
SLACK = 12 << 20


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("options", [{}, {"genes": "top_mean:140"}, {"downsample": 9_500}], ids=str)
@pytest.mark.few(6)
def test_scatter_and_gather(
    file: str,
    options: dict[str, Any],
    write: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(planning, "_FEWEST_VALUES", 1 << 24)  # one block
    layout, dtype, index = FILES[file]
    plan, job = planned(write(layout, dtype, index), tmp_path, strategy="spill", **options)
    turning, receipts = plan.transpose, []
    assert turning.row_cuts == (0, N_CELLS)

    def scatter_all() -> None:
        block = read_stored(job.matrix, 0, N_CELLS)
        receipts.append(scatter(block, 0, job))

    assert peak_of(scatter_all) <= turning.scatter_nbytes - SLACK
    assert peak_of(lambda: gather(job, receipts, None, 0, 1)) <= turning.gather_nbytes
    job.scratch.remove()


@pytest.mark.parametrize("file", ["csr float32", "csr int32", "dense float64"])
def test_what_is_held_in_memory(file: str, write: Callable[..., Path], tmp_path: Path) -> None:
    plan, job = planned(write(*FILES[file]), tmp_path, strategy="memory")
    cuts = plan.transpose.row_cuts
    receipts = [
        scatter(read_stored(job.matrix, *cuts[block : block + 2]), block, job)
        for block in range(len(cuts) - 1)
    ]
    assert sum(receipt.size for receipt in receipts) <= plan.transpose.resident_nbytes
    assert peak_of(lambda: gather(job, receipts, None, 0, 1)) <= plan.transpose.gather_nbytes
    job.scratch.remove()


@pytest.mark.parametrize("file", GENE_MAJOR)
@pytest.mark.parametrize("options", [{}, {"downsample": 9_500}, {"downsample": 10}], ids=str)
@pytest.mark.few(3)
def test_pass_through(file: str, options: dict[str, Any], write: Callable[..., Path], tmp_path: Path) -> None:
    plan, job = planned(write(*GENE_MAJOR[file]), tmp_path, **options)
    assert plan.transpose.strategy == "pass"
    assert peak_of(lambda: gather_source(job, None, 0, 1)) <= plan.transpose.gather_nbytes - SLACK


@pytest.mark.parametrize("file", FILES | GENE_MAJOR)
@pytest.mark.parametrize("options", [{}, {"downsample": 9_500}], ids=str)
@pytest.mark.few(4)
def test_means(file: str, options: dict[str, Any], write: Callable[..., Path], tmp_path: Path) -> None:
    path = write(*(FILES | GENE_MAJOR)[file])
    plan = karospace_stream.plan_export(path, genes="top_mean:10", scheduler="sync", memory="1GB", **options)
    assert plan.counting
    means = sum_tasks(Tasks(), plan.matrix, plan.selection, plan.transpose)
    peak = peak_of(lambda: run(means, scheduler="sync", workers=1, listener=ignore))
    assert peak <= max(plan.transpose.scatter_nbytes, plan.transpose.gather_nbytes)


@pytest.mark.parametrize("file", FILES | GENE_MAJOR)
@pytest.mark.parametrize("options", [{}, {"downsample": 9_500}], ids=str)
@pytest.mark.few(4)
def test_variable_genes(
    file: str, options: dict[str, Any], write: Callable[..., Path], tmp_path: Path
) -> None:
    path = write(*(FILES | GENE_MAJOR)[file])
    asked = {"genes": "hvgs:10", "hvg_flavor": "seurat", "hvg_batch": "kind"}
    plan = karospace_stream.plan_export(path, scheduler="sync", memory="1GB", **asked, **options)
    assert plan.variable is not None
    codes = np.zeros(plan.selection.n_cells, np.int8)
    n_batches = plan.variable.n_batches
    sums = batch_tasks(
        Tasks(), plan.matrix, plan.selection, plan.transpose, codes, n_batches, Moments(exponential=True)
    )
    peak = peak_of(lambda: run(sums, scheduler="sync", workers=1, listener=ignore))
    held = plan.variable.held_nbytes(1)
    assert peak <= max(plan.transpose.scatter_nbytes, plan.transpose.gather_nbytes) + held


@pytest.mark.parametrize("gzip", [True, False])
@pytest.mark.parametrize("max_asset_mb", [16, 0.1])
@pytest.mark.few(2)
def test_tables_and_arrays(
    gzip: bool, max_asset_mb: float, write: Callable[..., Path], tmp_path: Path
) -> None:
    plan, job = planned(
        write("csr", "float32"), tmp_path, strategy="spill", gzip=gzip, max_asset_mb=max_asset_mb
    )
    bundle = job.writers[0].job
    allowed = {cost.name: cost.task_nbytes for cost in plan.costs}
    for write_part in (writers.write_obs_csv, writers.write_obs_json, writers.write_coords_json):
        assert peak_of(lambda write_part=write_part: write_part(bundle, 0)) <= allowed["tables"]
    bounds = arrays.embedding_bounds(bundle, 0)
    assert peak_of(lambda: arrays.write_cell_ids(bundle, 0)) <= allowed["arrays"]
    assert peak_of(lambda: arrays.write_embedding(bundle, 0, 0, bounds)) <= allowed["arrays"]
    for number in range(len(bundle.plan.columns)):
        assert peak_of(lambda number=number: arrays.write_column(bundle, number, 0)) <= allowed["arrays"]
    job.scratch.remove()


@pytest.mark.filterwarnings("ignore:Consolidated metadata")
@pytest.mark.parametrize("container", ["h5ad, one chunk", "h5ad, one shuffled chunk", "zarr"])
@pytest.mark.few(1)
def test_chunks_that_are_larger_than_a_block(
    container: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "_FEWEST_VALUES", 1 << 10)
    monkeypatch.setattr(planning, "_TURNED_FAST_VALUES", 1 << 16)
    X = sparse.random(60_000, 100, 0.8, format="csr", dtype="float32", random_state=0)
    adata = anndata.AnnData(X, obsm={"X_umap": np.random.default_rng(0).random((60_000, 2))})
    if container == "zarr":
        path = tmp_path / "large.zarr"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # soon all is v3
            with anndata.settings.override(zarr_write_format=3, auto_shard_zarr_v3=False):
                adata.write_zarr(path)
    else:
        path = tmp_path / "large.h5ad"
        adata.write_h5ad(path)
        _one_chunk(path, shuffle="shuffled" in container)
    plan, job = planned(path, tmp_path, strategy="spill", memory="2GB")
    cuts = plan.transpose.row_cuts
    if container != "zarr":
        assert cuts == (0, 60_000), "a block smaller than a chunk would inflate it again and again"
    read_stored(job.matrix, 0, 1)  # libraries are loaded before anything is measured
    first = peak_of(lambda: scatter(read_stored(job.matrix, *cuts[:2]), 0, job))
    assert first <= plan.transpose.scatter_nbytes
    tight = karospace_stream.plan_export(path, strategy="spill", scheduler="sync", memory="330MB")
    assert len(tight.transpose.row_cuts) > 2
    start, stop = tight.transpose.row_cuts[:2]
    assert peak_of(lambda: read_stored(job.matrix, start, stop)) <= tight.transpose.scatter_nbytes
    job.scratch.remove()


def _one_chunk(path: Path, *, shuffle: bool) -> None:
    import h5py

    with h5py.File(path, "r+") as file:
        for name in ("data", "indices"):
            values = file["X"][name][:]
            del file["X"][name]
            file["X"].create_dataset(name, data=values, chunks=values.shape, compression=1, shuffle=shuffle)
