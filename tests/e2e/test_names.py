"""Names of genes, columns and cells that would break something if they were trusted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError
from tests.oracle.compare import assert_true
from tests.oracle.reader import Bundle
from tests.oracle.truth import read, truth_of

HOSTILE = [
    "../../x", "</script><img src=x onerror=alert(1)>", "con", "x" * 300, "Actb", "ACTB", "__proto__",
    "constructor", "a,b", 'say "hi"', "two\nlines", "tab\tbed", "=1+1", "  spaced  ", "naïve µ 基因 🧬",
    "{gene}", "%2e%2e%2f", "C:\\x", "nul", "-1", "0", "NaN", "null", "",
]  # fmt: skip
COLUMNS = ["__proto__", "cell_id", "x", "toString", "</script>", "a,b", 'q"q', "two\nlines", "基因"]


def with_names(genes: list[str], columns: list[str] | None = None) -> anndata.AnnData:
    rng = np.random.default_rng(1)
    n_cells = 23
    obs = {name: pd.Categorical(rng.choice([*HOSTILE[:5], "T"], n_cells)) for name in columns or ["kind"]}
    adata = anndata.AnnData(
        rng.poisson(1.0, (n_cells, len(genes))).astype(np.float32),
        obs=pd.DataFrame(obs, index=[f"{HOSTILE[k]}#{k}" for k in range(n_cells)]),
        obsm={"spatial": rng.normal(5_000, 100, (n_cells, 2))},
    )
    adata.var_names = pd.Index(genes, dtype=object)
    return adata


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "hostile.h5ad"
    path.parent.mkdir()
    with_names(HOSTILE, [name for name in COLUMNS if "/" not in name]).write_h5ad(path)
    return path


def test_nothing_lies_outside_and_all_is_true(hostile: Path, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    karospace_stream.export(hostile, tmp_path / "out" / "bundle", genes="all", anno=["all"])
    new = set(tmp_path.rglob("*")) - before
    assert all(tmp_path / "out" in {path, *path.parents} for path in new)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"bundle"}
    truth = truth_of(read(hostile), genes="all", anno="all", coords="obsm:spatial")
    assert truth.labels[-1] == f"unnamed-{len(HOSTILE) - 1}"
    assert_true(Bundle(tmp_path / "out" / "bundle"), truth)


def test_page_and_manifests_hold_no_markup(hostile: Path, tmp_path: Path) -> None:
    karospace_stream.export(hostile, tmp_path / "bundle", genes="all", anno=["all"])
    page = (tmp_path / "bundle" / "index.html").read_text(encoding="utf-8")
    assert "onerror=alert(1)" not in page


def test_all_can_be_listed(hostile: Path, tmp_path: Path, export: Callable[..., Bundle]) -> None:
    # A line of a list holds no line break, and blank lines are skipped.
    names = [name for name in HOSTILE if name.strip() and "\n" not in name][::-1]
    path = tmp_path / "genes.txt"
    path.write_text("\n\n".join([*names, names[0]]) + "\n", encoding="utf-8")
    bundle = export(hostile, genes=f"list:{path}")
    assert bundle.labels == names
    assert [index for _, index in bundle.var()] == [HOSTILE.index(name) for name in names]


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_lists_of_any_line_ending(ending: str, hostile: Path, tmp_path: Path, export) -> None:
    path = tmp_path / "genes.txt"
    path.write_bytes(("\ufeffActb" + (ending or "\n") + "con" + ending).encode())
    assert export(hostile, genes=f"list:{path}").labels == ["Actb", "con"]


def test_missing_genes_are_counted_and_ten_are_shown(hostile: Path, tmp_path: Path) -> None:
    path = tmp_path / "genes.txt"
    path.write_text("".join(f"absent{k:02d}\n" for k in range(14)) + "Actb\n")
    with pytest.raises(BadOptionError, match=r"the file has no genes .* and 4 more") as caught:
        karospace_stream.export(hostile, tmp_path / "bundle", genes=f"list:{path}")
    assert all(f"absent{k:02d}" in str(caught.value) for k in range(10))
    assert "absent10" not in str(caught.value)
    assert not (tmp_path / "bundle").exists()


REPEATED = [
    ["A", "A", "A", "B", "", ""],
    ["A", "A-1", "A", "A"],
    ["A-1", "A", "A", "A-2", "A-1"],
    ["unnamed-1", "", "", "unnamed-1"],
]


@pytest.mark.filterwarnings("ignore:Variable names are not unique")
@pytest.mark.parametrize("names", REPEATED, ids=lambda names: " ".join(names))
def test_repeated_and_empty_names(names: list[str], tmp_path: Path, export: Callable[..., Bundle]) -> None:
    path = tmp_path / "repeated.h5ad"
    with_names(names).write_h5ad(path)
    bundle = export(path, genes="all")
    truth = truth_of(read(path), genes="all", coords="obsm:spatial")
    assert all(truth.labels)
    assert_true(bundle, truth)


@pytest.mark.filterwarnings("ignore:Variable names are not unique")
def test_a_real_file_that_repeats_a_gene(shared: Path, tmp_path: Path, export: Callable[..., Bundle]) -> None:
    adata = read(shared / "data" / "scp_dup_feature.h5ad")
    assert not adata.var_names.is_unique
    adata.obsm["X_umap"] = np.random.default_rng(0).normal(size=(adata.n_obs, 2)).astype(np.float32)
    path = tmp_path / "with_umap.h5ad"
    adata.write_h5ad(path)
    truth = truth_of(adata, genes="all", coords="obsm:X_umap")
    assert_true(export(path, genes="all"), truth)
    name = adata.var_names[adata.var_names.duplicated()][0]
    listed = tmp_path / "genes.txt"
    listed.write_text(f"{name}\n")
    both = np.flatnonzero(adata.var_names == name).tolist()
    assert [index for _, index in export(path, genes=f"list:{listed}").var()] == both
