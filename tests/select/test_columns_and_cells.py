"""Which columns of obs, and which cells."""

from __future__ import annotations

import numpy as np
import pytest

from karospace_stream.errors import BadOptionError
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.select import choose_cells, choose_columns
from karospace_stream.select.obs_columns.ranking import facts_of
from tests.select.catalogs import column

OBS = [
    column("n", "integer"),
    column("kind", "category"),
    column("batch", "string"),
    column("ok", "bool"),
    column("share", "float"),
    column("donor", "category"),
    column("site", "category"),
]


def test_those_that_rank_best_if_none_is_named() -> None:
    assert choose_columns(OBS, None, facts_of(OBS, 9)) == ("kind", "donor", "site", "ok")
    assert choose_columns([OBS[0], OBS[4]], None, facts_of([OBS[0], OBS[4]], 9)) == ("n", "share")
    assert choose_columns([], None) == ()


def test_named_columns_keep_their_order_once() -> None:
    assert choose_columns(OBS, ["site", "n", "site"]) == ("site", "n")
    assert choose_columns(OBS, []) == ()


def test_all_of_them_unless_one_is_called_so() -> None:
    assert choose_columns(OBS, ["all"]) == tuple(info.name for info in OBS)
    called: list[ColumnInfo] = [*OBS, column("all", "bool")]
    assert choose_columns(called, ["all"]) == ("all",)


def test_columns_that_are_not_there() -> None:
    with pytest.raises(
        BadOptionError, match=r"--anno: the file has no obs column 'kid'; did you mean 'kind'"
    ):
        choose_columns(OBS, ["n", "kid"])
    with pytest.raises(BadOptionError, match=r"no obs columns '1234', '5678'; it has 'n', 'kind'"):
        choose_columns(OBS, ["1234", "5678"])
    with pytest.raises(BadOptionError, match="it has none"):
        choose_columns([], ["kind"])


def test_drawn_cells_are_those_of_the_schema() -> None:
    cells = choose_cells(1_000, 10)
    assert cells is not None
    expected = np.sort(np.random.default_rng(42).choice(1_000, 10, replace=False))
    np.testing.assert_array_equal(cells, expected)
    assert cells.dtype == np.int64


@pytest.mark.parametrize("downsample", [None, 5, 6])
def test_nothing_is_left_out(downsample: int | None) -> None:
    assert choose_cells(5, downsample) is None


@pytest.mark.parametrize("downsample", [0, -1])
def test_no_cells_at_all(downsample: int) -> None:
    with pytest.raises(BadOptionError, match="--downsample must be a number of cells above zero"):
        choose_cells(5, downsample)
