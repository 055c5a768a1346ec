"""Whether as many inputs are given as the export was made of, and in the same order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.formats.existing.recorded import INPUTS, LISTED
from karospace_stream.formats.layout.checksums import Listing
from karospace_stream.inputs.listing.expand import expand
from karospace_stream.plan.lazy_source import OpenedSource
from karospace_stream.units import counted

_SHOWN = 5


def check_inputs(
    source: Any, listing: Listing, storage_options: Mapping[str, Any] | None, where: str
) -> list[str]:
    """Compare the given inputs with the recorded ones; return notes about other names.

    Raises
    ------
    BadInputError
        If there are more or fewer, or the same ones in another order.
    """
    if isinstance(source, OpenedSource):
        given = [each.name for each in source.catalog.inputs]
        columns = {name for each in source.catalog.inputs for name in each.columns}
    else:
        expanded = expand(source, storage_options).inputs
        given = [each.key for each in expanded]
        columns = {name for each in expanded for name in each.columns}
    recorded = [str(each) for each in listing.options.get(INPUTS) or ()]
    n_given, n_recorded = max(1, len(given)), max(1, len(recorded))
    if n_given != n_recorded:
        called = f" ({_shown(recorded)})" if recorded else ""
        raise BadInputError(
            f"{where} was made of {counted(n_recorded, 'input')}{called}, but {counted(n_given, 'input')} "
            f"{'is' if n_given == 1 else 'are'} given as its source; name the same ones, in the same order"
        )
    _check_columns(columns, {str(each) for each in listing.options.get(LISTED) or ()}, where)
    if not recorded or given == recorded:
        return []
    if sorted(given) == sorted(recorded):
        raise BadInputError(
            f"{where} was made of its inputs in another order ({_shown(recorded)}) than they are given as "
            f"its source ({_shown(given)}); name them in that order"
        )
    return [f"the inputs were called {_shown(recorded)} when it was made, and now {_shown(given)}"]


def _check_columns(given: set[str], recorded: set[str], where: str) -> None:
    """Refuse inputs without the list that says the same about them."""
    if lacking := sorted(recorded - given):
        raise BadInputError(
            f"{where} has {counted(len(lacking), 'column')} of a list of inputs ({_shown(lacking)}), but its "
            "source is given without; name the list that it was made of"
        )
    if more := sorted(given - recorded):
        raise BadInputError(
            f"the list that is given as the source of {where} adds {counted(len(more), 'column')} "
            f"({_shown(more)}), but it was made without; name the inputs themselves"
        )


def _shown(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
