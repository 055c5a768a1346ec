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

    ``obs`` names the columns of obs that it is made of, where it is none of the source's entries.
    """

    key: str
    n_columns: int
    obs: tuple[str, str] | None = None

    @property
    def choice(self) -> EmbeddingChoice:
        """Where it comes from."""
        source = ("obsm", self.key) if self.obs is None else ("obs", *self.obs)
        return EmbeddingChoice(source, self.n_columns, y_down=False)


@dataclass(frozen=True, slots=True)
class Table:
    """One data frame of obsm that is exported, with its columns."""

    key: str
    columns: tuple[ColumnInfo, ...]


@dataclass(frozen=True, slots=True)
class AnnDataJob:
    """What to take, and where to write.

    Attributes
    ----------
    columns
        Of obs, in order.
    var_columns
        Of var, or of raw's where ``raw``; none where no gene is exported.
    entries
        Of obsm: embeddings, then vector fields.
    tables, sparse
        Of obsm too: data frames, and matrices that are sparse, with how each is cut.
    graph
        Which matrix of obsp, and how it is cut.
    latent
        The entry in which outliers are sought; None for none.
    uns
        Arrays of uns that are kept.
    recorded
        The options, as the export keeps them.
    keys
        Under which elements lie whose names are no paths.
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
        """The same job, whose objects are written several at a time and are there at the end."""
        with self.chunks.batch() as chunks:
            yield replace(self, chunks=chunks)
