"""Statistics by group in a bundle, against numpy and pandas."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from tests.oracle.reader import Bundle
from tests.oracle.strict import parse_json
from tests.oracle.truth import Truth


def assert_statistics(bundle: Bundle, truth: Truth) -> None:
    """Every table of the groups of every column, if any are compared."""
    assert_varm(bundle, truth)
    assert_markers_of_file(bundle, truth)
    stated = bundle.stream.atlas.get("statistics")
    if stated is None:
        return
    dtypes = [(each["name"], each["dtype"]) for each in stated.get("columns", [])]
    for grouping in stated["groupings"]:
        column = truth.obs[grouping["column"]]
        groups = [(column.astype(str) == name).to_numpy() & column.notna() for name in grouping["categories"]]
        assert grouping["n_cells"] == [int(each.sum()) for each in groups]
        assert grouping["n_without"] == len(column) - sum(grouping["n_cells"])
        values = truth.expression.astype(np.float64)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the mean of no cells
            means = np.stack([values[each].mean(axis=0) for each in groups], axis=1)
            shares = np.stack([(values[each] != 0).mean(axis=0) for each in groups], axis=1)
            variances = np.stack([values[each].var(axis=0, ddof=1) for each in groups], axis=1)
        for name, wanted in (("means", means), ("shares", shares), ("variances", variances)):
            rows = [_floats(bundle, part, len(groups)) for part in grouping[name]]
            with np.errstate(over="ignore"):  # beyond float32 is infinite
                expected = wanted.astype(np.float32)
            np.testing.assert_allclose(np.concatenate(rows), expected, rtol=1e-5, atol=1e-6, err_msg=name)
        if "best" in grouping:
            best = parse_json(
                bundle.folder.inflated(grouping["best"]["path"], grouping["best"]["size_bytes"])
            )
            for ranking, first in zip(grouping["rankings"], best["groups"], strict=True):
                _assert_ranking(bundle, ranking, first, dtypes, means)


def assert_varm(bundle: Bundle, truth: Truth) -> None:
    """Arrays of varm."""
    found = {each["key"]: each for each in bundle.stream.atlas.get("varm", [])}
    assert set(found) in (set(truth.varm), set())  # files of the oldest layout have one compound table
    for key, entry in found.items():
        values = np.concatenate([_floats(bundle, part, entry["n_columns"]) for part in entry["parts"]])
        np.testing.assert_array_equal(values, truth.varm[key].astype(np.float32), err_msg=key)


def assert_markers_of_file(bundle: Bundle, truth: Truth) -> None:
    """Genes of the file's own rankings, in order; those that are not exported are passed over."""
    for entry in bundle.stream.atlas.get("markers_of_file", []):
        names = truth.markers[entry["key"]]
        parse_json(bundle.folder.inflated(entry["best"]["path"], entry["best"]["size_bytes"]))
        if "other_genes" in entry:
            other = entry["other_genes"]
            parse_json(bundle.folder.inflated(other["path"], other["size_bytes"]))
        dtypes = [(each["name"], each["dtype"]) for each in entry["columns"]]
        for ranking in entry["rankings"]:
            genes = _table(bundle, ranking["parts"], dtypes)["gene"].to_numpy()
            theirs = [str(name) for name in names[ranking["group"]]]
            assert len(genes) == len(theirs)
            here = genes < len(truth.labels)
            assert [truth.labels[gene] for gene in genes[here]] == [
                name for name, exported in zip(theirs, here, strict=True) if exported
            ]
            assert not set(np.array(theirs)[~here]) & set(truth.labels)


def _floats(bundle: Bundle, part: dict[str, Any], width: int) -> np.ndarray:
    data = bundle.folder.inflated(part["path"], part["size_bytes"])
    return np.frombuffer(data, "<f4").reshape(part["end"] - part["start"], width)


def _assert_ranking(
    bundle: Bundle, ranking: dict[str, Any], best: dict[str, Any], dtypes: list[Any], means: np.ndarray
) -> None:
    table = _table(bundle, ranking["parts"], dtypes)
    assert table["gene"].is_unique
    assert table["gene"].max() < len(means)
    assert (np.diff(table["score"]) <= 0).all()
    assert best["genes"] == table["gene"][: len(best["genes"])].tolist()
    assert ((table["p_value"] >= 0) & (table["p_value"] <= table["adjusted_p_value"])).all()


def _table(bundle: Bundle, parts: list[dict[str, Any]], dtypes: list[Any]) -> pd.DataFrame:
    """Columns of a ranking: one after another in each part."""
    found: dict[str, list[np.ndarray]] = {name: [] for name, _ in dtypes}
    for part in parts:
        data, at = bundle.folder.inflated(part["path"], part["size_bytes"]), 0
        for name, dtype in dtypes:
            values = np.frombuffer(data, np.dtype(dtype).newbyteorder("<"), part["end"] - part["start"], at)
            at += values.nbytes
            found[name].append(values)
        assert at == len(data)
    return pd.DataFrame({name: np.concatenate(each) for name, each in found.items()})
