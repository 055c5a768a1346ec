"""Which embeddings are the points of a Cellucid export: at most one for each dimension."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.select.coords import choose_embeddings
from karospace_stream.select.suggest import not_there

DIMS = (1, 2, 3)
_LATENT = ("X_pca", "X_scVI", "X_scvi", "X_scANVI", "X_harmony", "X_pca_harmony", "X_lsi", "latent")
_FAVOURITES = ("X_umap", "X_tsne", "X_draw_graph_fa", "X_draw_graph_fr", "X_phate", "spatial", "X_spatial")


def choose_points(catalog: Catalog, wanted: Sequence[str] | None, coords: str) -> tuple[EmbeddingChoice, ...]:
    """Resolve ``--points``, or find the embeddings by their usual names.

    Parameters
    ----------
    wanted
        obsm keys, whose width says the dimension; ``KEY=2`` takes the first two columns. None finds
        ``X_umap_1d``, ``X_umap_2d`` and ``X_umap_3d``, then ``X_umap``, then others of 1 to 3 columns.
    coords
        Of ``--coords``: unless ``auto``, the points of two dimensions (where ``wanted`` is None).

    Returns
    -------
    By ascending dimension.

    Raises
    ------
    BadOptionError
        If what was named is not there, or two are named for one dimension.
    BadInputError
        If nothing was named and there is no entry of 1 to 3 columns.
    """
    widths = {entry.key: entry.n_columns for entry in catalog.obsm}
    if wanted is not None:
        return _by_dim([_named(widths, wish) for wish in wanted])
    found = {choice.n_dims: choice for choice in _found(widths)}
    if coords != "auto":
        first = choose_embeddings(catalog, coords)[0]
        found[first.n_dims] = first
    if not found:
        raise BadInputError(
            f"{catalog.location}: points were wanted, but obsm has no entry of 1 to 3 columns; compute an "
            "embedding (for instance scanpy.tl.umap), or take two columns of a wider one with --points KEY=2"
        )
    return tuple(found[dims] for dims in sorted(found))


def choose_latent(catalog: Catalog, wanted: str | None, points: Sequence[EmbeddingChoice]) -> EmbeddingChoice:
    """Resolve ``--latent``: where outliers are sought. Without a usual one, the widest points."""
    widths = {entry.key: entry.n_columns for entry in catalog.obsm}
    if wanted is not None:
        if wanted not in widths:
            raise BadOptionError(not_there("obsm entry", [wanted], sorted(widths), option="--latent"))
        return EmbeddingChoice(("obsm", wanted), widths[wanted], y_down=False)
    for key in _LATENT:
        if widths.get(key, 0) > 0:
            return EmbeddingChoice(("obsm", key), widths[key], y_down=False)
    return points[-1]


def _found(widths: dict[str, int]) -> list[EmbeddingChoice]:
    """The usual entries, the least wanted of each dimension first."""
    narrow = [key for key, width in widths.items() if width in DIMS]
    others = sorted(key for key in narrow if key.startswith("X_") or key == "spatial")
    favourites = [key for key in _FAVOURITES if key in others]
    ranked = [*favourites, *(key for key in others if key not in favourites)]
    explicit = [f"X_umap_{dims}d" for dims in DIMS if widths.get(f"X_umap_{dims}d") == dims]
    return [_obsm(key, widths[key]) for key in (*reversed(ranked), *explicit)]


def _named(widths: dict[str, int], wish: str) -> EmbeddingChoice:
    key, _, dims = wish.rpartition("=")
    if wish in widths or not key:
        key, dims = wish, ""
    if key not in widths:
        raise BadOptionError(not_there("obsm entry", [key], sorted(widths), option="--points"))
    n_dims = int(dims) if dims.isdecimal() else widths[key]
    if n_dims not in DIMS or n_dims > widths[key]:
        raise BadOptionError(
            f"--points {wish}: 1, 2 or 3 columns were wanted, obsm[{key!r}] has {widths[key]}; "
            f"take the first ones with --points {key}=2"
        )
    return _obsm(key, n_dims)


def _by_dim(choices: Sequence[EmbeddingChoice]) -> tuple[EmbeddingChoice, ...]:
    taken: dict[int, EmbeddingChoice] = {}
    for choice in choices:
        other = taken.setdefault(choice.n_dims, choice)
        if other.key != choice.key:
            raise BadOptionError(
                f"--points: one embedding for each dimension was wanted, got {other.key!r} and "
                f"{choice.key!r} for {choice.n_dims}; leave one out"
            )
    return tuple(taken[dims] for dims in sorted(taken))


def _obsm(key: str, n_dims: int) -> EmbeddingChoice:
    return EmbeddingChoice(("obsm", key), n_dims, y_down="spatial" in key.lower())
