"""Whether as many inputs are given as the export was made of, and in the same order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.formats.existing.recorded import INPUTS
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
    else:
        given = [each.key for each in expand(source, storage_options).inputs]
    recorded = [str(each) for each in listing.options.get(INPUTS) or ()]
    n_given, n_recorded = max(1, len(given)), max(1, len(recorded))
    if n_given != n_recorded:
        called = f" ({_shown(recorded)})" if recorded else ""
        raise BadInputError(
            f"{where} was made of {counted(n_recorded, 'input')}{called}, but {counted(n_given, 'input')} "
            f"{'is' if n_given == 1 else 'are'} given as its source; name the same ones, in the same order"
        )
    if not recorded or given == recorded:
        return []
    if sorted(given) == sorted(recorded):
        raise BadInputError(
            f"{where} was made of its inputs in another order ({_shown(recorded)}) than they are given as "
            f"its source ({_shown(given)}); name them in that order"
        )
    return [f"the inputs were called {_shown(recorded)} when it was made, and now {_shown(given)}"]


def _shown(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
