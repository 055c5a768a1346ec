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


def _floats(bundle: Bundle, part: dict[str, Any], width: int) -> np.ndarray:
    data = bundle.folder.inflated(part["path"], part["size_bytes"])
    return np.frombuffer(data, "<f4").reshape(part["end"] - part["start"], width)


def _assert_ranking(
    bundle: Bundle, ranking: dict[str, Any], best: dict[str, Any], dtypes: list[Any], means: np.ndarray
) -> None:
    found: dict[str, list[np.ndarray]] = {name: [] for name, _ in dtypes}
    for part in ranking["parts"]:
        data, at = bundle.folder.inflated(part["path"], part["size_bytes"]), 0
        for name, dtype in dtypes:
            values = np.frombuffer(data, np.dtype(dtype).newbyteorder("<"), part["end"] - part["start"], at)
            at += values.nbytes
            found[name].append(values)
        assert at == len(data)
    table = pd.DataFrame({name: np.concatenate(parts) for name, parts in found.items()})
    assert table["gene"].is_unique
    assert table["gene"].max() < len(means)
    assert (np.diff(table["score"]) <= 0).all()
    assert best["genes"] == table["gene"][: len(best["genes"])].tolist()
    assert ((table["p_value"] >= 0) & (table["p_value"] <= table["adjusted_p_value"])).all()
