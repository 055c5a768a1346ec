"""Select the coordinates, and further embeddings."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.model.catalog import Catalog, ColumnInfo
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.select.drawable import Order, obsm_choice, pair_choice, ranked
from karospace_stream.select.embedding_names import names_pixels, plain_name
from karospace_stream.select.suggest import not_there
from karospace_stream.select.xy_columns import CENTROID, find_xy, read_pair
from karospace_stream.similar.names import did_you_mean, similar_names

_SHOWN = 10

_NAMED_DAMAGED = 3


def choose_embeddings(
    catalog: Catalog, coords: str, vectors: Sequence[str] | None = None
) -> tuple[EmbeddingChoice, ...]:
    """Resolve ``--coords`` and add the further embeddings of the file.

    Parameters
    ----------
    coords
        ``"auto"``, which is ``uns["default_embedding"]`` where a file has it; ``"obsm:KEY"``;
        ``"obs:X,Y"``, or ``"obs:centroid_x_y"`` for the columns ``centroid_x`` and ``centroid_y``;
        ``"table:X,Y"`` for columns of a table beside the matrix, which are an entry of obsm by then.
    vectors
        obsm keys that the user names as vector fields.

    Returns
    -------
    The requested one first, then every other ``obsm`` entry of two or three columns that is no
    vector field, then wider ones that are latent spaces by their names or begin with ``X_``.

    Raises
    ------
    BadOptionError
        If the named one does not exist.
    BadInputError
        If nothing was named and the file has nothing to draw.
    """
    every = ranked(catalog, vectors)
    further = [each for order, each in every if order < Order.WIDE_OTHER and each.source[0] == "obsm"]
    first = _first(catalog, vectors, every) if coords == "auto" else named_coords(catalog, coords)
    return (first, *(choice for choice in further if choice.source != first.source))


def list_drawable(catalog: Catalog) -> tuple[EmbeddingChoice, ...]:
    """Everything that ``--coords`` can name, the default first; empty if there is nothing."""
    first = default_embedding(catalog)
    every = [*([] if first is None else [first]), *(choice for _, choice in ranked(catalog))]
    pairs = [pair_choice(pair) for pair in find_xy(catalog.obs)]
    return tuple(dict.fromkeys([*every, *pairs]))


def named_coords(catalog: Catalog, coords: str) -> EmbeddingChoice:
    """Resolve ``--coords`` that is not ``auto``.

    Raises
    ------
    BadOptionError
        If it is not there, or holds no coordinates.
    """
    kind, _, rest = coords.partition(":")
    if kind == "table":
        kind, rest = "obsm", next((each.coords for each in catalog.tables if each.coords), rest)
    wide = {entry.key: entry.n_columns for entry in catalog.obsm if entry.n_columns >= 2}
    if kind == "obsm" and rest:
        if rest in wide:
            return obsm_choice(rest, wide[rest])
        narrow = [entry.key for entry in catalog.obsm if entry.key == rest]
        if narrow:
            raise BadOptionError(f"--coords: obsm[{rest!r}] must have two columns, x and y, but has one")
        lacking = catalog.lacking("obsm")
        raise BadOptionError(
            not_there("obsm entry", [rest], sorted(wide), option="--coords", lacking=lacking)
        )
    if kind == "obs" and rest:
        return pair_choice(read_pair(*_columns(catalog, rest)))
    raise BadOptionError(
        f"--coords must be auto, obsm:KEY or obs:X,Y; got {coords!r}{_meant(catalog, coords)}"
    )


def is_pixels(choice: EmbeddingChoice) -> bool:
    """Whether coordinates are pixels of the full image, so that the scale factors of uns fit them."""
    if choice.source[0] == "obsm":
        return names_pixels(choice.key)
    return len(choice.source) == 3 and read_pair(*choice.source[1:]).is_pixels


def nothing_to_draw(catalog: Catalog) -> BadInputError:
    """The sentence for a file without coordinates; names columns that could be some."""
    numbers = [column.name for column in catalog.obs if column.kind in ("integer", "float")]
    columns = f"name two obs columns with --coords obs:X,Y ({', '.join(numbers[:10])}), " if numbers else ""
    damaged = [f"{part} cannot be read: {why}" for part, why in catalog.unreadable if part.startswith("obsm")]
    has = "; ".join(damaged[:_NAMED_DAMAGED]) or _has(catalog)
    return BadInputError(
        f"{catalog.location}: the cells need coordinates, but obsm has no entry of two or "
        f"more columns ({has}) and obs no x/y columns with a common name; {columns}add a table of "
        "coordinates with --obs-table FILE and --coords table:X,Y, compute an embedding (for instance "
        "scanpy.tl.umap), or export without coordinates with --format anndata"
    )


def default_embedding(catalog: Catalog, vectors: Sequence[str] | None = None) -> EmbeddingChoice | None:
    """The embedding that the file itself wants first, in ``uns["default_embedding"]``; None if there is none.

    Its name may lack the prefix ``X_``, or differ in case, if just one entry is meant.
    """
    wanted = catalog.default_embedding
    drawn = [choice for _, choice in ranked(catalog, vectors) if choice.source[0] == "obsm"]
    exact = [choice for choice in drawn if choice.key == wanted]
    alike = exact or [choice for choice in drawn if wanted and plain_name(choice.key) == plain_name(wanted)]
    return alike[0] if len(alike) == 1 else None


def _first(
    catalog: Catalog, vectors: Sequence[str] | None, every: Sequence[tuple[Order, EmbeddingChoice]]
) -> EmbeddingChoice:
    if not every:
        raise nothing_to_draw(catalog)
    return default_embedding(catalog, vectors) or every[0][1]


def _columns(catalog: Catalog, rest: str) -> tuple[str, str]:
    obs = catalog.obs
    kinds = {column.name: column.kind for column in obs}
    if rest == "centroid_x_y":
        pairs = [CENTROID]
    else:  # a column's name may hold a comma itself
        cuts = [index for index, letter in enumerate(rest) if letter == ","]
        exact = [(rest[:cut], rest[cut + 1 :]) for cut in cuts]
        pairs = [*exact, *((x.strip(), y.strip()) for x, y in exact)]
        if not pairs:
            raise BadOptionError(
                f"--coords must name two columns of obs, as in obs:x,y; got {rest!r}{_meant(catalog, rest)}"
            )
    for pair in pairs:
        if pair[0] in kinds and pair[1] in kinds:
            texts = [name for name in pair if kinds[name] not in ("integer", "float")]
            if texts:
                raise BadOptionError(
                    f"--coords: obs[{texts[0]!r}] must hold numbers, got {kinds[texts[0]]} values"
                    + _candidates(obs)
                )
            return pair
    missing = [name for name in pairs[-1] if name not in kinds]
    raise BadOptionError(not_there("obs column", missing, list(kinds), option="--coords") + _candidates(obs))


def _meant(catalog: Catalog, coords: str) -> str:
    """A suggestion for a misspelled ``--coords``."""
    wide = [entry.key for entry in catalog.obsm if entry.n_columns >= 2]
    x, comma, y = (part.strip() for part in coords.partition(","))
    pair = comma and {x, y} <= {column.name for column in catalog.obs}
    keys = [coords] if coords in wide else similar_names(coords, wide)
    meant = [*([f"obs:{x},{y}"] if pair else ()), *(f"obsm:{key}" for key in keys)]
    if meant or not wide:
        return did_you_mean(meant, str)
    return "; the file has " + ", ".join(f"obsm:{key}" for key in wide[:_SHOWN])


def _candidates(obs: Sequence[ColumnInfo]) -> str:
    found = [f"--coords obs:{pair.x},{pair.y}" for pair in find_xy(obs)]
    return f"; columns that look like coordinates: {', '.join(found[:3])}" if found else ""


def _has(catalog: Catalog) -> str:
    entries = [f"{entry.key}: {entry.n_columns}" for entry in catalog.obsm]
    return "it has " + ", ".join(entries) if entries else "it is empty"
