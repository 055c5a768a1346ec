"""Gene sets and their scores wherever the sets, the matrix and the tasks are."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import anndata
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadOptionError
from karospace_stream.source.genes.stored_sets import MOST_ENTRIES
from karospace_stream.storage import Headers, Store, location_of
from tests.statistics.test_gene_sets import SETS, made
from tests.stores.servers import Server

GMT = b"cycle\tabout\tg1\tg5\tg9\tabsent\ncell_type\t\tg2\tg3\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return made(tmp_path / "in.h5ad", sparse.csr_matrix)


def scores_of(source: Any, **options: Any) -> pd.DataFrame:
    found = karospace_stream.statistics(source, progress=False, **{"gene_sets": SETS, **options}).scores
    assert found is not None
    return found


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=True)


@pytest.mark.parametrize("layout", [sparse.csr_matrix, sparse.csc_matrix])
def test_processes(layout: Any, source: Path, tmp_path: Path) -> None:
    other = made(tmp_path / "other.h5ad", layout)
    same(scores_of(other, scheduler="processes", workers=2), scores_of(source))


@pytest.mark.filterwarnings("ignore:Consolidated metadata")
@pytest.mark.parametrize("layout", [sparse.csr_matrix, sparse.csc_matrix])
def test_zarr_with_shards(layout: Any, source: Path, tmp_path: Path) -> None:
    data = anndata.read_h5ad(made(tmp_path / "other.h5ad", layout))
    with anndata.settings.override(zarr_write_format=3, auto_shard_zarr_v3=True):
        data.write_zarr(tmp_path / "in.zarr")
    karospace_stream.export(tmp_path / "in.zarr", tmp_path / "shards.zarr", format="anndata", progress=False)
    same(scores_of(tmp_path / "in.zarr"), scores_of(source))
    same(scores_of(tmp_path / "shards.zarr"), scores_of(source))


def test_sets_in_the_memory_of_this_process(source: Path) -> None:
    url = f"memory://{secrets.token_hex(4)}"
    Store(location_of(url)).put("some.gmt", GMT, Headers())
    same(scores_of(source, gene_sets=f"{url}/some.gmt"), scores_of(source))


def test_sets_on_a_store(moto_store: Server, source: Path) -> None:
    url = f"{moto_store.url}/{secrets.token_hex(4)}"
    Store(location_of(url, moto_store.options)).put("some.gmt", GMT, Headers())
    options = {"storage_options": {"s3": moto_store.options}}
    same(scores_of(source, gene_sets=f"{url}/some.gmt", **options), scores_of(source))
    with pytest.raises(BadOptionError, match=r"absent\.gmt\": the file cannot be read"):
        scores_of(source, gene_sets=f"{url}/absent.gmt", **options)


def test_a_dictionary_of_many_sets(source: Path) -> None:
    data = anndata.read_h5ad(source)
    data.uns["many"] = {f"set {number}": ["g1", "g2"] for number in range(MOST_ENTRIES + 1)}
    data.write_h5ad(source)
    with pytest.raises(
        BadOptionError, match=r"a dictionary of at most 2,000 lists of names, or a data frame .* is not"
    ):
        scores_of(source, gene_sets="uns:many")
