"""Edges of a streamed graph against SciPy's A + A transposed, whatever the cuts."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from karospace_stream.derive.edges import longest_row
from karospace_stream.errors import TargetError
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock
from karospace_stream.storage import Store, location_of
from karospace_stream.transpose.edges.kernels import Edges
from karospace_stream.transpose.edges.plan import EdgePlan
from karospace_stream.transpose.edges.receipts import EdgeScratch
from karospace_stream.transpose.edges.scratch import FileEdgeScratch, MemoryEdgeScratch
from karospace_stream.transpose.edges.stored_scratch import StoredEdgeScratch
from karospace_stream.transpose.edges.tasks import edge_pieces, edge_steps, gather_edges, scatter_edges

DTYPES = ["f4", "f8", "f2", "i1", "u1", "i4", "i8", "?"]


@dataclass(frozen=True)
class Reader:
    """A matrix in memory, as a source gives it."""

    matrix: sparse.csr_matrix | sparse.csc_matrix | np.ndarray

    @property
    def info(self) -> MatrixInfo:
        layout = getattr(self.matrix, "format", "dense")
        return MatrixInfo("g", layout, self.matrix.shape, str(self.matrix.dtype), None, layout == "csc")

    def read_rows(self, start: int, stop: int) -> RowBlock | DenseBlock:
        if isinstance(self.matrix, np.ndarray):
            return DenseBlock(start, self.matrix[start:stop])
        assert self.matrix.format == "csr"
        return RowBlock(start, self.matrix.shape[1], *self._lines(start, stop))

    def read_genes(self, start: int, stop: int) -> GeneBand:
        assert self.matrix.format == "csc"
        return GeneBand(start, self.matrix.shape[0], *self._lines(start, stop))

    def _lines(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        indptr = self.matrix.indptr[start : stop + 1].astype(np.int64)
        part = slice(indptr[0], indptr[-1])
        return indptr - indptr[0], self.matrix.indices[part], self.matrix.data[part]


def a_plan(n_source: int, n_cells: int, **changes: object) -> EdgePlan:
    plan = EdgePlan(
        n_cells=n_cells,
        line_cuts=(0, n_source),
        cell_cuts=(0, n_cells),
        step_entries=1 << 20,
        index_dtype="uint16",
        in_memory=True,
        **dict.fromkeys(
            ("scatter_nbytes", "gather_nbytes", "count_nbytes", "resident_nbytes", "scratch_nbytes"), 0
        ),
    )
    return replace(plan, **changes)


def stream(
    matrix: sparse.csr_matrix | np.ndarray,
    plan: EdgePlan,
    scratch: EdgeScratch,
    cells: np.ndarray | None = None,
) -> tuple[Edges, int]:
    """All edges and the longest row. Tasks run in an odd order."""
    reader = Reader(matrix)
    done = {n: scatter_edges(reader, plan, n, scratch, cells) for n in reversed(range(plan.n_blocks))}
    receipts = [done[n] for n in range(plan.n_blocks)]
    done_bands = {n: gather_edges(scratch, receipts, plan, n) for n in reversed(range(plan.n_bands))}
    bands = [done_bands[n] for n in range(plan.n_bands)]

    def all_of(column: str) -> np.ndarray:
        pieces = list(edge_pieces(scratch, bands, plan, column))
        assert all(piece.dtype == plan.index_dtype for piece in pieces)
        return np.concatenate([*pieces, np.empty(0, plan.index_dtype)])

    edges = Edges(*map(all_of, ("sources", "targets", "loops")))
    assert len(edges.sources) == len(edges.targets) == sum(band.n_edges for band in bands)
    assert len(edges.loops) == sum(band.n_loops for band in bands)
    columns = (edge_pieces(scratch, bands, plan, column) for column in ("sources", "targets", "loops"))
    return edges, longest_row(plan.n_cells, chain.from_iterable(columns))


def scipy_edges(
    matrix: sparse.csr_matrix | np.ndarray, cells: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """What adding the whole matrix to its transposed gives."""
    half = matrix.dtype == np.float16  # of which SciPy cannot take parts
    whole = sparse.csr_matrix(matrix.astype(np.float32) if half else matrix)
    if cells is not None:
        whole = whole[cells][:, cells]
    with np.errstate(all="ignore"):
        both = (whole + whole.T).tocsr()
    both.sort_indices()
    rows = np.repeat(np.arange(both.shape[0]), np.diff(both.indptr))
    upper, loops = rows < both.indices, rows == both.indices
    order = np.lexsort((both.indices[upper], rows[upper]))
    longest = int(np.diff(both.indptr).max(initial=0))
    return rows[upper][order], both.indices[upper][order], rows[loops], longest


def check(matrix, plan, scratch, cells=None) -> None:
    edges, longest = stream(matrix, plan, scratch, cells)
    sources, targets, loops, wanted = scipy_edges(matrix, cells)
    np.testing.assert_array_equal(edges.sources, sources)
    np.testing.assert_array_equal(edges.targets, targets)
    np.testing.assert_array_equal(edges.loops, loops)
    assert longest == wanted


@pytest.fixture(params=["memory", "files", "store"])
def scratch(request: pytest.FixtureRequest, tmp_path: Path):
    token = secrets.token_hex(4)
    store = Store(location_of(f"memory://{token}"))
    kinds = {
        "memory": MemoryEdgeScratch(token),
        "files": FileEdgeScratch(str(tmp_path)),
        "store": StoredEdgeScratch(store),
    }
    checkpointed = kinds[request.param]
    yield checkpointed
    checkpointed.remove()
    assert not tmp_path.exists() or not list(tmp_path.iterdir())
    assert store.find() == {}


@st.composite
def matrices(draw: st.DrawFn) -> sparse.csr_matrix:
    """Square CSR with repeats, stored zeros, NaN, infinities, any order and values that cancel."""
    n = draw(st.integers(1, 9))
    dtype = np.dtype(draw(st.sampled_from(DTYPES)))
    nnz = draw(st.integers(0, 40))
    cell = st.integers(0, n - 1)
    rows, columns = (draw(st.lists(cell, min_size=nnz, max_size=nnz)) for _ in range(2))
    few = {"b": [True, False], "f": [0.0, -0.0, 1, 1, -1, 2, -2, np.nan, np.inf, -np.inf]}
    whole = [0, 1, -1, 127, -128] if dtype.kind == "i" else [0, 1, 128, 255, 64]
    value = st.sampled_from(few.get(dtype.kind, whole))
    values = np.array(draw(st.lists(value, min_size=nnz, max_size=nnz)), dtype)
    order = np.argsort(rows, kind="stable")
    indptr = np.searchsorted(np.sort(rows), np.arange(n + 1))
    indices = np.array(columns, int)[order].astype(draw(st.sampled_from([np.int32, np.int64])))
    return sparse.csr_matrix((values[order], indices, indptr.astype(indices.dtype)), shape=(n, n))


def cuts(draw: st.DrawFn, n: int) -> tuple[int, ...]:
    inner = draw(st.sets(st.integers(1, n - 1))) if n > 1 else set()
    return (0, *sorted(inner), n)


@settings(max_examples=400)
@given(matrices(), st.data())
def test_any_matrix_whatever_the_cuts(matrix: sparse.csr_matrix, data: st.DataObject) -> None:
    n = matrix.shape[0]
    cells = None
    if data.draw(st.booleans()):
        cells = np.array(sorted(data.draw(st.sets(st.integers(0, n - 1), min_size=1))))
    n_cells = n if cells is None else len(cells)
    draw = data.draw
    plan = a_plan(
        n,
        n_cells,
        line_cuts=cuts(draw, n),
        cell_cuts=cuts(draw, n_cells),
        step_entries=draw(st.sampled_from([1, 2, 5, 1000])),
    )
    scratch = MemoryEdgeScratch(secrets.token_hex(4))
    check(matrix, plan, scratch, cells)
    scratch.remove()


@settings(max_examples=100)
@given(matrices(), st.sampled_from(["csc", "dense"]), st.booleans())
def test_layouts(matrix: sparse.csr_matrix, layout: str, several: bool) -> None:
    n = matrix.shape[0]
    if matrix.dtype == np.float16:
        matrix = matrix.astype(np.float32)
    other = matrix.toarray() if layout == "dense" else matrix.tocsc()
    plan = a_plan(n, n, line_cuts=tuple(range(n + 1)) if several else (0, n))
    scratch = MemoryEdgeScratch(secrets.token_hex(4))
    check(other, plan, scratch)
    scratch.remove()


def a_graph(n: int = 3_000, k: int = 15, *, dtype: str = "f4", negative: bool = False) -> sparse.csr_matrix:
    rng = np.random.default_rng(1)
    rows = np.concatenate([np.repeat(np.arange(n), k), np.full(n, 7)])
    columns = np.concatenate([rng.integers(0, n, n * k), np.arange(n)])  # cell 7 is next to all, and itself
    values = rng.integers(-2 if negative else 1, 4, len(rows)).astype(dtype)
    return sparse.coo_matrix((values, (rows, columns)), shape=(n, n)).tocsr()


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("dtype", ["f4", "f8", "i8", "i1"])
def test_many_blocks_and_bands(scratch: EdgeScratch, dtype: str, negative: bool) -> None:
    graph = a_graph(dtype=dtype, negative=negative)
    plan = a_plan(3_000, 3_000, line_cuts=(0, 8, 1_000, 1_001, 3_000), cell_cuts=(0, 7, 8, 900, 2_999, 3_000))
    check(graph, plan, scratch)


def test_a_band_that_is_too_long_is_gathered_in_steps(scratch: EdgeScratch) -> None:
    graph = a_graph()
    check(graph, a_plan(3_000, 3_000, cell_cuts=(0, 10, 3_000), step_entries=100), scratch)


def test_pieces_are_bounded(scratch: EdgeScratch) -> None:
    graph = a_graph()
    plan = a_plan(3_000, 3_000, step_entries=500)
    receipts = [scatter_edges(Reader(graph), plan, 0, scratch)]
    bands = [gather_edges(scratch, receipts, plan, 0)]
    lengths = [len(piece) for piece in edge_pieces(scratch, bands, plan, "sources")]
    assert len(lengths) > 50
    assert max(lengths) <= 500


def test_some_cells(scratch: EdgeScratch) -> None:
    graph = a_graph(negative=True)
    cells = np.sort(np.random.default_rng(2).choice(3_000, 700, replace=False))
    plan = a_plan(3_000, 700, line_cuts=(0, 500, 3_000), cell_cuts=(0, 300, 700))
    check(graph, plan, scratch, cells)


def test_a_gather_that_is_tried_again_begins_again(scratch: EdgeScratch) -> None:
    plan = a_plan(3_000, 3_000, step_entries=9_000)
    receipts = [scatter_edges(Reader(a_graph()), plan, 0, scratch) for _ in range(2)]
    assert receipts[0].size == receipts[1].size
    np.testing.assert_array_equal(receipts[0].counts, [receipts[1].counts.sum()])
    first, again = (gather_edges(scratch, receipts[:1], plan, 0) for _ in range(2))
    assert first == again
    pieces = list(edge_pieces(scratch, [again], plan, "targets"))
    assert sum(map(len, pieces)) == first.n_edges


def test_no_edges_at_all(scratch: EdgeScratch) -> None:
    check(sparse.csr_matrix((5, 5)), a_plan(5, 5, line_cuts=(0, 2, 5), cell_cuts=(0, 3, 5)), scratch)


def test_more_cells_than_16_bits(scratch: EdgeScratch) -> None:
    n = 70_000
    graph = sparse.csr_matrix(([1.0, 1.0, 1.0], ([0, 69_999, 3], [69_999, 69_998, 3])), shape=(n, n))
    check(graph, a_plan(n, n, cell_cuts=(0, 66_000, n), index_dtype="uint32"), scratch)


def test_a_gather_runs_again_before_the_first_has_ended(scratch: EdgeScratch) -> None:
    plan = a_plan(3_000, 3_000, step_entries=9_000)
    receipts = [scatter_edges(Reader(a_graph()), plan, 0, scratch)]

    def targets() -> np.ndarray:
        return np.concatenate(list(edge_pieces(scratch, [done], plan, "targets")))

    def slow() -> Iterator[Edges]:
        for number, piece in enumerate(edge_steps(scratch, receipts, plan, 0)):
            if number == 1:
                assert gather_edges(scratch, receipts, plan, 0) == done
                np.testing.assert_array_equal(targets(), wanted)
            yield piece

    done = gather_edges(scratch, receipts, plan, 0)
    wanted = targets()
    assert scratch.write_band(0, slow()) == done
    np.testing.assert_array_equal(targets(), wanted)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    scratch, plan = FileEdgeScratch(str(tmp_path / "gone")), a_plan(9, 9)
    with pytest.raises(TargetError, match=r"--scratch .*No such file.*another folder"):
        scatter_edges(Reader(sparse.eye(9, format="csr")), plan, 0, scratch)
    with pytest.raises(TargetError, match="neighbour graph"):
        scratch.write_band(0, [])
