"""Choose the entries of obsm that go into a store."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.errors import BadOptionError
from karospace_stream.model.catalog import Catalog, ColumnInfo
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.select.embedding_names import field_of
from karospace_stream.select.suggest import not_there


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of obsm that is exported, with its columns.

    ``obs`` names the columns of obs that form it, if it is not an entry of the source.
    """

    key: str
    n_columns: int
    obs: tuple[str, str] | None = None

    @property
    def choice(self) -> EmbeddingChoice:
        """The source of the entry."""
        source = ("obsm", self.key) if self.obs is None else ("obs", *self.obs)
        return EmbeddingChoice(source, self.n_columns, y_down=False)


@dataclass(frozen=True, slots=True)
class Table:
    """One data frame of obsm that is exported, with its columns."""

    key: str
    columns: tuple[ColumnInfo, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries of obsm in stored order; data frames come after them.

    The first ``n_embeddings`` are embeddings, the others vector fields.
    """

    entries: tuple[Entry, ...]
    n_embeddings: int
    tables: tuple[Table, ...]


def choose_entries(catalog: Catalog, vectors: tuple[str, ...] | None) -> Entries:
    """All arrays of obsm: embeddings in source order, then vector fields, field by field.

    Raises
    ------
    BadOptionError
        If ``--vectors`` names a missing entry.
    """
    widths = {each.key: each.n_columns for each in catalog.obsm if each.table is None}
    tables = tuple(Table(each.key, each.table) for each in catalog.obsm if each.table is not None)
    missing = [] if vectors in (None, ("none",)) else [key for key in vectors or () if key not in widths]
    if missing:
        raise BadOptionError(not_there("obsm entry", missing, sorted(widths), option="--vectors"))
    fields: dict[str, list[str]] = {}
    for key, width in widths.items():
        beside = [other for other in widths if widths[other] == width and other != key]
        field = field_of(key, beside, methods=False)
        if field is not None:
            fields.setdefault(field[0], []).append(key)
    moving = [key for keys in fields.values() for key in keys]
    still = [key for key in widths if key not in moving]
    keys = still + [key for key in moving if vectors is None or key in vectors]
    return Entries(tuple(Entry(key, widths[key]) for key in keys), len(still), tables)


def choose_latent(found: Entries, wanted: str | None) -> Entry | None:
    """Resolve ``--latent``: the embedding in which outliers are found; none by default.

    Raises
    ------
    BadOptionError
        If it is missing.
    """
    if wanted is None:
        return None
    by_key = {entry.key: entry for entry in found.entries[: found.n_embeddings]}
    if wanted not in by_key:
        raise BadOptionError(not_there("obsm entry", [wanted], sorted(by_key), option="--latent"))
    return by_key[wanted]
