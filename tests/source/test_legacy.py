"""Encodings of anndata 0.5 to 0.7, written here by hand as those versions wrote them."""

from __future__ import annotations

import anndata as ad
import h5py
import numpy as np
import pytest
import zarr
from scipy import sparse

from karospace_stream.source import open_source

X = sparse.random(6, 4, 0.5, "csr", dtype="f4", rng=0)


def write_h5sparse(root, key, matrix):
    group = root.create_group(key)
    group.attrs["h5sparse_format"] = matrix.format
    group.attrs["h5sparse_shape"] = np.array(matrix.shape)
    for part in ("data", "indices", "indptr"):
        group.create_dataset(part, data=getattr(matrix, part), maxshape=(None,))


@pytest.fixture
def version_05(tmp_path):
    """Compound obs, var and obsm; categories in uns; raw.X at the root."""
    obs = np.zeros(6, [("index", "S4"), ("kind", "i1"), ("single", "i1"), ("n", "<i4"), ("shared", "i4")])
    obs["index"] = [b"c%d" % i for i in range(6)]
    obs["kind"] = [0, 1, -1, 1, 0, 2]
    obs["n"] = range(6)
    obs["shared"] = [5, 6, 7, 8, 9, 10]
    var = np.zeros(4, [("index", "S6"), ("shared", "i1"), ("on", "?")])
    var["index"], var["shared"] = [b"g0", b"g1", "gü".encode(), b"g3"], [0, 1, 1, 0]
    obsm = np.zeros(6, [("X_umap", "<f8", (2,)), ("X_one", "<f4"), ("text", "S3", (2,))])
    obsm["X_umap"], obsm["X_one"] = np.arange(12).reshape(6, 2), np.arange(6)
    path = tmp_path / "v05.h5ad"
    with h5py.File(path, "w") as root:
        root.create_dataset("obs", data=obs, chunks=(4,), compression="gzip")
        root["var"], root["obsm"], root["raw.var"] = var, obsm, var[:3]
        write_h5sparse(root, "X", X)
        root["raw.X"] = np.arange(18, dtype=">f8").reshape(6, 3)
        root["uns/kind_categories"] = np.array([b"A", "Bé".encode(), b"C"])
        root["uns/single_categories"] = b"only"
        root["uns/shared_categories"] = np.array([b"low", b"high"])
        root["uns/kind_colors"] = np.array([b"#ff0000", b"#00ff00", b"#0000ff"])
    return open_source(path)


def test_version_05(version_05):
    source = version_05
    catalog = source.catalog
    assert (catalog.n_cells, catalog.n_genes) == (6, 4)
    assert catalog.unreadable[0][0] == "obsm/text"
    assert len(catalog.unreadable) == 1
    assert source.obs_names(1, 4).tolist() == ["c1", "c2", "c3"]
    assert source.var_names().tolist() == ["g0", "g1", "gü", "g3"]
    assert [(info.name, info.kind) for info in catalog.obs] == [
        ("kind", "category"),
        ("single", "category"),
        ("n", "integer"),
        ("shared", "integer"),  # its list in uns is that of var: the codes here do not fit
    ]
    assert source.var_column("shared").categories == ("low", "high")
    assert source.var_column("on").values.tolist() == [False] * 4
    kind = source.obs_column("kind", 1, 6)
    assert kind.categories == ("A", "Bé", "C")
    assert kind.values.tolist() == [1, -1, 1, 0, 2]
    assert source.obs_column("single", 0, 2).categories == ("only",)
    assert source.uns_colors("kind") == ("#ff0000", "#00ff00", "#0000ff")
    assert source.obsm("X_umap", 2, 5, 1).tolist() == [[4.0], [6.0], [8.0]]
    assert source.obsm("X_one", 2, 4, 2).tolist() == [[2.0], [3.0]]


def test_version_05_matrices(version_05):
    block = version_05.matrix("X").read_rows(0, 6)
    np.testing.assert_array_equal(
        sparse.csr_array((block.data, block.indices, block.indptr), shape=(6, 4)).toarray(), X.toarray()
    )
    raw = version_05.matrix("raw")
    assert raw.info.shape == (6, 3)
    assert raw.read_rows(2, 4).data.tolist() == [[6.0, 7.0, 8.0], [9.0, 10.0, 11.0]]
    assert version_05.var_names(raw=True).tolist() == ["g0", "g1", "gü"]


