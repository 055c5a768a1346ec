"""Square matrices and wide embeddings, from every kind of container, as anndata has them."""

from __future__ import annotations

import pickle

import anndata as ad
import dask.array as da
import h5py
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source

N_CELLS = 40
CONTAINERS = ["h5ad", "zarr", "memory", "backed", "lazy"]


@pytest.fixture
def adata():
    rng = np.random.default_rng(4)
    graph = sparse.random(N_CELLS, N_CELLS, 0.2, "csr", dtype="f4", rng=rng)
    frame = pd.DataFrame(rng.normal(size=(N_CELLS, 3)), columns=["a", "b", "c"])
    frame.index = [f"c{i}" for i in range(N_CELLS)]
    obsm = {f"latent_{d}": rng.normal(0, 9, (N_CELLS, 50)).astype(d) for d in ("f8", "f4", "f2", "i8", "u1")}
    obsp = {"csr": graph, "csc": graph.tocsc(), "dense": graph.toarray(), "a b/c": graph.astype(bool)}
    return ad.AnnData(
        sparse.random(N_CELLS, 5, 0.3, "csr", dtype="f4", rng=rng),
        obs=frame[[]],
        obsm={**obsm, "frame": frame, "velocity_umap": rng.normal(size=(N_CELLS, 2))},
        obsp={key.replace("/", "_"): value for key, value in obsp.items()},
    )


@pytest.fixture
def opened(adata, tmp_path, quietly, write_zarr):
    def call(container):
        path = tmp_path / f"graphs.{'zarr' if container == 'zarr' else 'h5ad'}"
        if container == "zarr":
            write_zarr(adata, path, 3)
        elif container != "memory":
            quietly(adata.write_h5ad, path)
        if container == "memory":
            return open_source(adata)
        if container == "backed":
            return open_source(quietly(ad.read_h5ad, path, backed="r"))
        if container == "lazy":
            return open_source(quietly(ad.experimental.read_lazy, path))
        return open_source(path)

    return call


@pytest.mark.parametrize("container", CONTAINERS)
def test_every_container(adata, opened, assert_same, container):
    source = opened(container)
    assert_same(source, adata)
    assert source.catalog.obsp == tuple(sorted(adata.obsp)) or container in ("memory", "backed")
    info = source.matrix("obsp/csc").info
    assert (info.layout, info.shape, info.name) == ("csc", (N_CELLS, N_CELLS), "obsp/csc")


@pytest.mark.parametrize("container", ["h5ad", "zarr"])
def test_a_reader_travels(opened, adata, container):
    reader = pickle.loads(pickle.dumps(opened(container).matrix("obsp/csr")))
    block = reader.read_rows(3, 9)
    wanted = adata.obsp["csr"][3:9]
    np.testing.assert_array_equal(block.indices, wanted.indices)
    np.testing.assert_array_equal(block.data, wanted.data)


@pytest.mark.parametrize("width", [1, 2, 50, 99])
@pytest.mark.parametrize("container", CONTAINERS)
def test_latent_spaces(opened, adata, container, width):
    source = opened(container)
    for key in ("latent_f8", "latent_f2", "latent_i8", "frame"):
        wanted = np.asarray(adata.obsm[key])[5:30, :width]
        part = source.obsm(key, 5, 30, width)
        np.testing.assert_array_equal(part, wanted)
        assert part.flags.c_contiguous
        assert part.dtype == (np.float32 if key == "latent_f2" else np.float64)


@pytest.mark.parametrize("storage", ["h5ad", "memory", "dask"])
def test_a_sparse_embedding_is_passed_over(adata, tmp_path, quietly, storage):
    points = sparse.random(N_CELLS, 3, 0.5, "csr", rng=0)
    adata.obsm["points"] = da.from_array(points, chunks=(20, 3)) if storage == "dask" else points
    x = adata
    if storage == "h5ad":
        x = tmp_path / "sparse.h5ad"
        quietly(adata.write_h5ad, x)
    source = open_source(x)
    assert "points" not in {info.key for info in source.catalog.obsm}
    assert [(info.name, info.shape) for info in source.catalog.sparse] == [("obsm/points", (N_CELLS, 3))]
    with pytest.raises(BadInputError, match=r"'points'.* is sparse; .*toarray"):
        source.obsm("points", 0, 4, 2)


def test_the_place_before_anndata_07(data_dir):
    source = open_source(data_dir / "anndata_v050_pbmc68k.h5ad")
    assert source.catalog.obsp == ("connectivities", "distances")
    old, new = source.matrix("uns/neighbors/connectivities"), source.matrix("obsp/connectivities")
    assert old == new
    assert (new.info.shape, new.info.nnz, new.info.layout) == ((700, 700), 9992, "csr")


@pytest.mark.parametrize("container", ["h5ad", "zarr"])
def test_obsp_comes_before_the_old_place(adata, opened, container):
    adata.uns["neighbors"] = {"connectivities": adata.obsp["csr"] * 2, "params": {"n": 3}, "distances": 1.5}
    source = opened(container)
    assert "connectivities" in source.catalog.obsp
    assert "distances" not in source.catalog.obsp
    adata.obsp["connectivities"] = adata.obsp["csr"]
    source = opened(container)
    assert source.matrix("obsp/connectivities").read_rows(0, 9).data[0] == adata.obsp["csr"].data[0]
    with pytest.raises(BadInputError, match="no matrix 'uns/neighbors/connectivities'"):
        source.matrix("uns/neighbors/connectivities")


def test_what_cannot_be_read_is_passed_over(adata, tmp_path, quietly):
    path = tmp_path / "odd.h5ad"
    quietly(adata.write_h5ad, path)
    with h5py.File(path, "a") as root:
        root["obsp/flat"] = np.arange(N_CELLS)
        root["obsp/text"] = np.full((N_CELLS, N_CELLS), b"x")
        root["obsp/narrow"] = np.zeros((N_CELLS, 3))
        root["obsp"].create_group("coo").attrs["encoding-type"] = "coo_matrix"
        root["obsp/csr"].attrs["shape"] = [N_CELLS, N_CELLS + 1]
    catalog = open_source(path).catalog
    assert set(catalog.obsp) == {"csc", "dense", "a b_c"}
    why = dict(catalog.unreadable)
    assert set(why) == {"obsp/flat", "obsp/text", "obsp/narrow", "obsp/coo", "obsp/csr"}
    assert why["obsp/csr"] == f"its shape is (40, 41), but obs needs {(N_CELLS, N_CELLS)}"
    with pytest.raises(BadInputError, match=r"'obsp/coo' .* 'coo_matrix'"):
        open_source(path).matrix("obsp/coo")
