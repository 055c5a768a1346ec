"""Groups that are compared by values of which the comparison says little."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.model.finding import Finding
from karospace_stream.plan.noticed.look import Look
from karospace_stream.plan.noticed.values import exported_values

_WHY = {
    "counts": "raw counts: groups with more counts a cell seem to express more of every gene",
    "scaled": "scaled values: shares count values other than 0, and most fold changes are no numbers",
}


def compared_values(look: Look) -> Iterator[Finding]:
    """A finding if groups are compared by counts or scaled values; tests expect logarithmic ones."""
    options = look.options
    if not options.group_by or options.group_by == ("none",) or options.markers == "none":
        return
    found = exported_values(look)
    if found is not None and found.kind in _WHY:
        text = f"groups are compared by {_WHY[found.kind]}; fold changes are meant for logarithmic values"
        yield Finding("compared-values", text, "markers", "none")
