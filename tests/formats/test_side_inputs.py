"""What writers are handed beside the genes: as the input has it, once in each process, priced."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BudgetError
from karospace_stream.formats.genes import job as gene_job
from karospace_stream.formats.genes.side_plan import plan_side_inputs
from karospace_stream.formats.genes.side_reading import read_side_inputs
from karospace_stream.formats.options import read_options
from karospace_stream.formats.registry import FORMATS
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.side_inputs import SideInputs, SideNeeds
from karospace_stream.pipeline.scratch import make_scratch
from karospace_stream.pipeline.stages import begin, matrix_job
from karospace_stream.plan.planning import plan_export
from karospace_stream.runtime import shared_values
from karospace_stream.runtime.clock import timestamp
from karospace_stream.source import open_source
from karospace_stream.targets import begin_local
from karospace_stream.testing.synth import write_synthetic
from karospace_stream.transpose import plan as planning

N = 500
COLUMNS = ("type", "empty", "flag", "gap", "text", "hole", "number as category")
POINTS = EmbeddingChoice(("obsm", "X_pca"), 7, y_down=False)
PAIR = EmbeddingChoice(("obs", "x", "y"), 2, y_down=True)


def data(graph: Callable[[sparse.csr_matrix], Any] = lambda graph: graph) -> anndata.AnnData:
    rng = np.random.default_rng(0)
    some = rng.random(N) < 0.2
    obs = pd.DataFrame(
        {
            "type": pd.Categorical.from_codes(rng.integers(-1, 200, N), [f"type {i}" for i in range(200)]),
            "empty": pd.Categorical.from_codes(np.full(N, -1), []),
            "flag": rng.random(N) < 0.5,
            "gap": pd.array(np.where(some, None, rng.random(N) < 0.5), dtype="boolean"),
            "text": np.array(["b", "a", "", "ä", "B"])[rng.integers(0, 5, N)],
            "hole": pd.array(np.where(some, None, "a value"), dtype="string"),
            "number as category": pd.Categorical(rng.integers(0, 9, N)),
            "x": rng.random(N),
            "y": rng.random(N),
            "name": [f"cell {i % (N - 1)}" for i in range(N)],
        },
        index=[f"{i}" for i in range(N)],
    )
    adata = anndata.AnnData(rng.random((N, 4), np.float32), obs=obs)
    adata.obsm["X_pca"] = rng.random((N, 9))
    adata.obsp["neighbours"] = graph(sparse.random(N, N, 0.03, format="csr", rng=rng))
    return adata


def selection(cells: np.ndarray | None) -> Selection:
    n = N if cells is None else len(cells)
    return Selection("X", cells, n, np.arange(4), tuple("abcd"), (), ())


def read(source: Any, needs: SideNeeds, cells: np.ndarray | None = None) -> SideInputs:
    opened = open_source(source)
    plan = plan_side_inputs(opened, selection(cells), [needs])
    assert plan is not None
    found = read_side_inputs(opened, selection(cells), plan)
    assert held_by(found) <= plan.held_nbytes
    return found


def held_by(found: SideInputs) -> int:
    arrays = [codes.values for codes in found.columns.values()] + list(found.embeddings.values())
    for graph in found.graphs.values():
        arrays += [graph.indptr, graph.indices, graph.weights]
    assert not any(array.flags.writeable for array in arrays)
    return sum(array.nbytes for array in arrays)


def some_cells(fewer: bool) -> np.ndarray | None:
    return np.sort(np.random.default_rng(1).choice(N, 300, replace=False)) if fewer else None


@pytest.mark.filterwarnings("ignore:Writing zarr v2 data")
@pytest.mark.parametrize("fewer", [False, True])
@pytest.mark.parametrize("ending", ["h5ad", "zarr", "memory"])
def test_columns_and_embeddings(ending: str, fewer: bool, tmp_path: Path) -> None:
    adata, cells = data(), some_cells(fewer)
    source: Any = adata if ending == "memory" else tmp_path / f"x.{ending}"
    if ending != "memory":
        getattr(adata, f"write_{ending}")(source)
    found = read(source, SideNeeds(COLUMNS, (POINTS, PAIR)), cells)
    rows = slice(None) if cells is None else cells
    assert list(found.columns) == list(COLUMNS)
    for name, codes in found.columns.items():
        column = adata.obs[name].iloc[rows]
        given = [None if code < 0 else codes.categories[code] for code in codes.values.tolist()]
        assert given == [None if pd.isna(value) else str(value) for value in column], name
        if isinstance(column.dtype, pd.CategoricalDtype):
            assert codes.categories == tuple(map(str, column.cat.categories))
        else:
            assert list(codes.categories) == sorted(codes.categories)
    sizes = {name: codes.values.dtype.name for name, codes in found.columns.items()}
    assert set(sizes.values()) == {"int8", "int16"}
    assert sizes["type"] == "int16"
    np.testing.assert_array_equal(found.embeddings[POINTS], adata.obsm["X_pca"][rows, :7].astype("f4"))
    np.testing.assert_array_equal(found.embeddings[PAIR], adata.obs[["x", "y"]].iloc[rows].astype("f4"))
    assert found.embeddings[POINTS].flags.c_contiguous


def unsorted(graph: sparse.csr_matrix) -> sparse.csr_matrix:
    """Every value in two halves, rows from behind."""
    parts = [(graph[row].indices[::-1], graph[row].data[::-1] / 2) for row in range(N)]
    return sparse.csr_matrix(
        (
            np.concatenate([np.tile(values, 2) for _, values in parts]),
            np.concatenate([np.tile(columns, 2) for columns, _ in parts]),
            2 * graph.indptr,
        ),
        (N, N),
    )


GRAPHS: dict[str, Callable[[sparse.csr_matrix], Any]] = {
    "csr": lambda graph: graph,
    "csc": lambda graph: graph.tocsc(),
    "dense": lambda graph: graph.toarray(),
    "unsorted": unsorted,
    "whole numbers": lambda graph: (graph * 100).astype("int64"),
    "zeros": lambda graph: sparse.csr_matrix((graph.data * 0, graph.indices, graph.indptr), (N, N)),
}


@pytest.mark.parametrize("fewer", [False, True])
@pytest.mark.parametrize("kind", GRAPHS)
def test_graphs(kind: str, fewer: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("karospace_stream.formats.genes.side_plan._BLOCK_VALUES", 1_000)
    adata, cells = data(GRAPHS[kind]), some_cells(fewer)
    adata.write_h5ad(tmp_path / "x.h5ad")
    found = read(tmp_path / "x.h5ad", SideNeeds(graphs=("neighbours",)), cells).graphs["neighbours"]
    rows = np.arange(N) if cells is None else cells
    wanted = sparse.csr_matrix(GRAPHS[kind](data().obsp["neighbours"]))[rows][:, rows]
    wanted.sum_duplicates()
    np.testing.assert_array_equal(found.indptr, wanted.indptr)
    np.testing.assert_array_equal(found.indices, wanted.indices)
    np.testing.assert_array_equal(found.weights, wanted.data.astype("f4"))
    assert (found.indptr.dtype, found.indices.dtype) == (np.int64, np.int32)
    assert len(found.indices) > 1_000


def test_what_cannot_be_handed_over_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adata = data(lambda graph: (graph * 1e300).tocsr())
    with pytest.raises(BadInputError, match=r"must hold categories, text or true/false.*got float64"):
        read(adata, SideNeeds(("x",)))
    with pytest.raises(BadInputError, match="no obs column 'z'"):
        read(adata, SideNeeds(("z",)))
    with pytest.raises(BadInputError, match="no graph obsp/other"):
        read(adata, SideNeeds(graphs=("other",)))
    with pytest.raises(BadInputError, match="within the range of float32"):
        read(adata, SideNeeds(graphs=("neighbours",)))
    monkeypatch.setattr("karospace_stream.formats.genes.side_plan.MOST_TEXTS", 100)
    with pytest.raises(BadInputError, match="at most 100 different values"):
        read(adata, SideNeeds(("name",)))


def test_needs_add_up() -> None:
    both = SideNeeds(("a", "b"), (POINTS,)) | SideNeeds(("b", "c"), (POINTS, PAIR), ("g",))
    assert both == SideNeeds(("a", "b", "c"), (POINTS, PAIR), ("g",))
    assert both
    assert not SideNeeds()


@pytest.fixture
def npy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "npy", "tests.formats.npy_genes")
    monkeypatch.setattr(planning, "_FEWEST_VALUES", 2_000)  # many tasks


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "cells.h5ad"
    write_synthetic(path, n_cells=4_000, n_genes=30, n_neighbors=6)
    return path


OPTIONS: dict[str, Any] = {"format": "npy", "beside": True, "genes": "all"}


@pytest.mark.usefixtures("npy")
@pytest.mark.parametrize("strategy", ["memory", "spill"])
def test_each_process_reads_once_and_keeps_nothing(
    strategy: str, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_read, n_used = 0, 0

    def reading(*args: Any) -> SideInputs:
        nonlocal n_read
        n_read += 1
        return read_side_inputs(*args)

    def only(inputs: SideInputs, needs: SideNeeds) -> SideInputs:
        nonlocal n_used
        n_used += 1
        return inputs

    monkeypatch.setattr(gene_job, "read_side_inputs", reading)
    monkeypatch.setattr(SideInputs, "only", only)
    karospace_stream.export(source, tmp_path / "out", workers=3, strategy=strategy, **OPTIONS)
    assert n_read == 1
    assert n_used > 3
    assert shared_values._ENTRIES == {}


@pytest.mark.usefixtures("npy")
def test_a_run_that_fails_keeps_nothing(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for resume in (False, True):
        with monkeypatch.context() as patch:
            patch.setattr("tests.formats.npy_genes.format.beside", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                karospace_stream.export(source, tmp_path / "out", resume=resume, **OPTIONS)
        assert shared_values._ENTRIES == {}
    karospace_stream.export(source, tmp_path / "out", resume=True, **OPTIONS)
    assert karospace_stream.verify(tmp_path / "out", source=source)
    assert shared_values._ENTRIES == {}


@pytest.mark.usefixtures("npy")
def test_a_lazy_graph_that_anyone_computes(source: Path, tmp_path: Path) -> None:
    plan = karospace_stream.plan_export(source, **OPTIONS)
    plan.to_dask(tmp_path / "lazy").compute()
    assert shared_values._ENTRIES == {}
    karospace_stream.export(source, tmp_path / "out", **OPTIONS)
    for path in (tmp_path / "out" / "genes").iterdir():
        assert path.read_bytes() == (tmp_path / "lazy" / "genes" / path.name).read_bytes()


@pytest.mark.usefixtures("npy")
def test_no_task_is_sent_them(source: Path, tmp_path: Path) -> None:
    plan = plan_export(source, read_options(OPTIONS | {"scheduler": "processes"}))
    assert plan.side is not None
    assert plan.side.held_nbytes > 200_000
    target = begin_local(tmp_path / "out", sealed_by="npy.json", overwrite=False)
    job = matrix_job(plan, begin(plan, [target], timestamp()), make_scratch(plan))
    with job.side_inputs() as (held,):
        assert held_by(held) > 200_000
        assert len(pickle.dumps(job)) < 50_000
    target.abort()
    shared_values.forget(job.side.token)


@pytest.mark.usefixtures("npy")
def test_they_are_priced_in_each_process_that_holds_them(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for scheduler, n_processes in (("threads", 1), ("processes", 2), ("sync", 1)):
        options = read_options(OPTIONS | {"memory": "2GB", "workers": 2, "scheduler": scheduler})
        more = plan_export(source, options)
        with monkeypatch.context() as patch:
            patch.setattr("karospace_stream.plan.planning.plan_side_inputs", lambda *_: None)
            less = plan_export(source, options)
        assert more.side is not None
        assert less.side is None
        assert more.workers == less.workers
        most = [max(cost.task_nbytes for cost in plan.costs) for plan in (more, less)]
        held = more.peak_nbytes - less.peak_nbytes - more.workers * (most[0] - most[1])
        assert held == n_processes * more.side.held_nbytes
        assert more.to_json()["side_inputs_nbytes"] == more.side.held_nbytes
        assert more.to_json()["stages"]["side inputs"] == more.side.loading_nbytes


@pytest.mark.usefixtures("npy")
def test_a_budget_without_room_for_them_is_refused(source: Path) -> None:
    def needed(**options: Any) -> int:
        with pytest.raises(BudgetError) as refused:
            plan_export(source, read_options({**OPTIONS, "memory": "1MB", **options}))
        return refused.value.needed_nbytes

    side = plan_export(source, read_options(OPTIONS)).side
    assert side is not None
    least = needed()
    assert least >= needed(beside=False) + side.held_nbytes - 1_000_000  # rounded up
    assert plan_export(source, read_options(OPTIONS | {"memory": least})).peak_nbytes <= least
