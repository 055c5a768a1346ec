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
from tests.oracle.truth import read

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


def alter(folder: Path) -> None:
    """Real files with a further layer, cells without a group, and categories that no cell has."""
    for number, (name, by, _, _) in enumerate(REAL):
        if not (DATA / name).exists():
            continue
        adata = read(DATA / name)
        adata.layers["further"] = adata.X * 2 + (0 if sparse.issparse(adata.X) else 1)
        for each in by:
            column = adata.obs[each].astype(str).astype("category")
            column = column.cat.add_categories(["unused", "another"]).cat.reorder_categories(
                ["unused", *column.cat.categories, "another"]
            )
            column[adata.obs_names[number :: 7 + number]] = None
            adata.obs[each] = column
        adata.write_h5ad(folder / f"real_{number}.h5ad")


def cases(drawn: Path) -> list[dict[str, Any]]:
    sources: list[tuple[Path, list[str], str | None, bool]]
    sources = [(DATA / name, *rest) for name, *rest in REAL if (DATA / name).exists()]
    for path in sorted(drawn.glob("real_*.h5ad")):
        by = REAL[int(path.stem.rpartition("_")[2])][1]
        sources += [(path, by, "further", False), (path, by, None, False)]
    for path in sorted(set(drawn.glob("*.h5ad")) - set(drawn.glob("real_*.h5ad"))):
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
        alter(folder)
        (folder / "cases.json").write_text(json.dumps(cases(folder)))
        return []

    script = Path(__file__).with_name("scanpy") / "aggregate.py"
    return made_once(tmp_path_factory, "scanpy-aggregate", "scanpy", script, prepare)


@pytest.mark.big
def test_sums(peer: Path) -> None:
    several = json.loads((peer / "cases.json").read_text())
    assert len(several) >= 12 + 2 * sum((DATA / name).exists() for name, *_ in REAL)
    for case in several:
        expected = np.load(peer / f"{case['name']}.npz")
        options = {"layer": case["layer"], "raw": case["raw"]}
        made = karospace_stream.pseudobulk(case["source"], case["by"], progress=False, **options)
        assert made.obs_names.tolist() == expected["names"].tolist(), case
        for name in case["by"]:
            assert made.obs[name].astype(str).tolist() == expected[f"obs/{name}"].tolist(), case
        np.testing.assert_allclose(made.X, expected["sums"], 1e-12, err_msg=str(case))


@pytest.mark.big
def test_sums_of_exports(peer: Path, tmp_path: Path) -> None:
    """The file in an export, of the exported matrix and of another layer."""
    several = json.loads((peer / "cases.json").read_text())
    altered = [case for case in several if Path(case["source"]).stem.startswith("real_")]
    assert len(altered) == 2 * sum((DATA / name).exists() for name, *_ in REAL)
    for number, case in enumerate(altered):
        expected = np.load(peer / f"{case['name']}.npz")
        target = tmp_path / str(number)
        options = {"pseudobulk": case["by"], "pseudobulk_layer": case["layer"], "gene_names": "index"}
        karospace_stream.export(case["source"], target, format="anndata", progress=False, **options)
        made = anndata.read_h5ad(target / "pseudobulk.h5ad")
        assert made.obs_names.tolist() == expected["names"].tolist(), case
        np.testing.assert_allclose(made.X, expected["sums"], 1e-12, err_msg=str(case))
