"""Gene-major AnnData stores, read back by anndata itself and compared with what went in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
import zarr
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadOptionError
from tests.e2e.support import contents
from tests.e2e.test_same_bytes import LARGE, SMALL, differing

ODD = 2**24 + 1  # the first whole number that float32 rounds


def hard_matrix(kind: str) -> Any:
    """Values that are stored twice, stored zeros, unsorted rows, counts that float32 rounds, tiny ones."""
    rng = np.random.default_rng(0)
    matrix = sparse.random_array((500, 400), density=0.4, format="csr", rng=rng, dtype="float64")
    matrix = sparse.csr_matrix(matrix)
    if kind == "counts":
        matrix.data = rng.integers(1, 50, matrix.nnz).astype("int64")
        matrix.data[7] = ODD
    elif kind == "fractions":
        matrix.data[7], matrix.data[11] = ODD, 1e-60
    elif kind == "float32":
        matrix = matrix.astype("float32")
    matrix.data[[3, 100, 101]] = 0
    twice = matrix[0]
    matrix = sparse.csr_matrix(
        (
            np.concatenate([twice.data[::-1], matrix.data]),
            np.concatenate([twice.indices[::-1], matrix.indices]),
            np.concatenate([[0], matrix.indptr[1:] + twice.nnz]),
        ),
        shape=matrix.shape,
    )
    assert not matrix.has_canonical_format
    return matrix


def truth(matrix: Any) -> np.ndarray:
    """Repeats are summed in the source's type; then float32, or float64 for whole numbers above 2**24."""
    dense = matrix.toarray() if sparse.issparse(matrix) else matrix
    wide = dense.dtype.itemsize > 4 and bool((dense == np.floor(dense)).all()) and np.abs(dense).max() > 2**24
    return dense.astype("float64" if wide else "float32")


def adata_of(matrix: Any) -> anndata.AnnData:
    n_cells, n_genes = matrix.shape
    obs = pd.DataFrame(
        {
            "kind": pd.Categorical(np.array(["B", "T", "a/b"])[np.arange(n_cells) % 3]),
            "n": np.arange(n_cells),
        },
        index=[f"cell {number}" for number in range(n_cells)],
    )
    var = pd.DataFrame({"length": np.arange(n_genes)}, index=[f"gene {number}" for number in range(n_genes)])
    points = np.random.default_rng(0).random((n_cells, 2), np.float32)
    adata = anndata.AnnData(matrix, obs, var, obsm={"X_umap": points})
    adata.layers["half"] = matrix * 0.5
    return adata


def read(path: Path) -> anndata.AnnData:
    found = anndata.read_zarr(path)
    if sparse.issparse(found.X):
        assert isinstance(found.X, sparse.csc_matrix | sparse.csc_array)
        assert found.X.has_canonical_format
        assert np.all(found.X.data)
    return found


def values(found: anndata.AnnData) -> np.ndarray:
    return found.X.toarray() if sparse.issparse(found.X) else np.asarray(found.X)


@pytest.mark.parametrize("way", [{"strategy": "memory"}, {"strategy": "spill"}], ids=str)
@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize("kind", ["counts", "fractions", "float64", "float32"])
@pytest.mark.few(8)
def test_hard_values(kind: str, zarr_format: int, way: dict[str, Any], tmp_path: Path) -> None:
    matrix = hard_matrix(kind)
    with np.errstate(under="ignore"):
        expected = truth(matrix)
    adata_of(matrix).write_h5ad(tmp_path / "in.h5ad")
    out = tmp_path / "out.zarr"
    karospace_stream.export(tmp_path / "in.h5ad", out, format="anndata", zarr_format=zarr_format, **way)
    found = read(out)
    assert found.X.dtype == expected.dtype == ("float64" if kind == "counts" else "float32")
    np.testing.assert_array_equal(values(found), expected)
    assert list(found.var_names) == [f"gene {number}" for number in range(400)]
    pd.testing.assert_frame_equal(found.obs, adata_of(matrix).obs, check_dtype=True)


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "csc": lambda matrix: matrix.tocsc(),
    "dense": lambda matrix: matrix.toarray(),
    "csr": lambda matrix: matrix,
}
CHOICES: list[dict[str, Any]] = [
    {},
    {"downsample": 77},
    {"genes": ["gene 7", "gene 3", "gene 399", "gene 4", "gene 5"]},
    {"layer": "half"},
]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.few(6)
def test_any_layout_and_choice(layout: str, choice: dict[str, Any], tmp_path: Path) -> None:
    matrix = LAYOUTS[layout](hard_matrix("counts"))
    adata = adata_of(matrix)
    adata.write_h5ad(tmp_path / "in.h5ad")
    karospace_stream.export(tmp_path / "in.h5ad", tmp_path / "out.zarr", format="anndata", **choice)
    found = read(tmp_path / "out.zarr")
    part = adata[found.obs_names, found.var_names]
    assert found.n_obs == choice.get("downsample", 500)
    assert list(found.var_names) == choice.get("genes", list(adata.var_names))
    whole = part.layers["half"] if "layer" in choice else part.X
    np.testing.assert_array_equal(values(found), truth(whole))
    assert sparse.issparse(found.X) == (layout != "dense")
    np.testing.assert_array_equal(found.var["length"], part.var["length"])
    np.testing.assert_array_equal(found.obsm["X_umap"], part.obsm["X_umap"])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_store_of_ours_is_a_source_that_passes_through(layout: str, tmp_path: Path) -> None:
    adata_of(LAYOUTS[layout](hard_matrix("float32"))).write_h5ad(tmp_path / "in.h5ad")
    first, second = tmp_path / "first.zarr", tmp_path / "second.zarr"
    options: dict[str, Any] = {"format": "anndata", "name": "same"}
    karospace_stream.export(tmp_path / "in.h5ad", first, **options)
    if layout != "dense":  # all of these few cells lie in one chunk
        assert karospace_stream.plan_export(first, **options).transpose.strategy == "pass"
    karospace_stream.export(first, second, **options)
    assert differing(contents(second), contents(first)) == []


