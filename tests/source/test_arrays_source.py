"""Arrays that are passed one by one: every origin, and refusals."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata as ad
import dask.array as da
import h5py
import numpy as np
import pandas as pd
import pytest
import zarr
from anndata.experimental import read_lazy
from scipy import sparse

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.model.matrix import DenseBlock
from karospace_stream.source.hdf5.array import H5Array
from karospace_stream.source.memory.arrays_source import ArrayInputs, open_arrays
from karospace_stream.source.zarr.array import ZarrArray

N, G = 40, 7
DENSE = sparse.random(N, G, 0.4, "csr", dtype="f4", random_state=0).toarray()
OBS = pd.DataFrame({"n": np.arange(N)}, index=[f"c{i}" for i in range(N)])
VAR = pd.DataFrame({"id": [f"id{i}" for i in range(G)]}, index=[f"g{i}" for i in range(G)])


@pytest.fixture
def stored(tmp_path: Path, quietly: Callable[..., Any]) -> Path:
    """An AnnData in both containers, its matrix in each layout as a layer."""
    layers = {"csr": sparse.csr_matrix(DENSE), "csc": sparse.csc_matrix(DENSE), "dense": DENSE}
    adata = ad.AnnData(sparse.csr_matrix(DENSE), OBS, VAR, layers=layers, obsm={"X_pca": DENSE[:, :5]})
    quietly(adata.write_h5ad, tmp_path / "a.h5ad")
    quietly(adata.write_zarr, tmp_path / "a.zarr")
    return tmp_path


def opened(X: Any = None, **given: Any) -> Any:
    return open_arrays(ArrayInputs(**{"obs": OBS, "var": VAR, "gene_expression": X, **given}))


def whole(reader: Any) -> np.ndarray:
    n_rows, n_columns = reader.info.shape
    if reader.info.gene_major:
        band = reader.read_genes(0, n_columns)
        return sparse.csc_array((band.data, band.rows, band.indptr), shape=(n_rows, n_columns)).toarray()
    block = reader.read_rows(0, n_rows)
    if isinstance(block, DenseBlock):
        return block.data
    return sparse.csr_array((block.data, block.indices, block.indptr), shape=(n_rows, n_columns)).toarray()


IN_MEMORY: dict[str, Callable[[np.ndarray], Any]] = {
    "rows": np.ascontiguousarray,
    "columns": np.asfortranarray,
    "matrix": lambda x: x.view(np.matrix),
    "big endian": lambda x: x.astype(">f4"),
    **{
        f"{form} {kind}": getattr(sparse, f"{form}_{kind}")
        for form in ("csr", "csc", "coo", "lil", "dok", "bsr", "dia")
        for kind in ("matrix", "array")
    },
    "Dask": lambda x: da.from_array(x, chunks=(9, 3)),
    "Dask of CSR": lambda x: da.from_array(x, chunks=(9, G)).map_blocks(sparse.csr_matrix),
}


@pytest.mark.parametrize("kind", IN_MEMORY)
def test_matrices_in_memory_or_lazy(kind: str) -> None:
    source = opened(IN_MEMORY[kind](DENSE), connectivities=IN_MEMORY[kind](DENSE @ DENSE.T))
    assert source.catalog.container == "memory"
    np.testing.assert_array_equal(whole(source.matrix("X")), DENSE)
    np.testing.assert_array_equal(whole(source.matrix("obsp/connectivities")), DENSE @ DENSE.T)


@pytest.mark.parametrize("convert", [np.ascontiguousarray, sparse.csr_matrix, sparse.csc_array])
def test_memory_is_shared(convert: Callable[..., Any]) -> None:
    given = convert(DENSE)
    reader = opened(given).matrix("X")
    mine = reader.data.values if sparse.issparse(given) else reader.values.values
    assert np.shares_memory(mine, given.data if sparse.issparse(given) else given)


@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("container", ["h5ad", "zarr"])
@pytest.mark.few(5)
def test_members_of_open_files(stored: Path, container: str, wrapped: bool, layout: str) -> None:
    path = stored / f"a.{container}"
    root = h5py.File(path) if container == "h5ad" else zarr.open_group(path, mode="r")
    node = root[f"layers/{layout}"]
    member = ad.io.sparse_dataset(node) if wrapped and layout != "dense" else node
    source = opened(member, obsm={"X_pca": root["obsm/X_pca"]})
    if container == "h5ad":
        root.close()
    source = pickle.loads(pickle.dumps(source))
    assert source.catalog.container == container
    reader = source.matrix("X")
    np.testing.assert_array_equal(whole(reader), DENSE)
    np.testing.assert_array_equal(source.obsm("X_pca", 3, 9, 5), DENSE[3:9, :5])
    assert isinstance(reader.values if layout == "dense" else reader.data, H5Array | ZarrArray)


def test_a_zarr_array_that_lies_alone(tmp_path: Path) -> None:
    alone = zarr.create_array(tmp_path / "alone.zarr", data=DENSE, chunks=(9, 3))
    source = pickle.loads(pickle.dumps(opened(alone, obsm={"latent": alone})))
    np.testing.assert_array_equal(whole(source.matrix("X")), DENSE)
    np.testing.assert_array_equal(source.obsm("latent", 0, N, G), DENSE)


def test_a_store_that_changes_between_two_calls(tmp_path: Path) -> None:
    for number in (1, 2):
        alone = zarr.create_array(
            tmp_path / "x.zarr", data=DENSE * number, chunks=(9 * number, 3), overwrite=True
        )
        np.testing.assert_array_equal(whole(opened(alone).matrix("X")), DENSE * number)


def test_changes_that_a_backed_object_has_not_written_yet(stored: Path, quietly: Callable[..., Any]) -> None:
    backed = quietly(ad.read_h5ad, stored / "a.h5ad", backed="r+")
    try:
        member = backed.file._file["layers/dense"]
        member[3, 2] = 42
        assert whole(opened(member).matrix("X"))[3, 2] == 42
    finally:
        backed.file.close()


@pytest.mark.parametrize("container", ["h5ad", "zarr"])
def test_members_of_a_lazy_object(stored: Path, container: str, quietly: Callable[..., Any]) -> None:
    lazy = quietly(read_lazy, stored / f"a.{container}")
    source = opened(
        lazy.layers["csr"], obs=lazy.obs, var=lazy.var, gene_ids="id", obsm={"p": lazy.obsm["X_pca"]}
    )
    np.testing.assert_array_equal(whole(source.matrix("X")), DENSE)
    np.testing.assert_array_equal(source.obs_column("n", 5, 9).values, np.arange(5, 9))
    np.testing.assert_array_equal(source.obsm("p", 5, 9, 2), DENSE[5:9, :2])
    assert source.var_names().tolist() == [f"id{i}" for i in range(G)]
    assert source.obs_names(1, 3).tolist() == ["c1", "c2"]


ENTRIES: dict[str, Callable[[np.ndarray], Any]] = {
    **IN_MEMORY,
    "list": np.ndarray.tolist,
    "frame": pd.DataFrame,
    "integers": lambda x: x.astype(int),
    "half": lambda x: x.astype(np.float16),
}


@pytest.mark.parametrize("kind", ENTRIES)
def test_embeddings(kind: str) -> None:
    values = np.round(DENSE * 8)
    source = opened(obsm={"latent": ENTRIES[kind](values), "line": values[:, 0]})
    assert {entry.key: entry.n_columns for entry in source.catalog.obsm} == {"latent": G, "line": 1}
    read = source.obsm("latent", 5, 17, 4)
    np.testing.assert_array_equal(read, values[5:17, :4])
    assert read.flags.c_contiguous
    assert read.dtype in (np.float32, np.float64)


def refused(error: type[Exception], match: str, **given: Any) -> None:
    with pytest.raises(error, match=match) as caught:
        opened(**given)
    assert "\n" not in str(caught.value)


def test_what_is_no_matrix() -> None:
    for values, match in (
        (DENSE.tolist(), "gene_expression: it must be .* got builtins.list"),
        (pd.DataFrame(DENSE), "it must be .* got pandas.*DataFrame"),
        (np.ma.masked_less(DENSE, 0.5), "masked"),
        (DENSE.astype(object), "X must hold numbers of at most 64 bits, got object"),
        (DENSE.astype(complex), "X must hold numbers of at most 64 bits, got complex"),
        (DENSE[0], r"must be cells x genes, got shape \(7,\)"),
        (DENSE[1:], r"has shape \(39, 7\), but obs and var have \(40, 7\)"),
        (da.from_array(DENSE)[da.from_array(DENSE[:, 0]) > 0], "must have a known number of cells and genes"),
    ):
        refused(BadInputError, match, X=values)
    refused(BadInputError, r"connectivities has shape \(40, 7\)", X=DENSE, connectivities=DENSE)


def test_what_is_no_embedding(stored: Path) -> None:
    with h5py.File(stored / "a.h5ad") as root:
        refused(BadInputError, "must be CSR or a dense array, got CSC", obsm={"k": root["layers/csc"]})
    for values, match in (
        (object(), "k: it must be .* got builtins.object"),
        (DENSE[1:], "k has 39 rows, but obs has 40 cells"),
        (DENSE.astype(str), "must hold numbers, got text"),
        (DENSE[:, :, None], "an array of numbers"),
        (np.empty((N, 0)), "at least one column"),
        (da.from_array(DENSE)[da.from_array(DENSE[:, 0]) > 0], "its number of rows must be known"),
        (pd.DataFrame({"x": ["a"] * N, "y": 1}), "every column of a data frame must hold numbers"),
    ):
        refused(BadInputError, match, obsm={"k": values})
    refused(
        BadInputError,
        r"vector_fields\['k'\] has 39 rows",
        obsm={"k": DENSE[1:]},
        arguments={"k": "vector_fields['k']"},
    )


def test_files_that_no_task_could_open(stored: Path) -> None:
    root = h5py.File(stored / "a.h5ad")
    member = root["layers/dense"]
    root.close()
    refused(BadInputError, "closed; open it again", obsm={"k": member})
    with h5py.File(io.BytesIO(), "w") as floating:
        refused(
            BadInputError, "must be in an HDF5 file on a disk", X=floating.create_dataset("x", data=DENSE)
        )
    memory = zarr.create_array(zarr.storage.MemoryStore(), data=DENSE)
    refused(BadInputError, "MemoryStore", X=memory)


COLUMNS: list[tuple[Any, tuple[str, ...] | None]] = [
    ([1, 2] * 20, None),
    (np.arange(N, dtype=np.float16), None),
    (pd.array([1, None] * 20, dtype="Int8"), None),
    (np.array([10, 9] * 20, object), ("9", "10")),
    (np.array([True, False] * 20, object), ("False", "True")),
    ([True] * N, ("True",)),
    (pd.array([True, None] * 20, dtype="boolean"), ("True",)),
    (["b", "", "a", None] * 10, ("", "a", "b")),
    (np.array([1, "1"] * 20, object), ("1", "1")),
    ([None] * N, ()),
    (pd.to_datetime(["2020-01-02", "2020-01-01"] * 20), ("2020-01-01 00:00:00", "2020-01-02 00:00:00")),
    (pd.Categorical([1.5] * N, [1.5, 1.0]), ("1.5", "1.0")),
]


@pytest.mark.parametrize(("values", "categories"), COLUMNS)
def test_the_type_of_a_column_decides(values: Any, categories: tuple[str, ...] | None) -> None:
    source = opened(obs=pd.DataFrame({"a/b <i>": values}))
    column = source.obs_column("a/b <i>", 0, N)
    assert column.categories == categories
    assert (column.kind == "category") == (categories is not None)
    if categories:
        series = pd.Series(values)
        names = np.array([*categories, "missing"])[column.values]
        assert names.tolist() == [
            "missing" if gone else str(v) for v, gone in zip(series, series.isna(), strict=True)
        ]


def test_columns_come_in_the_requested_order() -> None:
    obs = pd.DataFrame({"a": 1.0, "b": 2, 3: "x"}, index=range(N))
    assert [info.name for info in opened(obs=obs).catalog.obs] == ["a", "b", "3"]
    assert [info.name for info in opened(obs=obs, obs_keys=[3, "a"]).catalog.obs] == ["3", "a"]
    assert opened(obs=obs, obs_keys=[]).catalog.obs == ()


def test_columns_that_are_refused() -> None:
    twice = pd.DataFrame(np.zeros((N, 2)), columns=["a", "a"])
    refused(BadInputError, "more than one column called 'a'", obs=twice)
    refused(BadInputError, "var has more than one column called 'a'", X=DENSE, var=twice[:G])
    refused(BadInputError, r"obs\['z'\] cannot be exported: .*complex", obs=OBS.assign(z=1j))
    refused(BadInputError, r"obs\['z'\] cannot be exported: unhashable", obs=OBS.assign(z=[[1]] * N))
    refused(BadInputError, "obs must be a pandas data frame, got builtins.dict", obs={"n": [1]})
    refused(BadInputError, "var must be a pandas data frame, got builtins.list", X=DENSE, var=["a"] * G)
    refused(BadOptionError, "no column 'm'; it has 'n'", obs_keys=["m"])
    refused(BadOptionError, "'n' twice", obs_keys=["n", "n"])
    refused(BadOptionError, r"write \['n'\]", obs_keys="n")
    refused(BadOptionError, "var has no column 'name'; it has 'id'", X=DENSE, gene_ids="name")
    # A column that is not requested may be anything.
    assert len(opened(obs=OBS.assign(z=1j), obs_keys=["n"]).catalog.obs) == 1


def test_names_of_genes() -> None:
    var = pd.DataFrame(
        {"index": "no", "number": np.arange(G) / 2, "gone": ["a", None, "b", "c", "d", "", "e"]}
    )
    assert opened(DENSE, var=var).var_names().tolist() == [str(i) for i in range(G)]
    assert opened(DENSE, var=var, gene_ids="number").var_names().tolist() == [str(i / 2) for i in range(G)]
    column = opened(DENSE, var=var, gene_ids="gone").var_column("gone")
    assert column.missing is not None
    assert column.missing.tolist() == [False, True, *[False] * 5]
    assert opened(var=["not looked at"]).catalog.n_genes == 0
