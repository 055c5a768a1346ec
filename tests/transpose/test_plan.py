"""The planner: any request gives a plan that covers everything once and keeps to its budget."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karospace_stream.model.plan import Strategy, TransposePlan
from karospace_stream.transpose.kernels import MAX_BLOCK_ROWS
from karospace_stream.transpose.plan import DoesNotFitError, plan_transpose
from karospace_stream.transpose.request import TransposeRequest

MB = 1_000_000


def request(
    n_cells: int = 10_000,
    n_genes: int = 1_000,
    *,
    layout: str = "csr",
    density: float = 0.1,
    step: int = 1,
    lengths: Any = None,
    **others: Any,
) -> TransposeRequest:
    """A request for a whole matrix with lines of equal length, unless told otherwise."""
    n_lines, across = (n_genes, n_cells) if layout == "csc" else (n_cells, n_genes)
    lines = np.append(np.arange(0, n_lines, step), n_lines)
    if lengths is None:
        lengths = np.full(n_lines, across if layout == "dense" else int(density * across))
    before = np.concatenate([[0], np.cumsum(lengths)])[lines]
    terms: dict[str, Any] = {
        "gene_major": layout == "csc",
        "value_itemsize": 4,
        "index_itemsize": 0 if layout == "dense" else 4,
        "cast": False,
        "held_values": 0,
        "read_nbytes": 0,
        "chunk_values": 0,
        "chunk_rows": 1,
        "source_genes": np.arange(n_genes),
        "n_cells": n_cells,
        "cells_selected": False,
        "genes_selected": False,
        "max_part_nbytes": 16 << 20,
        "workers": 2,
        "other_nbytes": 0,
        "memory_nbytes": 1_000 * MB,
        "shared_memory": True,
    }
    return TransposeRequest(
        layout=layout,
        n_genes_source=n_genes,
        n_cells_source=n_cells,
        lines=lines,
        values_before=before,
        **(terms | others),
    )


@st.composite
def requests(draw: st.DrawFn) -> TransposeRequest:
    layout = draw(st.sampled_from(["csr", "csc", "dense"]))
    n_cells = draw(st.integers(1, 3_000))
    # Millions of cells, without a list of millions: lines are steps of many rows.
    scale = 1 if layout == "csc" else draw(st.sampled_from([1, 1, 64, 4_096]))
    n_genes = draw(st.integers(1, 40_000))
    n_lines, across = (n_genes, n_cells) if layout == "csc" else (n_cells, n_genes)
    if layout == "dense":
        lengths = np.full(n_lines, across * scale)
    else:
        seed = draw(st.integers(0, 99))
        fullness = draw(st.floats(0, 1)) ** 3
        lengths = np.random.default_rng(seed).integers(0, int(across * fullness * scale) + 1, n_lines)
    lines = np.arange(n_lines + 1) * scale
    n_rows = n_cells * scale
    n_kept = draw(st.integers(1, n_rows))
    chosen = draw(st.integers(1, n_genes))
    genes = np.sort(np.random.default_rng(chosen).choice(n_genes, chosen, replace=False))
    return TransposeRequest(
        layout=layout,
        gene_major=layout == "csc" or (layout == "dense" and draw(st.booleans())),
        value_itemsize=draw(st.sampled_from([1, 2, 4, 8])),
        index_itemsize=0 if layout == "dense" else draw(st.sampled_from([4, 8])),
        cast=draw(st.booleans()),
        held_values=draw(st.sampled_from([0, 0, 1_000_000])),
        read_nbytes=draw(st.sampled_from([0, 3 * MB, 100 * MB])),
        chunk_values=draw(st.sampled_from([0, 262_144, 12_000_000])),
        chunk_rows=draw(st.sampled_from([1, 7, 1000, 70_000])),
        n_genes_source=n_genes,
        lines=lines,
        values_before=np.concatenate([[0], np.cumsum(lengths)]),
        source_genes=genes,
        n_cells_source=n_rows,
        n_cells=n_kept,
        cells_selected=n_kept < n_rows,
        genes_selected=chosen < n_genes,
        max_part_nbytes=draw(st.sampled_from([1 << 10, 1 << 20, 16 << 20])),
        workers=draw(st.integers(1, 9)),
        other_nbytes=draw(st.sampled_from([0, 10 * MB, 200 * MB])),
        memory_nbytes=int(10 ** draw(st.floats(6, 12))),
        shared_memory=draw(st.booleans()),
    )


def check(asked: TransposeRequest, plan: TransposePlan) -> None:
    """What must hold of every plan."""
    assert_covers(plan.gene_cuts, asked.n_genes)
    if plan.strategy == "pass":
        assert asked.gene_major
        assert plan.row_cuts == ()
    else:
        assert_covers(plan.row_cuts, int(asked.lines[-1]))
        assert set(plan.row_cuts) <= set(asked.lines.tolist())
        assert max(np.diff(plan.row_cuts)) <= MAX_BLOCK_ROWS
    worst = max(plan.scatter_nbytes, plan.gather_nbytes, asked.other_nbytes)
    assert plan.resident_nbytes + asked.workers * worst <= asked.memory_nbytes
    assert plan.bands_per_task >= 1
    if plan.strategy == "memory":
        assert asked.shared_memory
        # Every block's fragment: its values, and where each gene begins in it.
        kept = min(int(asked.values_before[-1]), asked.n_cells * asked.n_genes)
        assert plan.resident_nbytes >= 6 * kept + 8 * (asked.n_genes + 1) * (len(plan.row_cuts) - 1)
    assert (plan.scratch_nbytes > 0) == (plan.strategy == "spill")


def assert_covers(cuts: tuple[int, ...], end: int) -> None:
    assert cuts[0] == 0
    assert cuts[-1] == end
    assert all(a < b for a, b in itertools.pairwise(cuts))


@settings(max_examples=150)
@given(requests())
def test_every_plan_covers_all_once_and_keeps_to_the_budget(asked: TransposeRequest) -> None:
    failure = refusal(asked)
    if failure is None:
        check(asked, plan_transpose(asked))
        return
    assert failure.stage in ("scatter", "gather", "other")
    assert failure.needed_nbytes > asked.memory_nbytes
    enough = replace(asked, memory_nbytes=failure.needed_nbytes)
    check(enough, plan_transpose(enough))
    little_less = refusal(replace(asked, memory_nbytes=failure.needed_nbytes - 1))
    assert little_less is not None
    assert little_less.needed_nbytes == failure.needed_nbytes


def refusal(asked: TransposeRequest, strategy: Strategy | None = None) -> DoesNotFitError | None:
    try:
        plan_transpose(asked, strategy)
    except DoesNotFitError as error:
        return error
    return None


@settings(max_examples=80)
@given(requests(), st.floats(1, 100))
def test_more_memory_is_never_worse(asked: TransposeRequest, factor: float) -> None:
    try:
        before = plan_transpose(asked)
    except DoesNotFitError:
        return
    more = replace(asked, memory_nbytes=int(asked.memory_nbytes * factor))
    after = plan_transpose(more)
    check(more, after)
    ranks = ("pass", "memory", "spill")
    assert ranks.index(after.strategy) <= ranks.index(before.strategy)
    if after.strategy == before.strategy:
        assert len(after.row_cuts) <= len(before.row_cuts)


@settings(max_examples=80)
@given(requests(), st.sampled_from(["pass", "memory", "spill"]))
def test_a_forced_strategy_is_taken_or_refused(asked: TransposeRequest, strategy: Strategy) -> None:
    plenty = replace(asked, memory_nbytes=10**15)
    if (
        (strategy == "pass" and not asked.gene_major)
        or (strategy == "memory" and not asked.shared_memory)
        or (strategy != "pass" and asked.layout == "csc")
    ):
        with pytest.raises(ValueError, match="strategy"):
            plan_transpose(plenty, strategy)
        return
    plan = plan_transpose(plenty, strategy)
    assert plan.strategy == strategy
    check(plenty, plan)
    failure = refusal(replace(asked, memory_nbytes=1), strategy)
    assert failure is not None
    enough = replace(asked, memory_nbytes=failure.needed_nbytes)
    check(enough, plan_transpose(enough, strategy))


def test_the_cheapest_strategy_that_fits() -> None:
    assert plan_transpose(request(layout="csc")).strategy == "pass"
    assert plan_transpose(request()).strategy == "memory"
    assert plan_transpose(request(shared_memory=False)).strategy == "spill"
    large = request(1_000_000, 20_000, step=16, memory_nbytes=2_000 * MB)
    assert plan_transpose(large).strategy == "spill"
    few = replace(large, source_genes=np.arange(0, 20_000, 40), genes_selected=True, memory_nbytes=8_000 * MB)
    assert plan_transpose(few).strategy == "memory"


def test_a_dense_matrix_in_columns_falls_back_to_rows() -> None:
    asked = request(200_000, 50, layout="dense", gene_major=True)
    assert plan_transpose(asked).strategy == "pass"
    with pytest.raises(DoesNotFitError) as caught:
        plan_transpose(replace(asked, memory_nbytes=1), "pass")
    with pytest.raises(DoesNotFitError) as either:
        plan_transpose(replace(asked, memory_nbytes=1))
    assert either.value.needed_nbytes <= caught.value.needed_nbytes


def test_spill_where_the_other_stages_leave_no_room_to_hold_anything() -> None:
    asked = request(100_000, 1_000, step=2, workers=1)
    held = plan_transpose(asked)
    assert held.strategy == "memory"
    narrow = replace(asked, other_nbytes=900 * MB, memory_nbytes=902 * MB)
    check(narrow, plan_transpose(narrow))
    assert plan_transpose(narrow).strategy == "spill"


@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 20_000), (70_000, 1)])
@pytest.mark.parametrize("strategy", [None, "spill", "memory", "pass"])
def test_the_smallest_shapes(layout: str, shape: tuple[int, int], strategy: Strategy | None) -> None:
    if (layout == "csc") != (strategy == "pass") and strategy is not None:
        return
    asked = request(*shape, layout=layout)
    check(asked, plan_transpose(asked, strategy))


def test_a_matrix_without_values() -> None:
    for layout in ("csr", "csc"):
        asked = request(100_000, 50, layout=layout, density=0)
        plan = plan_transpose(asked)
        check(asked, plan)
        assert plan.read_values == 0


def test_one_row_that_is_longer_than_the_budget() -> None:
    lengths = np.full(1_000, 10)
    lengths[500] = 50 * MB
    asked = request(1_000, 60 * MB, lengths=lengths, source_genes=np.arange(10), memory_nbytes=400 * MB)
    with pytest.raises(DoesNotFitError) as caught:
        plan_transpose(asked)
    assert caught.value.stage == "scatter"
    assert caught.value.needed_nbytes > 2 * 8 * 50 * MB
    enough = replace(asked, memory_nbytes=caught.value.needed_nbytes)
    check(enough, plan_transpose(enough))


def test_one_gene_that_is_longer_than_the_budget() -> None:
    lengths = np.full(100, 10)
    lengths[50] = 20 * MB
    asked = request(20 * MB, 100, layout="csc", lengths=lengths, memory_nbytes=200 * MB)
    with pytest.raises(DoesNotFitError) as caught:
        plan_transpose(asked)
    assert caught.value.stage == "gather"
    check(enough := replace(asked, memory_nbytes=caught.value.needed_nbytes), plan_transpose(enough))


def test_downsampling_a_gene_major_source_counts_all_its_cells() -> None:
    few = replace(request(10 * MB, 10, layout="csc", density=0), n_cells=100, cells_selected=True)
    assert plan_transpose(few).gather_nbytes > 8 * 10 * MB  # the number of every cell


def test_what_a_chunk_holds_is_paid_for() -> None:
    plan = plan_transpose(request())
    held = plan_transpose(request(held_values=3 * MB))
    assert held.scatter_nbytes - plan.scatter_nbytes == 3 * MB * 8
