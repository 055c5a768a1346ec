"""Select the columns of obs."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.errors import BadOptionError
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.select.suggest import not_there

#: Of schema 1.0.0: how many columns are taken when none is named.
DEFAULT_COLUMNS = 4
_LABELS = ("category", "string", "bool")


def choose_columns(obs: Sequence[ColumnInfo], wanted: Sequence[str] | None) -> tuple[str, ...]:
    """Resolve ``--anno``.

    Parameters
    ----------
    wanted
        Names in the requested order; ``["all"]`` for every column (unless a column is called so);
        None for the first four columns of kind category, string or bool, or else the first four.

    Raises
    ------
    BadOptionError
        If a column is not there.
    """
    names = [column.name for column in obs]
    if wanted is None:
        labels = [column.name for column in obs if column.kind in _LABELS]
        return tuple((labels or names)[:DEFAULT_COLUMNS])
    if list(wanted) == ["all"] and "all" not in names:
        return tuple(names)
    there = set(names)
    missing = [name for name in dict.fromkeys(wanted) if name not in there]
    if missing:
        raise BadOptionError(not_there("obs column", missing, names, option="--anno"))
    return tuple(dict.fromkeys(wanted))
