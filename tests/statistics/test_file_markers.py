"""Markers of the file go along, into a bundle and into a store."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from tests.made import rankings as made

KEY = "rank_genes_groups"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return made.with_markers(tmp_path / "data.h5ad")


def read_bundle(folder: Path) -> list[dict[str, Any]]:
    return json.loads((folder / "atlas.json").read_text()).get("markers_of_file", [])


def ranking(folder: Path, entry: dict[str, Any], group: int) -> dict[str, Any]:
    (part,) = entry["rankings"][group]["parts"]
    data = gzip.decompress((folder / part["path"]).read_bytes())
    found, at = {}, 0
    for column in entry["columns"]:
        found[column["name"]] = np.frombuffer(data, column["dtype"], part["end"], at)
        at += found[column["name"]].nbytes
    assert at == len(data)
    return found


def test_bundle(source: Path, tmp_path: Path) -> None:
    report = karospace_stream.export(source, tmp_path / "out", group_by="none")
    (entry,) = read_bundle(tmp_path / "out")
    assert (entry["key"], entry["column"]) == (KEY, "kind")
    assert (entry["method"], entry["reference"]) == ("wilcoxon", "rest")
    assert entry["params"] == made.PARAMETERS
    assert [each["group"] for each in entry["rankings"]] == list(made.GROUPS)
    found = ranking(tmp_path / "out", entry, 1)
    # The third is no gene of the file, so that its number follows on those of the genes.
    assert found["gene"].tolist() == [3, 2, 6, 0]
    others = json.loads(gzip.decompress((tmp_path / "out" / entry["other_genes"]["path"]).read_bytes()))
    assert others == ["absent"]
    np.testing.assert_array_equal(found["score"], made.SCORES[1])
    np.testing.assert_array_equal(found["p_value"], made.P_VALUES[1])
    first = ranking(tmp_path / "out", entry, 0)
    np.testing.assert_array_equal(first["log_fold_change"], made.FOLDS[0])
    best = json.loads(gzip.decompress((tmp_path / "out" / entry["best"]["path"]).read_bytes()))
    assert best["groups"][0]["log_fold_changes"] == [2, 1, None, -1]
    (said,) = (each for each in report.findings if each.code == "markers-not-exported")
    assert said.text == "1 of 7 genes in uns['rank_genes_groups'] is not exported: absent"
    assert karospace_stream.verify(tmp_path / "out")
    assert karospace_stream.verify(tmp_path / "out", source=source)
    assert karospace_stream.verify(tmp_path / "out", source=source, sample=2)


def test_verify_finds_other_markers(source: Path, tmp_path: Path) -> None:
    karospace_stream.export(source, tmp_path / "out", group_by="none")
    other = made.with_markers(tmp_path / "other.h5ad", scores=made.records(made.SCORES + 1, "f4"))
    faults = karospace_stream.verify(tmp_path / "out", source=other).faults
    assert {each.key.rsplit("/", 1)[-1][:8] for each in faults} == {"file_000"}


def test_left_out(source: Path, tmp_path: Path) -> None:
    karospace_stream.export(source, tmp_path / "out", group_by="none", leave_out=[f"uns:{KEY}"])
    assert read_bundle(tmp_path / "out") == []


def test_some_genes_and_other_names(tmp_path: Path) -> None:
    data = made.cells()
    data.uns["mine"] = made.entry()
    data.var["symbol"] = [f"Gene {name}" for name in data.var_names]
    report = karospace_stream.export(
        data, tmp_path / "out", group_by="none", gene_names="symbol", genes=["g3", "g0"]
    )
    (entry,) = read_bundle(tmp_path / "out")
    assert ranking(tmp_path / "out", entry, 0)["gene"].tolist()[::3] == [1, 0]
    (said,) = (each for each in report.findings if each.code == "markers-not-exported")
    assert said.text == "5 of 7 genes in uns['mine'] are not exported: g1, g2, absent, …"


def test_markers_of_symbols(tmp_path: Path) -> None:
    """Names are also those that the export shows."""
    data = made.cells()
    data.uns["mine"] = made.entry()
    data.var["symbol"] = data.var_names
    data.var_names = [f"ENSG{number:011}" for number in range(data.n_vars)]
    karospace_stream.export(data, tmp_path / "out", group_by="none", gene_names="symbol")
    (entry,) = read_bundle(tmp_path / "out")
    assert ranking(tmp_path / "out", entry, 0)["gene"].tolist() == [0, 1, 2, 3]


def test_shares(tmp_path: Path) -> None:
    data = made.cells()
    pts = pd.DataFrame({"a": [0.5, 1.0], "Ü": [0.25, 0.0]}, index=["g3", "g0"])
    data.uns["mine"] = made.entry() | {"pts": pts}
    karospace_stream.export(data, tmp_path / "out", group_by="none")
    (entry,) = read_bundle(tmp_path / "out")
    np.testing.assert_array_equal(ranking(tmp_path / "out", entry, 0)["share"], [1, np.nan, np.nan, 0.5])
    assert np.isnan(ranking(tmp_path / "out", entry, 1)["share"]).all()


def test_filtered_names(tmp_path: Path) -> None:
    data = made.cells()
    data.uns["mine"] = made.entry([("g0", np.nan, "g2", np.nan), *made.NAMES[1:]])
    karospace_stream.export(data, tmp_path / "out", group_by="none")
    (entry,) = read_bundle(tmp_path / "out")
    found = ranking(tmp_path / "out", entry, 0)
    assert found["gene"].tolist() == [0, 2]
    assert found["score"].tolist() == [4, 2]


@pytest.mark.parametrize("target", ["out", "out.zarr"])
def test_damaged_values_are_said(target: str, tmp_path: Path) -> None:
    def change(group: Any) -> None:
        del group["scores"]
        group["scores"] = made.records([["x"] * 4] * 3, "S3")

    path = made.rewritten(tmp_path / "data.h5ad", change)
    kind = "anndata" if target.endswith(".zarr") else "karospace"
    report = karospace_stream.export(path, tmp_path / target, group_by="none", format=kind)
    assert any("its values must be numbers" in each.text for each in report.findings)
    assert karospace_stream.verify(tmp_path / target, source=path)


@pytest.mark.parametrize("options", [{}, {"zarr_format": 3}, {"zarr_format": 3, "shard": True}])
def test_store(options: dict[str, Any], tmp_path: Path) -> None:
    data = made.cells()
    pts = pd.DataFrame({"a": [0.5, 1.0], "Ü": [0.25, 0.0]}, index=["g3", "g0"])
    data.uns[KEY] = made.entry() | {"pts": pts}
    data.write_h5ad(tmp_path / "data.h5ad")
    report = karospace_stream.export(
        tmp_path / "data.h5ad",
        tmp_path / "out.zarr",
        format="anndata",
        group_by="kind",
        markers="t-test",
        **options,
    )
    read = anndata.read_zarr(tmp_path / "out.zarr").uns
    assert read["rank_genes_groups_kind"]["params"]["method"] == "t-test"
    entry = read[KEY]
    assert entry["params"] == made.PARAMETERS
    for name, values in {"names": np.array(made.NAMES), **made.TABLES}.items():
        assert entry[name].dtype.names == made.GROUPS
        for group, row in zip(made.GROUPS, values, strict=True):
            np.testing.assert_array_equal(entry[name][group], row)
    pd.testing.assert_frame_equal(entry["pts"], pts, check_names=False)
    (said,) = (each for each in report.findings if each.code == "markers-beside")
    assert said.text == (
        "markers of the file are in uns['rank_genes_groups'], "
        "those of kind that are computed in uns['rank_genes_groups_kind']"
    )
    assert karospace_stream.verify(tmp_path / "out.zarr", source=tmp_path / "data.h5ad")
