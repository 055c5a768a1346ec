"""Which formats there are."""

from __future__ import annotations

from collections.abc import Callable

from karospace_stream.convert.format import FormatPlan
from karospace_stream.convert.karospace.plan import plan_karospace
from karospace_stream.convert.options import ExportOptions
from karospace_stream.model.selection import Selection
from karospace_stream.source.protocol import Source

_PLANNERS: dict[str, Callable[[Source, ExportOptions, Selection], FormatPlan]] = {
    "karospace": plan_karospace,
}


def plan_formats(source: Source, options: ExportOptions, chosen: Selection) -> tuple[FormatPlan, ...]:
    """Decide what each wished format takes of the chosen cells and genes."""
    return tuple(_PLANNERS[name](source, options, chosen) for name in options.formats)
