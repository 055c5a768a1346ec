"""Parts that only some inputs have, or that fit together only once they are prepared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from karospace_stream import plan_export
from karospace_stream.errors import BadOptionError
from karospace_stream.inputs.open import open_input
from karospace_stream.options.export_options import ExportOptions

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
    notes = [each.text for each in plan_export(given, tmp_path / "bundle").findings]
    assert any("layers:counts is left out" in text and "chosen with --layer NAME" in text for text in notes)
    with pytest.raises(BadOptionError, match="it has 'counts'"):
        plan_export(given, tmp_path / "bundle", layer="other")
    plan_export(given, tmp_path / "bundle", layer="counts")
