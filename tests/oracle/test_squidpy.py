"""Moran's I and Geary's C are those of ``squidpy.gr.spatial_autocorr``, with its analytic p-values."""

from __future__ import annotations

from pathlib import Path

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.testing.synth import write_synthetic
from tests.oracle.others import ROOT, made_once

DATA = ROOT.parent / "shared" / "data"
KEY = "connectivities"


def sources(folder: Path) -> list[Path]:
    """A real file whose graph is in its old place, moved to its new one, and synthetic ones."""
    found = []
    real = DATA / "cellrank50_velocity_umap.h5ad"
    if real.exists():
        adata = anndata.read_h5ad(real)
        del adata.raw
        adata.uns.clear()
        adata.write_h5ad(folder / "real.h5ad")
        found.append(folder / "real.h5ad")
    for name, options in (("plain", {}), ("counts", {"counts": True})):
        write_synthetic(folder / f"{name}.h5ad", n_cells=900, n_genes=60, n_neighbors=6, **options)
        found.append(folder / f"{name}.h5ad")
    return found


@pytest.mark.big
@pytest.mark.filterwarnings("ignore")
def test_autocorrelation(tmp_path_factory: pytest.TempPathFactory) -> None:
    script = Path(__file__).with_name("squidpy") / "run.py"
    peer = made_once(
        tmp_path_factory, "squidpy", "squidpy", script, lambda folder: [KEY, *map(str, sources(folder))]
    )
    compared = sorted(peer.glob("*.npz"))
    assert len(compared) >= 2
    for each in compared:
        expected = np.load(each)
        found = karospace_stream.statistics(
            each.with_suffix(".h5ad"), autocorrelation=KEY, gene_names="index"
        ).genes
        there = np.isfinite(expected["moran"])
        for ours, theirs in (("moran_i", "moran"), ("geary_c", "geary")):
            np.testing.assert_allclose(found[ours][there], expected[theirs][there], 1e-6, 1e-8)
        for ours, theirs in (("moran_pval", "moran_p"), ("geary_pval", "geary_p")):
            np.testing.assert_allclose(found[ours][there], expected[theirs][there], 1e-6, 1e-12)
