"""Columns with the same value for every cell."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.formats.left_out import name_some
from karospace_stream.formats.registry import anno_of
from karospace_stream.model.finding import Finding
from karospace_stream.plan.noticed.look import Look

_NAMED = 3
_MOST_MENDED = 5  # more would be no command that anyone types


def constant_columns(look: Look) -> Iterator[Finding]:
    """A finding about obs columns of a single category, as the catalog has it; reads nothing."""
    options = look.options
    wanted = [anno_of(options, name) for name in options.formats]
    named = {name for several in wanted if several not in (None, ("all",)) for name in several or ()}
    takes_all = ("all",) in wanted
    found = [
        info.name
        for info in look.catalog.obs
        if info.n_categories == 1 and (takes_all or None in wanted or info.name in named)
    ]
    if not found:
        return
    columns = "obs columns hold" if len(found) > 1 else "obs column holds"
    text = f"{len(found):,} {columns} a single value: {name_some(found, _NAMED)}"
    if takes_all or named:
        parts = tuple(f"obs:{name}" for name in found) if len(found) <= _MOST_MENDED else None
        yield Finding("constant-columns", text, "leave_out", parts)
    else:
        they = "they are" if len(found) > 1 else "it is"
        left = "" if look.selection is None else f"; {they} left out"
        yield Finding("constant-columns", text + left, "anno", ("all",))
