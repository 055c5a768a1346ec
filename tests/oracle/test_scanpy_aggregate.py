"""Pseudobulk is ``scanpy.get.aggregate(func="sum")``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from tests.oracle.others import ROOT, made_once

DATA = ROOT.parent / "shared" / "data"
#: Real files, columns, the layer, and whether ``raw`` is summed.
REAL: tuple[tuple[str, list[str], str | None, bool], ...] = (
    ("anndata_v050_pbmc68k.h5ad", ["louvain", "phase"], None, True),
    ("cellrank50_velocity_umap.h5ad", ["clusters"], "spliced", False),
    ("mti_imc_sn.h5ad", ["cell type"], None, False),
    ("soma_pbmc_small.h5ad", ["groups", "letter.idents", "RNA_snn_res.1"], None, True),
    ("squidpy_visium_test_data.h5ad", ["in_tissue", "leiden"], None, False),
)


def draw(folder: Path) -> None:
    """Counts, in all layouts, with missing values and combinations that no cell has."""
    rng = np.random.default_rng(11)
    counts = rng.poisson(rng.gamma(0.5, 2, 80), (300, 80)).astype("f4")
    sample = rng.choice(["s2", "s1", "s3"], 300).astype(object)
    kind = np.where(sample == "s3", "rare", rng.choice(["B", "NK"], 300))
    sample[:11] = None
    layouts = {"csr": sparse.csr_matrix(counts), "csc": sparse.csc_matrix(counts), "dense": counts}
    for name, values in {**layouts, "integer": sparse.csr_matrix(counts.astype("i8"))}.items():
        obs = pd.DataFrame({"sample": pd.Categorical(sample), "kind": kind, "day": rng.integers(0, 2, 300)})
        obs.index = [f"cell-{number}" for number in range(300)]
        anndata.AnnData(values, obs=obs).write_h5ad(folder / f"{name}.h5ad")


def cases(drawn: Path) -> list[dict[str, Any]]:
    sources: list[tuple[Path, list[str], str | None, bool]]
    sources = [(DATA / name, *rest) for name, *rest in REAL if (DATA / name).exists()]
    for path in sorted(drawn.glob("*.h5ad")):
        sources += [
            (path, by, None, False) for by in (["sample"], ["kind", "sample"], ["day", "sample", "kind"])
        ]
    return [
        {"source": str(path), "by": by, "layer": layer, "raw": raw, "name": f"case_{number:03d}"}
        for number, (path, by, layer, raw) in enumerate(sources)
    ]


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all cases, and Scanpy's sums."""

    def prepare(folder: Path) -> list[str]:
        draw(folder)
        (folder / "cases.json").write_text(json.dumps(cases(folder)))
        return []

    script = Path(__file__).with_name("scanpy") / "aggregate.py"
    return made_once(tmp_path_factory, "scanpy-aggregate", "scanpy", script, prepare)


@pytest.mark.big
def test_sums(peer: Path) -> None:
    several = json.loads((peer / "cases.json").read_text())
    assert len(several) >= 12
    for case in several:
        expected = np.load(peer / f"{case['name']}.npz")
        options = {"layer": case["layer"], "raw": case["raw"]}
        made = karospace_stream.pseudobulk(case["source"], case["by"], progress=False, **options)
        assert made.obs_names.tolist() == expected["names"].tolist(), case
        for name in case["by"]:
            assert made.obs[name].astype(str).tolist() == expected[f"obs/{name}"].tolist(), case
        np.testing.assert_allclose(made.X, expected["sums"], 1e-12, err_msg=str(case))
