"""Select the embeddings that are the points of a Cellucid export: at most one for each dimension."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.errors import BadOptionError
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.select.coords import default_embedding, named_coords, nothing_to_draw
from karospace_stream.select.drawable import Order, obsm_choice, ranked
from karospace_stream.select.embedding_names import has_prefix, kind_of, plain_name
from karospace_stream.select.suggest import not_there

DIMS = (1, 2, 3)
_LATENT = ("X_pca", "X_scVI", "X_scvi", "X_scANVI", "X_harmony", "X_pca_harmony", "X_lsi", "latent")
_LATE = {Order.TISSUE: 2.4, Order.CENTROIDS: 2.5}  # after Order.PICTURE


def choose_points(
    catalog: Catalog, wanted: Sequence[str] | None, coords: str, vectors: Sequence[str] | None = None
) -> tuple[EmbeddingChoice, ...]:
    """Resolve ``--points``, or find the embeddings by their usual names.

    Parameters
    ----------
    wanted
        obsm keys, whose width determines the dimension; ``KEY=2`` takes the first two columns. None finds
        ``X_umap_1d``, ``X_umap_2d`` and ``X_umap_3d``, then ``X_umap``, then others of 1 to 3 columns, with
        tissue after pictures; without any, what `choose_embeddings` draws first.
    coords
        Of ``--coords``: the points of their dimension (if ``wanted`` is None); ``auto`` is
        ``uns["default_embedding"]`` where a file has it.
    vectors
        obsm keys that the user names as vector fields.

    Returns
    -------
    By ascending dimension.

    Raises
    ------
    BadOptionError
        If a name does not exist, or two are named for one dimension.
    BadInputError
        If nothing was named and there is nothing to draw.
    """
    widths = {entry.key: entry.n_columns for entry in catalog.obsm}
    if wanted is not None:
        return _by_dim([_named(widths, text) for text in wanted])
    found = {choice.n_dims: choice for choice in _found(catalog, vectors)}
    first = first_point(catalog, coords, vectors)
    if first is not None:
        found[first.n_dims] = first
    if not found:
        raise nothing_to_draw(catalog)
    return tuple(found[dims] for dims in sorted(found))


def first_point(
    catalog: Catalog, coords: str, vectors: Sequence[str] | None = None
) -> EmbeddingChoice | None:
    """The embedding that is wanted first, by ``--coords`` or by the file; None if neither says anything."""
    return default_embedding(catalog, vectors) if coords == "auto" else named_coords(catalog, coords)


def choose_latent(catalog: Catalog, wanted: str | None, points: Sequence[EmbeddingChoice]) -> EmbeddingChoice:
    """Resolve ``--latent``: the space for finding outliers. Without a usual one, the widest points."""
    widths = {entry.key: entry.n_columns for entry in catalog.obsm}
    if wanted is not None:
        if wanted not in widths:
            raise BadOptionError(not_there("obsm entry", [wanted], sorted(widths), option="--latent"))
        return EmbeddingChoice(("obsm", wanted), widths[wanted], y_down=False)
    for key in _LATENT:
        if widths.get(key, 0) > 0:
            return EmbeddingChoice(("obsm", key), widths[key], y_down=False)
    return points[-1]


def _found(catalog: Catalog, vectors: Sequence[str] | None) -> list[EmbeddingChoice]:
    """Candidates for the points of each dimension, the least suitable first."""
    widths = {entry.key: entry.n_columns for entry in catalog.obsm if entry.key not in (vectors or ())}
    # Tissue comes after pictures here, and columns of obs only if no entry is known: of each dimension
    # there is one, and Cellucid is made for pictures.
    every = sorted(ranked(catalog, vectors), key=lambda each: _LATE.get(each[0], each[0]))
    narrow = [
        (order, choice) for order, choice in every if order < Order.WIDE and not _is_cut(choice, widths)
    ]
    if any(order < Order.XY and choice.source[0] == "obsm" for order, choice in narrow):
        narrow = [(order, choice) for order, choice in narrow if choice.source[0] == "obsm"]
    lines = sorted(
        key for key, width in widths.items() if width == 1 and (has_prefix(key) or key == "spatial")
    )
    explicit = [
        obsm_choice(key, width)
        for key, width in sorted(widths.items(), key=lambda entry: not has_prefix(entry[0]))
        if width in DIMS and plain_name(key) == f"umap_{width}d"
    ]
    found = [*explicit, *(choice for _, choice in narrow), *map(_line, lines)] or [
        choice for _, choice in every
    ]
    return found[::-1]


def _is_cut(choice: EmbeddingChoice, widths: dict[str, int]) -> bool:
    """Whether only some columns of an entry are drawn, as of a wide one that is called ``spatial``."""
    return choice.source[0] == "obsm" and widths[choice.key] != choice.n_dims


def _line(key: str) -> EmbeddingChoice:
    return EmbeddingChoice(("obsm", key), 1, y_down=kind_of(key, 1) == "tissue")


def _named(widths: dict[str, int], text: str) -> EmbeddingChoice:
    key, _, dims = text.rpartition("=")
    if text in widths or not key:
        key, dims = text, ""
    if key not in widths:
        raise BadOptionError(not_there("obsm entry", [key], sorted(widths), option="--points"))
    n_dims = int(dims) if dims.isdecimal() else widths[key]
    if n_dims not in DIMS or n_dims > widths[key]:
        raise BadOptionError(
            f"--points {text}: obsm[{key!r}] must have 1, 2 or 3 columns, got {widths[key]}; "
            f"take the first ones with --points {key}=2"
        )
    return EmbeddingChoice(("obsm", key), n_dims, y_down=kind_of(key, n_dims) == "tissue")


def _by_dim(choices: Sequence[EmbeddingChoice]) -> tuple[EmbeddingChoice, ...]:
    taken: dict[int, EmbeddingChoice] = {}
    for choice in choices:
        other = taken.setdefault(choice.n_dims, choice)
        if other.key != choice.key:
            raise BadOptionError(
                f"--points must name one embedding for each dimension, got {other.key!r} and "
                f"{choice.key!r} for {choice.n_dims}; leave out one of them"
            )
    return tuple(taken[dims] for dims in sorted(taken))
