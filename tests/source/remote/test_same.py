"""Everything of every file, read from a URL, against what anndata reads from the file."""

from __future__ import annotations

import json
import pickle
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import anndata as ad
import h5py
import hdf5plugin
import numpy as np
import pytest
from scipy import sparse

from karospace_stream.source import open_source

LAYOUTS = {"csr": sparse.csr_matrix, "csc": sparse.csc_matrix, "dense": lambda x: x.toarray()}
FILTERS = {
    "none": {},
    "gzip+shuffle": {"compression": "gzip", "shuffle": True},
    "lzf": {"compression": "lzf", "shuffle": True},
    "blosc": dict(hdf5plugin.Blosc(cname="lz4", shuffle=hdf5plugin.Blosc.SHUFFLE)),
    "blosc2": dict(hdf5plugin.Blosc2()),
}


@pytest.mark.few(7)
def test_real_files(shelf, real_file, real_adata, assert_same):
    source = shelf.open(real_file)
    local = open_source(real_file).catalog
    where = {"location": f"{shelf.url}/{real_file.name}", "fingerprint": source.catalog.fingerprint}
    assert source.catalog == replace(local, **where, remote=True)
    assert_same(pickle.loads(pickle.dumps(source)), real_adata)
    source.check()


@pytest.fixture(scope="module")
def adata(data_dir, quietly):
    adata = quietly(ad.read_h5ad, data_dir / "cellrank_adata_50.h5ad")
    kept = {key: adata.obsm[key] for key in ("X_pca", "X_umap") if key in adata.obsm}
    return quietly(ad.AnnData, adata.X, adata.obs, adata.var, obsm=kept, layers={"Ms": adata.layers["Ms"]})


@pytest.fixture(scope="module")
def stores(adata, tmp_path_factory, write_zarr):
    """Zarr of both versions, with and without consolidated metadata, and one of shards."""
    folder = tmp_path_factory.mktemp("stores")
    for version in (2, 3):
        write_zarr(adata, folder / f"v{version}.zarr", version)
        shutil.copytree(folder / f"v{version}.zarr", folder / f"v{version}-plain.zarr")
    (folder / "v2-plain.zarr" / ".zmetadata").unlink()
    root = json.loads((folder / "v3-plain.zarr" / "zarr.json").read_text())
    del root["consolidated_metadata"]
    (folder / "v3-plain.zarr" / "zarr.json").write_text(json.dumps(root))
    write_sharded(adata, folder / "shards.zarr", folder / "v3.zarr")
    return folder


def write_sharded(adata: ad.AnnData, path: Path, plain: Path) -> None:
    import zarr

    shutil.copytree(plain, path)
    matrix, root = sparse.csr_matrix(adata.X), zarr.open_group(path, use_consolidated=False)
    attributes = dict(root["X"].attrs)
    del root["X"]
    group = root.create_group("X", attributes=attributes | {"encoding-type": "csr_matrix"})
    for name in ("data", "indices", "indptr"):
        group.create_array(name, data=getattr(matrix, name), chunks=(50,), shards=(500,))
    zarr.consolidate_metadata(path)


@pytest.mark.parametrize("name", ["v2", "v3", "v2-plain", "v3-plain", "shards"])
@pytest.mark.filterwarnings("ignore:Consolidated metadata is currently not part")
@pytest.mark.few(6)
def test_zarr(shelf, name, stores, adata, assert_same):
    if "plain" in name and shelf.url.startswith("http"):
        pytest.skip("a web server cannot be listed, which test_refusals looks at")
    source = shelf.open(stores / f"{name}.zarr")
    assert source.catalog.container == "zarr"
    local = open_source(stores / f"{name}.zarr").catalog
    if not shelf.url.startswith("http"):
        assert source.catalog.matrix == local.matrix
    assert_same(pickle.loads(pickle.dumps(source)), adata)
    source.check()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("name", ["v2", "v3-plain", "shards"])
@pytest.mark.filterwarnings("ignore:Consolidated metadata is currently not part")
@pytest.mark.few(6)
def test_zarr_in_one_file(shelf, name, method, stores, adata, assert_same, tmp_path):
    path, folder = tmp_path / "x.zarr.zip", stores / f"{name}.zarr"
    with zipfile.ZipFile(path, "w", method) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{folder.name}/{file.relative_to(folder)}")
    source = shelf.open(path)
    assert (source.catalog.container, source.catalog.remote, source.catalog.name) == ("zarr", True, "x")
    assert_same(pickle.loads(pickle.dumps(source)), adata)
    source.check()


def test_a_zip_is_read_by_ranges(web, stores, tmp_path):
    """The server of these tests understands ranges with a beginning and an end only."""
    path, folder = tmp_path / "x.zarr.zip", stores / "v3.zarr"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("padding", bytes(8 << 20))
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    source = open_source(web.put(path))
    source.obs_names(0, 5)
    assert not any(request.whole for request in web.requests)
    assert web.sent < 4 << 20
    assert len(web.requests) < 15
    web.reset()
    source.matrix("X").read_rows(0, 10)
    assert len(web.requests) <= 5


@pytest.mark.parametrize("shelf", ["memory"], indirect=True)
@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_filters(shelf, adata, name, layout, tmp_path, assert_same, quietly):
    wanted = quietly(adata.copy)
    wanted.X = LAYOUTS[layout](sparse.csr_matrix(adata.X))
    path = tmp_path / "filtered.h5ad"
    quietly(wanted.write_h5ad, path)
    with h5py.File(path, "a") as root:
        for key, values in (("X", wanted.X), ("obsm/X_umap", wanted.obsm["X_umap"])):
            del root[key]
            folder, _, last = key.rpartition("/")
            ad.io.write_elem(root[folder or "/"], last, values, dataset_kwargs=FILTERS[name])
    assert_same(shelf.open(path), wanted)


def test_wide_and_narrow_rectangles_of_contiguous_arrays(web, tmp_path):
    values = np.random.default_rng(0).random((300_000, 5))
    path = tmp_path / "x.h5ad"
    ad.AnnData(obs={"a": np.arange(len(values))}, obsm={"X_five": values}).write_h5ad(path)
    source = open_source(web.put(path))
    np.testing.assert_array_equal(source.obsm("X_five", 1000, 250_000, 2), values[1000:250_000, :2])
    web.reset()
    np.testing.assert_array_equal(source.obsm("X_five", 7, 280_007, 5), values[7:280_007])
    assert web.sent == 280_000 * 40
    assert len(web.requests) == -(-web.sent // (4 << 20))
