"""Plans of a graph: cuts that cover everything, sizes that keep to the share, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karospace_stream.errors import BadInputError
from karospace_stream.transpose.edges.plan import EdgePlan, EdgeRequest, check_square, plan_edges
from karospace_stream.transpose.edges.steps import count_keys, cut_steps
from karospace_stream.transpose.plan import DoesNotFitError

MB = 1_000_000


def request(n: int = 100_000, k: int = 15, **changes: object) -> EdgeRequest:
    lines = np.unique([*range(0, n, 8), n]).astype(np.int64)
    asked = EdgeRequest(
        shape=(n, n),
        layout="csr",
        value_itemsize=4,
        index_itemsize=4,
        lines=lines,
        values_before=lines * k,
        read_nbytes=0,
        chunk_values=1,
        cells=None,
        task_nbytes=100 * MB,
        hold_nbytes=0,
    )
    return replace(asked, **changes)


def check(asked: EdgeRequest, plan: EdgePlan) -> None:
    n = asked.shape[0] if asked.cells is None else len(asked.cells)
    assert plan.n_cells == n
    for cuts, last in ((plan.line_cuts, asked.shape[0]), (plan.cell_cuts, n)):
        assert (cuts[0], cuts[-1]) == (0, last)
        assert all(a < b for a, b in pairwise(cuts))
    assert set(plan.line_cuts) <= set(asked.lines.tolist())
    for needed in (plan.scatter_nbytes, plan.gather_nbytes, plan.count_nbytes):
        assert needed <= asked.task_nbytes
    assert plan.in_memory == (plan.resident_nbytes > 0 or asked.hold_nbytes >= 0 == plan.scratch_nbytes)
    assert plan.resident_nbytes <= asked.hold_nbytes


@settings(max_examples=200)
@given(
    st.integers(1, 200_000),
    st.integers(0, 40),
    st.sampled_from([1, 4, 8]),
    st.integers(20, 400),
    st.integers(0, 400),
    st.sampled_from(["csr", "csc", "dense"]),
    st.floats(0.01, 1),
)
def test_every_task_keeps_to_its_share(
    n: int, k: int, itemsize: int, megabytes: int, hold: int, layout: str, kept: float
) -> None:
    cells = None if kept > 0.9 else np.arange(0, n, max(1, round(1 / kept)))
    asked = request(
        n,
        k,
        value_itemsize=itemsize,
        layout=layout,
        cells=cells,
        task_nbytes=megabytes * MB,
        hold_nbytes=hold * MB,
    )
    try:
        plan = plan_edges(asked)
    except DoesNotFitError as error:  # then what it says is needed must do
        more = replace(asked, task_nbytes=error.needed_nbytes)
        plan = plan_edges(more)
        assert more.task_nbytes > asked.task_nbytes
        asked = more
    check(asked, plan)


def test_ten_million_cells_within_a_share_of_a_gigabyte() -> None:
    lines = np.append(np.arange(0, 10_000_000, 256), 10_000_000)
    asked = request(10_000_000, lines=lines, values_before=lines * 15, task_nbytes=350 * MB)
    plan = plan_edges(asked)
    check(asked, plan)
    assert plan.index_dtype == "uint32"
    assert 100 < plan.n_bands < 1_000
    assert 100 < plan.n_blocks < 1_000
    assert max(plan.scatter_nbytes, plan.gather_nbytes) < 200 * MB
    assert plan_edges(replace(asked, hold_nbytes=4_000 * MB)).in_memory


def test_index_types() -> None:
    for n, wanted in ((65_535, "uint16"), (65_536, "uint32")):
        assert plan_edges(request(n)).index_dtype == wanted
    some = plan_edges(request(70_000, cells=np.arange(50_000)))
    assert some.index_dtype == "uint16"


def test_a_smaller_share_cuts_finer() -> None:
    wide, narrow = (plan_edges(request(1_000_000, task_nbytes=share * MB)) for share in (300, 30))
    assert narrow.n_blocks > wide.n_blocks
    assert narrow.n_bands > wide.n_bands
    assert narrow.step_entries < wide.step_entries


def test_a_row_that_does_not_fit() -> None:
    lines = np.array([0, 1, 10], np.int64)
    before = np.array([0, 10_000_000, 10_000_010], np.int64)
    with pytest.raises(DoesNotFitError) as caught:
        plan_edges(request(10, lines=lines, values_before=before))
    assert caught.value.stage == "graph"
    assert caught.value.needed_nbytes > 400 * MB


@pytest.mark.parametrize("shape", [(3, 4), (2**31 + 1, 2**31 + 1)])
def test_what_is_no_graph(shape: tuple[int, int]) -> None:
    with pytest.raises(
        BadInputError,
        match=r"must (be cells x cells, got 3 x 4|have at most 2,147,483,648 cells, got 2,147,483,649)",
    ):
        check_square(shape)


@settings(max_examples=300)
@given(st.lists(st.integers(0, 2**14), max_size=80), st.integers(1, 20), st.integers(0, 40))
def test_steps(numbers: list[int], most: int, shift: int) -> None:
    keys = np.array(numbers, np.uint64) << np.uint64(shift)
    end = (2**14 + 2) << shift
    asked = []

    def histogram(*bounds: int) -> np.ndarray:
        asked.append(bounds)
        return count_keys(keys, *bounds)

    steps = cut_steps(histogram, 0, end, len(keys), most)
    assert all(a[1] <= b[0] for a, b in pairwise(steps))
    assert all(begin % 2 == 0 and step_end % 2 == 0 for begin, step_end, _ in steps)
    for begin, step_end, n in steps:
        inside = keys[(keys >= begin) & (keys < step_end)]
        assert len(inside) == n > 0
        assert n <= most or len(set((inside >> np.uint64(1)).tolist())) == 1
    assert sum(n for _, _, n in steps) == len(keys)
    assert asked or len(keys) <= most


SCRIPT = """
import pathlib, sys
import numpy as np
from scipy import sparse
from numcodecs import blosc
from karospace_stream.model.matrix import DenseBlock, RowBlock
from karospace_stream.transpose.edges import kernels as edge_kernels, plan as edge_plan
from karospace_stream.transpose.edges import scratch as edge_scratch, tasks as edges

