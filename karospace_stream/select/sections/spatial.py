"""The coordinates of a tissue among all that can be drawn."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.errors import BadInputError
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.select.coords import choose_embeddings
from karospace_stream.select.embedding_names import kind_of
from karospace_stream.select.xy_columns import read_pair


def spatial_embedding(
    catalog: Catalog, coords: str, vectors: Sequence[str] | None = None
) -> EmbeddingChoice | None:
    """The first embedding of a tissue, or what ``--coords`` names if its name says nothing else.

    Raises
    ------
    BadOptionError
        If ``--coords`` names something that does not exist.
    """
    try:
        first, *further = choose_embeddings(catalog, coords, vectors)
    except BadInputError:  # nothing can be drawn
        return None
    if coords != "auto" and _says_nothing(first):
        return first
    return next((choice for choice in (first, *further) if _is_tissue(choice)), None)


def _is_tissue(choice: EmbeddingChoice) -> bool:
    if choice.source[0] == "obsm":
        return choice.y_down  # which only tissue has
    pair = read_pair(*choice.source[1:])
    return pair.basis == "spatial" and not pair.is_grid


def _says_nothing(choice: EmbeddingChoice) -> bool:
    return choice.source[0] == "obsm" and kind_of(choice.key, choice.n_dims) == "other"
