"""The packed layout has the values of the classic one, in every way of cutting the work."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.formats.karospace.layout.genes.packed import shard_cuts
from tests.e2e.support import contents
from tests.formats.karospace.packed.reader import Packed, classic_gene

Synth = Callable[..., Path]
#: Enough for three shards, and few values.
SIZE = {"n_cells": 17_000, "n_genes": 3_000, "density": 0.004}


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from karospace_stream.testing.synth import write_synthetic

    path = tmp_path_factory.mktemp("packed") / "large.h5ad"
    write_synthetic(path, **SIZE)
    return path


def export(source: Any, target: Path, **options: Any) -> Path:
    packed = {} if options.get("layout") == "classic" else {"layout": "packed", "order": "source"}
    karospace_stream.export(source, target, **{**packed, "name": "packed", **options})
    return target


def small(**layers: Any) -> anndata.AnnData:
    """A matrix with all that can be wrong with values."""
    rng = np.random.default_rng(0)
    x = rng.random((50, 9), np.float32) * (rng.random((50, 9)) < 0.3)
    x[:, 3] = 0
    x[:, 4] = np.arange(1, 51)
    x[:, 5] = -1.5
    x[2:5, 6] = [np.nan, np.inf, -np.inf]
    x[7, 7] = -0.0
    x[:, 8] = 0
    x[49, 8] = 3
    stored = sparse.csr_matrix(x)
    stored.data[:3] = 0  # zeros that are stored
    return anndata.AnnData(stored, obsm={"X_umap": rng.random((50, 2))})


def test_genes_are_those_of_the_classic_layout(large: Path, tmp_path: Path) -> None:
    packed = Packed(export(large, tmp_path / "packed"))
    classic = export(large, tmp_path / "classic", layout="classic")
    assert len(packed.genes["shards"]) == 3
    for gene in range(0, packed.atlas["n_genes"], 31):
        np.testing.assert_array_equal(packed.gene(gene), classic_gene(classic, gene))


def test_everything_else_is_that_of_the_classic_layout(large: Path, tmp_path: Path) -> None:
    options = {"group_by": "cell_type"}
    packed = contents(export(large, tmp_path / "packed", **options))
    classic = contents(export(large, tmp_path / "classic", layout="classic", **options))
    own = {"atlas.json", "manifest.json", "checksums.json", "report.json"}
    both = (packed.keys() & classic.keys()) - own
    assert [key for key in both if packed[key] != classic[key]] == []
    assert {key for key in packed.keys() - classic.keys() if not key.startswith("assets/genes/")} == set()
    missing = {key for key in classic.keys() - packed.keys() if "expression/" not in key}
    assert {key.split("/")[-1].split("_0")[0] for key in missing} == {"obs", "obs_records", "coords", "var"}
    atlases = [json.loads((tmp_path / each / "atlas.json").read_bytes()) for each in ("packed", "classic")]
    for atlas, version in zip(atlases, (2, 1), strict=True):
        assert atlas.pop("version") == version
        atlas["genes"].pop("expression")
    assert atlases[0] == atlases[1]


@pytest.mark.parametrize(
    "way",
    [
        {"strategy": "spill", "workers": 3},
        {"strategy": "memory", "workers": 2, "memory": "600MB"},
    ],
    ids=["spill", "memory"],
)
def test_bytes_do_not_depend_on_the_way(way: dict[str, Any], large: Path, tmp_path: Path) -> None:
    options = {"group_by": "none", "anno": "cell_type"}
    wanted = contents(export(large, tmp_path / "wanted", scheduler="sync", **options))
    found = contents(export(large, tmp_path / "found", **options, **way))
    assert [key for key in wanted if key != "report.json" and wanted[key] != found[key]] == []
    assert found.keys() == wanted.keys()


def test_the_same_values_stored_by_genes_are_the_same_bytes(large: Path, tmp_path: Path) -> None:
    from karospace_stream.testing.synth import write_synthetic

    write_synthetic(tmp_path / "csc.h5ad", layout="csc", **SIZE)
    options = {"genes": "top_mean:1500", "anno": "cell_type", "group_by": "none"}
    wanted = contents(export(large, tmp_path / "wanted", **options))
    found = contents(export(tmp_path / "csc.h5ad", tmp_path / "found", **options))
    shards = [key for key in wanted if key.startswith("assets/genes/")]
    assert len(shards) > 1
    assert [key for key in shards if wanted[key] != found[key]] == []


def test_odd_values(tmp_path: Path) -> None:
    data = small()
    packed = Packed(export(data, tmp_path / "packed", anno=[]))
    classic = export(data, tmp_path / "classic", layout="classic", anno=[])
    for gene in range(9):
        found, wanted = packed.gene(gene), classic_gene(classic, gene)
        np.testing.assert_array_equal(found, wanted)
        assert packed.counts[gene] == np.count_nonzero(wanted)
    assert karospace_stream.verify(tmp_path / "packed", source=data)


@pytest.mark.parametrize("bits", [16, 8])
def test_rounded_values(bits: int, large: Path, tmp_path: Path) -> None:
    data = small()
    packed = Packed(export(data, tmp_path / "packed", anno=[], gene_bits=bits))
    classic = export(data, tmp_path / "classic", layout="classic", anno=[])
    for gene in range(9):
        found, wanted = packed.gene(gene), classic_gene(classic, gene)
        stored = wanted[wanted != 0]
        step = (stored.max() - stored.min()) / (2**bits - 1) if len(stored) else 0
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=step * 0.501)
        np.testing.assert_array_equal(found[wanted == 0], 0)
    assert karospace_stream.verify(tmp_path / "packed", source=data)


def test_an_export_without_genes(tmp_path: Path) -> None:
    bundle = export(small(), tmp_path / "packed", anno=[], genes="none")
    expression = json.loads((bundle / "atlas.json").read_bytes())["genes"]["expression"]
    assert expression["shards"] == []
    assert karospace_stream.verify(bundle)


def test_verify_names_a_gene_that_differs(tmp_path: Path) -> None:
    data = small()
    export(data, tmp_path / "packed", anno=[])
    data.X[0, 2] = 77
    for sample in (None, 8):
        found = karospace_stream.verify(tmp_path / "packed", source=data, sample=sample)
        genes = [fault.what for fault in found.faults if fault.key == "assets/genes/00000.bin"]
        assert genes == ["the gene 2 differs from the source"]


@pytest.mark.parametrize(
    ("n_cells", "n_genes", "n_shards"),
    [(0, 0, 0), (10, 3, 1), (100_000, 20_000, 119), (10_000_000, 20_000, 250), (10_000_000, 12, 7)],
)
def test_shards_are_few(n_cells: int, n_genes: int, n_shards: int) -> None:
    cuts = shard_cuts(n_cells, n_genes)
    assert len(cuts) == n_shards + 1
    assert cuts[0] == 0
    assert cuts[-1] == n_genes
    sizes = np.diff(cuts)
    assert n_shards == 0 or sizes.max() - sizes.min() <= 1


def test_auto_is_packed_for_many_cells(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What was decided is recorded, so that verify repeats it."""
    options = {"anno": [], "layout": "auto", "gene_bits": 16}
    few = export(small(), tmp_path / "few", **options)
    assert json.loads((few / "atlas.json").read_bytes())["version"] == 1
    codes = [each["code"] for each in json.loads((few / "report.json").read_bytes())["findings"]]
    assert "gene-bits-without-packed" in codes
    with monkeypatch.context() as patched:
        patched.setattr("karospace_stream.formats.karospace.options._MANY_CELLS", 49)
        many = export(small(), tmp_path / "many", **options)
    assert Packed(many).genes["dtype"] == "uint16"
    for bundle in (few, many):
        assert karospace_stream.verify(bundle, source=small())
