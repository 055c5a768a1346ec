"""Choose the columns whose groups are compared if nobody names any: as many as cost little."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from karospace_stream.errors import BudgetError
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.model.finding import Finding

#: Categories of a column that is compared without being named.
FEWEST_CATEGORIES, MOST_CATEGORIES = 2, 200
#: Columns that are compared without being named.
MOST_COLUMNS = 32
#: Genes of each group that a ranking keeps, unless its column was named.
BEST_GENES = 200
_LISTED = 5

Cost = TypeVar("Cost")
_NO_MEMORY, _NO_ROOM = "the sums do not fit in the memory", "the tables are large beside the other files"
_TOO_MANY = f"no more than {MOST_COLUMNS} columns are"
_NO_SCRATCH = "there is no scratch folder with room for the sums"


@dataclass(frozen=True, slots=True)
class Automatic(Generic[Cost]):
    """What is compared, and the cost of the plan with it.

    Attributes
    ----------
    statistics
        None if nothing is left.
    """

    statistics: StatisticsPlan | None
    cost: Cost
    findings: tuple[Finding, ...] = ()


def choose_automatic(
    columns: Sequence[str],
    of_columns: Callable[[Sequence[str]], StatisticsPlan | None],
    base: StatisticsPlan | None,
    find_cost: Callable[[StatisticsPlan | None], Cost],
    *,
    budget_nbytes: int,
    is_small: Callable[[Cost, StatisticsPlan], bool],
    has_scratch: Callable[[StatisticsPlan], bool],
) -> Automatic[Cost]:
    """Leave out columns, those with most groups first, until the others cost little.

    Parameters
    ----------
    columns
        Those that could be compared.
    of_columns
        Plans some of them.
    base
        What is computed anyway; None if that is nothing.
    find_cost
        Of a plan with statistics. May raise `BudgetError`.
    is_small
        Whether the tables are small beside the files of the cost without them.
    has_scratch
        Whether the sums have a place to wait.
    """
    without = find_cost(base)
    left = of_columns(columns[:MOST_COLUMNS])
    dropped = {_TOO_MANY: list(columns[MOST_COLUMNS:])} if len(columns) > MOST_COLUMNS else {}
    while left is not None and left.request.groupings:
        reason = ""
        if not left.fits(budget_nbytes):
            reason = _NO_MEMORY
        elif not is_small(without, left):
            reason = _NO_ROOM
        elif not has_scratch(left):
            reason = _NO_SCRATCH
        else:
            try:
                return Automatic(left, find_cost(left), tuple(_findings(dropped)))
            except BudgetError:
                reason = _NO_MEMORY
        largest = max(left.request.groupings, key=lambda each: each.n_groups)
        dropped.setdefault(reason, []).append(largest.column)
        left = of_columns([each.column for each in left.request.groupings if each is not largest])
    return Automatic(base, without, tuple(_findings(dropped)))


def _findings(dropped: dict[str, list[str]]) -> Iterator[Finding]:
    for reason, columns in dropped.items():
        listed = ", ".join(map(repr, columns[:_LISTED]))
        if len(columns) > _LISTED:
            listed += f" and {len(columns) - _LISTED:,} more"
        text = f"the groups of {listed} are not compared, as {reason}; a column that you name is compared"
        yield Finding("groups-not-compared", text, "group_by", tuple(columns))


def only_best(plan: StatisticsPlan, n_genes: int = BEST_GENES) -> StatisticsPlan:
    """Keep the best genes of each ranking."""
    groupings = tuple(replace(each, n_ranked=n_genes) for each in plan.request.groupings)
    return replace(plan, request=replace(plan.request, groupings=groupings))
