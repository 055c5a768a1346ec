"""Find the combinations of categories of several columns that exported cells have."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cells.tiles import read_column
from karospace_stream.formats.columns.codes import codes_of
from karospace_stream.measures.combined import categories_of, flat_codes
from karospace_stream.measures.request import Grouping
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source

#: The most combinations; their memory is part of the plan.
MOST_COMBINATIONS = 100_000


def combine(
    source: Source, selection: Selection, names: Sequence[str], categories: Sequence[tuple[str, ...]]
) -> Grouping:
    """The grouping by all columns together. Reads them, tile by tile.

    Raises
    ------
    BadOptionError
        If there are too many combinations, or no cell has one.
    """
    sizes = tuple(map(len, categories))
    listed = ", ".join(map(repr, names))
    if prod(sizes) > np.iinfo(np.int64).max:
        raise BadOptionError(f"--by: {listed} have too many categories to combine; name fewer columns")
    seen: set[int] = set()
    columns = [read_column(source, selection, name, 0, selection.n_cells) for name in names]
    for tiles in zip(*columns, strict=True):
        parts = [codes_of(tile, each) for tile, each in zip(tiles, categories, strict=True)]
        seen.update(np.unique(flat_codes(parts, sizes)).tolist())
        if len(seen) > MOST_COMBINATIONS:
            raise BadOptionError(
                f"--by: cells must have at most {MOST_COMBINATIONS:,} combinations of {listed}, got more; "
                "name fewer columns"
            )
    seen.discard(-1)
    if not seen:
        raise BadOptionError(f"--by: no cell has a value in {listed}; name other columns")
    flat = tuple(sorted(seen))
    several = [np.asarray(each, object) for each in categories]
    rows = zip(
        *(names_of[codes] for names_of, codes in zip(several, categories_of(flat, sizes), strict=True)),
        strict=True,
    )
    labels = tuple("_".join(row) for row in rows)
    return Grouping(",".join(names), labels, parts=tuple(names), names=tuple(categories), combinations=flat)
