"""Statistics without an export on a cluster: the same numbers, nothing left."""

from __future__ import annotations

from pathlib import Path

import pytest

import karospace_stream
from karospace_stream.testing.synth import write_synthetic
from tests.cluster.conftest import Cluster
from tests.statistics.test_tables import same


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_synthetic(tmp_path / "cells.h5ad", n_cells=3_000, n_genes=40, chunk_values=1_000)
    return tmp_path / "cells.h5ad"


def test_the_same_numbers(cluster: Cluster, source: Path, tmp_path: Path) -> None:
    columns = ["cell_type", "is_doublet"]
    expected = karospace_stream.statistics(source, group_by=columns)
    found = karospace_stream.statistics(
        source, group_by=columns, scheduler=cluster.address, scratch=tmp_path / "scratch", memory="1GB"
    )
    same(found, expected)
    assert not list((tmp_path / "scratch").iterdir())