def write_frame_01(group, index, columns):
    """The data frame of anndata 0.7.0: codes that point to a list in ``__categories``."""
    group.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.1.0", "_index": "names"})
    group.attrs["column-order"] = list(columns)
    group["names"] = index
    for name, (values, categories) in columns.items():
        group[name] = values
        if categories is not None:
            group[f"__categories/{name}"] = categories
            group[f"__categories/{name}"].attrs["ordered"] = False
            is_hdf5 = isinstance(group, h5py.Group)
            group[name].attrs["categories"] = (
                group[f"__categories/{name}"].ref if is_hdf5 else f"__categories/{name}"
            )


def test_version_070_h5ad(tmp_path):
    path = tmp_path / "v070.h5ad"
    with h5py.File(path, "w") as root:
        root.attrs["encoding-type"] = "anndata"
        columns = {"kind": (np.array([0, -1, 1], "i1"), np.array([b"x", b"y"])), "n": (np.arange(3), None)}
        write_frame_01(root.create_group("obs"), np.array([b"a", b"b", b"c"]), columns)
        write_frame_01(root.create_group("var"), np.array([b"g"]), {})
        root["X"] = np.arange(3, dtype=">i2").reshape(3, 1)
    _check_070(open_source(path))


def test_version_070_zarr(tmp_path):
    path = tmp_path / "v070.zarr"
    root = zarr.open_group(path, mode="w", zarr_format=2)
    root.attrs["encoding-type"] = "anndata"
    columns = {"kind": (np.array([0, -1, 1], "i1"), np.array(["x", "y"])), "n": (np.arange(3), None)}
    write_frame_01(root.create_group("obs"), np.array(["a", "b", "c"]), columns)
    write_frame_01(root.create_group("var"), np.array(["g"]), {})
    root["X"] = np.arange(3, dtype=">i2").reshape(3, 1)
    _check_070(open_source(path))


def _check_070(source):
    assert source.catalog.unreadable == ()
    assert [(info.name, info.kind) for info in source.catalog.obs] == [("kind", "category"), ("n", "integer")]
    kind = source.obs_column("kind", 0, 3)
    assert (kind.categories, kind.values.tolist()) == (("x", "y"), [0, -1, 1])
    assert source.obs_names(0, 3).tolist() == ["a", "b", "c"]
    assert source.matrix("X").read_rows(1, 3).data.tolist() == [[1], [2]]
    assert source.catalog.matrix.dtype == "int16"


def test_compound_zarr(tmp_path):
    """anndata 0.6 wrote structured arrays to Zarr 2."""
    path = tmp_path / "v06.zarr"
    root = zarr.open_group(path, mode="w", zarr_format=2)
    obs = np.zeros(3, [("index", "S2"), ("kind", "i1"), ("x", "<f4")])
    obs["index"], obs["kind"], obs["x"] = [b"a", b"b", b"c"], [1, 0, -1], [1, 2, 3]
    var = np.array([(b"g",)], [("index", "S2")])
    for name, values in (("obs", obs), ("var", var)):
        array = root.create_array(name, shape=values.shape, dtype=values.dtype, chunks=(2,))
        array[:] = values
    root["uns/kind_categories"] = np.array(["p", "q"])
    root["X"] = np.ones((3, 1), "f4")
    source = open_source(path)
    assert source.obs_names(0, 3).tolist() == ["a", "b", "c"]
    column = source.obs_column("kind", 0, 3)
    assert (column.categories, column.values.tolist()) == (("p", "q"), [1, 0, -1])
    assert source.obs_column("x", 1, 3).values.tolist() == [2.0, 3.0]


def test_lists_in_uns_of_newer_files(tmp_path):
    """As in anndata 0.12, they count only where obs is a compound array."""
    adata = ad.AnnData(np.ones((3, 1), "f4"), uns={"kind_categories": np.array(["p", "q"])})
    adata.obs["kind"] = [0, 1, 0]
    adata.write_h5ad(tmp_path / "x.h5ad")
    assert ad.read_h5ad(tmp_path / "x.h5ad").obs["kind"].tolist() == [0, 1, 0]
    column = open_source(tmp_path / "x.h5ad").obs_column("kind", 0, 3)
    assert (column.kind, column.values.tolist()) == ("integer", [0, 1, 0])
