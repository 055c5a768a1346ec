"""``verify --source --sample`` computes the statistics of some genes anew: a wrong number of one is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.formats.karospace.layout.statistics import ranked_columns
from karospace_stream.formats.layout.pseudobulk import PSEUDOBULK
from tests.e2e.test_verify import relist

Synth = Callable[..., Path]
N_GENES, SAMPLE = 12, 3
#: The genes that a sample of three takes, and one that it does not take.
CHOSEN = np.sort(np.random.default_rng(0).choice(N_GENES, SAMPLE, replace=False)).tolist()
OTHER = next(gene for gene in range(N_GENES) if gene not in CHOSEN)


@pytest.fixture(params=["wilcoxon", "t-test"])
def bundle(request: pytest.FixtureRequest, synth: Synth, tmp_path: Path) -> tuple[Path, Path]:
    source, target = synth(600, N_GENES, chunk_values=500), tmp_path / "bundle"
    options: dict[str, Any] = {"group_by": ["sample", "cell_type"], "markers": request.param}
    karospace_stream.export(
        source, target, progress=False, gzip=False, pseudobulk=["sample", "cell_type"], **options
    )
    return source, target


def faults(source: Path, target: Path, changed: str = "manifest.json") -> list[tuple[str, str]]:
    relist(target, changed)
    found = karospace_stream.verify(target, source=source, sample=SAMPLE, progress=False)
    return [(each.key, each.what) for each in found.faults if each.kind == "value"]


def statistics(target: Path) -> Any:
    return json.loads((target / "atlas.json").read_text())["statistics"]


def test_nothing_is_wrong(bundle: tuple[Path, Path]) -> None:
    assert faults(*bundle) == []
    assert karospace_stream.verify(bundle[1], source=bundle[0], sample=SAMPLE).n_compared > SAMPLE


def test_packed_in_parts_and_under_other_names(synth: Synth, tmp_path: Path) -> None:
    source, url = synth(600, N_GENES, chunk_values=500), f"memory://verified/{tmp_path.name}"
    options: dict[str, Any] = {"group_by": "cell_type", "pseudobulk": "sample", "max_asset_mb": 0.001}
    for overwrite in (False, True):
        karospace_stream.export(source, url, progress=False, scheduler="sync", overwrite=overwrite, **options)
        assert karospace_stream.verify(url, source=source, sample=SAMPLE, progress=False).faults == ()


def test_sums_beside_a_format_that_has_none(synth: Synth, tmp_path: Path) -> None:
    source, target = synth(600, N_GENES, chunk_values=500), tmp_path / "several"
    formats = ["karospace", "anndata", "cellucid"]
    karospace_stream.export(source, target, format=formats, progress=False, pseudobulk=["sample"])
    for name in formats:
        (folder,) = (each for each in target.iterdir() if each.stem == name)
        found = karospace_stream.verify(folder, source=source, sample=SAMPLE, progress=False)
        assert [each.what for each in found.faults] == []


@pytest.mark.parametrize("kind", ["means", "shares", "variances"])
def test_tables(kind: str, bundle: tuple[Path, Path]) -> None:
    source, target = bundle
    grouping = statistics(target)["groupings"][1]
    path = grouping[kind][0]["path"]
    values = np.fromfile(target / path, "<f4").reshape(N_GENES, -1)
    values[OTHER, 0] += 1
    values.tofile(target / path)
    assert faults(source, target, path) == []
    values[CHOSEN[1], 2] += 0.001
    values.tofile(target / path)
    ((key, what),) = faults(source, target, path)
    assert (key, what.startswith(f"differs from the source: {kind} of '")) == (path, True)


def test_rankings(bundle: tuple[Path, Path]) -> None:
    source, target = bundle
    stated = statistics(target)
    path = stated["groupings"][0]["rankings"][1]["parts"][0]["path"]
    whole, at = (target / path).read_bytes(), 0
    for name, dtype in ranked_columns(auc=stated["test"] == "wilcoxon"):
        damaged = bytearray(whole)
        values = np.frombuffer(damaged, dtype, N_GENES, at)
        genes = np.frombuffer(whole, "<u4", N_GENES)
        row = int(np.flatnonzero(genes == CHOSEN[2])[0])
        values[row] = values[row] * 1.001 + 0.001 if name != "gene" else OTHER
        (target / path).write_bytes(damaged)
        found = faults(source, target, path)
        what = {"gene": "does not rank each gene once", "adjusted_p_value": "has adjusted p-values"}
        assert {key for key, _ in found} == {path}, name
        assert any(what.get(name, name.replace("_", " ")) in each for _, each in found), name
        at += values.nbytes
    assert at == len(whole)


def test_best_genes_and_counts(bundle: tuple[Path, Path]) -> None:
    source, target = bundle
    path = statistics(target)["groupings"][0]["best"]["path"]
    best = json.loads((target / path).read_text())
    first = best["groups"][0]
    first["scores"][first["genes"].index(CHOSEN[0])] += 0.5
    (target / path).write_text(json.dumps(best))
    assert [key for key, _ in faults(source, target, path)] == [path]


@pytest.mark.parametrize("which", ["best", "means"])
def test_a_file_that_cannot_be_read_is_named(which: str, bundle: tuple[Path, Path]) -> None:
    source, target = bundle
    entry = statistics(target)["groupings"][0][which]
    path = entry["path"] if which == "best" else entry[0]["path"]
    (target / path).write_bytes((target / path).read_bytes()[:-5])
    ((key, what),) = faults(source, target, path)
    assert (key, what.startswith("cannot be read (")) == (path, True)


def test_cells_of_groups(bundle: tuple[Path, Path]) -> None:
    source, target = bundle
    atlas = json.loads((target / "atlas.json").read_text())
    atlas["statistics"]["groupings"][0]["n_cells"][0] += 1
    (target / "atlas.json").write_text(json.dumps(atlas))
    assert ("atlas.json", "counts the cells of 'sample' otherwise than the source") in faults(
        source, target, "atlas.json"
    )


def test_sums(bundle: tuple[Path, Path]) -> None:
    source, target = bundle
    sums = anndata.read_h5ad(target / PSEUDOBULK)
    name = sums.var_names[CHOSEN[1]]
    for gene, expected in ((OTHER, []), (CHOSEN[1], [f"differs from the source: sums of '{name}'"])):
        sums.X[3, gene] += 1
        sums.write_h5ad(target / PSEUDOBULK)
        assert [what for key, what in faults(source, target, PSEUDOBULK) if key == PSEUDOBULK] == expected
    (target / PSEUDOBULK).write_bytes(b"nothing")
    assert (PSEUDOBULK, "is no file of sums of the exported genes") in faults(source, target, PSEUDOBULK)


def test_sums_that_are_packed_otherwise_are_the_same(bundle: tuple[Path, Path]) -> None:
    source, target = bundle
    sums = anndata.read_h5ad(target / PSEUDOBULK)
    sums.write_h5ad(target / PSEUDOBULK)
    relist(target, PSEUDOBULK)
    found = karospace_stream.verify(target, source=source, progress=False).faults
    assert {(each.key, each.kind) for each in found} == {(PSEUDOBULK, "manifest")}
    sums.obs["n_obs_aggregated"] += 1
    sums.write_h5ad(target / PSEUDOBULK)
    relist(target, PSEUDOBULK)
    found = karospace_stream.verify(target, source=source, progress=False).faults
    assert (PSEUDOBULK, "value") in {(each.key, each.kind) for each in found}
