"""Cellucid exports of real files and of a hard one, read back by a decoder of the tests' own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError, TargetError
from tests.e2e.support import contents
from tests.oracle.cellucid import Categories, CellucidExport
from tests.oracle.truth import graph, read

FILES = [
    "cellrank50_velocity_umap.h5ad",
    "squidpy_visium_test_data.h5ad",
    "mti_imc_sn.h5ad",
    "anndata_v050_pbmc68k.h5ad",
    "soma_pbmc_small.h5ad",
]


def scaled(coords: np.ndarray) -> tuple[np.ndarray, float]:
    coords = coords.astype(np.float64)
    low, high = coords.min(axis=0), coords.max(axis=0)
    scale = 2 / max((high - low).max(), 1e-8)
    return (coords - (low + high) / 2) * scale, scale


def close(found: Any, expected: np.ndarray, what: str) -> None:
    if found.step:  # quantised: one code for all that is not finite
        expected = np.where(np.isfinite(expected), expected, np.nan)
    np.testing.assert_array_equal(np.isnan(found.values), np.isnan(expected), err_msg=what)
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(found.values[~finite], expected[~finite], err_msg=what)
    error = np.abs(found.values[finite] - expected[finite])
    assert (error <= found.step * 1.001 + 1e-6 * np.abs(expected[finite])).all(), what


def assert_export(root: Path, adata: anndata.AnnData, points: dict[int, str]) -> None:
    export = CellucidExport(root)
    assert set(export.points) == set(points)
    for dims, key in points.items():
        coords, _ = scaled(np.asarray(adata.obsm[key])[:, :dims])
        np.testing.assert_allclose(export.points[dims], coords, atol=1e-5)
    dense = adata.X.toarray() if sparse.issparse(adata.X) else np.asarray(adata.X)
    assert list(export.genes) == list(adata.var_names)
    for number, gene in enumerate(adata.var_names):
        close(export.genes[gene], dense[:, number].astype(np.float32), gene)
    assert list(export.obs) == list(adata.obs)
    for name in adata.obs:
        assert_column(export.obs[name], adata.obs[name])
    both = graph(adata, np.arange(adata.n_obs))
    assert (export.edges is None) == (both is None)
    if both is not None:
        upper = sparse.triu(both, k=1).tocoo()
        expected = sorted(zip(upper.row.tolist(), upper.col.tolist(), strict=True))
        assert export.edges is not None
        assert np.asarray(export.edges).reshape(-1, 2).tolist() == [list(pair) for pair in expected]


def assert_column(found: Any, column: pd.Series) -> None:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        close(found, column.to_numpy(dtype=np.float32, na_value=np.nan), str(column.name))
        return
    assert isinstance(found, Categories)
    expected = [None if gone else str(value) for value, gone in zip(column, column.isna(), strict=True)]
    assert found.labels.tolist() == expected, column.name


@pytest.mark.parametrize("bits", [None, 8, 16])
@pytest.mark.parametrize("name", FILES)
@pytest.mark.few(6)
def test_real_files(name: str, bits: int | None, shared: Path, tmp_path: Path) -> None:
    path = shared / "data" / name
    adata = read(path)
    options: dict[str, Any] = {"var_quantization": bits, "obs_quantization": bits}
    points = {2: "X_umap" if "X_umap" in adata.obsm else "X_tsne" if "X_tsne" in adata.obsm else "spatial"}
    karospace_stream.export(path, tmp_path / "out", format="cellucid", gzip=bits != 16, **options)
    assert_export(tmp_path / "out", adata, points)


@pytest.fixture
def hard() -> anndata.AnnData:
    """Hostile names, NaN, infinities, constants, missing values, few and many categories."""
    rng = np.random.default_rng(0)
    n = 600
    X = rng.random((n, 7)).astype(np.float32)
    X[rng.random(X.shape) < 0.8] = 0
    X[3, 0], X[4, 1], X[5, 1] = np.nan, np.inf, -np.inf
    X[:, 2], X[:, 3], X[:, 4] = np.nan, 2.5, 0
    obs = pd.DataFrame(
        {
            "many": pd.Categorical(rng.integers(0, 300, n).astype(str)),
            "empty": pd.Categorical([None] * n, categories=[]),
            "few": pd.Categorical(
                np.where(np.arange(n) < 4, "rare", "common"), categories=["x", "rare", "common"]
            ),
            "flag": rng.random(n) < 0.5,
            "../../up": rng.choice(["a</script>", "b\nc", ""], n),
            "number": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n)),
            "whole": rng.integers(-5, 5, n),
            "flat": np.full(n, 7.0),
        },
        index=[f"cell {i}" for i in range(n)],
    )
    var = pd.DataFrame(index=["../etc/passwd", "HLA-A/B", "ä", "<b>", "con", " ", "a" * 200])
    weights = sparse.random(n, n, 0.01, format="csr", random_state=0)
    obsm = {
        "X_umap": rng.normal(size=(n, 2)),
        "X_umap_3d": rng.normal(size=(n, 3)).astype(np.float32),
        "X_umap_1d": rng.normal(size=(n, 1)),
        "X_pca": rng.normal(size=(n, 20)).astype(np.float32),
        "velocity_umap_2d": rng.normal(size=(n, 2)),
        "T_fwd_umap_3d": rng.normal(size=(n, 3)),
    }
    return anndata.AnnData(X, obs=obs, var=var, obsm=obsm, obsp={"connectivities": weights})


@pytest.mark.parametrize("bits", [None, 8, 16])
def test_a_hard_one(hard: anndata.AnnData, bits: int | None, tmp_path: Path) -> None:
    options: dict[str, Any] = {"var_quantization": bits, "obs_quantization": bits}
    hard.var_names = [*hard.var_names[:5], "five", *hard.var_names[6:]]
    report = karospace_stream.export(hard, tmp_path / "out", format="cellucid", **options)
    assert_export(tmp_path / "out", hard, {1: "X_umap_1d", 2: "X_umap", 3: "X_umap_3d"})
    export = CellucidExport(tmp_path / "out")
    assert set(export.vectors) == {("velocity_umap", 2), ("T_fwd_umap", 3)}
    _, scale = scaled(np.asarray(hard.obsm["X_umap_3d"]))
    np.testing.assert_allclose(
        export.vectors["T_fwd_umap", 3], hard.obsm["T_fwd_umap_3d"] * scale, rtol=1e-4, atol=1e-6
    )
    said = any("NaN or infinite values, written as the code" in note for note in report.notes)
    assert said == (bits is not None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


@pytest.mark.filterwarnings("ignore:.* names are not unique")
def test_names_that_would_overwrite_each_other(hard: anndata.AnnData, tmp_path: Path) -> None:
    hard.obs["Cluster"] = pd.Categorical(["x"] * hard.n_obs)
    hard.obs["cluster"] = pd.Categorical(["y"] * hard.n_obs)
    hard.var_names = ["a b", "A_B", "twice", "twice", "twice-1", "f", "g"]
    report = karospace_stream.export(hard, tmp_path / "out", format="cellucid")
    export = CellucidExport(tmp_path / "out")
    assert list(export.genes) == ["a b", "A_B-1", "twice", "twice-2", "twice-1", "f", "g"]
    dense = hard.X.toarray() if sparse.issparse(hard.X) else np.asarray(hard.X)
    for number, found in enumerate(export.genes.values()):
        close(found, dense[:, number].astype(np.float32), str(number))
    assert export.obs["Cluster"].labels[0] == "x"
    assert export.obs["cluster-1"].labels[0] == "y"
    assert [note for note in report.notes if "such as 'cluster': 'cluster-1'" in note]
    assert karospace_stream.verify(tmp_path / "out", source=hard)


def test_cells_without_a_place(hard: anndata.AnnData, tmp_path: Path) -> None:
    """They lie in the corner, and count neither for the scale nor for centroids and outliers."""
    rows, stay = [3, 70], np.ones(hard.n_obs, bool)
    stay[rows] = False
    for key in ("X_umap", "X_pca"):
        hard.obsm[key][rows, 0] = np.nan, np.inf
    options: dict[str, Any] = {"format": "cellucid", "points": "X_umap", "vectors": "none", "genes": "none"}
    report = karospace_stream.export(hard, tmp_path / "out", **options)
    karospace_stream.export(hard[stay].copy(), tmp_path / "fewer", **options)
    export, fewer = CellucidExport(tmp_path / "out"), CellucidExport(tmp_path / "fewer")
    assert export.points[2][rows].tolist() == [[-1, -1]] * 2
    np.testing.assert_array_equal(export.points[2][stay], fewer.points[2])
    for name in ("few", "flag"):
        found, wanted = export.obs[name], fewer.obs[name]
        assert found.centroids == wanted.centroids
        np.testing.assert_array_equal(found.outliers.values[stay], wanted.outliers.values)
        assert np.isnan(found.outliers.values[rows]).all()
    said = [note for note in report.notes if "have no finite coordinates in obsm:X_umap" in note]
    assert [note.partition(" of ")[0] for note in said] == ["2"]
    assert karospace_stream.verify(tmp_path / "out", source=hard)
    hard.obsm["X_umap"][:] = np.nan
    with pytest.raises(BadInputError, match="for every cell"):
        karospace_stream.export(hard, tmp_path / "none", **options)


def test_the_identity_makes_it_whole(hard: anndata.AnnData, tmp_path: Path) -> None:
    hard.var_names = list("abcdefg")
    out = tmp_path / "out"
    karospace_stream.export(hard, out, format="cellucid", genes="none")
    before = contents(out)
    with pytest.raises(TargetError, match="add overwrite=True"):
        karospace_stream.export(hard, out, format="cellucid")
    assert contents(out) == before
    karospace_stream.export(hard, out, format="cellucid", overwrite=True, gzip=False)
    assert not [path for path in contents(out) if path.endswith(".gz")], "files of the older export"


def test_both_formats_at_once(hard: anndata.AnnData, tmp_path: Path) -> None:
    hard.var_names = list("abcdefg")
    alone = {}
    for name in ("karospace", "cellucid"):
        karospace_stream.export(hard, tmp_path / f"only {name}", format=name, name="same")
        alone[name] = contents(tmp_path / f"only {name}")
    karospace_stream.export(hard, tmp_path / "two", format=["karospace", "cellucid"], name="same")
    for name, files in alone.items():
        assert contents(tmp_path / "two" / name) == files
    elsewhere = tmp_path / "elsewhere" / "mine"
    karospace_stream.export(
        hard, tmp_path / "more", format=["karospace", f"cellucid={elsewhere}"], name="same"
    )
    assert contents(elsewhere) == alone["cellucid"]
    assert contents(tmp_path / "more" / "karospace") == alone["karospace"]


WAYS = [
    {"scheduler": "threads", "workers": 2, "strategy": "spill"},
    {"scheduler": "processes", "workers": 2},
    {"scheduler": "sync", "strategy": "memory", "memory": "4GB"},
    {"memory": "420MB"},
]


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.few(2)
def test_the_same_bytes(way: dict[str, Any], synth: Callable[..., Path], tmp_path: Path) -> None:
    source = synth(3_000, 60, n_neighbors=8, latent=12, vectors=True)
    plain: dict[str, Any] = {"format": "cellucid", "name": "same", "var_quantization": 8}
    karospace_stream.export(source, tmp_path / "plain", scheduler="sync", **plain)
    karospace_stream.export(source, tmp_path / "other", **plain, **way)
    assert contents(tmp_path / "other") == contents(tmp_path / "plain")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"var_quantization": 12}, "var_quantization= must be 8 or 16 bits, got 12"),
        ({"categorical_dtype": "uint8"}, "'many' has 2.. categories, but uint8 codes hold 254"),
        ({"graph": "conectivities"}, "'connectivities'"),
        ({"latent": "X_pcs"}, "'X_pca'"),
        ({"points": ["X_pca"]}, 'points="X_pca=2"'),
        ({"gene_ids": "symbol"}, "gene_names: the file has no var column 'symbol'"),
        ({"anno": ["no"]}, "anno: the file has no obs column 'no'"),
        ({"vectors": ["X_pca"]}, "must have 1 to 3 columns, got 20"),
    ],
)
def test_options_that_cannot_be(
    options: dict[str, Any], words: str, hard: anndata.AnnData, tmp_path: Path
) -> None:
    hard.var_names = list("abcdefg")
    with pytest.raises((BadOptionError, BadInputError), match=words):
        karospace_stream.export(hard, tmp_path / "out", format="cellucid", **options)
    assert not list(tmp_path.iterdir())


def test_a_lazy_source(synth: Callable[..., Path], tmp_path: Path) -> None:
    import dask.array as da

    source = synth(3_000, 60, n_neighbors=8, latent=12, vectors=True)
    whole = read(source)
    plain: dict[str, Any] = {"format": "cellucid", "name": "same", "var_quantization": 8}
    karospace_stream.export(whole, tmp_path / "plain", **plain)
    lazy = anndata.AnnData(
        da.from_array(whole.X, chunks=(700, 60)),
        obs=whole.obs,
        var=whole.var,
        obsm={key: da.from_array(np.asarray(values), chunks=(900, -1)) for key, values in whole.obsm.items()},
        obsp={"connectivities": da.from_array(whole.obsp["connectivities"], chunks=(800, 3_000))},
    )
    karospace_stream.export(lazy, tmp_path / "lazy", **plain)
    assert contents(tmp_path / "lazy") == contents(tmp_path / "plain")


def test_genes_named_one_by_one(hard: anndata.AnnData, tmp_path: Path) -> None:
    hard.var_names = ["a\nb", " ", *"cdefg"]
    karospace_stream.export(hard, tmp_path / "out", format="cellucid", genes=["d", "a\nb"])
    assert list(CellucidExport(tmp_path / "out").genes) == ["d", "a\nb"]
    with pytest.raises(BadOptionError, match="genes: the file has no gene 'x'"):
        karospace_stream.export(hard, tmp_path / "no", format="cellucid", genes=["x"])
