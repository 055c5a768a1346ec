"""Show the next coordinates first if those that were found hold no cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from karospace_stream.errors import NoCoordinatesError
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.select import list_drawable
from karospace_stream.select.without_coordinates import none_at_all, not_suggested, others_first


def trying_next_coordinates(
    source: Source, options: ExportOptions, plan: Callable[[ExportOptions], ExportPlan]
) -> ExportPlan:
    """Plan, and plan again with the next coordinates as long as no cell has any.

    The plan then has these coordinates as if the user had named them, and a finding says so. Coordinates that
    the user names are not replaced.

    Raises
    ------
    BadInputError
        If no coordinates hold a cell.
    """
    empty: list[str] = []
    coords = options.coords
    while True:
        try:
            made = plan(replace(options, coords=coords))
        except NoCoordinatesError as error:
            if (
                options.coords != "auto" or error.coords in empty
            ):  # points of a format that coords do not choose
                raise
            empty.append(error.coords)
            others = [each.spelling for each in list_drawable(source.catalog) if each.spelling not in empty]
            if not others:
                raise none_at_all(source.catalog, empty) from error
            coords = others[0]
            continue
        if not empty:
            return made
        rest = (not_suggested(each, empty) for each in made.findings)
        return replace(made, findings=(others_first(empty, coords), *rest))
