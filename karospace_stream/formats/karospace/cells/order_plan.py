"""Whether the cells of a bundle are in a fair order, and by what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cells.fair_order import FairOrderPlan
from karospace_stream.formats.genes.side_plan import SidePlan, plan_side_inputs
from karospace_stream.formats.karospace.choices.columns import ResolvedColumn
from karospace_stream.formats.karospace.choices.first_column import first_column
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.karospace.tissue.part import TissuePart
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection
from karospace_stream.model.side_inputs import SideNeeds
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.suggest import not_there

#: Parts of a tissue that number cells, or are ranges of them.
_IN_SOURCE_ORDER = {"sections": "sections of a tissue are", "shapes": "cells with boundaries are"}


def plan_order(
    source: Source,
    options: ExportOptions,
    selection: Selection,
    columns: Sequence[ResolvedColumn],
    tissue: Sequence[TissuePart],
) -> FairOrderPlan | None:
    """Decide how cells are ordered; None for the order of the source.

    Raises
    ------
    BadOptionError, BadInputError
        If the column does not exist, or does not hold categories, text or true/false.
    """
    own, n_cells = options.of(KarospaceOptions), selection.n_cells
    if not own.is_packed(n_cells) or own.order != "fair" or not n_cells or _obstacle(tissue):
        return None
    name, side = _column(source, options, selection, columns)
    return FairOrderPlan(selection.n_cells, selection.embeddings[0], name, side)


def order_findings(options: ExportOptions, n_cells: int, tissue: Sequence[TissuePart]) -> Iterator[Finding]:
    """Say why cells are not in a fair order, where somebody may expect one."""
    own, why = options.of(KarospaceOptions), _obstacle(tissue)
    if own.order != "fair":
        return
    if own.is_packed(n_cells) and why:
        yield Finding(
            "order-of-source", f"cells are stored in the order of the source, since {why} stored so"
        )
    elif not own.is_packed(n_cells) and own.order_by is not None:
        text = "cells are stored in the order of the source, since the layout is classic for so few cells"
        yield Finding("order-of-source", text)


def _obstacle(tissue: Sequence[TissuePart]) -> str:
    return next((_IN_SOURCE_ORDER[part.key] for part in tissue if part.key in _IN_SOURCE_ORDER), "")


def _column(
    source: Source, options: ExportOptions, selection: Selection, columns: Sequence[ResolvedColumn]
) -> tuple[str | None, SidePlan | None]:
    named = options.of(KarospaceOptions).order_by
    there = [each.name for each in source.catalog.obs]
    if named is not None and named not in there:
        raise BadOptionError(not_there("obs column", [named], there, option="--order-by"))
    number = first_column(columns) if named is None else None
    name = columns[number].name if number is not None else named
    if name is None:
        return None, None
    return name, plan_side_inputs(source, selection, [SideNeeds(columns=(name,))])
