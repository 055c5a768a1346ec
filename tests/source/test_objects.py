"""AnnData objects: in memory, views, backed, lazy."""

from __future__ import annotations

import pickle

import anndata as ad
import dask.array as da
import numpy as np
import pandas as pd
import pytest
from anndata.experimental import read_lazy
from scipy import sparse

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source

LAZY_FILES = ["cellrank_adata_50", "scp_indexed_by_gene_id", "soma_pbmc_small", "squidpy_visium_test_data"]


def test_in_memory(real_adata, assert_same, quietly):
    source = open_source(real_adata)
    assert (source.catalog.container, source.catalog.location) == ("memory", "<AnnData in memory>")
    assert_same(source, real_adata)


def test_a_view(real_adata, assert_same, quietly):
    view = quietly(lambda: real_adata[1::3, ::-2])
    assert_same(quietly(open_source, view), view)


def test_in_memory_shares_the_values(quietly):
    adata = ad.AnnData(sparse.random(9, 5, 0.5, "csr", dtype="f4", rng=0))
    block = open_source(adata).matrix("X").read_rows(0, 9)
    assert np.shares_memory(block.data, adata.X.data)


@pytest.mark.parametrize(
    "convert", [sparse.csr_array, sparse.csc_array, sparse.csr_matrix, np.asfortranarray]
)
def test_kinds_of_matrices(convert):
    values = sparse.random(9, 5, 0.5, "csr", dtype="f4", rng=0).toarray()
    reader = open_source(ad.AnnData(convert(values))).matrix("X")
    assert reader.info.gene_major == (convert in (sparse.csc_array, np.asfortranarray))
    if reader.info.gene_major:
        band = reader.read_genes(1, 4)
        found = sparse.csc_array((band.data, band.rows, band.indptr), shape=(9, 3)).toarray()
        np.testing.assert_array_equal(found, values[:, 1:4])


@pytest.mark.parametrize("mode", ["r", "r+"])
def test_backed(data_dir, mode, tmp_path, assert_same, quietly):
    path = tmp_path / "backed.h5ad"
    path.write_bytes((data_dir / "cellrank_adata_50.h5ad").read_bytes())
    whole = quietly(ad.read_h5ad, path)
    backed = quietly(ad.read_h5ad, path, backed=mode)
    backed.obs["new"] = whole.obs["new"] = np.arange(50)
    try:
        source = open_source(backed)
        assert (source.catalog.container, source.catalog.location) == ("h5ad", str(path))
        assert_same(pickle.loads(pickle.dumps(source)), whole)
        view = backed[:10]
        with pytest.raises(
            BadInputError, match=r"is a view of one backed by .*backed\.h5ad.*\.to_memory\(\)"
        ):
            open_source(view)
    finally:
        backed.file.close()


def test_backed_sees_what_was_written_to_x(tmp_path):
    path = tmp_path / "backed.h5ad"
    ad.AnnData(np.zeros((4, 3), "f4")).write_h5ad(path)
    backed = ad.read_h5ad(path, backed="r+")
    try:
        backed.X[2, 1] = 7
        assert open_source(backed).matrix("X").read_rows(2, 3).data.tolist() == [[0, 7, 0]]
    finally:
        backed.file.close()


@pytest.mark.parametrize(
    ("name", "container"), [*((name, "h5ad") for name in LAZY_FILES), ("squidpy_visium_test_data", "zarr")]
)
@pytest.mark.few(2)
def test_lazy(data_dir, name, container, tmp_path, assert_same, quietly):
    path = data_dir / f"{name}.h5ad"
    adata = quietly(ad.read_h5ad, path)
    if container == "zarr":
        path = tmp_path / "lazy.zarr"
        quietly(adata.write_zarr, path)
    lazy = quietly(read_lazy, path)
    try:
        source = quietly(open_source, lazy)
        reader = source.matrix("X")
        assert reader.lazy() is lazy.X
        assert reader.info.layout == ("csr" if sparse.issparse(adata.X) else "dense")
        quietly(assert_same, source, adata)
    finally:
        if container == "h5ad":
            lazy.file.close()


def test_lazy_index_that_is_not_loaded(data_dir, quietly):
    path = data_dir / "squidpy_visium_test_data.h5ad"
    lazy = quietly(read_lazy, path, load_annotation_index=False)
    names = quietly(ad.read_h5ad, path).obs_names
    assert quietly(open_source, lazy).obs_names(3, 8).tolist() == names[3:8].tolist()
    lazy.file.close()


def test_lazy_kinds_of_columns(tmp_path, quietly):
    obs = pd.DataFrame(
        {
            "int": pd.array([1, None, 3, 4], "Int32"),
            "bool": pd.array([True, None, False, True], "boolean"),
            "category": pd.Categorical(["a", None, "b", "c"]),
            "text": ["p", "q", "r", "s"],
        },
        index=list("wxyz"),
    )
    ad.AnnData(np.ones((4, 2), "f4"), obs=obs).write_h5ad(tmp_path / "x.h5ad")
    lazy = quietly(read_lazy, tmp_path / "x.h5ad")
    source = open_source(lazy)
    kinds = {info.name: (info.kind, info.dtype, info.n_categories) for info in source.catalog.obs}
    assert kinds == {
        "int": ("integer", "int32", None),
        "bool": ("bool", "bool", None),
        "category": ("category", "int32", 3),
        "text": ("string", "str", None),
    }
    assert source.obs_column("int", 1, 3).missing.tolist() == [True, False]
    assert source.obs_column("bool", 2, 4).values.tolist() == [False, True]
    category = source.obs_column("category", 1, 3)
    assert (category.categories, category.values.tolist()) == (("a", "b", "c"), [-1, 1])
    assert source.obs_column("text", 1, 3).values.tolist() == ["q", "r"]
    with pytest.raises(
        BadInputError, match="lazy AnnData over an open HDF5 file cannot be sent to another process"
    ):
        pickle.dumps(source)
    lazy.file.close()


