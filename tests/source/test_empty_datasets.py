"""HDF5 datasets without even a shape (a null dataspace), and attributes of that kind."""

from __future__ import annotations

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source

OBS = ["kind", "number"]
WORDS = "it is an empty HDF5 dataset"


@pytest.fixture
def empty(tmp_path, quietly):
    """A file in which the dataset that is given, or the attribute of it, is empty."""

    def call(key: str, attribute: str = ""):
        obs = pd.DataFrame(
            {"kind": pd.Categorical(list("abab")), "number": np.arange(4.0)}, index=list("wxyz")
        )
        adata = ad.AnnData(sparse.csr_matrix(np.eye(4, 2, dtype="f4")), obs=obs)
        adata.obsm["X_umap"] = np.ones((4, 2))
        adata.obsm["frame"] = pd.DataFrame({"a": np.arange(4.0), "b": np.ones(4)}, index=obs.index)
        adata.layers["dense"] = np.ones((4, 2))
        adata.obsp["graph"] = sparse.csr_matrix(np.eye(4))
        adata.uns |= {"kind_colors": ["#ff0000", "#00ff00"], "numbers": np.ones(3)}
        images, factors = {"hires": np.zeros((2, 2, 3))}, {"tissue_hires_scalef": 0.5}
        adata.uns["spatial"] = {"lib": {"images": images, "scalefactors": factors}}
        quietly(adata.write_h5ad, path := tmp_path / "empty.h5ad")
        with h5py.File(path, "r+") as root:
            if attribute:
                root[key].attrs[attribute] = h5py.Empty("f4")
                return path
            about = dict(root[key].attrs)
            del root[key]
            root[key] = h5py.Empty("f4")
            root[key].attrs.update(about)
        return path

    return call


@pytest.mark.parametrize(
    ("key", "part"),
    [
        ("X/data", "X"),
        ("X/indptr", "X"),
        ("layers/dense", "layers/dense"),
        ("obs/kind/categories", "obs/kind"),
        ("obs/kind/codes", "obs/kind"),
        ("obs/number", "obs/number"),
        ("obsm/X_umap", "obsm/X_umap"),
        ("obsm/frame/a", "obsm/frame/a"),
        ("obsm/frame/_index", "obsm/frame"),
        ("obsp/graph/indices", "obsp/graph"),
        ("uns/kind_colors", "uns/kind_colors"),
        ("uns/spatial/lib/images/hires", "uns/spatial/lib/images/hires"),
    ],
)
def test_a_part_is_left_out_with_the_reason(empty, key, part):
    known = dict(open_source(empty(key)).catalog.unreadable)
    assert list(known) == [part]
    assert WORDS in known[part]


@pytest.mark.parametrize("key", ["obs/_index", "var/_index"])
def test_an_index_ends_it(empty, key):
    with pytest.raises(BadInputError, match=f"{key[:3]} of .* cannot be read: {WORDS}"):
        open_source(empty(key))


@pytest.mark.parametrize("key", ["uns/numbers", "uns/spatial/lib/scalefactors/tissue_hires_scalef"])
def test_what_is_no_array_then_does_not_matter(empty, key):
    catalog = open_source(empty(key)).catalog
    assert not catalog.unreadable
    assert [column.name for column in catalog.obs] == OBS


def test_an_empty_flag_is_false(empty):
    assert not open_source(empty("obs/kind", "ordered")).obs_categories("kind").ordered


def test_an_empty_order_of_columns_names_none(empty):
    assert open_source(empty("obs", "column-order")).catalog.obs == ()


def test_unlinked_labels_that_are_empty_are_none(empty):
    path = empty("uns/numbers")
    with h5py.File(path, "r+") as root:
        root["obs/__categories/number"] = h5py.Empty("f4")
    catalog = open_source(path).catalog
    assert [(column.name, column.kind) for column in catalog.obs] == [
        ("kind", "category"),
        ("number", "float"),
    ]
