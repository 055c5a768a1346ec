"""Scratch is at least as large as the low end that an export is refused by, and never above its most."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import dask.array as da
import numpy as np
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import TargetError
from karospace_stream.testing.synth import write_synthetic
from karospace_stream.transpose.array_scratch import FileArrayScratch
from karospace_stream.transpose.edges.scratch import FileEdgeScratch
from karospace_stream.transpose.scratch import FileScratch

SYNTHETIC: dict[str, dict[str, Any]] = {
    "normalised": {"n_cells": 4_000, "n_genes": 200},
    "counts": {"n_cells": 4_000, "n_genes": 200, "counts": True},
    "few counts": {"n_cells": 6_000, "n_genes": 200, "counts": True, "density": 0.02},
    "dense doubles": {"n_cells": 2_000, "n_genes": 150, "layout": "dense", "dtype": "float64"},
    "many counts": {"n_cells": 2_000, "n_genes": 150, "counts": True, "density": 0.6},
}
REAL = (
    "anndata_v050_pbmc68k",
    "cellrank50_velocity_umap",
    "mti_imc_sn",
    "soma_pbmc_small",
    "soma_visium",
    "squidpy_visium_test_data",
)
CHOSEN: tuple[dict[str, Any], ...] = ({}, {"downsample": 400}, {"genes": "hvgs:30"}, {"format": "anndata"})


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of the files of scratch when it is removed."""
    sizes: list[int] = []
    kinds: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (FileScratch, ("block", "lengths")),
        (FileEdgeScratch, ("edges", "s", "t", "loops")),
        (FileArrayScratch, ("sums",)),
    )
    for kind, names in kinds:

        def remove(self: Any, kind: Any = kind, names: Any = names, really: Any = kind.remove) -> None:
            files = [path for path in Path(self.folder).iterdir() if path.name.startswith(names)]
            sizes.extend(path.stat().st_size for path in files)
            really(self)

        monkeypatch.setattr(kind, "remove", remove)
    return sizes


def scratch_of(plan: Any) -> tuple[int, int]:
    ((least, most),) = (
        (part.least_nbytes, part.most_nbytes)
        for disk in plan.disks
        for part in disk.parts
        if part.what == "scratch"
    )
    return least, most


def check(source: Any, tmp_path: Path, written: list[int], **options: Any) -> tuple[int, int]:
    least, most = scratch_of(karospace_stream.plan_export(source, tmp_path / "out", **options))
    written.clear()
    karospace_stream.export(source, tmp_path / "out", progress=False, **options)
    assert least <= sum(written) <= most
    return least, sum(written)


@pytest.mark.parametrize("options", CHOSEN, ids=str)
@pytest.mark.parametrize("name", SYNTHETIC)
def test_of_synthetic_files(name: str, options: dict[str, Any], tmp_path: Path, written: list[int]) -> None:
    source = tmp_path / "in.h5ad"
    write_synthetic(source, **SYNTHETIC[name])
    least, size = check(source, tmp_path, written, strategy="spill", **options)
    if "genes" not in options:  # a few genes may be fuller than others, or less full
        assert 3 * least > size


@pytest.mark.parametrize("options", CHOSEN, ids=str)
@pytest.mark.parametrize("name", REAL)
def test_of_real_files(name: str, options: dict[str, Any], tmp_path: Path, written: list[int]) -> None:
    source = Path(__file__).parents[3] / "shared" / "data" / f"{name}.h5ad"
    if not source.exists():
        pytest.skip("the real files are not here")
    check(source, tmp_path, written, strategy="spill", **options)


@pytest.mark.parametrize("kind", ["ones", "ones in order", "dense zeros", "zeros stored", "dask"])
def test_of_values_that_compress_well(kind: str, tmp_path: Path, written: list[int]) -> None:
    """And of a matrix that no sample is read from."""
    rng = np.random.default_rng(0)
    values = (rng.random((3_000, 60)) < 0.1).astype(np.float32)
    if kind == "ones in order":
        values = np.repeat(np.eye(60, dtype=np.float32), 50, axis=0)
    matrix: Any = values if kind == "dense zeros" else sparse.csr_matrix(values)
    if kind == "zeros stored":
        matrix = sparse.csr_matrix(np.ones_like(values))
        matrix.data[:] = values.ravel()
    elif kind == "dask":
        matrix = da.from_array(values, chunks=(500, 60))
    adata = anndata.AnnData(matrix)
    adata.obsm["X_umap"] = rng.random((3_000, 2))
    check(adata, tmp_path, written, strategy="spill")


@pytest.mark.parametrize("options", [{}, {"downsample": 200}], ids=str)
@pytest.mark.parametrize("weights", ["random", "ones", "dense"])
def test_of_a_graph(weights: str, options: dict[str, Any], tmp_path: Path, written: list[int]) -> None:
    rng, n_cells = np.random.default_rng(0), 2_000
    near = sparse.random(n_cells, n_cells, 0.005, random_state=rng, format="csr")
    if weights != "random":
        near.data[:] = 1
    adata = anndata.AnnData(obs={"n": np.arange(n_cells)})
    adata.obsm["X_umap"] = rng.random((n_cells, 2))
    adata.obsp["connectivities"] = near.toarray() if weights == "dense" else near
    path = tmp_path / "in.h5ad"
    adata.write_h5ad(path)
    # Processes share no memory, so that the graph goes through scratch.
    check(path, tmp_path, written, scheduler="processes", workers=1, genes="none", **options)


def test_a_disk_that_is_far_too_small_is_refused(small_disk: Path, tmp_path: Path) -> None:
    """2 MiB, where 8 MB at most were a note, and the export ended in its middle."""
    source = tmp_path / "in.h5ad"
    write_synthetic(source, n_cells=16_000, n_genes=500, density=0.16)
    options: dict[str, Any] = {"strategy": "spill", "scratch": str(small_disk)}
    least, most = scratch_of(karospace_stream.plan_export(source, tmp_path / "out", **options))
    assert least > 2 << 20 > most // 8
    with pytest.raises(TargetError, match=r"at least .* of disk space"):
        karospace_stream.export(source, tmp_path / "out", progress=False, **options)
    assert list(small_disk.iterdir()) == []
