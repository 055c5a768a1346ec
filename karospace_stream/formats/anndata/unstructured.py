"""Which arrays of uns are stored beside the store's own entries."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.anndata.layout.arrays import WHOLE
from karospace_stream.model.catalog import Catalog
from karospace_stream.select.suggest import not_there

#: The store's own entries.
OWN = ("title", "cellucid")
#: How sections are laid out, where they are.
ARRANGED = "arranged"
#: The sections of a tissue, where the cells of each are one range.
SECTIONS = "sections"
#: The note about sections that lie on top of each other, where they do.
OVERLAPPING = "overlapping_sections"
#: How variable genes were computed, where they were.
HVG = "hvg"
#: That values are logarithms, where the export made them so.
LOG1P = "log1p"
_COLORS = "_colors"


def choose_arrays(catalog: Catalog, wanted: Sequence[str]) -> tuple[str, ...]:
    """Resolve ``--uns``; colours of categories are always exported.

    Raises
    ------
    BadOptionError
        If one is missing, or has more values than a chunk.
    """
    sizes = {key: prod(shape) for key, shape in catalog.uns if key not in OWN}
    colors = tuple(key for key, size in sizes.items() if key.endswith(_COLORS) and size <= WHOLE)
    if tuple(wanted) == ("all",):
        chosen = tuple(key for key, size in sizes.items() if size <= WHOLE)
    else:
        missing = [key for key in wanted if key not in sizes]
        if missing:
            raise BadOptionError(not_there("uns array", missing, sorted(sizes), option="--uns"))
        chosen = tuple(dict.fromkeys((*colors, *wanted)))
        large = [key for key in chosen if sizes[key] > WHOLE]
        if large:
            raise BadOptionError(
                f"--uns {large[0]}: the array must have at most {WHOLE:,} values, got "
                f"{sizes[large[0]]:,}; leave it out, or store it in obsm"
            )
    return chosen


def color_key(column: str) -> str:
    """The key of uns in which scanpy stores the colours of a column."""
    return f"{column}{_COLORS}"
