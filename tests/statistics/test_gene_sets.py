"""Gene sets: read from files, from uns and from dictionaries, found among the genes, scored, exported."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadOptionError
from karospace_stream.plan.genes.set_files import parse_gmt
from karospace_stream.runtime.events import Event, Note
from tests.e2e.resume.cutting import cut_off, small
from tests.e2e.support import contents

SETS = {"cycle": ["g1", "g5", "g9", "absent"], "cell_type": ["g2", "g3"], "none/such": ["x", "y"]}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return made(tmp_path / "in.h5ad", sparse.csr_matrix)


def made(path: Path, layout: Callable[[Any], Any]) -> Path:
    rng = np.random.default_rng(2)
    values = (rng.gamma(2, 1, (400, 60)) * (rng.random((400, 60)) < 0.4)).astype(np.float32)
    values[3, 5] = np.nan
    names = [f"g{number}" for number in range(60)]
    obs = pd.DataFrame({"cell_type": pd.Categorical(rng.choice(["a", "b"], 400))}, index=map(str, range(400)))
    adata = anndata.AnnData(layout(values), obs=obs, var=pd.DataFrame({"id": names[::-1]}, index=names))
    adata.obsm["X_umap"] = rng.random((400, 2)).astype(np.float32)
    adata.varm["PCs"], adata.varm["text"] = rng.random((60, 4)), pd.DataFrame({"a": names}, index=names)
    adata.uns["listed"] = {name: np.array(genes, object) for name, genes in SETS.items() if "/" not in name}
    pairs = [(name, gene, 1.0) for name, genes in SETS.items() for gene in genes]
    adata.uns["net"] = pd.DataFrame(pairs, columns=["source", "target", "weight"]).rename(str)
    adata.uns["other"] = {"a": 1}
    adata.write_h5ad(path)
    return path


def atlas_of(bundle: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((bundle / "atlas.json").read_text())
    return found


def sets_of(bundle: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        gzip.decompress((bundle / atlas_of(bundle)["gene_sets"]["path"]).read_bytes())
    )["sets"]
    return found


def scores_of(bundle: Path) -> bytes:
    columns = [each for each in atlas_of(bundle)["columns"] if each["kind"] == "number"]
    return b"".join(
        gzip.decompress((bundle / part["path"]).read_bytes()) for each in columns for part in each["parts"]
    )


def export(source: Any, target: Path, **options: Any) -> Any:
    return karospace_stream.export(source, target, **{"memory": "1GB", "progress": False, **options})


def test_bundle(source: Path, tmp_path: Path) -> None:
    report = export(source, tmp_path / "out", gene_sets=SETS, genes=["g9", "g1", "g2"])
    assert atlas_of(tmp_path / "out")["gene_sets"]["n_sets"] == 3
    first, second, third = sets_of(tmp_path / "out")
    about = {"source": "Python", "n_not_exported": 1, "n_missing": 1}
    assert first == {"name": "cycle", "genes": [1, 0], "column": "cycle", **about}
    assert (second["genes"], second["column"]) == ([2], "cell_type_score")
    assert third == {
        "name": "none/such",
        "genes": [],
        "source": "Python",
        "n_not_exported": 0,
        "n_missing": 2,
    }
    names = [each["name"] for each in atlas_of(tmp_path / "out")["columns"]]
    assert names == ["cell_type", "cycle", "cell_type_score"]
    assert [each.code for each in report.findings if each.option in ("gene_sets", "set_scores")] == [
        "set-genes-missing",
        "sets-without-genes",
        "score-renamed",
        "scores-of-all-genes",
    ]
    assert karospace_stream.verify(tmp_path / "out", source=source)
    assert karospace_stream.verify(tmp_path / "out", source=source, sample=1)


@pytest.mark.parametrize("given", ["file", "uns:listed", "uns:net", "both"])
def test_sources(given: str, source: Path, tmp_path: Path) -> None:
    file = tmp_path / "some.gmt"
    file.write_text("cycle\tabout\tg1\tg5\tg9\tabsent\t\n\nother\t\tg1\tg1\n")
    wanted = {"file": file, "both": [str(file), {"more": ["g7"]}]}.get(given, given)
    export(source, tmp_path / "out", gene_sets=wanted)
    found = sets_of(tmp_path / "out")
    found.sort(key=lambda each: each["name"] != "cycle")
    assert (found[0]["name"], found[0]["genes"]) == ("cycle", [1, 5, 9])
    assert found[0]["source"] == (given if given.startswith("uns") else "some.gmt")
    assert [each["name"] for each in found][1:] == {
        "file": ["other"], "both": ["other", "more"], "uns:listed": ["cell_type"],
    }.get(given, ["cell_type", "none/such"])  # fmt: skip
    assert karospace_stream.verify(tmp_path / "out", source=source)
    recorded = json.loads((tmp_path / "out" / "checksums.json").read_text())["options"]["gene_sets"]
    assert str(tmp_path) not in json.dumps(recorded)


@pytest.mark.parametrize("format", ["anndata", "cellucid"])
def test_other_formats(format: str, source: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.zarr"
    export(source, target, format=format, gene_sets="uns:net")
    assert karospace_stream.verify(target, source=source)
    if format == "cellucid":
        manifest = (target / "obs_manifest.json").read_text()
        assert "cell_type_score" in manifest
        return
    stored = anndata.read_zarr(target)
    net = stored.uns["gene_sets"].groupby("source", sort=False)["target"].agg(list).to_dict()
    assert net == SETS
    assert np.array_equal(stored.varm["PCs"], anndata.read_h5ad(source).varm["PCs"])
    again = tmp_path / "again"
    export(target, again, gene_sets="uns:gene_sets")
    assert [each["name"] for each in sets_of(again)] == list(SETS)


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "csr": sparse.csr_matrix,
    "csc": sparse.csc_matrix,
    "dense": np.array,
    "in columns": np.asfortranarray,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("downsample", [None, 150])
def test_same_bits(layout: str, downsample: int | None, source: Path, tmp_path: Path) -> None:
    options: dict[str, Any] = {"gene_sets": SETS, "downsample": downsample}
    export(source, tmp_path / "csr", **options)
    other = made(tmp_path / "other.h5ad", LAYOUTS[layout])
    in_memory = anndata.read_h5ad(other)
    for number, each in enumerate((other, in_memory)):
        export(each, tmp_path / f"out{number}", workers=1, scheduler="sync", **options)
        assert scores_of(tmp_path / f"out{number}") == scores_of(tmp_path / "csr")


def test_without_scores(source: Path, tmp_path: Path) -> None:
    many = {f"set {number}": ["g1"] for number in range(201)}
    found = export(source, tmp_path / "many", gene_sets=many).findings
    assert [each.code for each in found if each.option == "gene_sets"] == ["sets-not-scored"]
    export(source, tmp_path / "off", gene_sets=SETS, set_scores=False)
    for name in ("many", "off"):
        assert [each["name"] for each in atlas_of(tmp_path / name)["columns"]] == ["cell_type"]
        assert "column" not in sets_of(tmp_path / name)[0]
        assert karospace_stream.verify(tmp_path / name, source=source)


def test_all_genes_in_a_set(source: Path, tmp_path: Path) -> None:
    found = export(source, tmp_path / "out", gene_sets={"all": [f"g{number}" for number in range(60)]})
    assert "sets-without-controls" in [each.code for each in found.findings]
    assert np.isnan(np.frombuffer(scores_of(tmp_path / "out"), np.float32)).all()


def test_varm(source: Path, tmp_path: Path) -> None:
    export(source, tmp_path / "out", genes=["g9", "g1"])
    (entry,) = atlas_of(tmp_path / "out")["varm"]
    assert (entry["key"], entry["dtype"], entry["n_columns"]) == ("PCs", "float32", 4)
    (part,) = entry["parts"]
    values = np.frombuffer(gzip.decompress((tmp_path / "out" / part["path"]).read_bytes()), np.float32)
    expected = anndata.read_h5ad(source)[:, ["g9", "g1"]].varm["PCs"].astype(np.float32)
    assert np.array_equal(values.reshape(2, 4), expected)
    assert "varm:PCs" not in [
        each.part for each in karospace_stream.plan_export(source).left_out["karospace"]
    ]
    export(source, tmp_path / "less", leave_out="varm:PCs")
    assert "varm" not in atlas_of(tmp_path / "less")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "but the file is empty"),
        (b"one\tabout\n", "but line 1 has no genes in 2 columns"),
        (b"one\tabout\tg1\ntwo\n", "but line 2 has no genes in 1 column"),
        (b"\tabout\tg1\n", "but line 1 has no name"),
        (b"one\tabout\tg1\n\none\tabout\tg2\n", "'one' is on line 1 and on line 3"),
        (b"one\tabout\tg1\ntw\xff\tabout\tg2\n", "must be UTF-8, but line 2 is not"),
        (gzip.compress(b"one\tabout\tg1\n", mtime=0), "is compressed; decompress it"),
    ],
)
def test_wrong_files(content: bytes, said: str) -> None:
    with pytest.raises(BadOptionError, match=f"--gene-sets f.gmt: .*{said}"):
        parse_gmt(content, "f.gmt")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("absent.gmt", "absent.gmt.*: the file cannot be read: No such file"),
        ("uns:nett", "the file has no uns entry 'nett'; did you mean 'net'"),
        ("uns:other", r"must be a dictionary of at most 2,000 lists of names, .* but uns\['other'\] is not"),
        ({"a": "g1"}, "the set 'a' must be a list of names of genes, got 'g1'"),
        ({"a": [1]}, "the set 'a' must be a list of names of genes, got 1"),
        ({"": ["g1"]}, "the name of a set must be text that is not empty"),
        ({}, "there must be at least one set, but the dictionary has none"),
        ([{"a": ["g1"]}, {"a": ["g2"]}], "'a' is in Python, twice; rename"),
        (
            {"a": ["nothing"]},
            "none of 1 gene, such as 'nothing', is what genes are called here, such as 'g0'",
        ),
        (5, "gene_sets must be paths of .gmt files"),
    ],
)
def test_wrong_sets(given: Any, said: str, source: Path) -> None:
    with pytest.raises(BadOptionError, match=said):
        karospace_stream.plan_export(source, gene_sets=given)


def test_names_of_the_index(source: Path, tmp_path: Path) -> None:
    export(source, tmp_path / "out", gene_names="id", gene_sets={"a": ["g59", "g0"]}, genes="all")
    assert sets_of(tmp_path / "out")[0]["genes"] == [
        0,
        59,
    ]  # called so in the column, g0 and g59 in the index


@pytest.mark.parametrize("killed", [False, True])
def test_resume(killed: bool, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    options: dict[str, Any] = {"gene_sets": SETS, "scratch": tmp_path / "scratch", "strategy": "spill"}
    cut_off(source, tmp_path / "cut", stage="arrays", killed=killed, **{"resume": True} | options)
    heard: list[Event] = []
    karospace_stream.export(source, tmp_path / "cut", resume=True, listener=heard.append, **small(**options))
    assert any("already done" in each.text for each in heard if isinstance(each, Note))
    assert not list((tmp_path / "scratch").iterdir())
    karospace_stream.export(source, tmp_path / "whole", **small(**options))
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")
    cut_off(source, tmp_path / "again", stage="arrays", killed=True, **{"resume": True} | options)
    with pytest.raises(BadOptionError, match="has other options: gene_sets was"):
        karospace_stream.export(
            source, tmp_path / "again", resume=True, **small(**{**options, "gene_sets": {"a": ["g1"]}})
        )
