"""What is made of normalised values: markers, variable genes, scores, sums, and what a bundle says."""

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
from tests.cli.test_commands import run
from tests.inputs.normalised.made import as_anndata, counts, expected, write

DONE = {"normalize": 1e4, "log1p": True}


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    """Counts, and a file that holds them normalised."""
    values = counts(seed=1)
    source = write(tmp_path / "counts.h5ad", values, "csr")
    return source, write(tmp_path / "done.h5ad", expected(values, 1e4, log=True).astype("f4"), "csr")


def test_statistics_are_those_of_normalised_values(both: tuple[Path, Path]) -> None:
    terms: dict[str, Any] = {"group_by": "group", "gene_sets": {"some": ["g1", "g2"]}, "progress": False}
    found = karospace_stream.statistics(both[0], **DONE, **terms)
    truth = karospace_stream.statistics(both[1], **terms)
    pd.testing.assert_frame_equal(found.groups["group"], truth.groups["group"], rtol=1e-4, atol=1e-6)
    pd.testing.assert_frame_equal(found.scores, truth.scores, rtol=1e-4, atol=1e-5)


def test_variable_genes_are_those_of_logarithms(both: tuple[Path, Path], tmp_path: Path) -> None:
    taken = []
    for number, (source, done) in enumerate(zip(both, (DONE, {}), strict=True)):
        out = tmp_path / f"{number}.zarr"
        karospace_stream.export(source, out, format="anndata", genes="hvgs:7", progress=False, **done)
        taken.append(anndata.read_zarr(out))
    assert taken[0].var_names.tolist() == taken[1].var_names.tolist()
    assert taken[0].uns["hvg"]["flavor"] == "seurat"
    assert dict(taken[0].uns["log1p"]) == {}
    assert "log1p" not in taken[1].uns


def test_a_base_of_the_file_is_not_that_of_the_export(tmp_path: Path) -> None:
    adata = as_anndata(np.log2(1 + counts()), "csr")
    adata.layers["counts"] = sparse.csr_matrix(counts())
    adata.uns["log1p"] = {"base": 2.0}
    plain = karospace_stream.plan_export(adata)
    assert plain.catalog.log_base == 2
    assert karospace_stream.plan_export(adata, layer="counts", normalize=1e4).catalog.log_base == 2
    assert karospace_stream.plan_export(adata, layer="counts", **DONE).catalog.log_base is None


@pytest.mark.parametrize("layer", [None, "X", "other"])
def test_pseudobulk_sums_counts(layer: str | None, tmp_path: Path) -> None:
    values = counts(seed=1)
    adata = as_anndata(values, "csr")
    adata.layers["other"] = 2 * adata.X
    report = karospace_stream.export(
        adata, tmp_path / "out", pseudobulk="group", pseudobulk_layer=layer, progress=False, **DONE
    )
    found = anndata.read_h5ad(tmp_path / "out" / "pseudobulk.h5ad")
    sums = found.X.toarray() if sparse.issparse(found.X) else found.X
    groups = adata.obs["group"].to_numpy().astype(str)
    truth = np.stack([values[groups == name].sum(axis=0, dtype="f8") for name in "abc"])
    np.testing.assert_allclose(sums, truth * (2 if layer == "other" else 1), rtol=1e-6)
    (text,) = (each.text for each in report.findings if each.code == "second-matrix")
    assert text.startswith(
        "pseudobulk reads layers/other besides X" if layer == "other" else "pseudobulk reads X"
    )
    assert karospace_stream.verify(tmp_path / "out", source=adata, progress=False)


@pytest.mark.parametrize("format", ["karospace", "cellucid", "anndata"])
def test_the_bundle_says_what_was_done(format: str, both: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    karospace_stream.export(
        both[0], out, format=format, progress=False, normalize="median", log1p=True, title="Counts"
    )
    (checksums,) = out.rglob("checksums.json")
    recorded = json.loads(checksums.read_text())["options"]
    assert (recorded["normalize"], recorded["log1p"]) == ("median", True)
    if format == "karospace":
        totals = counts(seed=1).astype("f8").sum(axis=1)
        (report,) = out.rglob("report.json")
        made, manifest = json.loads(report.read_text()), json.loads((out / "atlas.json").read_text())
        for values in (made["values"], manifest["about"]["values"]):
            assert values.pop("normalized_to") == pytest.approx(np.median(totals[totals > 0]))
            assert values == {"matrix": "X", "kind": "normalised", "log1p": True}
        assert ["Normalise counts", "median"] in made["options"]
        assert ["Logarithm", "yes"] in made["options"]
    verified = karospace_stream.verify(out, source=both[0], progress=False)
    assert verified, verified.faults
    assert not karospace_stream.verify(out, source=both[1], progress=False)


def test_commands(both: tuple[Path, Path], tmp_path: Path) -> None:
    flags = ["--normalize", "1e4", "--log1p"]
    done = run("export", both[0], tmp_path / "bundle", *flags)
    assert done.returncode == 0, done.stderr
    planned = run("plan", both[0], "--normalize", "median", "--log1p")
    assert planned.returncode == 0, planned.stderr
    stats = run("stats", both[0], tmp_path / "s.csv", "--group-by", "group", *flags)
    assert stats.returncode == 0, stats.stderr
    refused = run("plan", both[0], "--normalize", "0")
    assert refused.returncode == 2
    assert "--normalize must be a number above zero, such as 1e4, or median; got 0" in refused.stderr


def test_sums_of_counts_alone_have_no_such_option(both: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="normalize"):
        karospace_stream.pseudobulk(both[0], "group", normalize=1e4)
    refused = run("pseudobulk", both[0], tmp_path / "s.h5ad", "--by", "group", "--normalize", "1e4")
    assert refused.returncode == 2
    assert "normalize" in refused.stderr
    assert run("inspect", both[0], "--log1p").returncode == 2


def test_the_commands_of_the_howto(tmp_path: Path) -> None:
    adata = as_anndata(counts(), "csr")
    adata.write_h5ad(tmp_path / "counts.h5ad")
    adata.layers["counts"] = adata.X.copy()
    adata.write_h5ad(tmp_path / "atlas.h5ad")
    howto = Path(__file__).parents[3] / "docs" / "howto" / "normalise.md"
    commands = [line[2:] for line in howto.read_text().splitlines() if line.startswith("$ karospace-stream")]
    assert len(commands) == 2
    for number, command in enumerate(commands):
        for name in ("counts.h5ad", "atlas.h5ad"):
            command = command.replace(f" {name}", f" {tmp_path / name}")
        words = command.replace(" bundle", f" {tmp_path / f'bundle_{number}'}").split()[1:]
        done = run(*words)
        assert done.returncode == 0, done.stderr
