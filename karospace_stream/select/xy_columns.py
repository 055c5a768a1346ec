"""Coordinates in obs, found by the usual names of their columns.

A column counts if its name is an axis, ``x`` or ``y``, alone or with words for positions, in any case and
order: ``x``, ``X_centroid``, ``CenterX_global_px``, ``Xcorr``, ``Centroid X µm``. Its partner has the same
name except for the axis. There are also pairs without an axis in their names, such as ``imagerow``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from karospace_stream.model.catalog import ColumnInfo


@dataclass(frozen=True, slots=True)
class XYColumns:
    """Two columns of obs that are coordinates.

    Attributes
    ----------
    y_down
        Whether y grows downwards, as in an image of a tissue.
    is_grid
        Whether they are grid positions, such as the rows and columns of an array, which is the last choice.
    is_pixels
        Whether they are pixels of the full image, as ``obsm['spatial']`` of a Visium slide is.
    basis
        The embedding that they are, such as ``umap``; ``spatial`` for positions.
    """

    x: str
    y: str
    y_down: bool = True
    is_grid: bool = False
    is_pixels: bool = False
    basis: str = "spatial"


#: Of schema 1.0.0, which comes before all embeddings but ``spatial``.
CENTROID = ("centroid_x", "centroid_y")
#: Words that accompany an axis, the most certain first. Others are allowed but have no rank.
_POSITION_WORDS = (
    *("centroid", "center", "centre", "position", "pos", "location", "loc", "coord", "coords", "coordinate"),
    *(
        "coordinates",
        "corr",
        "spatial",
        "sdim",
        "tissue",
        "stage",
        "slide",
        "global",
        "fullres",
        "local",
        "fov",
    ),
)
_ALONG = frozenset(
    (
        *(
            "cell",
            "cells",
            "nucleus",
            "nuclei",
            "spot",
            "bead",
            "obj",
            "object",
            "areashape",
            "area",
            "shape",
        ),
        *(
            "px",
            "pxl",
            "pixel",
            "pixels",
            "um",
            "\N{GREEK SMALL LETTER MU}m",
            "mm",
            "nm",
            "micron",
            "microns",
            "micrometer",
        ),
        *("micrometers", "in", "of", "mass", "adjusted", "aligned", "registered", "raw", "original", "abs"),
        *("absolute", "image", "img", "scaled", "transformed"),
    )
)
_CERTAIN = frozenset(("global", "slide", "fullres"))
_LAST = frozenset(("local", "fov"))  # cells of different fields of view overlap
#: Pairs without an axis in their names, x first, in lower case; tissue before embeddings, grids last.
_NAMED = (
    XYColumns("pxl_col_in_fullres", "pxl_row_in_fullres", is_pixels=True),
    XYColumns("imagecol", "imagerow", is_pixels=True),
    XYColumns("spatial_1", "spatial_2"),
    XYColumns("spatial1", "spatial2"),
    XYColumns("longitude", "latitude", y_down=False),
    XYColumns("lon", "lat", y_down=False),
    XYColumns("lng", "lat", y_down=False),
    *(
        XYColumns(f"{method}{between}{x}", f"{method}{between}{y}", y_down=False, basis=method)
        for method in ("umap", "tsne")
        for between, x, y in (
            ("_", "1", "2"),
            ("", "1", "2"),
            ("-", "1", "2"),
            ("_", "x", "y"),
            ("", "x", "y"),
        )
    ),
    XYColumns("array_col", "array_row", is_grid=True),
    XYColumns("array_x", "array_y", is_grid=True),
    XYColumns("x_array", "y_array", is_grid=True),
    XYColumns("grid_x", "grid_y", is_grid=True),
)
_AXES = ("x", "y", "z")
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def find_xy(obs: Sequence[ColumnInfo]) -> tuple[XYColumns, ...]:
    """Find the pairs of columns that are coordinates, the best choice first.

    Returns
    -------
    The centroids of schema 1.0.0; then pairs with words for positions, of which those of a whole slide come
    first; then ``x`` and ``y`` alone; those of a field of view; pairs without an axis; grids last.
    """
    names = [column.name for column in obs if column.kind in ("integer", "float")]
    found = [*_pairs_with_axis(names), *_named_pairs(names)]
    return tuple(dict.fromkeys(found))


def read_pair(x: str, y: str) -> XYColumns:
    """Describe two columns that the user named, as far as their names say."""
    obs = [ColumnInfo(name, "float", "float64") for name in (x, y)]
    known = [pair for pair in find_xy(obs) if (pair.x, pair.y) == (x, y)]
    return known[0] if known else XYColumns(x, y)


def _pairs_with_axis(names: Sequence[str]) -> Iterable[XYColumns]:
    by_axis: dict[str, dict[tuple[str, ...], list[str]]] = {axis: {} for axis in _AXES}
    for name in names:
        read = _axis_of(name)
        if read is not None:
            by_axis[read[0]].setdefault(read[1], []).append(name)
    pairs = []
    for words, columns in by_axis["x"].items():
        partners = by_axis["y"].get(words, [])
        pairs += [(words, x, y) for x in columns if (y := _partner(x, partners)) is not None]
    order = {name: at for at, name in enumerate(names)}
    pairs.sort(key=lambda pair: (_rank(*pair), order[pair[1]]))
    return [XYColumns(x, y) for _, x, y in pairs]


def _partner(x: str, candidates: Sequence[str]) -> str | None:
    """The column in the same case as ``x``: ``y`` goes with ``x`` even if ``Y`` exists, too."""
    same = [y for y in candidates if [each.isupper() for each in x] == [each.isupper() for each in y]]
    return next(iter((*same, *candidates)), None)


def _rank(words: tuple[str, ...], x: str, y: str) -> tuple[int, int, bool]:
    if (x, y) == CENTROID:
        return (0, 0, False)
    if words == ("",):
        return (3, 0, x != "x")
    ranks = [at for at, known in enumerate(_POSITION_WORDS) if known in words]
    group = 1 if _CERTAIN.intersection(words) else 5 if _LAST.intersection(words) else 2 if ranks else 4
    return (group, min(ranks, default=0), x != x.lower())


def _axis_of(name: str) -> tuple[str, tuple[str, ...]] | None:
    """The axis of a column, and the words of its name with a blank for it; None if it is no position."""
    axes, shape = [], []
    for word in _words(name):
        axis, before, after = _split(word)
        axes += [axis] if axis else []
        shape += [each for each in (before, "" if axis else None, after) if each is not None]
    if len(axes) != 1 or not all(word in _ALONG or word in _POSITION_WORDS for word in shape if word):
        return None
    return axes[0], tuple(shape)


def _words(name: str) -> Iterable[str]:
    for part in _PARTS.findall(unicodedata.normalize("NFKC", name)):
        yield from (word.lower() for word in _CAMEL.split(part))


def _split(word: str) -> tuple[str, str | None, str | None]:
    """An axis, the text before it and after it; it may be glued to a word, as in ``xcorr``."""
    if word in _AXES:
        return word, None, None
    if word[:1] in _AXES and word[1:] in _POSITION_WORDS:
        return word[0], None, word[1:]
    if word[-1:] in _AXES and word[:-1] in _POSITION_WORDS:
        return word[-1], word[:-1], None
    return "", word, None


def _named_pairs(names: Sequence[str]) -> Iterable[XYColumns]:
    lower = {name.lower(): name for name in reversed(names)}
    for known in _NAMED:
        if known.x in lower and known.y in lower:
            yield XYColumns(
                lower[known.x], lower[known.y], known.y_down, known.is_grid, known.is_pixels, known.basis
            )
