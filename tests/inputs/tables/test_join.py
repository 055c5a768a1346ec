"""Tables beside the matrix become columns of obs and embeddings, joined by the ids of the cells."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError, KaroSpaceError
from karospace_stream.formats.options import read_options
from karospace_stream.inputs.open import open_input
from karospace_stream.inputs.tables import cells, text_table
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.source.anndata_source import AnnDataSource

N = 9
IDS = [f"cell{n}-1" for n in range(N)]


def adata(ids: list[str] = IDS) -> anndata.AnnData:
    rng = np.random.default_rng(0)
    x = sparse.csr_matrix(rng.poisson(1, (len(ids), 4)).astype(np.float32))
    obs = pd.DataFrame({"old": np.arange(len(ids)), "kept": "k"}, index=ids)
    return anndata.AnnData(x, obs, pd.DataFrame(index=list("abcd")))


def opened(x: Any = None, **given: Any) -> AnnDataSource:
    options: ExportOptions = read_options(given)
    source = open_input(adata() if x is None else x, options)
    assert isinstance(source, AnnDataSource)
    return source


def column(source: AnnDataSource, name: str) -> list[Any]:
    found = source.obs_column(name, 0, source.catalog.n_cells)
    values: Any = found.values
    if found.categories is not None:
        values = [found.categories[code] if code >= 0 else None for code in values]
    missing = np.zeros(len(values), bool) if found.missing is None else found.missing
    return [None if gone or value != value else value for value, gone in zip(values, missing, strict=True)]


REPEATED = pytest.mark.filterwarnings("ignore:Observation names are not unique")


@pytest.fixture
def table() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "leiden": rng.integers(0, 3, N),
            "type": rng.choice(["T", "B"], N),
            "UMAP_1": rng.normal(size=N),
            "UMAP_2": rng.normal(size=N),
            "doublet": rng.random(N) > 0.5,
            "old": rng.integers(100, 200, N),
        },
        index=IDS,
    )


@pytest.mark.parametrize("kind", ["csv", "parquet", "frame", "named", "frame named"])
@pytest.mark.parametrize("at_once", [4, 1 << 16])
def test_every_value_is_that_of_pandas(
    tmp_path: Path, table: pd.DataFrame, kind: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "_AT_ONCE", at_once)
    other = pd.DataFrame(table.iloc[:2].to_numpy(), columns=table.columns, index=["no", "none"])
    shuffled = pd.concat([table.drop(IDS[3]), other.astype(table.dtypes)]).sample(frac=1, random_state=0)
    given: dict[str, Any] = {"obs_table": tmp_path / "t.csv"}
    if kind == "csv":
        shuffled.to_csv(tmp_path / "t.csv")
    elif kind == "parquet":
        given["obs_table"] = tmp_path / "t.parquet"
        shuffled.to_parquet(tmp_path / "t.parquet")
    elif kind == "frame":
        given["obs_table"] = shuffled
    else:
        shuffled = shuffled.rename_axis("barcode").reset_index()[[*table.columns, "barcode"]]
        shuffled.to_csv(tmp_path / "t.csv", index=False)
        given["obs_table_key"] = "barcode"
        given["obs_table"] = shuffled if kind == "frame named" else tmp_path / "t.csv"
    source = opened(**given)
    wanted = table.drop(IDS[3]).reindex(IDS)
    for name in table.columns:
        found = [None if value != value else value for value in wanted[name]]
        assert column(source, name) == found, name
    assert column(source, "kept") == ["k"] * N
    assert [each.name for each in source.catalog.obs] == ["old", "kept", *list(table.columns)[:-1]]
    umap = source.obsm("X_umap", 0, N, 2)
    np.testing.assert_array_equal(umap, wanted[["UMAP_1", "UMAP_2"]].to_numpy())
    texts = {each.code: each.text for each in source.catalog.findings}
    assert "8 of 9 cells have a row" in texts["table"]
    assert "2 rows of the table are of no cell" in texts["table"]
    assert "obs['old'] of the input is replaced" in texts["table-replaces"]
    kinds = {each.name: each.kind for each in source.catalog.obs}
    assert kinds["leiden"] == "integer"
    assert kinds["doublet"] == "bool"


def test_several_tables_and_keys(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,x\n" + "".join(f"{each},{n}\n" for n, each in enumerate(IDS)))
    (tmp_path / "b.tsv").write_text(
        "x\tid\ty\n" + "".join(f"{n}\t{each}\t{-n}\n" for n, each in enumerate(IDS))
    )
    source = opened(obs_table=[tmp_path / "a.csv", str(tmp_path / "b.tsv")], obs_table_key=["id", "id"])
    assert column(source, "y") == [-n for n in range(N)]
    assert [each.columns for each in source.catalog.tables] == [("x",), ("x", "y")]
    with pytest.raises(BadOptionError, match="once for each of the 2 tables, got 3"):
        opened(obs_table=[tmp_path / "a.csv"] * 2, obs_table_key=["id"] * 3)
    with pytest.raises(BadInputError, match="no column 'cell'"):
        opened(obs_table=tmp_path / "a.csv", obs_table_key="cell")
    with pytest.raises(BadOptionError, match="needs --obs-table"):
        opened(obs_table_key="cell")


@REPEATED
@pytest.mark.parametrize(
    ("ids", "text", "sentence"),
    [
        (IDS, "id,x\ncell0,1\n", "they would match with '-1' at the end: add it to the ids of the table"),
        ([each[:-2] for each in IDS], "id,x\ncell0-1,1\n", "without '-1' at the end: remove it from"),
        (IDS, "id,x\nother,1\n", "like 'other' there, and like 'cell0-1' in the input; name the column"),
        (IDS, "id,x\ncell0-1,1\ncell1-1,2\ncell0-1,3\n", "'cell0-1' has several; 1 row must go"),
        (["a", "b", "a"], "id,x\na,1\n", "several cells of the input are called 'a'"),
        (IDS, "id\ncell0-1\n", "must have columns besides the ids"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, ids: list[str], text: str, sentence: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(BadInputError) as caught:
        opened(adata(ids), obs_table=tmp_path / "t.csv")
    assert sentence in str(caught.value)


@REPEATED
def test_repeated_names_do_no_harm_where_the_table_does_not_name_them() -> None:
    source = opened(adata(["a", "b", "a"]), obs_table=pd.DataFrame({"x": [1.5]}, index=["b"]))
    assert column(source, "x") == [None, 1.5, None]


def test_a_fingerprint_changes_with_the_table() -> None:
    same = adata()
    prints = {
        opened(same, obs_table=pd.DataFrame({"x": [value]}, index=IDS[:1])).catalog.fingerprint
        for value in (1, 2, 2)
    }
    assert len(prints) == 2


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["UMAP_1", "UMAP_2"], {"X_umap": ("UMAP_1", "UMAP_2")}),
        (["X_umap_0", "X_umap_1", "X_umap_2"], {"X_umap": ("X_umap_0", "X_umap_1", "X_umap_2")}),
        (["tSNE_2", "tSNE_1"], {"X_tsne": ("tSNE_1", "tSNE_2")}),
        (["umap_x", "umap_y"], {"X_umap": ("umap_x", "umap_y")}),
        ([f"PC_{n}" for n in range(1, 12)], {"X_pca": tuple(f"PC_{n}" for n in range(1, 12))}),
        (["UMAP_1", "UMAP_3"], {}),
        (["UMAP_1"], {}),
        (["gene_1", "gene_2", "X_1", "X_2", "n_counts", "x", "y"], {}),
    ],
)
def test_embeddings_are_found_by_their_names(names: list[str], found: dict[str, tuple[str, ...]]) -> None:
    values = np.arange(N * len(names)).reshape(N, -1)
    source = opened(obs_table=pd.DataFrame(values, columns=names, index=IDS))
    assert {entry.key for entry in source.catalog.obsm} == set(found)
    for key, columns in found.items():
        places = [names.index(name) for name in columns]
        np.testing.assert_array_equal(source.obsm(key, 2, 5, 99), values[2:5, places])


def test_named_coordinates() -> None:
    frame = pd.DataFrame(np.arange(3 * N).reshape(N, 3), columns=["a", "b", "c"], index=IDS)
    source = opened(obs_table=frame, coords="table:c,a")
    assert source.catalog.tables[0].coords == "table_spatial"
    np.testing.assert_array_equal(source.obsm("table_spatial", 0, N, 3), frame[["c", "a"]].to_numpy())
    three = opened(obs_table=frame, coords="table:a, b, c")
    assert three.obsm("table_spatial", 0, N, 3).shape == (N, 3)
    for coords, sentence in (
        ("table:a", "two or three columns"),
        ("table:a,z", "no table column 'z'"),
        ("table:a,t", "must hold numbers, got string"),
    ):
        with pytest.raises(BadOptionError, match=sentence):
            opened(obs_table=frame.assign(t="x"), coords=coords)
    with pytest.raises(BadOptionError, match="needs --obs-table"):
        opened(coords="table:a,b")


def test_a_table_that_is_read_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late rows show that a column is text, after others were taken for numbers."""
    monkeypatch.setattr(text_table, "_ROWS", 4)
    values = [*(f"{n}.50" for n in range(N - 1)), "007"]
    rows = "".join(f"{each},{value}\n" for each, value in zip(IDS, values, strict=True))
    (tmp_path / "t.csv").write_text("id,x\n" + rows)
    assert column(opened(obs_table=tmp_path / "t.csv"), "x") == values


