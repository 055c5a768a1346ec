"""`karospace_stream.pseudobulk`: sums over combinations of columns, against NumPy on dense values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError, BudgetError, TargetError
from karospace_stream.formats.genes.pseudobulk import combine
from karospace_stream.measures.combined import categories_of, combined_codes, flat_codes
from karospace_stream.runtime.events import Note
from tests.cli.test_commands import run

N_CELLS, N_GENES = 500, 25
BY = ["sample", "kind", "treated"]


def drawn(layout: str = "csr", dtype: str = "float32") -> anndata.AnnData:
    """Cells of which some have no sample or no kind; categories that no cell has, and combinations of one."""
    rng = np.random.default_rng(4)
    counts = rng.poisson(rng.random(N_GENES) * 3, (N_CELLS, N_GENES)).astype(dtype)
    X = counts if layout == "dense" else sparse.csr_matrix(counts).asformat(layout)
    made = anndata.AnnData(X, layers={"twice": X + X})
    sample = rng.choice(["s2", "s1", "s10"], N_CELLS).astype(object)
    sample[:7] = None
    made.obs["sample"] = pd.Categorical(sample, categories=["s2", "nobody", "s1", "s10"])
    made.obs["kind"] = rng.choice(["B", "T cell", "NK"], N_CELLS, p=[0.6, 0.39, 0.01])
    made.obs["treated"] = rng.random(N_CELLS) < 0.4
    made.obs["plate"] = rng.integers(0, 3, N_CELLS)
    made.obs["score"] = rng.random(N_CELLS)
    made.var_names = [f"Gene{number}" for number in range(N_GENES)]
    return made


def expected(data: anndata.AnnData, by: list[str], X: Any = None) -> pd.DataFrame:
    values = data.X if X is None else X
    dense = values.toarray() if sparse.issparse(values) else np.asarray(values)
    table = pd.DataFrame(dense.astype("f8"), index=data.obs_names, columns=data.var_names)
    keys = [data.obs[name].astype("category") for name in by]
    return table.groupby(keys, observed=True).sum()


def same_as(made: anndata.AnnData, sums: pd.DataFrame, by: list[str]) -> None:
    np.testing.assert_array_equal(made.X, sums.to_numpy())
    assert made.X.dtype == np.float64
    rows = list(made.obs[by].itertuples(index=False, name=None))
    assert rows == [each if isinstance(each, tuple) else (each,) for each in sums.index]
    assert made.obs_names.tolist() == ["_".join(map(str, row)) for row in rows]
    assert made.var_names.tolist() == sums.columns.tolist()


@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
@pytest.mark.parametrize("by", [["sample"], ["kind", "sample"], BY, ["plate", "treated"]], ids=str)
def test_sums(layout: str, by: list[str]) -> None:
    data = drawn(layout)
    made = karospace_stream.pseudobulk(data, by)
    same_as(made, expected(data, by), by)
    keys = [data.obs[name].astype("category") for name in by]
    sizes = data.obs.groupby(keys, observed=True).size()
    assert made.obs["n_obs_aggregated"].tolist() == sizes.tolist()
    for name in by:
        wanted = data.obs[name].astype("category").cat.remove_unused_categories().cat.categories
        assert made.obs[name].cat.categories.tolist() == wanted.tolist()


def test_one_column_may_be_named_alone_and_a_layer_or_raw_is_summed() -> None:
    data = drawn()
    layer = karospace_stream.pseudobulk(data, "sample", layer="twice")
    same_as(layer, expected(data, ["sample"], data.layers["twice"]), ["sample"])
    data.raw = data
    raw = karospace_stream.pseudobulk(data[:, :4].copy(), "sample", raw=True)
    same_as(raw, expected(data, ["sample"]), ["sample"])


@pytest.mark.parametrize(
    ("dtype", "value"), [("int64", 2**40 + 1), ("int32", 2**25 + 1), ("float64", 1 + 2**-40)]
)
def test_values_stay_as_exact_as_they_are(dtype: str, value: float) -> None:
    data = drawn("dense", dtype)
    data.X[8:20] = value
    same_as(karospace_stream.pseudobulk(data, "kind"), expected(data, ["kind"]), ["kind"])


def test_cells_without_a_value_are_left_out_and_said() -> None:
    notes: list[str] = []
    karospace_stream.pseudobulk(
        drawn(), BY, listener=lambda event: notes.append(event.text) if isinstance(event, Note) else None
    )
    assert "pseudobulk leaves out 7 cells without a value in 'sample' or 'kind' or 'treated'" in notes
    assert not any("raw counts" in each for each in notes)


def test_sums_depend_on_nothing_but_the_values(tmp_path: Path) -> None:
    data = drawn()
    data.X.data *= np.random.default_rng(0).random(data.X.nnz).astype("f4")
    path = tmp_path / "data.h5ad"
    data.write_h5ad(path)
    ways: list[dict[str, Any]] = [
        {},
        {"scheduler": "sync", "strategy": "spill"},
        {"scheduler": "processes", "workers": 2},
        {"workers": 1, "memory": "400MB"},
    ]
    made = [karospace_stream.pseudobulk(path, BY, **way).X.tobytes() for way in ways]
    assert len(set(made)) == 1


def test_names_that_coincide_are_told_apart() -> None:
    data = drawn()
    data.obs["one"] = np.where(np.arange(N_CELLS) % 2, "a_b", "a")
    data.obs["two"] = np.where(np.arange(N_CELLS) % 2, "c", "b_c")
    made = karospace_stream.pseudobulk(data, ["one", "two"])
    assert made.obs_names.tolist() == ["a_b_c", "a_b_c-1"]


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawn()
    with pytest.raises(BadOptionError, match=r"by: the file has no obs column 'knd'; did you mean 'kind'"):
        karospace_stream.pseudobulk(data, ["sample", "knd"])
    with pytest.raises(BadOptionError, match=r"by must name columns of obs, .* each once; got kind, kind"):
        karospace_stream.pseudobulk(data, ["kind", "kind"])
    with pytest.raises(BadOptionError, match=r"by must name columns of obs, .*; got none"):
        karospace_stream.pseudobulk(data, [])
    with pytest.raises(BadInputError, match="by: 'score' must hold categories, text, whole numbers"):
        karospace_stream.pseudobulk(data, "score")
    with pytest.raises(BudgetError, match=r"memory=.* is too small"):
        karospace_stream.pseudobulk(data, "kind", memory="20MB")
    data.obs["nothing"] = pd.Categorical([None] * N_CELLS, categories=["a"])
    with pytest.raises(BadOptionError, match="by: no cell has a value in 'nothing'"):
        karospace_stream.pseudobulk(data, "nothing")
    monkeypatch.setattr(combine, "MOST_COMBINATIONS", 2)
    with pytest.raises(
        BadOptionError, match="by: cells must have at most 2 combinations of 'sample', 'kind'"
    ):
        karospace_stream.pseudobulk(data, ["sample", "kind"])


def test_memory_of_many_combinations_is_priced() -> None:
    data = drawn()
    data.obs["own"] = [f"cell {number % 400}" for number in range(N_CELLS)]
    by = ["own", "plate"]
    same_as(karospace_stream.pseudobulk(data, by), expected(data, by), by)


def test_the_command(tmp_path: Path) -> None:
    source, out = tmp_path / "data.h5ad", tmp_path / "sums.h5ad"
    drawn().write_h5ad(source)
    words = ("pseudobulk", source, out, "--by", "sample,kind", "--layer", "twice", "--memory", "1GB")
    done = run(*words)
    assert done.returncode == 0, done.stderr
    assert f"{out}: " in done.stdout
    assert " combinations x 25 genes" in done.stdout
    assert "note: pseudobulk leaves out 7 cells without a value in 'sample' or 'kind'" in done.stderr
    by = ["sample", "kind"]
    same_as(anndata.read_h5ad(out), expected(drawn(), by, drawn().layers["twice"]), by)
    again = run(*words)
    assert again.returncode == TargetError.exit_code
    assert "already exists; add --overwrite" in again.stderr
    assert run(*words, "--overwrite", "--quiet").stdout == ""
    wrong = run("pseudobulk", source, tmp_path / "sums.csv", "--by", "sample")
    assert "must end in .h5ad" in wrong.stderr
    assert (
        "--by: the file has no obs column 'x'"
        in run("pseudobulk", source, out, "--by", "x", "--overwrite").stderr
    )
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data.h5ad", "sums.h5ad"]


def test_codes_of_combinations() -> None:
    first, second = np.array([0, 1, 1, -1, 0], np.int8), np.array([2, 0, -1, 1, 0], np.int16)
    flat = flat_codes([first, second], [2, 3])
    assert flat.tolist() == [2, 3, -1, -1, 0]
    assert combined_codes([first, second], [2, 3], (0, 2, 3)).tolist() == [1, 2, -1, -1, 0]
    assert [each.tolist() for each in categories_of((0, 2, 3), (2, 3))] == [[0, 0, 1], [0, 2, 0]]
