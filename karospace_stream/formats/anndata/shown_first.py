"""What a store shows first: obs columns as an entry of obsm, and launch defaults from the options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from karospace_stream.errors import BadInputError
from karospace_stream.formats.anndata.entries import Entry
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.select import choose_embeddings
from karospace_stream.select.coords import default_embedding
from karospace_stream.select.xy_columns import read_pair


@dataclass(frozen=True, slots=True)
class ShownFirst:
    """The entry added to obsm, the launch default, and findings about them.

    Attributes
    ----------
    added
        Built from two columns of obs; at most one.
    default
        The key and the dimensions of the entry shown first; None if nobody requested one.
    first
        The coordinates that a viewer shows first; None if there are none.
    """

    added: tuple[Entry, ...] = ()
    default: tuple[str, int] | None = None
    findings: tuple[Finding, ...] = ()
    first: EmbeddingChoice | None = None


def choose_shown_first(catalog: Catalog, coords: str, vectors: Sequence[str] | None) -> ShownFirst:
    """Resolve ``--coords`` as the other formats do.

    Parameters
    ----------
    coords
        ``"auto"`` takes ``uns["default_embedding"]``, and adds an entry if columns of obs are the file's
        first choice.

    Raises
    ------
    BadOptionError
        If the named entry or column is missing.
    """
    try:
        first = choose_embeddings(catalog, coords, vectors)[0]
    except BadInputError:  # a store may have none
        return ShownFirst()
    if first.source[0] == "obs" and len(first.source) == 3:
        return replace(_from_obs(catalog, *first.source[1:]), first=first)
    is_wanted = coords != "auto" or first == default_embedding(catalog, vectors)
    return ShownFirst(default=(first.key, first.n_dims) if is_wanted else None, first=first)


def _from_obs(catalog: Catalog, x: str, y: str) -> ShownFirst:
    unreadable = (key for key, _ in catalog.unreadable if key.startswith("obsm/"))
    others = (*unreadable, *(info.name for info in catalog.sparse))
    taken = {entry.key for entry in catalog.obsm} | {key.removeprefix("obsm/") for key in others}
    key = next(key for key in _names(read_pair(x, y).basis) if key not in taken)
    return ShownFirst(
        added=(Entry(key, 2, (x, y)),),
        default=(key, 2),
        findings=(
            Finding(
                "obs-coordinates",
                f"the obs columns {x!r} and {y!r} are written as obsm[{key!r}], so that viewers show them",
            ),
        ),
    )


def _names(basis: str) -> Sequence[str]:
    plain = ("spatial", "X_spatial") if basis == "spatial" else (f"X_{basis}", basis)
    return (*plain, *(f"{plain[0]}_obs{number}" for number in range(1, 1_000)))