def test_columns_without_a_kind_are_left_out_and_said() -> None:
    frame = pd.DataFrame({"z": [1j] * N, "x": range(N)}, index=IDS)
    source = opened(obs_table=frame)
    assert "z" not in [each.name for each in source.catalog.obs]
    assert any(each.code == "table-column" and "'z'" in each.text for each in source.catalog.findings)


@pytest.mark.parametrize(("separator", "name"), [("|", "|"), (" ", "blanks"), ("  ", "blanks")])
def test_other_separators_are_named(tmp_path: Path, separator: str, name: str) -> None:
    path = tmp_path / "t.txt"
    path.write_text(separator.join(['"id"', '"x"']) + "\n" + separator.join([f'"{IDS[0]}"', "1"]) + "\n")
    with pytest.raises(
        BadInputError, match=f"tabs or semicolons, but seem to be separated by {re.escape(name)};"
    ):
        opened(obs_table=str(path))


def test_numbers_with_commas_are_text_and_said(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [f"{each};{n},5;{n}.5;a,b;{n}" for n, each in enumerate(IDS)]
    path.write_text("\n".join(["id;x;y;z;n", *rows, ""]))
    found = {each.code: each.text for each in opened(obs_table=str(path)).catalog.findings}
    assert found["table-commas"].startswith("t.csv: x is read as text, as there are commas in the numbers")


def test_sentences_in_python(tmp_path: Path) -> None:
    x = adata()
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["id,left", *(f"{each},1" for each in IDS), ""]))
    for given, sentence in (
        ({"obs_table": str(tmp_path)}, f"obs_table: {tmp_path} cannot be read: it must be a file"),
        (
            {"obs_table": path, "coords": "table:left"},
            "coords= must name two or three columns of the table, as",
        ),
        (
            {"obs_table": path, "coords": "table:left,left"},
            "coords= must name different columns of the table",
        ),
        ({"merge": 5}, "merge= must be one of same, unique, first, only, none; got 5"),
    ):
        with pytest.raises(KaroSpaceError) as caught:
            karospace_stream.plan_export(x, **given)
        assert str(caught.value).startswith(sentence)
    assert read_options({"merge": None}).merge == "none"
