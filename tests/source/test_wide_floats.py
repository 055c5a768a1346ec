"""Floats of more than 64 bits: read as float64 everywhere but in matrices, which are refused."""

from __future__ import annotations

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import pytest
import zarr

from karospace_stream import export
from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source

VALUES = np.array([0.5, 1.25, -3.0, np.nan], np.longdouble)

pytestmark = pytest.mark.skipif(VALUES.dtype.itemsize == 8, reason="its long double has 64 bits")


def _base() -> ad.AnnData:
    obs = pd.DataFrame({"kind": pd.Categorical([1.5, 2.0, 1.5, None])}, index=list("wxyz"))
    adata = ad.AnnData(np.ones((4, 2), "f4"), obs=obs)
    adata.obsm["X_umap"] = np.arange(8.0).reshape(4, 2)
    return adata


@pytest.fixture
def path(tmp_path, quietly):
    adata = _base()
    adata.obs["wide"] = np.arange(4.0)
    adata.obsm["frame"] = pd.DataFrame({"a": np.arange(4.0), "b": np.ones(4)}, index=adata.obs_names)
    adata.uns["numbers"] = np.arange(4.0)
    quietly(adata.write_h5ad, path := tmp_path / "wide.h5ad")
    with h5py.File(path, "r+") as root:
        for key in ("obs/wide", "obsm/frame/a", "uns/numbers", "obs/kind/categories"):
            about = dict(root[key].attrs)
            del root[key]
            root[key] = np.array([1.5, 2.0], np.longdouble) if key.endswith("categories") else VALUES
            root[key].attrs.update(about)
    return path


def test_they_are_read_as_float64(path):
    source = open_source(path)
    assert not source.catalog.unreadable
    kinds = {info.name: info.dtype for info in source.catalog.obs}
    assert kinds == {"kind": "int8", "wide": "float64"}
    wide = source.obs_column("wide", 0, 4).values
    assert wide.dtype == np.float64
    np.testing.assert_array_equal(wide, VALUES.astype("f8"))
    assert source.obs_column("kind", 0, 4).categories == ("1.5", "2.0")
    assert source.obs_categories("kind").values.dtype == np.float64
    np.testing.assert_array_equal(source.obsm_column("frame", "a", 0, 4).values, VALUES.astype("f8"))
    assert source.uns_array("numbers").dtype == np.float64


def test_every_format_takes_them(path, tmp_path):
    for name in ("karospace", "cellucid", "anndata"):
        export(path, tmp_path / name, format=name, anno="all", uns=["numbers"] if name == "anndata" else None)
    store = zarr.open_group(tmp_path / "anndata", mode="r")
    np.testing.assert_array_equal(store["obs/wide"][:], VALUES.astype("f8"))
    np.testing.assert_array_equal(store["obs/kind/categories"][:], [1.5, 2.0])
    np.testing.assert_array_equal(store["obsm/frame/a"][:], VALUES.astype("f8"))
    np.testing.assert_array_equal(store["uns/numbers"][:], VALUES.astype("f8"))


def test_a_value_beyond_float64_is_infinite(path):
    with h5py.File(path, "r+") as root:
        root["obs/wide"][1] = np.longdouble("1e4000")
    assert open_source(path).obs_column("wide", 0, 4).values[1] == np.inf


def test_in_memory():
    adata = _base()
    adata.obs["wide"] = pd.Series(VALUES, index=adata.obs_names)
    adata.uns["numbers"] = VALUES
    source = open_source(adata)
    assert {info.name: info.dtype for info in source.catalog.obs}["wide"] == "float64"
    np.testing.assert_array_equal(source.obs_column("wide", 1, 4).values, VALUES[1:].astype("f8"))
    assert source.uns_array("numbers").dtype == np.float64


def test_a_matrix_of_them_is_refused(path):
    with h5py.File(path, "r+") as root:
        del root["X"]
        root["X"] = np.ones((4, 2), np.longdouble)
    with pytest.raises(BadInputError, match=r"X must hold numbers of at most 64 bits, got float"):
        open_source(path).matrix("X")
