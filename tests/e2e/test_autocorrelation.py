"""Moran's I and Geary's C of whole files: every way, beside groups, into files, refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadOptionError
from tests.cli.test_commands import run
from tests.e2e.test_memory import Synth

KEY = "connectivities"
COLUMNS = ["moran_i", "moran_pval", "moran_pval_adj", "geary_c", "geary_pval", "geary_pval_adj"]


@pytest.fixture(scope="module")
def source(synth: Synth) -> Path:
    return synth(1_500, 40, chunk_values=5_000, n_neighbors=8)


@pytest.fixture(scope="module")
def reference(source: Path) -> pd.DataFrame:
    return karospace_stream.statistics(source, autocorrelation=KEY, scheduler="sync").genes[COLUMNS]


def test_by_the_formula(source: Path, reference: pd.DataFrame) -> None:
    adata = anndata.read_h5ad(source)
    x, w = adata.X.toarray().astype(float), sparse.csr_matrix(adata.obsp[KEY]).toarray().astype(float)
    w /= w.sum(1, keepdims=True)
    z = x - x.mean(0)
    with np.errstate(invalid="ignore"):  # some genes are expressed nowhere
        moran = len(x) / w.sum() * np.einsum("ig,ij,jg->g", z, w, z, optimize=True) / (z**2).sum(0)
    np.testing.assert_allclose(reference["moran_i"], moran, rtol=1e-6, atol=1e-9)
    gene = x[:, 5]
    geary = (len(x) - 1) / (2 * w.sum()) * (w * (gene[:, None] - gene) ** 2).sum() / (z[:, 5] ** 2).sum()
    assert reference["geary_c"].iloc[5] == pytest.approx(geary)


@pytest.mark.parametrize(
    "way",
    [
        {"scheduler": "threads", "workers": 2},
        {"scheduler": "processes", "workers": 2, "strategy": "spill"},
        {"scheduler": "sync", "memory": "350MB", "strategy": "spill"},
    ],
    ids=lambda way: str(way["scheduler"]),
)
def test_the_same_every_way(way: dict[str, object], source: Path, reference: pd.DataFrame) -> None:
    found = karospace_stream.statistics(source, autocorrelation=KEY, group_by="cell_type", **way)
    pd.testing.assert_frame_equal(found.genes[COLUMNS], reference, check_exact=True)
    assert "cell_type" in found.markers


def test_files(source: Path, reference: pd.DataFrame, tmp_path: Path) -> None:
    assert run("stats", source, tmp_path / "genes.csv", "--autocorrelation", KEY, "-q").returncode == 0
    read = pd.read_csv(tmp_path / "genes.csv", index_col="gene")
    np.testing.assert_allclose(read[COLUMNS], reference, rtol=1e-12)
    words = ["--autocorrelation", KEY, "--group-by", "sample", "-q"]
    assert run("stats", source, tmp_path / "both.h5ad", *words).returncode == 0
    np.testing.assert_array_equal(anndata.read_h5ad(tmp_path / "both.h5ad").var[COLUMNS], reference)
    refused = run("stats", source, tmp_path / "both.csv", *words)
    assert refused.returncode != 0
    assert "holds one table" in refused.stderr
    assert not (tmp_path / "both.csv").exists()


def test_refused(source: Path) -> None:
    with pytest.raises(BadOptionError, match="did you mean 'connectivities'"):
        karospace_stream.statistics(source, autocorrelation="conectivities")
    with pytest.raises(BadOptionError, match="or give a graph for autocorrelation"):
        karospace_stream.statistics(source)
