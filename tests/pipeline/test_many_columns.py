"""Thousands of obs columns: what is done for each must not open the file again, or read the others."""

from __future__ import annotations

import os
import threading

import anndata as ad
import numpy as np
import pandas as pd
import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.planning import plan_export
from karospace_stream.source import open_source
from karospace_stream.source.hdf5 import file as hdf5_file

N_CELLS, N_COLUMNS = 50, 300


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    columns = {
        f"c{number}": (
            np.arange(N_CELLS) / 3,
            np.arange(N_CELLS),
            np.arange(N_CELLS) % 2 == 0,
            pd.Categorical(["a", "b"] * (N_CELLS // 2)),
            [f"t{cell}" for cell in range(N_CELLS)],
        )[number % 5]
        for number in range(N_COLUMNS)
    }
    adata = ad.AnnData(np.ones((N_CELLS, 3), "f4"), pd.DataFrame(columns, [f"n{i}" for i in range(N_CELLS)]))
    adata.obsm["X_umap"] = np.zeros((N_CELLS, 2), "f4")
    path = tmp_path_factory.mktemp("wide") / "wide.h5ad"
    adata.write_h5ad(path)
    return path


@pytest.mark.parametrize("format", ["karospace", "cellucid", "anndata"])
def test_the_estimate_counts_small_tasks(wide, format):
    """Measured with 2,000 cells and 10,000 columns: some minutes, and a second or two were estimated."""
    few, all_columns = (
        plan_export(wide, ExportOptions(formats=(format,), anno=anno)).seconds for anno in (("c1",), ("all",))
    )
    assert few < 1.5
    assert few + 2 < all_columns < 10


@pytest.mark.parametrize("format", ["karospace", "cellucid", "anndata"])
def test_the_plan_counts_what_each_column_takes(wide, format):
    """With 10,000 columns an export took 200 MB more than with 1,000."""
    few, all_columns = (
        plan_export(wide, ExportOptions(formats=(format,), anno=anno, workers=1))
        for anno in (("c1",), ("all",))
    )
    worst = [max(cost.task_nbytes for cost in plan.costs) for plan in (few, all_columns)]
    held = [plan.peak_nbytes - most for plan, most in zip((few, all_columns), worst, strict=True)]
    assert held[1] - held[0] > 20_000 * (N_COLUMNS - 1)


@pytest.fixture
def opened(monkeypatch):
    """How often HDF5 has opened a file."""
    times, really = [], hdf5_file._open
    monkeypatch.setattr(hdf5_file, "_open", lambda path: (times.append(path), really(path))[1])
    return times


@pytest.mark.parametrize("format", ["karospace", "cellucid", "anndata"])
def test_planning_does_not_open_the_file_for_each_column(wide, opened, format):
    plan = plan_export(wide, ExportOptions(formats=(format,), anno=("all",)))
    assert len(plan.selection.columns) == N_COLUMNS
    assert len(opened) < 30


def test_a_file_kept_open_is_opened_once_and_let_go(wide, opened):
    source = open_source(wide)
    opened.clear()
    with source.kept_open(), source.kept_open():
        first = [source.obs_column(f"c{number}", 0, 5).values.tolist() for number in range(10)]
    assert len(opened) == 1
    assert not hdf5_file._KEPT
    assert first == [source.obs_column(f"c{number}", 0, 5).values.tolist() for number in range(10)]


def test_other_threads_wait_for_a_file_kept_open(wide):
    source, names = open_source(wide), []
    thread = threading.Thread(target=lambda: names.append(source.obs_names(0, 1)))
    with source.kept_open():
        thread.start()
        thread.join(0.1)
        assert not names
    thread.join()
    assert names[0].tolist() == ["n0"]


def test_a_file_kept_open_is_seen_to_change(wide, tmp_path):
    path = tmp_path / "copy.h5ad"
    path.write_bytes(wide.read_bytes())
    source = open_source(path)
    with source.kept_open():
        os.utime(path, (0, 0))
        with pytest.raises(BadInputError, match="changed"):
            source.obs_names(0, 1)
