"""Every real file, as it is and written again in every layout: all values compared."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pytest
from scipy import sparse

from tests.oracle.compare import assert_true
from tests.oracle.reader import Bundle
from tests.oracle.truth import dense_float32, read, truth_of

# What is drawn when nothing is asked for, as a person would choose.
COORDS = {
    "anndata_v050_pbmc68k": "obsm:X_umap",
    "cellrank50_velocity_umap": "obsm:X_umap",
    "cellrank_adata_50": "obsm:X_umap",
    "mti_imc_sn": "obsm:spatial",
    "soma_pbmc_small": "obsm:X_tsne",
    "soma_visium": "obsm:spatial",
    "squidpy_visium_test_data": "obsm:spatial",
}
LAYOUTS = {"csr": sparse.csr_matrix, "csc": sparse.csc_matrix, "dense": lambda matrix: matrix}

Export = Callable[..., Bundle]


def written_again(adata: anndata.AnnData, path: Path, layout: str, zarr_format: int = 2) -> None:
    dense = adata.X.toarray() if sparse.issparse(adata.X) else np.asarray(adata.X)
    adata.X = LAYOUTS[layout](dense)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of anndata and zarr, about names and formats
        if path.suffix == ".zarr":
            with anndata.settings.override(zarr_write_format=zarr_format):
                adata.write_zarr(path)
        else:
            adata.write_h5ad(path, compression="gzip")


@pytest.mark.parametrize("name", COORDS)
def test_as_it_is(name: str, shared: Path, export: Export) -> None:
    path = shared / "data" / f"{name}.h5ad"
    truth = truth_of(read(path), genes="all", anno="all", coords=COORDS[name])
    bundle = export(path, genes="all", anno=["all"])
    assert_true(bundle, truth)
    assert bundle.manifest["dataset_name"] == name


@pytest.mark.parametrize(
    ("suffix", "layout", "zarr_format"),
    [
        (".h5ad", "csr", 2),
        (".h5ad", "csc", 2),
        (".h5ad", "dense", 2),
        (".zarr", "csr", 2),
        (".zarr", "csc", 3),
        (".zarr", "dense", 2),
        (".zarr", "dense", 3),
        (".zarr", "csr", 3),
    ],
)
@pytest.mark.parametrize("name", COORDS)
@pytest.mark.few(12)
def test_written_again(
    name: str, suffix: str, layout: str, zarr_format: int, shared: Path, tmp_path: Path, export: Export
) -> None:
    original = read(shared / "data" / f"{name}.h5ad")
    values = dense_float32(original.X)
    path = tmp_path / f"again{suffix}"
    written_again(original, path, layout, zarr_format)
    # All means of a scaled matrix are 0 but for rounding: there is no order to compare.
    genes = "all" if name == "soma_pbmc_small" else "top_mean:150"
    truth = truth_of(read(path), genes=genes, coords=COORDS[name])
    np.testing.assert_array_equal(truth.expression, values[:, truth.genes])
    assert_true(export(path, genes=genes), truth)


@pytest.mark.parametrize("name", ["cellrank_adata_50", "anndata_v050_pbmc68k"])
@pytest.mark.parametrize("genes", ["all", "hvgs:30"])
def test_raw(name: str, genes: str, shared: Path, export: Export) -> None:
    path = shared / "data" / f"{name}.h5ad"
    truth = truth_of(read(path), genes=genes, coords=COORDS[name], raw=True)
    by_mean = {} if genes == "all" else {"hvg_flavor": "none"}  # the truth knows no other rule
    assert_true(export(path, genes=genes, raw=True, **by_mean), truth)


@pytest.mark.parametrize(
    "layer",
    [
        "Ms",
        "Mu",
        "ambiguous",
        "fit_t",
        "fit_tau",
        "fit_tau_",
        "spliced",
        "unspliced",
        "velocity",
        "velocity_u",
    ],
)
def test_layers(layer: str, shared: Path, export: Export) -> None:
    path = shared / "data" / "cellrank50_velocity_umap.h5ad"
    truth = truth_of(read(path), genes="top_mean:60", coords="obsm:X_pca", layer=layer, downsample=31)
    assert_true(export(path, genes="top_mean:60", coords="obsm:X_pca", layer=layer, downsample=31), truth)


@pytest.mark.parametrize("coords", ["obsm:velocity_pca", "obsm:X_diffmap", "obs:initial_size,n_counts"])
def test_any_coordinates(coords: str, shared: Path, export: Export) -> None:
    path = shared / "data" / "cellrank50_velocity_umap.h5ad"
    truth = truth_of(read(path), genes="hvgs:5", coords=coords)
    assert_true(export(path, genes="hvgs:5", coords=coords, hvg_flavor="none"), truth)


def test_a_file_without_embedding_but_with_columns(shared: Path, tmp_path: Path, export: Export) -> None:
    adata = read(shared / "data" / "scp_indexed_by_gene_id.h5ad")
    rng = np.random.default_rng(0)
    adata.obs["centroid_x"], adata.obs["centroid_y"] = rng.uniform(4e5, 5e5, (2, adata.n_obs))
    path = tmp_path / "with_columns.h5ad"
    written_again(adata, path, "csr")
    truth = truth_of(read(path), genes="all", anno="all", coords="obs:centroid_x_y")
    bundle = export(path, genes="all", anno=["all"])
    assert bundle.stream.genes["id"] == list(truth.labels)
    assert bundle.stream.genes["name"] == bundle.labels != list(truth.labels), "the symbols"
    assert_true(export(path, genes="all", anno=["all"], gene_names="index"), truth)
    named = export(path, genes="all", anno=["all"], gene_names="index", coords="obs:centroid_x_y")
    assert_true(named, truth)


@pytest.mark.parametrize("max_asset_mb", [0.002, 0.05])
@pytest.mark.parametrize("gzip", [True, False])
def test_many_parts(max_asset_mb: float, gzip: bool, shared: Path, export: Export) -> None:
    path = shared / "data" / "soma_visium.h5ad"
    truth = truth_of(read(path), genes="top_mean:7", coords="obsm:spatial", anno="all")
    bundle = export(path, genes="top_mean:7", anno=["all"], max_asset_mb=max_asset_mb, gzip=gzip)
    assert_true(bundle, truth)
    limit = int(max_asset_mb * 1024 * 1024)
    assert bundle.cuts(0)[0] == (0, min(limit // 4, 2_695))
    for kind in ("expression_chunk", "coords_array", "obs_array"):
        assert bundle.assets[kind]
        assert max(len(bundle.folder.inflated(path)) for path in bundle.assets[kind]) <= limit
    # Rows of text are cut by their mean length, so that some parts are a little larger.
    for kind in ("cell_ids", "obs_csv", "obs_json", "coords_json"):
        assert max(len(bundle.folder.inflated(path)) for path in bundle.assets[kind]) <= 1.3 * limit


@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
@pytest.mark.parametrize("suffix", [".h5ad", ".zarr"])
def test_synthetic(layout: str, suffix: str, synth: Callable[..., Path], export: Export) -> None:
    path = synth(3_000, 400, suffix, layout=layout)
    truth = truth_of(read(path), genes="hvgs:120", anno="all", coords="obsm:spatial")
    assert_true(export(path, genes="hvgs:120", anno=["all"]), truth)
