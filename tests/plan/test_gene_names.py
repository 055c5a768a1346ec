"""`gene_names`: what genes are called, in every format, in lists, and in what is said."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError, BudgetError
from karospace_stream.formats.existing import recorded
from karospace_stream.formats.registry import FORMATS
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.checks.name_memory import check_names_fit
from karospace_stream.source import open_source
from tests.cli.test_commands import run
from tests.made.cellxgene import SYMBOLS, cellxgene

N = 20
IDS = [f"ENSG{number:011d}" for number in range(N)]
#: Two of one symbol, one without.
STATED = [*(f"SYM{number}" for number in range(N - 2)), "SYM0", None]
LABELS = [*(f"SYM{number}" for number in range(N - 2)), "SYM0-1", IDS[-1]]


def data(symbols: Sequence[str | None] = tuple(STATED), name: str = "gene_symbols") -> anndata.AnnData:
    rng = np.random.default_rng(0)
    var = pd.DataFrame({name: pd.Series(list(symbols), dtype=object), "alias": [f"o{n}" for n in range(N)]})
    var.index = pd.Index(IDS)
    obs = pd.DataFrame({"kind": pd.Categorical(["a", "b"] * 15)}, index=[f"c{n}" for n in range(30)])
    return anndata.AnnData(
        rng.poisson(1, (30, N)).astype("f4"), obs=obs, var=var, obsm={"X_umap": rng.random((30, 2))}
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    data().write_h5ad(tmp_path / "in.h5ad")
    return tmp_path / "in.h5ad"


def labels(source: Any, **options: Any) -> list[str]:
    return list(karospace_stream.plan_export(source, **options).selection.labels)


def test_symbols_are_found_where_the_index_has_accession_numbers() -> None:
    assert labels(data()) == LABELS
    plan = karospace_stream.plan_export(data())
    assert plan.selection.names_from == "gene_symbols"
    assert plan.selection.ids == tuple(IDS)
    found, renamed = (each for each in plan.findings if each.code in ("gene-names", "renamed-genes"))
    assert found.text == (
        "genes are called as in var['gene_symbols'], because the names in its index are accession numbers, "
        "such as 'ENSG00000000000'"
    )
    assert (found.option, found.value) == ("gene_names", "index")
    assert renamed.text.startswith("2 genes have no name in var['gene_symbols'], or that of another gene")
    assert plan.to_json()["gene_names"] == "gene_symbols"


def test_the_index_stays_where_it_has_names_or_no_column_fits() -> None:
    named = data()
    named.var_names = [f"name{number}" for number in range(N)]
    for source, options in (
        (named, {}),
        (data(["protein_coding"] * N), {}),
        (data(name="notes"), {}),
        (data(), {"gene_names": "index"}),
        (data(), {"leave_out": "var:gene_symbols"}),
    ):
        plan = karospace_stream.plan_export(source, **options)
        assert list(plan.selection.labels) == list(source.var_names)
        assert (plan.selection.names_from, plan.selection.ids) == ("", ())
        assert not [each for each in plan.findings if each.code == "gene-names"]


def test_a_column_that_is_named() -> None:
    assert labels(data(), gene_names="alias") == [f"o{number}" for number in range(N)]
    assert labels(data(), gene_ids="alias") == labels(data(), gene_names="alias"), "its former name"
    numbered = data()
    numbered.var["number"] = range(N)
    assert labels(numbered, gene_names="number")[:2] == ["0", "1"]
    numbered.var["score"] = np.ones(N)
    for column, words in (
        ("alais", "has no var column 'alais'; did you mean 'alias'"),
        ("score", r"must be a column of names, but var\['score'\] holds float64"),
    ):
        with pytest.raises(BadOptionError, match=f"gene_names.*{words}"):
            karospace_stream.plan_export(numbered, gene_names=column)
    with pytest.raises(BadOptionError, match="gene_ids is a former name of gene_names"):
        karospace_stream.plan_export(data(), gene_names="alias", gene_ids="alias")  # type: ignore[call-arg]


def test_the_genes_of_raw_are_named_by_its_own_var() -> None:
    adata = data()
    adata.raw = adata
    del adata.var["gene_symbols"]
    assert labels(adata) == IDS
    plan = karospace_stream.plan_export(adata, raw=True)
    assert list(plan.selection.labels) == LABELS
    assert any("raw.var['gene_symbols']" in note for note in plan.notes)
    with pytest.raises(BadOptionError, match=r"no raw\.var column 'nosuch'"):
        karospace_stream.plan_export(adata, raw=True, gene_names="nosuch")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("column", ["auto", "alias", "index"])
def test_every_format_has_both_names_and_verify_knows_them(
    path: Path, tmp_path: Path, format: str, column: str
) -> None:
    target = tmp_path / "out"
    report = karospace_stream.export(path, target, format=format, gene_names=column)
    assert any("gene_symbols" in note for note in report.notes) == (column == "auto")
    assert karospace_stream.verify(target, source=path).faults == ()
    shown = {"auto": LABELS, "alias": [f"o{number}" for number in range(N)], "index": IDS}[column]
    ids = None if column == "index" else IDS
    if format == "karospace":
        table = json.loads(gzip.decompress((target / "assets" / "genes.json.gz").read_bytes()))
        assert (table["name"], table.get("id")) == (shown, ids)
        assert json.loads((target / "manifest.json").read_text())["gene_list"] == shown
        said = {"auto": "gene_symbols"}.get(column, column)
        assert json.loads((target / "report.json").read_text())["gene_names"] == said
    elif format == "cellucid":
        manifest = json.loads((target / "var_manifest.json").read_text())
        assert [name for name, *_ in manifest["fields"]] == shown
        assert manifest.get("var_gene_ids") == ids
        assert manifest["var_gene_id_column"] == {"auto": "gene_symbols"}.get(column, column)
    else:
        store = anndata.read_zarr(target)
        assert list(store.var_names) == IDS
        defaults = store.uns["cellucid"].get("defaults", {})
        assert defaults.get("geneIdColumn") == {"auto": "gene_symbols", "alias": "alias"}.get(column)
        attributes = json.loads((target / "var" / ".zattrs").read_text())
        assert attributes.get("gene-names") == ("index" if column == "index" else None)


@pytest.mark.parametrize("format", FORMATS)
def test_exports_from_before_are_verified_with_the_names_of_their_time(path: Path, format: str) -> None:
    options = ExportOptions(formats=(format,), gene_names=None)
    plan = karospace_stream.plan_export(path, format=format, gene_names="index")
    record = recorded.recorded_options(plan.source, options, plan.selection)
    assert "gene_names" not in record, "exports without such names are as before"
    assert recorded.read_recorded(record, format, "").gene_names is None
    old = {**record, "cellucid": {**record["cellucid"], "gene_ids": "alias"}}
    assert recorded.read_recorded(old, format, "").gene_names == (None if format == "karospace" else "alias")


def test_lists_take_names_and_identifiers(tmp_path: Path) -> None:
    assert labels(data(), genes=["SYM3", IDS[5], IDS[0]]) == ["SYM3", "SYM5", "SYM0"]
    assert labels(data(), genes=["SYM0"]) == ["SYM0", "SYM0-1"], "all genes of a name"
    (tmp_path / "genes.txt").write_text(f"  SYM3\n{IDS[5]} \n")
    assert labels(data(), genes=f"list:{tmp_path / 'genes.txt'}") == ["SYM3", "SYM5"]
    mask = np.zeros(N, bool)
    mask[[2, 18]] = True
    assert labels(data(), genes=mask) == ["SYM2", "SYM0"]


def test_a_list_of_names_from_elsewhere_says_where_they_are(path: Path, tmp_path: Path) -> None:
    (tmp_path / "genes.txt").write_text("SYM3\no1\no2\n")
    with pytest.raises(BadOptionError) as caught:
        karospace_stream.plan_export(path, genes=f"list:{tmp_path / 'genes.txt'}")
    assert "2 of 3 names are not what genes are called here, but 2 of them are in var['alias']" in str(
        caught.value
    )
    assert 'gene_names="alias" takes names from there' in str(caught.value)
    done = run("plan", path, "--gene-names", "index", "--genes", f"list:{tmp_path / 'genes.txt'}")
    assert done.returncode == BadOptionError.exit_code
    assert "--gene-names alias takes names from there" in done.stderr
    adata = data()
    adata.raw = adata
    with pytest.raises(BadOptionError, match="'ENSG00000000001' is in raw; raw=True exports raw"):
        karospace_stream.plan_export(adata[:, 5:], genes=[IDS[1]])
    with pytest.raises(BadOptionError, match="the file has no gene 'SYN3'; did you mean 'SYM3'"):
        karospace_stream.plan_export(path, genes=["SYN3"])
    with pytest.raises(BadOptionError, match="must name at least one gene"):
        karospace_stream.plan_export(path, genes=[])
    (tmp_path / "genes.txt").write_text("\n \n")
    with pytest.raises(BadOptionError, match="one gene name a line, but has none"):
        karospace_stream.plan_export(path, genes=f"list:{tmp_path / 'genes.txt'}")


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_as_the_portal_gives_it_out(format: str) -> None:
    plan = karospace_stream.plan_export(cellxgene(), format=format)
    assert plan.selection.labels[: len(SYMBOLS)] == SYMBOLS
    assert plan.selection.names_from == "feature_name"


def test_the_former_flag_is_taken_and_not_shown(path: Path) -> None:
    done = run("plan", path, "--gene-ids", "alias", "--json")
    assert json.loads(done.stdout)["gene_names"] == "alias"
    assert "--gene-ids" not in run("plan", "--help").stdout


def test_a_second_name_for_each_gene_is_priced() -> None:
    found = open_source(data()).catalog
    many = replace(found, n_genes=3_000_000)
    options = ExportOptions(memory_nbytes=600_000_000)
    check_names_fit(many, replace(options, gene_names="index"))
    check_names_fit(replace(many, var=()), options)
    with pytest.raises(BudgetError, match="the names of 6,000,000 genes take"):
        check_names_fit(many, options)