@pytest.mark.parametrize("odd", [np.nan, -np.inf, 1e39], ids=str)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_not_finite_or_large_is_kept(layout: str, odd: float, tmp_path: Path) -> None:
    matrix = hard_matrix("float64")
    matrix.sum_duplicates()
    matrix.data[-1] = odd
    adata_of(LAYOUTS[layout](matrix)).write_h5ad(tmp_path / "in.h5ad")
    karospace_stream.export(tmp_path / "in.h5ad", tmp_path / "out.zarr", format="anndata")
    found = values(read(tmp_path / "out.zarr"))
    assert found.dtype == ("float64" if odd == 1e39 else "float32")
    np.testing.assert_array_equal(found, matrix.toarray().astype(found.dtype))
    assert karospace_stream.verify(tmp_path / "out.zarr", source=tmp_path / "in.h5ad")


def test_no_value_at_all(tmp_path: Path) -> None:
    adata_of(sparse.csr_matrix((30, 4), dtype="float32")).write_h5ad(tmp_path / "in.h5ad")
    karospace_stream.export(tmp_path / "in.h5ad", tmp_path / "out.zarr", format="anndata")
    found = read(tmp_path / "out.zarr")
    assert found.X.nnz == 0
    assert found.shape == (30, 4)


# 20,000 x 300 of 7 in a hundred: several chunks of X, and bands that end inside of them.
SHAPE = (20_000, 300)
WAYS = [
    {"scheduler": "sync", "strategy": "spill"},
    {"scheduler": "threads", "workers": 2, "strategy": "spill", "memory": SMALL},
    {"scheduler": "processes", "workers": 2, "strategy": "spill", "memory": LARGE},
    {"workers": 1},
]


def exported(source: Path, target: Path, **options: Any) -> dict[str, bytes]:
    karospace_stream.export(source, target, name="same", **{"format": "anndata"} | options)
    return contents(target)


@pytest.fixture(scope="module")
def reference(synth: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("reference")
    return exported(synth(*SHAPE), folder / "out.zarr", scheduler="sync", strategy="memory")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(map(str, way.values())))
@pytest.mark.few(2)
def test_the_same_bytes_every_way(
    way: dict[str, Any], reference: dict[str, bytes], synth: Callable[..., Path], tmp_path: Path
) -> None:
    assert len([key for key in reference if key.startswith("X/data/")]) > 4
    assert differing(exported(synth(*SHAPE), tmp_path / "out.zarr", **way), reference) == []


@pytest.mark.parametrize("memory", [SMALL, LARGE])
@pytest.mark.parametrize("suffix", [".h5ad", ".zarr"])
@pytest.mark.few(2)
def test_the_same_bytes_from_csc(
    suffix: str, memory: str, reference: dict[str, bytes], synth: Callable[..., Path], tmp_path: Path
) -> None:
    source = synth(*SHAPE, suffix, layout="csc")
    assert differing(exported(source, tmp_path / "out.zarr", memory=memory), reference) == []


def test_all_formats_from_one_reading(synth: Callable[..., Path], tmp_path: Path) -> None:
    source = synth(3_000, 60, n_neighbors=8, vectors=True)
    names = ["karospace", "anndata", "cellucid"]
    for name in names:
        exported(source, tmp_path / "alone" / name, format=name)
    exported(source, tmp_path / "all", format=names)
    for name in names:
        found, alone = (contents(tmp_path / folder / name) for folder in ("all", "alone"))
        for each in (found, alone):
            each.pop("report.json", None)
        assert differing(found, alone) == []


