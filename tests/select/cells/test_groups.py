"""A sample by groups keeps small groups, is the same every time, and is what the documentation says."""

from __future__ import annotations

from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.options import read_options
from karospace_stream.plan.cells import choose as choosing
from karospace_stream.plan.cells import groups as grouping
from karospace_stream.plan.cells.choose import choose_rows
from karospace_stream.select.cells.draw import choose_cells
from karospace_stream.select.cells.groups import share_out
from karospace_stream.source import open_source
from karospace_stream.source.anndata_source import AnnDataSource

N = 500


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12), st.integers(1, 300))
def test_shares(sizes: list[int], n_cells: int) -> None:
    shares = share_out(np.array(sizes), n_cells).tolist()
    assert sum(shares) == min(n_cells, sum(sizes))
    assert all(share <= size for share, size in zip(shares, sizes, strict=True))
    if n_cells >= sum(size > 0 for size in sizes):
        assert all(share > 0 for share, size in zip(shares, sizes, strict=True) if size)
    for share, size in zip(shares, sizes, strict=True):
        if share < size:  # no other group gives more than one cell more
            assert max(shares) <= share + 1


@pytest.fixture(scope="module")
def source() -> AnnDataSource:
    rng = np.random.default_rng(0)
    kind = rng.choice(["T", "B", "NK", "rare"], N, p=[0.7, 0.2, 0.09, 0.01]).astype(object)
    obs = pd.DataFrame(
        {
            "kind": pd.Categorical(kind, ["rare", "T", "unused", "NK", "B"]),
            "text": kind,
            "number": rng.integers(-2, 3, N),
            "flag": rng.random(N) > 0.9,
            "holes": pd.Categorical(np.where(np.arange(N) % 50 == 0, None, kind)),
            "score": rng.normal(size=N),
        },
        index=[f"c{n}" for n in range(N)],
    )
    return open_source(anndata.AnnData(sparse.csr_matrix((N, 2), dtype=np.float32), obs))


def rows(source: AnnDataSource, **given: Any) -> list[int]:
    chosen, _ = choose_rows(source, read_options(given))
    assert chosen is not None
    assert chosen.dtype == np.int64
    return chosen.tolist()


def documented(obs: pd.DataFrame, column: str, n_cells: int) -> list[int]:
    """The recipe of docs/howto/genes-and-cells.md."""
    groups = list(obs.reset_index().groupby(column, observed=False, dropna=False, sort=True).indices.values())
    sizes = np.array([len(rows) for rows in groups])
    shares = share_out(sizes, n_cells)
    rng = np.random.default_rng(42)
    drawn = [
        rows[rng.choice(len(rows), share, replace=False)] if share < len(rows) else rows
        for rows, share in zip(groups, shares, strict=True)
    ]
    return sorted(np.concatenate(drawn).tolist())


@pytest.mark.parametrize("column", ["kind", "text", "number", "flag"])
@pytest.mark.parametrize("at_once", [64, 1 << 16])
def test_the_sample_is_that_of_pandas(
    source: AnnDataSource, column: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "TILE", at_once)
    monkeypatch.setattr(choosing, "TILE", at_once)
    frame = pd.DataFrame({"x": _values(source, column)})
    for n_cells in (40, 100, 3):
        found = rows(source, downsample=n_cells, downsample_by=column)
        assert len(found) == n_cells
        assert found == documented(frame, "x", n_cells)


def _values(source: AnnDataSource, name: str) -> Any:
    column = source.obs_column(name, 0, N)
    if column.categories is None:
        return column.values
    return pd.Categorical.from_codes(column.values, list(column.categories))


def test_after_where(source: AnnDataSource) -> None:
    found = rows(source, where="number > 0", downsample=30, downsample_by="kind")
    numbers, kinds = _values(source, "number"), _values(source, "kind")
    assert len(found) == 30
    assert (numbers[found] > 0).all()
    rare = np.flatnonzero((numbers > 0) & (np.asarray(kinds) == "rare"))
    assert set(rare) <= set(found)


def test_cells_without_a_value_are_a_group(source: AnnDataSource) -> None:
    found = rows(source, downsample=60, downsample_by="holes")
    assert set(range(0, N, 50)) <= set(found)
    sentences = {
        each.code: each.text
        for each in choose_rows(source, read_options({"downsample": 60, "downsample_by": "holes"}))[1]
    }
    assert sentences["cells-by-group"].startswith(
        "60 cells are drawn from 5 groups of 'holes', 2 of which are complete: rare "
    )
    assert "no value 10 of 10" in sentences["cells-by-group"]


def test_a_plain_sample_is_as_ever(source: AnnDataSource) -> None:
    drawn = np.sort(np.random.default_rng(42).choice(N, 99, replace=False)).tolist()
    assert rows(source, downsample=99) == drawn
    within = np.flatnonzero(_values(source, "number") > 0)
    again = choose_cells(len(within), 99)
    assert again is not None
    assert rows(source, where="number > 0", downsample=99) == within[again].tolist()


def test_refusals(source: AnnDataSource) -> None:
    for column, sentence in (
        ("knd", "no obs column 'knd'; did you mean 'kind'"),
        ("score", "numbers with decimals"),
    ):
        with pytest.raises(BadOptionError, match=sentence):
            rows(source, downsample=9, downsample_by=column)
    with pytest.raises(BadOptionError, match="no --downsample says how many"):
        read_options({"downsample_by": "kind"})
