"""Parts that only some inputs have, or that fit together only once they are prepared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import sparse

from karospace_stream import export, plan_export, verify
from karospace_stream.cli import program
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.inputs.open import open_input
from karospace_stream.options.export_options import ExportOptions
from tests.inputs.joined.test_odd import values

NAMES = ["G1", "G2", "G3"]


def an_input(n: int, obs: dict[str, Any] | None = None, layout: str = "csr") -> anndata.AnnData:
    """A small input with coordinates."""
    names = [f"c{number}" for number in range(n)]
    matrix = sparse.csr_matrix(np.arange(n * 3, dtype="f4").reshape(n, 3)).asformat(layout)
    made = anndata.AnnData(matrix, obs=pd.DataFrame(obs or {}, index=names), var=pd.DataFrame(index=NAMES))
    made.obsm["spatial"] = np.arange(n * 2, dtype="f4").reshape(n, 2)
    return made


def test_categories_without_any_value_are_missing_numbers() -> None:
    empty = an_input(2, {"q": pd.Categorical([None, None]), "b": pd.Categorical([None, None])})
    full = an_input(3, {"q": [1, 2, 3], "b": [True, False, True]})
    obs = open_input({"a": empty, "b": full}, ExportOptions()).parts.obs
    numbers, flags = obs.read("q", 0, 5), obs.read("b", 0, 5)
    assert numbers.kind == "float"
    np.testing.assert_array_equal(numbers.values, [np.nan, np.nan, 1, 2, 3])
    assert flags.kind == "bool"
    assert flags.values[2:].tolist() == [True, False, True]
    assert flags.missing is not None
    assert flags.missing.tolist() == [True, True, False, False, False]
    plan_export({"a": empty, "b": full}, "bundle", anno=["q", "b"])


@pytest.fixture
def uneven() -> dict[str, anndata.AnnData]:
    """Of two inputs, one has a layer, an embedding, a graph and a column."""
    given = {"a": an_input(4, {"score": [1.0, 2, 3, 4]}), "b": an_input(3)}
    given["a"].layers["counts"] = given["a"].X.copy()
    given["a"].obsm["X_tsne"] = np.ones((4, 2), "f4")
    given["a"].obsp["near"] = sparse.csr_matrix(np.eye(4, k=1, dtype="f4"))
    return given


def test_parts_that_only_some_have_are_named(uneven: dict[str, anndata.AnnData]) -> None:
    (found,) = (
        each for each in open_input(uneven, ExportOptions()).catalog.findings if each.code == "joined-parts"
    )
    assert "3 parts ('layers:counts', 'obsp:near', 'obsm:X_tsne') that not all inputs have" in found.text
    assert found.option == "join"
    outer = open_input(uneven, ExportOptions(join="outer")).catalog
    assert "joined-parts" not in {each.code for each in outer.findings}
    assert outer.obsp == ("near",)


@pytest.mark.parametrize(
    "wanted",
    [
        {"layer": "counts"},
        {"coords": "obsm:X_tsne"},
        {"graph": "near"},
        {"vectors": ["X_tsne"]},
        {"anno": ["score"]},
    ],
    ids=lambda wanted: next(iter(wanted)),
)
def test_naming_such_a_part_says_who_lacks_it(uneven: dict[str, anndata.AnnData], wanted: Any) -> None:
    with pytest.raises(BadOptionError, match=r'is not in all inputs \(b has none\).*join="outer" takes it'):
        plan_export(uneven, "bundle", **wanted)
    plan_export(uneven, "bundle", join="outer", **wanted)


def test_a_mixed_layer_can_be_chosen_and_the_note_says_how(tmp_path: Path) -> None:
    given = {"a": an_input(4), "b": an_input(3)}
    for each, layout in zip(given.values(), ("csr", "csc"), strict=True):
        each.layers["counts"] = each.X.asformat(layout)
    (note,) = (each for each in plan_export(given, tmp_path / "bundle").findings if each.code == "unreadable")
    assert "layers:counts is left out: it is CSC in some inputs and by rows in others" in note.text
    assert (note.option, note.value) == ("layer", "counts")
    with pytest.raises(BadOptionError, match="it has 'counts'"):
        plan_export(given, tmp_path / "bundle", layer="other")
    plan_export(given, tmp_path / "bundle", layer="counts")


def listed(folder: Path, text: str, name: str = "list.csv") -> Path:
    """A list of the inputs a, b and c, which have the column ``kind``."""
    for number, key in enumerate("abc", 1):
        an_input(number, {"kind": ["x"] * number}).write_h5ad(folder / f"{key}.h5ad")
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.filterwarnings("ignore")
def test_columns_of_a_list_have_the_types_of_a_table(tmp_path: Path) -> None:
    header = "path;age;dose;smokes;code;donor;part\n"
    rows = ["a;24;0.5;true;007;D1;1", "b;;;;NA;D2;2", "c;81;2;FALSE;010;D1;3"]
    path = listed(tmp_path, header + "".join(row.replace(";", ".h5ad;", 1) + "\n" for row in rows))
    obs = open_input(path, ExportOptions()).parts.obs
    expected = {
        "age": ("integer", [24, None, None, 81, 81, 81]),
        "dose": ("float", [0.5, None, None, 2, 2, 2]),
        "smokes": ("bool", [True, None, None, False, False, False]),
        "code": ("category", ["007", None, None, "010", "010", "010"]),
        "donor": ("category", ["D1", "D2", "D2", "D1", "D1", "D1"]),
        "part": ("integer", [1, 2, 2, 3, 3, 3]),
    }
    for name, (kind, wanted) in expected.items():
        column = obs.read(name, 0, 6)
        assert (column.kind, obs.columns[name].info(name).kind) == (kind, kind)
        assert values(column) == wanted
    assert values(obs.read("age", 2, 4)) == [None, 81]


@pytest.mark.filterwarnings("ignore")
def test_columns_that_replace_others_are_named(tmp_path: Path) -> None:
    path = listed(tmp_path, "path,kind,sample\na.h5ad,1,x\nb.h5ad,2,y\n")

    def replaced(given: Any, batch_column: str | None = None) -> list[str]:
        findings = open_input(given, ExportOptions(batch_column=batch_column)).catalog.findings
        return [each.text for each in findings if each.code == "replaced-columns"]

    files = [str(tmp_path / "a.h5ad"), str(tmp_path / "b.h5ad")]
    assert replaced(files) == []
    assert replaced(files, "kind") == ["obs['kind'] of the inputs is replaced by the names of the inputs"]
    of_list = "obs['kind'] of the inputs is replaced by that of the list"
    assert replaced(path) == [of_list]
    assert replaced(path, "sample") == [
        of_list,
        "obs['sample'] of the list is replaced by the names of the inputs",
    ]


@pytest.mark.filterwarnings("ignore")
def test_verify_takes_the_list_or_the_inputs_as_the_export_did(tmp_path: Path) -> None:
    path = listed(tmp_path, "path,dose\na.h5ad,1\nb.h5ad,2\nc.h5ad,3\n")
    files = [str(tmp_path / f"{key}.h5ad") for key in "abc"]
    options: Any = {"markers": "none", "preview": False, "progress": False}
    with_list, without = str(tmp_path / "with_list"), str(tmp_path / "without")
    export(path, with_list, **options)
    export(files, without, **options)
    assert not verify(with_list, source=path).faults
    assert not verify(without, source=files).faults
    with pytest.raises(BadInputError, match=r"has 1 column of a list of inputs \(dose\).*name the list"):
        verify(with_list, source=files)
    with pytest.raises(BadInputError, match=r"adds 1 column \(dose\), but it was made without"):
        verify(without, source=path)


def test_a_grid_needs_several_inputs_with_coordinates() -> None:
    one, other = an_input(3), an_input(3)
    notes = [each.text for each in plan_export({"a": one}, "bundle", arrange="grid").findings]
    assert any("a grid needs several inputs with coordinates, and there is one" in text for text in notes)
    del other.obsm["spatial"]
    one.obsm["X_umap"] = other.obsm["X_umap"] = np.ones((3, 2), "f4")
    with pytest.raises(BadOptionError, match=r"found in all inputs \(a, b\); .*'spatial'\], which b lacks"):
        plan_export({"a": one, "b": other}, "bundle", arrange="grid")
    with pytest.raises(BadOptionError, match="a grid needs several inputs"):
        plan_export({"b": other}, "bundle", arrange="grid")


def test_a_forgotten_target_is_said(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a.h5ad", "b.h5ad")]
    for path in paths:
        an_input(2).write_h5ad(path)
    run = CliRunner().invoke(program, ["export", *paths])
    assert run.exit_code != 0
    assert "put the target after it" in f"{run.output}{run.exception}"
