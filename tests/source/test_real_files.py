"""Every part of every real file, as it is and written again in every layout, against anndata."""

from __future__ import annotations

import json
from pathlib import Path

import anndata as ad
import h5py
import hdf5plugin
import numpy as np
import pytest
from scipy import sparse

from karospace_stream.source import open_source

LAYOUTS = {
    "csr": sparse.csr_matrix,
    "csc": sparse.csc_matrix,
    "dense": lambda x: x.toarray() if sparse.issparse(x) else np.asarray(x),
}
CONTAINERS = ["h5ad", "zarr2", "zarr3"]
FILTERS = {
    "none": {},
    "gzip+shuffle": {"compression": "gzip", "shuffle": True},
    "gzip+fletcher32": {"compression": "gzip", "fletcher32": True},
    "lzf": {"compression": "lzf", "shuffle": True},
    "blosc": dict(hdf5plugin.Blosc(cname="lz4", shuffle=hdf5plugin.Blosc.SHUFFLE)),
    "blosc-zstd": dict(hdf5plugin.Blosc(cname="zstd", shuffle=hdf5plugin.Blosc.BITSHUFFLE)),
    "zstd+shuffle": {**hdf5plugin.Zstd(), "shuffle": True},
    "blosc2": dict(hdf5plugin.Blosc2()),
    "lz4": dict(hdf5plugin.LZ4()),
}


def test_as_it_is(real_file, real_adata, assert_same):
    assert_same(open_source(real_file), real_adata)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.few(5)
def test_written_again(real_adata, container, write, assert_same, quietly):
    adata = quietly(_slim, real_adata)
    source = open_source(write(adata, container))
    assert source.catalog.container == container.rstrip("23")
    assert_same(source, adata)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.few(9)
def test_every_layout(real_adata, container, write, assert_same, quietly):
    layers = {layout: convert(real_adata.X) for layout, convert in LAYOUTS.items()}
    adata = quietly(ad.AnnData, layers["csc"], real_adata.obs[[]], real_adata.var[[]], layers=layers)
    source = open_source(write(adata, container))
    assert {info.name: info.layout for info in source.catalog.layers} == {
        "layers/csr": "csr",
        "layers/csc": "csc",
        "layers/dense": "dense",
    }
    assert source.matrix("layers/csc").info.gene_major
    assert not source.matrix("layers/csr").info.gene_major
    assert_same(source, adata)


@pytest.fixture(scope="module")
def plain(data_dir, tmp_path_factory, quietly):
    adata = quietly(lambda: _slim(ad.read_h5ad(data_dir / "cellrank_adata_50.h5ad")))
    path = tmp_path_factory.mktemp("plain") / "plain.h5ad"
    quietly(adata.write_h5ad, path)
    return path.read_bytes(), adata


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.few(9)
def test_filters(plain, name, layout, tmp_path, assert_same):
    written, adata = plain[0], plain[1].copy()
    adata.X = LAYOUTS[layout](adata.X)
    path = tmp_path / "filtered.h5ad"
    path.write_bytes(written)
    with h5py.File(path, "a") as root:
        for key, values in (
            ("X", adata.X),
            ("layers/Ms", adata.layers["Ms"]),
            ("obsm/X_pca", adata.obsm["X_pca"]),
        ):
            del root[key]  # numbers only: blosc crashes when it writes text
            folder, _, last = key.rpartition("/")
            ad.io.write_elem(root[folder or "/"], last, values, dataset_kwargs=FILTERS[name])
    source = open_source(path)
    assert_same(source, adata)
    assert source.catalog.matrix.compression.split("+")[-1] == name.split("+")[-1].split("-")[0] or (
        name in ("none", "gzip+shuffle", "zstd+shuffle")
    )


def _slim(adata: ad.AnnData) -> ad.AnnData:
    """Without what no source reads: writing hundreds of tiny arrays is most of the time."""
    read = {key: value for key, value in adata.uns.items() if key == "spatial" or key.endswith("_colors")}
    layers = {key: adata.layers[key] for key in adata.layers if key in ("Ms", "spliced", "fit_t")}
    raw = None if adata.raw is None else {"X": adata.raw.X, "var": adata.raw.var}
    parts = {"obsm": dict(adata.obsm), "obsp": dict(adata.obsp), "layers": layers}
    return ad.AnnData(adata.X, adata.obs, adata.var, uns=read, raw=raw, **parts)


@pytest.fixture
def write(tmp_path, quietly, write_zarr):
    def call(adata: ad.AnnData, container: str) -> Path:
        path = tmp_path / f"written.{container.rstrip('23')}"
        if container == "h5ad":
            quietly(adata.write_h5ad, path, compression="gzip")
        else:
            write_zarr(adata, path, int(container[-1]))
        return path

    return call


@pytest.mark.parametrize("version", [2, 3])
def test_zarr_without_consolidated_metadata(data_dir, version, write, assert_same, quietly):
    adata = quietly(ad.read_h5ad, data_dir / "squidpy_visium_test_data.h5ad")
    path = write(adata, f"zarr{version}")
    if version == 2:
        (path / ".zmetadata").unlink()
    else:
        root = json.loads((path / "zarr.json").read_text())
        del root["consolidated_metadata"]
        (path / "zarr.json").write_text(json.dumps(root))
    assert_same(open_source(path), adata)