def rss(name):
    status = pathlib.Path('/proc/self/status').read_text()
    return int(status.split(name + ':')[1].split()[0]) * 1024

folder, layout, dtype = sys.argv[1:4]
sign, some, share = map(int, sys.argv[4:])
n, k = (300_000, 15) if layout == 'csr' else (3_000, 3_000)

class Reader:
    class info:
        shape = (n, n)
    def read_rows(self, start, stop):
        rng = np.random.default_rng(start)
        m = stop - start
        values = rng.integers(1, 9, m * k).astype(dtype)
        if sign < 0:
            values[::3] *= -1
        if layout == 'dense':
            return DenseBlock(start, values.reshape(m, n))
        ends = rng.integers(0, n, m * k, dtype=np.int32)
        return RowBlock(start, n, np.arange(m + 1) * k, ends, values)

Reader.info.layout = layout
lines = np.arange(0, n + 1, 10)
cells = np.sort(np.random.default_rng(0).choice(n, n * 9 // 10, replace=False)) if some else None
plan = edge_plan.plan_edges(edge_plan.EdgeRequest(
    (n, n), layout, np.dtype(dtype).itemsize, 4, lines, lines * k, 0, 1, cells, share, 0))
scratch = edge_scratch.FileEdgeScratch(folder)
pathlib.Path('/proc/self/clear_refs').write_text('5')
idle = rss('VmRSS')
receipts = [edges.scatter_edges(Reader(), plan, b, scratch, cells) for b in range(plan.n_blocks)]
scatter = rss('VmHWM') - idle
pathlib.Path('/proc/self/clear_refs').write_text('5')
bands = [edges.gather_edges(scratch, receipts, plan, b) for b in range(plan.n_bands)]
gather = rss('VmHWM') - idle
print(scatter, plan.scatter_nbytes, gather, plan.gather_nbytes)
written = sum(path.stat().st_size for path in pathlib.Path(folder).iterdir())
print(written, plan.scratch_nbytes, sum(band.n_edges for band in bands))
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's /proc to see the peak")
@pytest.mark.parametrize("share", [30, 120])
@pytest.mark.parametrize(
    ("layout", "dtype", "sign", "some"),
    [("csr", "f4", 1, 0), ("csr", "f8", -1, 0), ("csr", "f4", -1, 1), ("dense", "f8", -1, 0)],
)
@pytest.mark.few(2)
def test_peaks_in_a_fresh_process(
    tmp_path: Path, layout: str, dtype: str, sign: int, some: int, share: int
) -> None:
    words = [str(tmp_path), layout, dtype, str(sign), str(some), str(share * MB)]
    done = subprocess.run([sys.executable, "-c", SCRIPT, *words], check=True, capture_output=True, text=True)
    scatter, scatter_most, gather, gather_most, written, most_written, n_edges = map(int, done.stdout.split())
    assert 1 * MB < scatter < scatter_most <= share * MB
    # Above nothing at all: gathering takes first what scattering has left to the allocator.
    assert MB // 4 < gather < gather_most <= share * MB
    assert written <= most_written
    assert n_edges > 3 * MB
