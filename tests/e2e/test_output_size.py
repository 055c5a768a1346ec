"""The size of an export lies within the range of its plan, whatever the input, format and compression."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import dask.array as da
import numpy as np
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.testing.synth import write_synthetic

SYNTHETIC: dict[str, dict[str, Any]] = {
    "normalised rows": {"n_cells": 900, "n_genes": 300, "n_neighbors": 12, "vectors": True},
    "counts in rows": {"n_cells": 2000, "n_genes": 200, "counts": True},
    "normalised genes": {"n_cells": 1500, "n_genes": 250, "layout": "csc"},
    "dense doubles": {"n_cells": 700, "n_genes": 150, "layout": "dense", "dtype": "float64", "density": 0.3},
    "few values": {"n_cells": 6000, "n_genes": 500, "density": 0.02, "n_neighbors": 5},
}
LARGE: dict[str, dict[str, Any]] = {
    "long normalised genes": {"n_cells": 120_000, "n_genes": 120, "density": 0.1, "latent": 10},
    "long counts": {"n_cells": 100_000, "n_genes": 100, "density": 0.1, "counts": True, "latent": 10},
}
REAL = (
    "anndata_v050_pbmc68k",
    "cellrank50_velocity_umap",
    "cellrank_adata_50",
    "mti_imc_sn",
    "soma_pbmc_small",
    "soma_visium",
    "squidpy_visium_test_data",
)
CHOSEN: tuple[dict[str, Any], ...] = ({"genes": "hvgs:30"}, {"genes": "none"}, {"downsample": 500})
OPTIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "karospace": ({}, {"gzip": False}, {"compression": 6}, {"max_asset_mb": 0.05}, *CHOSEN),
    "cellucid": ({}, {"gzip": False}, {"var_quantization": 8}, {"var_quantization": 16}, *CHOSEN),
    "anndata": ({}, {"compression": 1}, {"zarr_format": 3}, {"zarr_format": 3, "shard": True}, *CHOSEN),
}
CASES = [(format, options) for format, several in OPTIONS.items() for options in several]


def ids(value: Any) -> str:
    return "-".join(f"{name}={each}" for name, each in value.items()) if isinstance(value, dict) else value


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("synthetic")

    def written(name: str) -> Path:
        path = folder / f"{name}.h5ad"
        if not path.exists():
            write_synthetic(path, **(SYNTHETIC | LARGE)[name])
        return path

    return written


def check(source: Any, target: Path, format: str, options: dict[str, Any], *, most_times: float) -> None:
    """Plan, export, and compare the plan with the files."""
    plan = karospace_stream.plan_export(source, format=format, **options)
    karospace_stream.export(source, target, format=format, **options)
    nbytes = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    low, high = plan.output_range_nbytes
    assert low <= nbytes <= high
    assert low <= plan.output_nbytes <= high
    if "genes" not in options:
        assert high <= most_times * low


@pytest.mark.parametrize("name", SYNTHETIC)
@pytest.mark.parametrize(("format", "options"), CASES, ids=ids)
@pytest.mark.few(9)
def test_synthetic(name: str, format: str, options: dict[str, Any], synthetic: Any, tmp_path: Path) -> None:
    check(synthetic(name), tmp_path / "out", format, options, most_times=3)


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize(("format", "options"), CASES, ids=ids)
@pytest.mark.few(9)
def test_real(name: str, format: str, options: dict[str, Any], shared: Path, tmp_path: Path) -> None:
    check(shared / "data" / f"{name}.h5ad", tmp_path / "out", format, options, most_times=4)


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize(("format", "options"), CASES, ids=ids)
@pytest.mark.big
def test_many_cells(name: str, format: str, options: dict[str, Any], synthetic: Any, tmp_path: Path) -> None:
    check(synthetic(name), tmp_path / "out", format, options, most_times=3.5)


@pytest.mark.parametrize("genes", ["empty", "full"])
@pytest.mark.parametrize("format", OPTIONS)
def test_chosen_genes_are_not_as_full_as_others(
    format: str, genes: str, synthetic: Any, tmp_path: Path
) -> None:
    source = synthetic("normalised rows")
    adata = anndata.read_h5ad(source)
    order = np.argsort(np.asarray((adata.X != 0).sum(axis=0)).ravel())
    chosen = list(adata.var_names[order[:40] if genes == "empty" else order[-40:]])
    check(source, tmp_path / "out", format, {"genes": chosen}, most_times=4)


@pytest.mark.parametrize("layout", ["dense", "sparse"])
@pytest.mark.parametrize("format", OPTIONS)
def test_without_a_sample(format: str, layout: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    values = np.log1p(rng.poisson(0.3, (800, 100)) * rng.uniform(5, 50, (800, 1))).astype(np.float32)
    lazy = da.from_array(values, chunks=(200, 100))
    if layout == "sparse":
        lazy = lazy.map_blocks(sparse.csr_matrix)
    source = anndata.AnnData(lazy, obsm={"X_umap": rng.normal(size=(800, 2))})
    # Any share of a dense array may be zeros.
    check(source, tmp_path / "out", format, {}, most_times=40 if layout == "dense" else 6)


@pytest.mark.parametrize("options", [{}, {"zarr_format": 3}, {"zarr_format": 3, "shard": True}], ids=str)
def test_the_number_of_files_of_a_store(options: dict[str, Any], tmp_path: Path) -> None:
    """Within a tenth: whether a column has a mask is known only when it is read."""
    source = tmp_path / "input.h5ad"
    write_synthetic(source, n_cells=700, n_genes=50, n_neighbors=5, latent=6)
    for more in ({}, {"latent": "X_pca"}):
        target = tmp_path / f"store-{len(more)}.zarr"
        told = karospace_stream.plan_export(source, format="anndata", **options, **more).n_objects
        karospace_stream.export(source, target, format="anndata", progress=False, **options, **more)
        n_files = sum(path.is_file() for path in target.rglob("*"))
        assert told == pytest.approx(n_files, rel=0.1)
