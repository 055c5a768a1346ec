"""Which coordinates, and which further embeddings."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.model.catalog import Catalog, ColumnInfo
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.select.suggest import not_there

_CENTROID = ("centroid_x", "centroid_y")  # of schema 1.0.0
_OTHER_PAIRS = (("x_centroid", "y_centroid"), ("x", "y"), ("X", "Y"), ("x_location", "y_location"))
_FAVOURITES = ("X_umap", "X_tsne", "X_scvi", "X_draw_graph_fa", "X_draw_graph_fr", "X_pca")
_MOST_DRAWN = 3


def choose_embeddings(catalog: Catalog, coords: str) -> tuple[EmbeddingChoice, ...]:
    """Resolve ``--coords`` and add the further embeddings of the file.

    Parameters
    ----------
    coords
        ``"auto"``, ``"obsm:KEY"``, ``"obs:X,Y"``, or ``"obs:centroid_x_y"`` for the columns
        ``centroid_x`` and ``centroid_y``.

    Returns
    -------
    The one that was asked for first, then every other ``obsm`` entry that is ``spatial`` or
    begins with ``X_``.

    Raises
    ------
    BadOptionError
        If what was named is not there.
    BadInputError
        If nothing was named and the file has nothing to draw.
    """
    wide = {entry.key: entry.n_columns for entry in catalog.obsm if entry.n_columns >= 2}
    first = _automatic(catalog, wide) if coords == "auto" else _named(catalog, wide, coords)
    others = [key for key in wide if key == "spatial" or key.startswith("X_")]
    further = (_obsm(key, wide[key]) for key in sorted(others, key=_rank))
    return (first, *(choice for choice in further if choice.source != first.source))


def _automatic(catalog: Catalog, wide: dict[str, int]) -> EmbeddingChoice:
    numbers = {column.name for column in catalog.obs if column.kind in ("integer", "float")}
    if "spatial" in wide:
        return _obsm("spatial", wide["spatial"])
    if set(_CENTROID) <= numbers:
        return _obs(*_CENTROID)
    named = sorted((key for key in wide if key.startswith("X_")), key=_rank)
    if named:
        return _obsm(named[0], wide[named[0]])
    for pair in _OTHER_PAIRS:
        if set(pair) <= numbers:
            return _obs(*pair)
    if wide:
        key = next(iter(wide))
        return _obsm(key, wide[key])
    raise BadInputError(
        f"{catalog.location}: coordinates were wanted to draw the cells, but obsm has no entry of two or "
        f"more columns ({_has(catalog)}) and obs no x/y columns; compute an embedding (for instance "
        "scanpy.tl.umap) or name two obs columns with --coords obs:X,Y"
    )


def _named(catalog: Catalog, wide: dict[str, int], coords: str) -> EmbeddingChoice:
    kind, _, rest = coords.partition(":")
    if kind == "obsm" and rest:
        if rest in wide:
            return _obsm(rest, wide[rest])
        narrow = [entry.key for entry in catalog.obsm if entry.key == rest]
        if narrow:
            raise BadOptionError(f"--coords: obsm[{rest!r}] has one column; two were wanted, x and y")
        raise BadOptionError(not_there("obsm entry", [rest], sorted(wide), option="--coords"))
    if kind == "obs" and rest:
        return _obs(*_columns(catalog.obs, rest))
    raise BadOptionError(f"--coords wants auto, obsm:KEY or obs:X,Y; got {coords!r}")


def _columns(obs: Sequence[ColumnInfo], rest: str) -> tuple[str, str]:
    kinds = {column.name: column.kind for column in obs}
    if rest == "centroid_x_y":
        pairs = [_CENTROID]
    else:  # a column's name may hold a comma itself
        cuts = [place for place, letter in enumerate(rest) if letter == ","]
        exact = [(rest[:cut], rest[cut + 1 :]) for cut in cuts]
        pairs = [*exact, *((x.strip(), y.strip()) for x, y in exact)]
        if not pairs:
            raise BadOptionError(f"--coords obs: wants two columns, as in obs:x,y; got {rest!r}")
    for pair in pairs:
        if pair[0] in kinds and pair[1] in kinds:
            texts = [name for name in pair if kinds[name] not in ("integer", "float")]
            if texts:
                raise BadOptionError(
                    f"--coords: obs[{texts[0]!r}] holds no numbers but {kinds[texts[0]]} values"
                )
            return pair
    missing = [name for name in pairs[-1] if name not in kinds]
    raise BadOptionError(not_there("obs column", missing, list(kinds), option="--coords"))


def _obsm(key: str, n_columns: int) -> EmbeddingChoice:
    # Of something wider, such as PCA, the first two columns are drawn.
    n_dims = n_columns if n_columns <= _MOST_DRAWN else 2
    return EmbeddingChoice(("obsm", key), n_dims, y_down="spatial" in key.lower())


def _obs(x: str, y: str) -> EmbeddingChoice:
    return EmbeddingChoice(("obs", x, y), 2, y_down=True)


def _rank(key: str) -> tuple[int, str]:
    return (_FAVOURITES.index(key) if key in _FAVOURITES else len(_FAVOURITES), key)


def _has(catalog: Catalog) -> str:
    entries = [f"{entry.key}: {entry.n_columns}" for entry in catalog.obsm]
    return "it has " + ", ".join(entries) if entries else "it is empty"
