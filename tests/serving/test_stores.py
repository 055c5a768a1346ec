"""A Zarr store that the page opens as it is, is served as it is; any other is exported as ever."""

from __future__ import annotations

import json
import urllib.request
import warnings
from pathlib import Path
from typing import Any, Literal

import anndata
import fsspec
import numpy as np
import pandas as pd
import pytest
import zarr
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError
from karospace_stream.targets.local.cache import FOLDER_VARIABLE
from tests.browser.stores import write_store, zip_store


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def adata() -> anndata.AnnData:
    x = sparse.random(40, 6, density=0.4, random_state=0, format="csr", dtype=np.float32)
    obs = pd.DataFrame({"type": pd.Categorical(["a", "b"] * 20)}, index=[f"c{i}" for i in range(40)])
    var = pd.DataFrame(index=[f"g{i}" for i in range(6)])
    return anndata.AnnData(x, obs=obs, var=var, obsm={"X_umap": np.zeros((40, 2), np.float32)})


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as response:
        return bytes(response.read())


@pytest.mark.parametrize(("zarr_format", "head"), [(2, ".zmetadata"), (3, "zarr.json")])
def test_a_gene_major_store_is_served_as_it_is(
    adata: anndata.AnnData, tmp_path: Path, cache: Path, zarr_format: Literal[2, 3], head: str
) -> None:
    store = write_store(adata, tmp_path / "a.zarr", zarr_format)
    with karospace_stream.serve(store, port=0) as server:
        assert fetch(server.url).startswith(b"<!doctype html>")
        assert fetch(server.url + head) == (store / head).read_bytes()
        chunk = "X/data/0" if zarr_format == 2 else "X/data/c/0"
        assert fetch(server.url + chunk) == (store / chunk).read_bytes()
    assert not cache.exists()


def test_with_options_it_is_exported(adata: anndata.AnnData, tmp_path: Path, cache: Path) -> None:
    store = write_store(adata, tmp_path / "a.zarr", 2)
    with karospace_stream.serve(store, port=0, genes=["g3"], scheduler="sync") as server:
        server.complete()
        assert json.loads(fetch(server.url + "atlas.json"))["n_genes"] == 1
    assert cache.is_dir()


def _ordinary(adata: anndata.AnnData, path: Path) -> None:
    adata.write_zarr(path)


def _not_consolidated(adata: anndata.AnnData, path: Path) -> None:
    write_store(adata, path, 2)
    (path / ".zmetadata").unlink()


def _packed_otherwise(adata: anndata.AnnData, path: Path) -> None:
    root = zarr.open_group(str(write_store(adata, path, 3)), mode="a", use_consolidated=False)
    root.create_array("X/data", data=root["X/data"][...], chunks=(64,), overwrite=True)  # zstd, its default
    zarr.consolidate_metadata(str(path))


@pytest.mark.parametrize("write", [_ordinary, _not_consolidated, _packed_otherwise])
def test_any_other_store_is_exported(adata: anndata.AnnData, tmp_path: Path, write: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about Zarr v2 having a successor
        write(adata, tmp_path / "a.zarr")
    with karospace_stream.serve(tmp_path / "a.zarr", port=0, scheduler="sync") as server:
        server.complete()
        assert json.loads(fetch(server.url + "atlas.json"))["n_genes"] == 6


def test_stores_are_listed_beside_exports(adata: anndata.AnnData, tmp_path: Path) -> None:
    write_store(adata, tmp_path / "all" / "b.zarr", 3)
    karospace_stream.export(adata, tmp_path / "all" / "a", scheduler="sync")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        adata.write_zarr(tmp_path / "all" / "ordinary.zarr")
    with karospace_stream.serve(tmp_path / "all", port=0) as server:
        listed = json.loads(fetch(server.url + "datasets.json"))["datasets"]
        assert [one["path"] for one in listed] == ["a/", "b.zarr/"]
        assert listed[1] == {
            "id": "b.zarr",
            "path": "b.zarr/",
            "name": "b",
            "n_cells": 40,
            "n_genes": 6,
            "format": "anndata",
        }
        assert fetch(server.url + "b.zarr/").startswith(b"<!doctype html>")


def test_a_store_at_a_url_is_served_from_there(adata: anndata.AnnData, tmp_path: Path, cache: Path) -> None:
    store = write_store(adata, tmp_path / "a.zarr", 2)
    memory = fsspec.filesystem("memory")
    memory.put(str(store), "/stores/a.zarr", recursive=True)
    try:
        with karospace_stream.serve("memory://stores/a.zarr", port=0) as server:
            assert fetch(server.url + "X/data/0") == (store / "X/data/0").read_bytes()
        with karospace_stream.serve("memory://stores", port=0) as server:
            [listed] = json.loads(fetch(server.url + "datasets.json"))["datasets"]
            assert listed["path"] == "a.zarr/"
        assert not cache.exists()
    finally:
        memory.rm("/stores", recursive=True)


def test_a_store_in_one_file_is_served_as_a_folder(
    adata: anndata.AnnData, tmp_path: Path, cache: Path
) -> None:
    store = write_store(adata, tmp_path / "a.zarr", 2)
    packed = zip_store(store)
    with karospace_stream.serve(packed, port=0) as server:
        assert fetch(server.url).startswith(b"<!doctype html>")
        for key in (".zmetadata", "X/data/0", "obs/type/codes/0"):
            assert fetch(server.url + key) == (store / key).read_bytes()
        asked = urllib.request.Request(server.url + "X/data/0", headers={"Range": "bytes=3-7"})
        with urllib.request.urlopen(asked) as response:
            assert response.status == 206
            assert response.read() == (store / "X/data/0").read_bytes()[3:8]
    assert not cache.exists()
    with karospace_stream.serve(packed, port=0, genes=["g3"], scheduler="sync") as server:
        server.complete()
        assert json.loads(fetch(server.url + "atlas.json"))["n_genes"] == 1


def test_another_store_in_a_zip_is_exported(adata: anndata.AnnData, tmp_path: Path, cache: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        adata.write_zarr(tmp_path / "ordinary.zarr")
    with karospace_stream.serve(zip_store(tmp_path / "ordinary.zarr"), port=0, scheduler="sync") as server:
        server.complete()
        assert json.loads(fetch(server.url + "atlas.json"))["n_genes"] == 6
    assert cache.exists()


def test_a_zip_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.zarr.zip").write_bytes(b"no zip")
    with pytest.raises(BadInputError, match="is a damaged or incomplete zip file"):
        karospace_stream.serve(tmp_path / "b.zarr.zip", port=0)
    with pytest.raises(BadInputError, match=r"none\.zarr\.zip does not exist"):
        karospace_stream.serve(tmp_path / "none.zarr.zip", port=0)
