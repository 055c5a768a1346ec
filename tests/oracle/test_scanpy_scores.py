"""Scores of gene sets are those of ``scanpy.tl.score_genes``, with the same control genes."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.derive.set_scores import bins_of, drawn_genes
from karospace_stream.pipeline.counting.means import count_known_means
from karospace_stream.plan.planning import plan_export
from karospace_stream.runtime.events import ignore
from karospace_stream.tables.api import read_statistics_options
from karospace_stream.tables.plan import plan_tables
from tests.oracle.others import ROOT, made_once

DATA = ROOT.parent / "shared" / "data"
#: Real files, and whether ``raw`` is scored.
REAL = (
    ("anndata_v050_pbmc68k.h5ad", False),  # dense, scaled
    ("anndata_v050_pbmc68k.h5ad", True),  # CSR
    ("cellrank_adata_50.h5ad", False),
    ("mti_imc_sn.h5ad", False),
    ("scp_indexed_by_gene_id.h5ad", False),
    ("soma_pbmc_small.h5ad", True),
    ("soma_visium.h5ad", False),
    ("squidpy_visium_test_data.h5ad", False),
)


def read(path: Path) -> anndata.AnnData:
    """Read a file that may be old."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return anndata.read_h5ad(path)


def draw(folder: Path) -> None:
    """Values with missing ones and genes with equal means, in all layouts; real ones by genes."""
    rng = np.random.default_rng(12)
    values = rng.gamma(2, 1, (250, 1_500)) * (rng.random((250, 1_500)) < rng.random(1_500) ** 2)
    values[:, 7], values[:, 90:120] = 0, values[:, 60:90]
    values[5, 10:500:7] = np.nan
    for name, layout in {"csr": sparse.csr_matrix, "csc": sparse.csc_matrix, "dense": np.array}.items():
        anndata.AnnData(layout(values.astype(np.float32))).write_h5ad(folder / f"drawn_{name}.h5ad")
    for name in ("anndata_v050_pbmc68k.h5ad", "squidpy_visium_test_data.h5ad"):
        if (DATA / name).exists():
            adata = read(DATA / name)
            adata = adata.raw.to_adata() if name.startswith("anndata") else adata
            adata.X = sparse.csc_matrix(adata.X)
            adata.write_h5ad(folder / f"by_genes_{name}")


def cases(drawn: Path) -> list[dict[str, Any]]:
    sources = [(DATA / name, raw) for name, raw in REAL if (DATA / name).exists()]
    sources += [(path, False) for path in sorted(drawn.glob("*.h5ad"))]
    return [
        {"source": str(path), "raw": raw, "sets": sets_of(path, raw), "name": f"case_{number:02d}"}
        for number, (path, raw) in enumerate(sources)
    ]


def sets_of(path: Path, raw: bool) -> dict[str, list[str]]:
    """Sets of several sizes: the last one has most of the genes."""
    adata = read(path)
    names = (adata.raw if raw else adata).var_names.to_numpy().astype(str)
    rng = np.random.default_rng(len(names))
    sizes = sorted({3, min(12, len(names) // 2), len(names) // 8 + 1, len(names) * 2 // 3})
    return {f"of {size}": rng.choice(names, size, replace=False).tolist() for size in sizes}


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all cases, and Scanpy's scores."""

    def prepare(folder: Path) -> list[str]:
        draw(folder)
        (folder / "cases.json").write_text(json.dumps(cases(folder)))
        return []

    script = Path(__file__).with_name("scanpy") / "scores.py"
    return made_once(tmp_path_factory, "scanpy-scores", "scanpy", script, prepare)


@pytest.mark.big
def test_scores(peer: Path, tmp_path: Path) -> None:
    several = json.loads((peer / "cases.json").read_text())
    assert len(several) >= 3 + sum((DATA / name).exists() for name, _ in REAL)
    for number, case in enumerate(several):
        expected = np.load(peer / f"{case['name']}.npz")
        options = {"gene_sets": case["sets"], "raw": case["raw"], "gene_names": "index"}
        found = karospace_stream.statistics(case["source"], progress=False, **options).scores
        assert found is not None
        target = tmp_path / f"{number}.zarr"
        karospace_stream.export(case["source"], target, format="anndata", progress=False, **options)
        obs = anndata.read_zarr(target).obs
        for name in case["sets"]:
            for scores in (found[name], obs[name]):
                np.testing.assert_allclose(
                    scores, expected[f"{name}/scores"], 1e-6, 1e-6, err_msg=f"{case['source']} {name}"
                )


@pytest.mark.big
def test_control_genes(peer: Path) -> None:
    for case in json.loads((peer / "cases.json").read_text()):
        expected = np.load(peer / f"{case['name']}.npz")
        keywords = {"gene_sets": case["sets"], "raw": case["raw"], "gene_names": "index"}
        options = read_statistics_options({"group_by": (), "markers": "wilcoxon", **keywords})
        plan = plan_export(case["source"], options, plan_tables)
        bins = bins_of(count_known_means(plan, ignore))
        names = plan.source.var_names(raw=case["raw"])
        for name, genes in case["sets"].items():
            drawn = drawn_genes(bins, np.flatnonzero(np.isin(names, genes)))
            controls = sorted({str(gene) for each in drawn for gene in names[each]} - set(genes))
            assert controls == expected[f"{name}/controls"].tolist(), (case["source"], name)
