"""What joining must read of each input: names of its genes, categories, colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.joined.columns.join import read_categories
from karospace_stream.inputs.named import NamedInput
from karospace_stream.model.column import Categories
from karospace_stream.model.inputs.colors import Color
from karospace_stream.source.problems.unreadable import optional

#: Ending of the entries of uns that hold the colours of a column.
COLORS = "_colors"


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What is known of one input once it has been opened.

    Attributes
    ----------
    categories
        Of the columns of obs that are joined, by name.
    colors
        Colours by category, of each such column that has some.
    """

    genes: npt.NDArray[np.object_]
    raw_genes: npt.NDArray[np.object_] | None
    categories: dict[str, Categories]
    colors: dict[str, dict[str, Color]] = field(default_factory=dict)


def read_facts(given: NamedInput, columns: Sequence[str], *, raw: bool) -> Facts:
    """Read them while the file is open.

    Parameters
    ----------
    columns
        Columns of obs that are joined.
    raw
        Whether raw is joined too.
    """
    source = given.source
    with source.kept_open():
        categories = read_categories(source.parts.obs, columns)
        return Facts(
            source.var_names(),
            source.var_names(raw=True) if raw else None,
            categories,
            {name: found for name in categories if (found := _colors(given, name, categories[name]))},
        )


def _colors(given: NamedInput, column: str, categories: Categories) -> dict[str, Color]:
    """Colours of the categories of one column; those that cannot be read are none."""
    parts = given.source.parts
    if f"{column}{COLORS}" not in parts.arrays and f"{column}{COLORS}" not in parts.palettes:
        return {}
    with optional([], column):
        found = given.source.uns_colors(column)
        if isinstance(found, dict):
            return dict(found)
        names = [str(name) for name in categories.values]
        return dict(zip(names, found or (), strict=False))
    return {}
