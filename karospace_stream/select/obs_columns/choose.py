"""Select the columns of obs."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.errors import BadOptionError
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.selection import Selection
from karospace_stream.select.obs_columns.ranking import ColumnFacts, best_column, rank_columns
from karospace_stream.select.suggest import not_there


def choose_columns(
    obs: Sequence[ColumnInfo], wanted: Sequence[str] | None, facts: Sequence[ColumnFacts] = ()
) -> tuple[str, ...]:
    """Resolve ``--anno``.

    Parameters
    ----------
    wanted
        Names in the requested order; ``["all"]`` for every column (unless a column is called so);
        None for those that `rank_columns` takes.
    facts
        Of all columns, for None.

    Raises
    ------
    BadOptionError
        If a column is not there, or ``all`` is not alone.
    """
    names = [column.name for column in obs]
    if wanted is None:
        return tuple(each.name for each in rank_columns(facts) if each.taken)
    if list(wanted) == ["all"] and "all" not in names:
        return tuple(names)
    if "all" in wanted and "all" not in names:
        raise BadOptionError("--anno all takes every column; give it alone, or name the columns")
    there = set(names)
    missing = [name for name in dict.fromkeys(wanted) if name not in there]
    if missing:
        raise BadOptionError(not_there("obs column", missing, names, option="--anno"))
    return tuple(dict.fromkeys(wanted))


def best_first(names: Sequence[str], facts: Sequence[ColumnFacts]) -> tuple[str, ...]:
    """Put the column that is shown first before the others."""
    best = best_column([each for each in facts if each.name in set(names)])
    return tuple(dict.fromkeys(names if best is None else (best, *names)))


def with_scores(names: Sequence[str], chosen: Selection) -> tuple[str, ...]:
    """Add the scores of gene sets, whatever columns were named: the sets are asked for by themselves."""
    return tuple(dict.fromkeys((*names, *chosen.gene_sets.columns)))
