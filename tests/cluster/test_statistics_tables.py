"""Statistics without an export on a cluster: the same numbers, nothing left."""

from __future__ import annotations

import secrets
from pathlib import Path

import anndata
import pytest

import karospace_stream
from karospace_stream.testing.synth import write_synthetic
from tests.cluster.conftest import Cluster
from tests.statistics.test_tables import same
from tests.stores.servers import Server


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


@pytest.mark.parametrize("stored", [False, True], ids=["folder", "store"])
@pytest.mark.parametrize("layer", [None, "counts"])
def test_sums_of_an_export(
    layer: str | None, stored: bool, cluster: Cluster, source: Path, tmp_path: Path, moto_store: Server
) -> None:
    data = anndata.read_h5ad(source)
    data.layers["counts"] = data.X * 3
    data.write_h5ad(tmp_path / "in.h5ad")
    by = ["cell_type", "is_doublet"]
    scratch = f"{moto_store.url}/{secrets.token_hex(4)}" if stored else tmp_path / "scratch"
    karospace_stream.export(
        tmp_path / "in.h5ad",
        tmp_path / "out",
        pseudobulk=by,
        pseudobulk_layer=layer,
        scheduler=cluster.address,
        strategy="spill",
        scratch=scratch,
        storage_options={"s3": moto_store.options},
        memory="1GB",
        progress=False,
    )
    made = anndata.read_h5ad(tmp_path / "out" / "pseudobulk.h5ad")
    expected = karospace_stream.pseudobulk(tmp_path / "in.h5ad", by, layer=layer)
    assert (made.X == expected.X).all()
