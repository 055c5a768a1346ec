"""Choose the obs columns of a bundle: the first one is the one that readers show first."""

from __future__ import annotations

from karospace_stream.formats.karospace.choices.column_sample import look_at_columns
from karospace_stream.formats.registry import anno_of
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.obs_columns.choose import best_first, choose_columns
from karospace_stream.select.obs_columns.ranking import RankedColumn, rank_columns


def shown_columns(
    source: Source, options: ExportOptions, chosen: Selection
) -> tuple[tuple[str, ...], tuple[RankedColumn, ...]]:
    """The columns, in their order; and if nobody named any, the verdict on each column of the file."""
    anno = anno_of(options, "karospace")
    if anno is None:
        ranking = _with_sections(rank_columns(look_at_columns(source)), chosen)
        return tuple(each.name for each in ranking if each.taken), ranking
    columns = choose_columns(source.catalog.obs, anno)
    # With all of them, nobody has chosen an order.
    return best_first(columns, look_at_columns(source)) if anno == ("all",) else columns, ()


def _with_sections(ranking: tuple[RankedColumn, ...], chosen: Selection) -> tuple[RankedColumn, ...]:
    """Take also what tells the cells of sections and images apart, which the page needs."""
    telling = {each.column for each in chosen.images}
    telling |= set() if chosen.arrangement is None else {chosen.arrangement.column}
    taken = [each for each in ranking if each.taken]
    left = [each for each in ranking if not each.taken]
    added = [RankedColumn(each.name, True, "sections") for each in left if each.name in telling]
    return (*taken, *added, *(each for each in left if each.name not in telling))
