"""What goes along with the genes, on a cluster: the same bytes, read once in each process, and let go of."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, WorkerPlugin

import karospace_stream
from karospace_stream.formats.registry import FORMATS
from karospace_stream.runtime import shared_values
from karospace_stream.testing.synth import write_synthetic
from karospace_stream.transpose import plan as planning
from tests.cluster.conftest import N_WORKERS, Cluster
from tests.e2e.support import contents

OPTIONS: dict[str, Any] = {"format": "npy", "beside": True, "genes": "all"}


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(FORMATS, "npy", "tests.formats.npy_genes")
    monkeypatch.setattr(planning, "_FEWEST_VALUES", 1_000)  # many tasks
    path = tmp_path / "cells.h5ad"
    write_synthetic(path, n_cells=6_000, n_genes=40, n_neighbors=8, chunk_values=1_000)
    return path


def n_held(dask_worker: Any) -> int:
    return len(shared_values._ENTRIES)


def count_readings(dask_worker: Any) -> None:
    """Note in a worker how often it reads."""
    from karospace_stream.formats.genes import job

    inner, dask_worker.n_read = job.read_side_inputs, 0

    def read(*args: Any) -> Any:
        dask_worker.n_read += 1
        return inner(*args)

    job.read_side_inputs = read


class CountReadings(WorkerPlugin):
    """Notes it in every worker, also in one that is started again while the test runs."""

    name = "count-readings"

    def setup(self, worker: Any) -> None:
        count_readings(worker)


def n_read(dask_worker: Any) -> int:
    found: int = dask_worker.n_read
    return found


def test_the_same_bytes(cluster: Cluster, source: Path, tmp_path: Path) -> None:
    karospace_stream.export(source, tmp_path / "wanted", **OPTIONS)
    with Client(cluster.address, set_as_default=False) as client:
        client.register_plugin(CountReadings())
        report = karospace_stream.export(
            source,
            tmp_path / "out",
            scheduler=cluster.address,
            scratch=tmp_path / "scratch",
            memory="1GB",
            **OPTIONS,
        )
        assert contents(tmp_path / "out") == contents(tmp_path / "wanted")
        assert report.peak_nbytes < report.projected_nbytes
        readings = Counter(client.run(n_read).values())
        client.unregister_worker_plugin(CountReadings.name)
        assert set(readings) <= {0, 1}
        assert 1 <= readings[1] <= N_WORKERS
        assert set(client.run(n_held).values()) == {0}


def test_a_run_that_fails_leaves_nothing_on_the_workers(
    near: str, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.formats.npy_genes.format.beside", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        karospace_stream.export(source, tmp_path / "out", scheduler=near, memory="1GB", **OPTIONS)
    assert shared_values._ENTRIES == {}
