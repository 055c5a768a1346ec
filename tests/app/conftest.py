"""An exporter with a state of its own, and a data set that takes some seconds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from karospace_stream.testing.synth import write_synthetic
from tests.app.client import DATA, Client, running


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("state")) as client:
        yield client


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A real file of 50 cells with layers, raw, graph, vectors."""
    source = DATA / "cellrank50_velocity_umap.h5ad"
    if not source.is_file():
        pytest.skip(f"the shared data are not at {DATA}")
    return Path(shutil.copy(source, tmp_path / "real.h5ad"))


@pytest.fixture(scope="session")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Has some hundred tasks, and takes seconds with one worker."""
    path = tmp_path_factory.mktemp("slow") / "slow.h5ad"
    write_synthetic(path, n_cells=6_000, n_genes=1_000)
    return path
