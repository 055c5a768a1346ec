"""Everything in a file that can be drawn, in the order in which it is offered."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from karospace_stream.model.catalog import Catalog, EmbeddingInfo
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.select.embedding_names import field_of, has_prefix, kind_of, rank_of
from karospace_stream.select.xy_columns import CENTROID, XYColumns, find_xy

MOST_DRAWN = 3


class Order(IntEnum):
    """Ranks for sorting. ``NARROW`` entries have two or three columns, ``WIDE`` ones more."""

    TISSUE = 0
    CENTROIDS = 1  # of schema 1.0.0
    PICTURE = 2
    NARROW = 3
    NARROW_LATENT = 4
    XY = 5
    NARROW_UNKNOWN = 6  # without X_
    WIDE = 7  # of which the first two columns are drawn
    GRID = 8
    WIDE_OTHER = 9  # such as counts of proteins: only if there is nothing else


def ranked(catalog: Catalog, vectors: Sequence[str] | None = None) -> list[tuple[Order, EmbeddingChoice]]:
    """Rank entries of obsm and the best columns of obs, the first choice first.

    Of obs, the best pair of coordinates and the best grid count; of obsm, entries of two columns and more
    that are no vector fields, by their names or since ``vectors`` has them.
    """
    entries = [
        entry for entry in catalog.obsm if entry.n_columns >= 2 and not _moves(entry, catalog, vectors)
    ]
    by_name = sorted(entries, key=lambda entry: (_order(entry), rank_of(entry.key)))
    found = [(_order(entry), obsm_choice(entry.key, entry.n_columns)) for entry in by_name]
    for pair in find_xy(catalog.obs):
        order = _order_of_pair(pair)
        if order not in [other for other, choice in found if choice.source[0] == "obs"]:
            found.append((order, pair_choice(pair)))
    return sorted(found, key=lambda each: each[0])


def obsm_choice(key: str, n_columns: int) -> EmbeddingChoice:
    """An entry of obsm; of something wider than three columns, such as PCA, the first two."""
    n_dims = n_columns if n_columns <= MOST_DRAWN else 2
    return EmbeddingChoice(("obsm", key), n_dims, y_down=kind_of(key, n_columns) == "tissue")


def pair_choice(pair: XYColumns) -> EmbeddingChoice:
    """Two columns of obs."""
    return EmbeddingChoice(("obs", pair.x, pair.y), 2, y_down=pair.y_down)


def is_vector(key: str, catalog: Catalog) -> bool:
    """Whether an entry of obsm is a vector field by its name."""
    return field_of(key, [entry.key for entry in catalog.obsm if entry.key != key]) is not None


def _moves(entry: EmbeddingInfo, catalog: Catalog, vectors: Sequence[str] | None) -> bool:
    return entry.key in (vectors or ()) or is_vector(entry.key, catalog)


def _order(entry: EmbeddingInfo) -> Order:
    kind, is_narrow = kind_of(entry.key, entry.n_columns), entry.n_columns <= MOST_DRAWN
    if kind == "tissue":
        return Order.TISSUE
    if not is_narrow:
        return Order.WIDE_OTHER if kind == "other" and not has_prefix(entry.key) else Order.WIDE
    if kind == "other":
        return Order.NARROW if has_prefix(entry.key) else Order.NARROW_UNKNOWN
    return Order.PICTURE if kind == "picture" else Order.NARROW_LATENT


def _order_of_pair(pair: XYColumns) -> Order:
    if (pair.x, pair.y) == CENTROID:
        return Order.CENTROIDS
    return Order.GRID if pair.is_grid else Order.XY