@pytest.mark.filterwarnings("ignore:Writing zarr v2 data will no longer be the default")
@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize("suffix", [".h5ad", ".zarr", None])
def test_arrays_of_uns(suffix: str | None, zarr_format: int, tmp_path: Path) -> None:
    adata = adata_of(hard_matrix("float32"))
    adata.uns = {
        "kind_colors": np.array(["#ff0000", "#00ff00", "<b>é</b>"], object),
        "table": np.arange(6.0).reshape(2, 3),
        "none": np.zeros(0),
        "zeros": np.zeros(4, bool),
        "large": np.zeros(300_000),
        "neighbors": {"params": {"n": 3}},
        "title": "mine",
    }
    source: Any = adata
    if suffix is not None:
        source = tmp_path / f"in{suffix}"
        adata.write_zarr(source) if suffix == ".zarr" else adata.write_h5ad(source)
    terms: dict[str, Any] = {"format": "anndata", "zarr_format": zarr_format, "name": "same"}
    karospace_stream.export(source, tmp_path / "all.zarr", **terms, uns="all")
    found = read(tmp_path / "all.zarr").uns
    assert set(found) == {"title", "cellucid", "kind_colors", "table", "none", "zeros"}
    for key in ("kind_colors", "table", "none", "zeros"):
        np.testing.assert_array_equal(found[key], adata.uns[key])
    karospace_stream.export(source, tmp_path / "one.zarr", **terms, uns=["table"])
    assert set(read(tmp_path / "one.zarr").uns) == {"title", "cellucid", "table", "kind_colors"}
    karospace_stream.export(source, tmp_path / "no.zarr", **terms)
    assert set(read(tmp_path / "no.zarr").uns) == {"title", "cellucid", "kind_colors"}
    with pytest.raises(BadOptionError, match=r"uns: the file has no uns array 'tabel'; did you mean 'table'"):
        karospace_stream.plan_export(source, **terms, uns="tabel")
    with pytest.raises(BadOptionError, match='uns="large": the array must have at most 262,144 values'):
        karospace_stream.plan_export(source, **terms, uns="large")


def test_keys_of_uns_that_are_no_paths(tmp_path: Path) -> None:
    adata = adata_of(hard_matrix("float32"))
    adata.uns = {key: np.arange(3) for key in ("a/b", "..", "con", "Table ", "Title")}
    karospace_stream.export(adata, tmp_path / "out.zarr", format="anndata", uns="all")
    found = read(tmp_path / "out.zarr").uns
    assert set(found) == {"title", "cellucid", "a%2Fb", "%2E%2E", "%63on", "Table%20", "Title-1"}


@pytest.mark.parametrize("n_cells", [300, 300_000])
@pytest.mark.few(1)
def test_shards_of_a_dense_matrix(n_cells: int, tmp_path: Path) -> None:
    dense = np.random.default_rng(0).random((n_cells, 41), np.float32)
    dense[:, 7] = 0
    dense[::3] = 0
    source = anndata.AnnData(dense)
    terms: dict[str, Any] = {"format": "anndata", "name": "same", "zarr_format": 3, "shard": True}
    karospace_stream.export(source, tmp_path / "one.zarr", **terms)
    karospace_stream.export(source, tmp_path / "two.zarr", **terms, workers=2, memory="700MB")
    found = read(tmp_path / "one.zarr")
    np.testing.assert_array_equal(values(found), dense)
    assert differing(contents(tmp_path / "one.zarr"), contents(tmp_path / "two.zarr")) == []
    n_objects = len([key for key in contents(tmp_path / "one.zarr") if key.startswith("X/c/")])
    assert n_objects == (1 if n_cells == 300 else 2 * 4)  # 13 strips of all cells in a shard


def test_shards(synth: Callable[..., Path], tmp_path: Path) -> None:
    source = synth(*SHAPE)
    exported(source, tmp_path / "plain.zarr", zarr_format=3)
    sharded = exported(source, tmp_path / "shards.zarr", zarr_format=3, shard=True)
    assert [key for key in sharded if key.startswith("X/data/c")] == ["X/data/c/0"]
    array: Any = zarr.open_array(tmp_path / "shards.zarr", path="X/data", mode="r")
    assert array.chunks == (65_536,)
    one, other = read(tmp_path / "plain.zarr"), read(tmp_path / "shards.zarr")
    np.testing.assert_array_equal(values(one), values(other))
    pd.testing.assert_frame_equal(one.obs, other.obs)
