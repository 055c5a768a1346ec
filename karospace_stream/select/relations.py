"""Select the neighbour graph and the vector fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from karospace_stream.errors import BadOptionError
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.selection import EmbeddingChoice, VectorChoice
from karospace_stream.select.drawable import Order, ranked
from karospace_stream.select.embedding_names import field_of, plain_name, stem_of
from karospace_stream.select.suggest import not_there

_SPATIAL = "spatial_connectivities"
_GRAPHS = ("connectivities", _SPATIAL)
_WIDTHS = (1, 2, 3)


def choose_graph(catalog: Catalog, wanted: str) -> str | None:
    """Resolve ``--graph``: a key of obsp.

    Parameters
    ----------
    wanted
        ``"auto"`` for the usual one, ``"none"``, or a key.

    Raises
    ------
    BadOptionError
        If the named one does not exist.
    """
    if wanted == "none":
        return None
    if wanted == "auto":
        return next((key for key in _GRAPHS if key in catalog.obsp), None)
    if wanted not in catalog.obsp:
        raise BadOptionError(
            not_there(
                "obsp entry",
                [wanted],
                sorted(catalog.obsp),
                option="--graph",
                lacking=catalog.lacking("obsp"),
            )
        )
    return wanted


def choose_neighbourhoods(catalog: Catalog, wanted: str) -> str | None:
    """Resolve ``--neighbourhoods``: a key of obsp.

    Parameters
    ----------
    wanted
        ``"auto"`` for the spatial one, ``"none"``, or a key.

    Raises
    ------
    BadOptionError
        If it does not exist.
    """
    if wanted == "none":
        return None
    if wanted == "auto":
        spatial = [key for key in catalog.obsp if "spatial" in key.lower() and "dist" not in key.lower()]
        if not spatial:
            has, name_one = "obsp is empty", ""
            if catalog.obsp:
                has, name_one = f"obsp has {', '.join(map(repr, catalog.obsp))}", "name one of these, or "
            raise BadOptionError(
                f"--neighbourhoods auto: the file has no graph of neighbours in space ({has}); "
                f"{name_one}compute one with squidpy.gr.spatial_neighbors"
            )
        return min(spatial, key=lambda key: (key != _SPATIAL, len(key), key))
    if wanted not in catalog.obsp:
        error = not_there(
            "obsp entry",
            [wanted],
            sorted(catalog.obsp),
            option="--neighbourhoods",
            lacking=catalog.lacking("obsp"),
        )
        raise BadOptionError(error)
    return wanted


def choose_tissue(catalog: Catalog) -> EmbeddingChoice | None:
    """The positions of the cells in the tissue, in two dimensions; None if the file has none."""
    places = (Order.TISSUE, Order.CENTROIDS, Order.XY)
    found = next((choice for order, choice in ranked(catalog) if order in places), None)
    return None if found is None else replace(found, n_dims=2)


def choose_vectors(
    catalog: Catalog, wanted: Sequence[str] | None, bases: Sequence[str]
) -> tuple[VectorChoice, ...]:
    """Resolve ``--vectors``: obsm entries that say where each cell moves.

    Parameters
    ----------
    wanted
        obsm keys; ``["none"]`` for none; None finds ``<field>_<basis>`` and ``<field>_<basis>_<dims>d``
        whose field has a word for movement, such as ``velocity_umap`` and ``T_fwd_umap_3d``.
    bases
        Names of the embeddings, without their ``X_``.

    Raises
    ------
    BadOptionError
        If the named one does not exist, or has more than three columns.
    """
    widths = {entry.key: entry.n_columns for entry in catalog.obsm}
    if wanted is not None:
        keys = [] if list(wanted) == ["none"] else list(dict.fromkeys(wanted))
        missing = [key for key in keys if key not in widths]
        if missing:
            raise BadOptionError(
                not_there(
                    "obsm entry", missing, sorted(widths), option="--vectors", lacking=catalog.lacking("obsm")
                )
            )
        for key in keys:
            if widths[key] not in _WIDTHS:
                raise BadOptionError(f"--vectors: obsm[{key!r}] must have 1 to 3 columns, got {widths[key]}")
    else:
        keys = [key for key, width in widths.items() if width in _WIDTHS and _is_vector(key, bases)]
    return tuple(VectorChoice(key, widths[key]) for key in keys)


def basis_of(key: str, bases: Sequence[str]) -> str | None:
    """The embedding that a vector field belongs to, by its name; None if the name does not say."""
    stem = stem_of(key).lower()
    fitting = [basis for basis in bases if stem.endswith(f"_{stem_of(plain_name(basis))}")]
    return max(fitting, key=len) if fitting else None


def _is_vector(key: str, bases: Sequence[str]) -> bool:
    return field_of(key, bases) is not None and basis_of(key, bases) is not None
