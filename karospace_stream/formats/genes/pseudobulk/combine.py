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
) -> tuple[Grouping, int]:
    """The grouping by all columns together, and the number of cells without a group. Reads the columns.

    Raises
    ------
    BadOptionError
        If there are too many combinations, or no cell has one.
    """
    sizes = tuple(map(len, categories))
    listed = ", ".join(map(repr, names))
    if prod(sizes) > np.iinfo(np.int64).max:
        raise BadOptionError(
            f"--pseudobulk: {listed} have too many categories to combine; name fewer columns"
        )
    seen: set[int] = set()
    n_missing = 0
    columns = [read_column(source, selection, name, 0, selection.n_cells) for name in names]
    for tiles in zip(*columns, strict=True):
        parts = [codes_of(tile, each) for tile, each in zip(tiles, categories, strict=True)]
        flat_tile = flat_codes(parts, sizes)
        n_missing += int((flat_tile < 0).sum())
        seen.update(np.unique(flat_tile).tolist())
        if len(seen) > MOST_COMBINATIONS:
            raise BadOptionError(
                f"--pseudobulk: cells must have at most {MOST_COMBINATIONS:,} combinations of {listed}, got "
                "more; name fewer columns"
            )
    seen.discard(-1)
    if not seen:
        raise BadOptionError(f"--pseudobulk: no cell has a value in {listed}; name other columns")
    flat = tuple(sorted(seen))
    several = [np.asarray(each, object) for each in categories]
    rows = zip(
        *(names_of[codes] for names_of, codes in zip(several, categories_of(flat, sizes), strict=True)),
        strict=True,
    )
    labels = tuple("_".join(row) for row in rows)
    grouping = Grouping(
        ",".join(names), labels, parts=tuple(names), names=tuple(categories), combinations=flat
    )
    return grouping, n_missing
