"""Files without X or without genes: what the sentence names, and exports of columns and coordinates alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import BadInputError
from tests.oracle.reader import Bundle

N = 50


def made(n_genes: int, **parts: Any) -> anndata.AnnData:
    obs = pd.DataFrame({"kind": pd.Categorical(list("AB") * (N // 2))}, index=[f"c{i}" for i in range(N)])
    var = pd.DataFrame(index=[f"g{i}" for i in range(n_genes)])
    points = np.random.default_rng(0).normal(size=(N, 2))
    return anndata.AnnData(parts.pop("X", None), obs=obs, var=var, obsm={"X_umap": points}, **parts)


def with_raw(adata: anndata.AnnData) -> anndata.AnnData:
    whole = made(4, X=np.ones((N, 4), np.float32))
    adata.raw = whole
    return adata


NONE = 'genes="none"'
COUNTS = {"counts": np.ones((N, 3), np.float32)}


@pytest.mark.parametrize(
    ("adata", "options", "words"),
    [
        (made(3), {}, f"has no X; export columns and coordinates without genes with {NONE}"),
        (made(0, X=np.ones((N, 0))), {}, f"50 cells and 0 genes; export .* {NONE}"),
        (made(3, layers=COUNTS), {}, rf"no X; use the layer 'counts' with layer=\"counts\", or .*{NONE}"),
        (with_raw(made(0, X=np.ones((N, 0)))), {}, rf"0 genes; use raw with raw=True, or .*{NONE}"),
        (made(3, layers=COUNTS), {"raw": True}, rf"has no raw; use the layer 'counts' .*{NONE}"),
        (made(3, X=np.ones((N, 3))), {"raw": True}, r"has no raw; use X \(without raw=True\), or"),
    ],
)
def test_the_sentence_names_what_there_is(
    adata: anndata.AnnData, options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    for format in ("karospace", "cellucid", "anndata"):
        with pytest.raises(BadInputError, match=words):
            karospace_stream.plan_export(adata, format=format, **options)


def test_what_it_names_works(tmp_path: Path) -> None:
    for adata, options, n_genes in (
        (made(3, layers=COUNTS), {"layer": "counts"}, 3),
        (with_raw(made(0)), {"raw": True}, 4),
    ):
        report = karospace_stream.export(adata, tmp_path / f"out{n_genes}", **options)
        assert report.n_genes == n_genes


@pytest.mark.parametrize("n_genes", [0, 3])
@pytest.mark.parametrize("gzip", [True, False])
def test_a_bundle_without_genes(
    n_genes: int, gzip: bool, export: Callable[..., Bundle], tmp_path: Path
) -> None:
    bundle = export(made(n_genes), genes="none", gzip=gzip)
    assert bundle.manifest["n_genes_exported"] == 0
    assert (bundle.manifest["gene_list"], bundle.manifest["expression"]["genes"]) == ([], [])
    assert len(bundle.assets["var_csv"]) == 1
    assert bundle.stream.atlas["n_genes"] == 0
    assert bundle.stream.genes["name"] == []
    assert list(bundle.stream.column(0)) == ["A", "B"] * (N // 2)


def test_all_formats_resumed_and_verified(tmp_path: Path) -> None:
    adata = made(0)
    adata.write_h5ad(tmp_path / "in.h5ad")
    formats = ["karospace", "cellucid", "anndata"]
    options: dict[str, Any] = {"format": formats, "genes": "none", "memory": "400MB", "resume": True}
    report = karospace_stream.export(tmp_path / "in.h5ad", tmp_path / "out", **options)
    assert (report.n_genes, report.n_cells) == (0, N)
    for format in formats:
        target = tmp_path / "out" / format
        assert karospace_stream.verify(target, source=tmp_path / "in.h5ad").faults == ()
    assert json.loads((tmp_path / "out/cellucid/dataset_identity.json").read_text())["stats"]["n_genes"] == 0