def test_lazy_log1p_on_top(data_dir, quietly):
    path = data_dir / "soma_visium.h5ad"
    lazy, adata = quietly(read_lazy, path), quietly(ad.read_h5ad, path)
    lazy.X = lazy.X.map_blocks(np.log1p, dtype="f4", meta=sparse.csr_matrix((0, 0), dtype="f4"))
    reader = quietly(open_source, lazy).matrix("X")
    assert reader.info.nnz is None
    block = reader.read_rows(990, 1010)  # across two of the blocks of 1,000 rows
    found = sparse.csr_array((block.data, block.indices, block.indptr), shape=(20, 100))
    np.testing.assert_array_equal(found.toarray(), np.log1p(adata.X[990:1010].toarray()))
    lines = np.array([0, 1, 999, 1000, 2695])
    np.testing.assert_array_equal(reader.count_before(lines), adata.X.indptr[lines])
    lazy.file.close()


@pytest.mark.parametrize(
    ("chunks", "blocks", "layout", "gene_major"),
    [
        ((4, 6), np.asarray, "dense", False),
        ((9, 2), np.asarray, "dense", True),
        ((4, 6), sparse.csr_matrix, "csr", False),
        ((9, 2), sparse.csc_matrix, "csc", True),
        ((4, 6), sparse.csc_matrix, "csr", False),
    ],
)
def test_dask_layouts(chunks, blocks, layout, gene_major):
    values = sparse.random(9, 6, 0.5, "csr", dtype="f4", rng=0).toarray()
    x = da.from_array(values, chunks=chunks).map_blocks(
        blocks, dtype="f4", meta=blocks(np.zeros((0, 0), "f4"))
    )
    reader = open_source(ad.AnnData(x, layers={"two": x})).matrix("layers/two")
    assert (reader.info.layout, reader.info.gene_major) == (layout, gene_major)
    if gene_major:
        band = reader.read_genes(1, 5)
        assert reader.count_before(np.array([0, 6]))[0] == 0
        found = sparse.csc_array((band.data, band.rows, band.indptr), shape=(9, 4)).toarray()
        np.testing.assert_array_equal(found, values[:, 1:5])
    else:
        block = reader.read_rows(2, 7)
        found = block.data
        if layout == "csr":
            found = sparse.csr_array((block.data, block.indices, block.indptr), shape=(5, 6)).toarray()
        np.testing.assert_array_equal(found, values[2:7])


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (np.ones((4, 2), "c8"), "complex64"),
        (np.ma.masked_array(np.ones((4, 2))), r"numpy\.ma\.MaskedArray"),
        (da.ones((4, 2), dtype="c8"), "complex64"),
    ],
)
def test_other_arrays_are_refused_in_words(x, words):
    adata = ad.AnnData(np.ones((4, 2), "f4"))
    adata.layers["odd"] = x
    source = open_source(adata)
    with pytest.raises(BadInputError, match=rf"layers/odd.* cannot be read: .*{words}"):
        source.matrix("layers/odd")
    assert source.matrix("X").read_rows(0, 1).data.tolist() == [[1, 1]]


def test_columns_that_only_memory_can_hold():
    obs = pd.DataFrame(index=list("wxyz"))
    obs["objects"] = pd.Series([True, None, False, True], index=obs.index, dtype=object)
    obs["numbers"] = pd.Series([1, None, 2.5, 4], index=obs.index, dtype=object)
    obs["mixed"] = pd.Series(["a", 1, None, ("t",)], index=obs.index, dtype=object)
    obs["when"] = pd.to_datetime(["2024-01-02", None, "2024-01-03", "2024-01-04"])
    obs[7] = range(4)
    obs["span"] = pd.cut([1, 5, 9, np.nan], [0, 4, 8, 12])
    adata = ad.AnnData(np.ones((4, 1), "f4"))
    adata.obs_names = obs.index
    adata._obs = obs  # assigning it makes every name a string
    source = open_source(adata)
    assert source.catalog.unreadable == ()
    read = {info.name: source.obs_column(info.name, 0, 4) for info in source.catalog.obs}
    assert read["objects"].kind == "bool"
    assert read["objects"].missing.tolist() == [False, True, False, False]
    assert read["numbers"].kind == "float"
    np.testing.assert_array_equal(read["numbers"].values, [1, np.nan, 2.5, 4])
    assert read["mixed"].values.tolist() == ["a", "1", "", "('t',)"]
    assert read["when"].values.tolist() == ["2024-01-02", "", "2024-01-03", "2024-01-04"]
    assert read["7"].values.tolist() == [0, 1, 2, 3]
    assert read["span"].categories == ("(0, 4]", "(4, 8]", "(8, 12]")


def test_colours_in_a_plain_list():
    adata = ad.AnnData(
        np.ones((4, 1), "f4"), uns={"kind_colors": ["red", "#00ff00"], "rgb_colors": np.ones((2, 3))}
    )
    source = open_source(adata)
    assert source.uns_colors("kind") == ("red", "#00ff00")
    assert source.uns_colors("rgb") == ((1.0, 1.0, 1.0),) * 2
    assert source.uns_colors("nix") is None


def test_what_is_no_anndata():
    with pytest.raises(BadInputError, match="input must be a path, a URL or an AnnData, got dict"):
        open_source({})  # type: ignore[arg-type]
