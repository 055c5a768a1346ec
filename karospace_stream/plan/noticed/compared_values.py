"""Groups that are compared by values of which the comparison says little."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.model.finding import Finding
from karospace_stream.plan.noticed.value_sample import ValueSample

_WHY = {
    "counts": "raw counts: groups with more counts a cell seem to express more of every gene",
    "scaled": "scaled values: shares count values other than 0, and most fold changes are no numbers",
}


def compared_values(values: ValueSample | None, statistics: StatisticsPlan | None) -> Iterator[Finding]:
    """A finding if groups are compared by counts or scaled values; tests expect logarithmic ones."""
    if statistics is None or not statistics.request.groupings or statistics.request.test == "none":
        return
    if values is not None and values.kind in _WHY:
        text = f"groups are compared by {_WHY[values.kind]}; fold changes are meant for logarithmic values"
        yield Finding("compared-values", text, "markers", "none")
