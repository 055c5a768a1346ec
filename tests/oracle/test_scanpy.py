"""Markers are those of ``scanpy.tl.rank_genes_groups``, with all tests, references and corrections."""

from __future__ import annotations

import gzip
import json
import warnings
from itertools import product
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
TESTS = ("wilcoxon", "t-test", "t-test_overestim_var")
#: Real files with a column of groups, and whether ``raw`` holds the values that people compare.
REAL = (
    ("anndata_v050_pbmc68k.h5ad", "louvain", True),
    ("anndata_v050_pbmc68k.h5ad", "bulk_labels", False),
    ("mti_imc_sn.h5ad", "cell type", False),
    ("scp_indexed_by_gene_id.h5ad", "cell_type", False),
    ("soma_pbmc_small.h5ad", "groups", False),
    ("squidpy_visium_test_data.h5ad", "leiden", False),
)


#: Where a file has no embedding.
COORDS = {"scp_indexed_by_gene_id.h5ad": "obs:nCount_RNA,nFeature_RNA"}


def cases(drawn: Path) -> list[dict[str, Any]]:
    sources = [(DATA / name, column, raw) for name, column, raw in REAL if (DATA / name).exists()]
    sources += [(path, "kind", False) for path in sorted(drawn.glob("*.h5ad"))]
    found = []
    for number, (path, column, raw) in enumerate(sources):
        groups = _groups(path, column)
        for test, reference in product(TESTS, ("rest", groups[0])):
            for tie_correct in (False, True) if test == "wilcoxon" else (False,):
                case = {"source": str(path), "column": column, "raw": raw, "test": test}
                case |= {"reference": reference, "tie_correct": tie_correct, "name": f"case_{len(found):03d}"}
                found.append(case | {"number": number})
    return found


def _groups(path: Path, column: str) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a file of 2018
        values = anndata.read_h5ad(path, backed="r").obs[column].astype("category")
    return list(map(str, values.value_counts().index))  # the largest first


def draw(folder: Path) -> None:
    """Counts with many ties, and centred values of which some are negative; a category without cells."""
    rng = np.random.default_rng(5)
    n_cells, n_genes = 400, 60
    counts = rng.poisson(rng.random(n_genes) * 2, (n_cells, n_genes)).astype("f4")
    logged = np.log1p(counts / np.maximum(counts.sum(1, keepdims=True), 1) * 1e4).astype("f4")
    for name, values in {"counts": counts, "logged": logged, "centred": logged - logged.mean(0)}.items():
        kinds = pd.Categorical.from_codes(rng.integers(0, 4, n_cells), list("ABCD"))
        obs = pd.DataFrame({"kind": kinds}, index=[f"cell-{i}" for i in range(n_cells)])
        matrix = values if name == "centred" else sparse.csr_matrix(values)
        adata = anndata.AnnData(matrix, obs=obs, obsm={"X_umap": rng.random((n_cells, 2))})
        if name == "logged":
            adata.uns["log1p"] = {"base": 2.0}
        adata.write_h5ad(folder / f"{name}.h5ad")


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all cases, and what Scanpy found in each."""

    def prepare(folder: Path) -> list[str]:
        draw(folder)
        (folder / "cases.json").write_text(json.dumps(cases(folder)))
        return []

    script = Path(__file__).with_name("scanpy") / "run.py"
    return made_once(tmp_path_factory, "scanpy", "scanpy", script, prepare)


@pytest.mark.big
def test_markers(peer: Path, tmp_path: Path) -> None:
    several = json.loads((peer / "cases.json").read_text())
    assert len(several) >= 24
    for case in several:
        expected = np.load(peer / f"{case['name']}.npz")
        found = exported(case, tmp_path / case["name"])
        assert sorted(found) == sorted(expected["groups"].tolist()), case
        for group, columns in found.items():
            compare(case, group, columns, expected)


def exported(case: dict[str, Any], target: Path) -> dict[str, dict[str, Any]]:
    """The rankings in a bundle, by group, in the order of the genes."""
    karospace_stream.export(
        case["source"],
        target,
        raw=case["raw"],
        gene_names="index",
        coords=COORDS.get(Path(case["source"]).name, "auto"),
        group_by=case["column"],
        markers=case["test"],
        **{} if case["reference"] == "rest" else {"reference": case["reference"]},
        **{"tie_correct": True} if case["tie_correct"] else {},
        preview=False,
        progress=False,
    )
    stated = json.loads((target / "atlas.json").read_text())["statistics"]
    (grouping,) = stated["groupings"]
    return {
        grouping["categories"][each["group"]]: ranking(target, each, stated["columns"])
        for each in grouping["rankings"]
    }


def ranking(target: Path, entry: dict[str, Any], columns: list[dict[str, str]]) -> dict[str, Any]:
    (part,) = entry["parts"]
    data, at, found = gzip.decompress((target / part["path"]).read_bytes()), 0, {}
    for each in columns:
        found[each["name"]] = np.frombuffer(data, np.dtype(each["dtype"]), part["end"], at)
        at += found[each["name"]].nbytes
    assert at == len(data)
    assert (np.diff(found["score"]) <= 0).all()
    order = np.argsort(found["gene"])
    return {name: values[order] for name, values in found.items()}


def compare(case: dict[str, Any], group: str, found: dict[str, Any], expected: Any) -> None:
    """To 1e-6; a score that is near 0 to the size of what cancelled."""
    message = f"{case} {group}"
    pairs = {
        "score": ("scores", 1e-6, 1e-6),
        "log_fold_change": ("logfoldchanges", 2e-6, 2e-6),
        "p_value": ("pvals", 1e-6, 1e-12),
        "adjusted_p_value": ("pvals_adj", 1e-6, 1e-12),
    }
    # Where a group or the others are constant, it takes the root of a variance that rounding made negative.
    failed = (expected[f"scores/{group}"] == 0) & (expected[f"pvals/{group}"] == 1)
    assert expected[f"constant/{group}"][failed & (np.abs(found["score"]) > 1e-6)].all(), message
    adjusted_by_all = case["test"] == "wilcoxon" or not failed.any()
    for name, (theirs, relative, absolute) in pairs.items():
        if name == "adjusted_p_value" and not adjusted_by_all:
            continue
        np.testing.assert_allclose(
            found[name][~failed],
            expected[f"{theirs}/{group}"][~failed],
            relative,
            absolute,
            err_msg=f"{name} {message}",
        )
