"""An AnnData export as seen by the tasks that write it. No data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from karospace_stream.formats.anndata.arrays.chunks import ChunkWriter
from karospace_stream.formats.anndata.layout.identity import Identity
from karospace_stream.formats.anndata.layout.keys import StoredKeys
from karospace_stream.formats.anndata.matrix.graph_plan import GraphRows
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.source import Source


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
        """Where it comes from in the source."""
        source = ("obsm", self.key) if self.obs is None else ("obs", *self.obs)
        return EmbeddingChoice(source, self.n_columns, y_down=False)


@dataclass(frozen=True, slots=True)
class Table:
    """One data frame of obsm that is exported, with its columns."""

    key: str
    columns: tuple[ColumnInfo, ...]


@dataclass(frozen=True, slots=True)
class AnnDataJob:
    """What to export, and where to write it.

    Attributes
    ----------
    columns
        Of obs, in order.
    var_columns
        Of var, or of raw's var if ``raw``; empty if no gene is exported.
    entries
        Of obsm: embeddings, then vector fields.
    tables, sparse
        Also of obsm: data frames, and sparse matrices with the cuts of each.
    graph
        Which matrix of obsp, and its cuts.
    latent
        The entry in which outliers are found; None for none.
    uns
        Exported arrays of uns.
    recorded
        The options, as recorded in the export.
    keys
        Keys of the elements whose names are not valid paths.
    """

    source: Source
    selection: Selection
    identity: Identity
    columns: tuple[ColumnInfo, ...]
    var_columns: tuple[ColumnInfo, ...]
    raw: bool
    entries: tuple[Entry, ...]
    graph: GraphRows | None
    latent: Entry | None
    uns: tuple[str, ...]
    min_points: int
    generator: str
    recorded: Mapping[str, Any]
    chunks: ChunkWriter
    keys: StoredKeys = field(default_factory=StoredKeys)
    tables: tuple[Table, ...] = ()
    sparse: tuple[GraphRows, ...] = ()

    @contextmanager
    def batch(self) -> Iterator[AnnDataJob]:
        """A copy that writes several objects at a time; all are written when the context ends."""
        with self.chunks.batch() as chunks:
            yield replace(self, chunks=chunks)
