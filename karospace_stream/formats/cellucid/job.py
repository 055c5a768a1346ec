"""A Cellucid export as seen by the tasks that write it. No data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from karospace_stream.encode.gzip import pack
from karospace_stream.formats.cellucid.layout.identity import Dataset
from karospace_stream.formats.cellucid.layout.names import Layout
from karospace_stream.formats.cellucid.layout.stored import CodesDtype, Stored
from karospace_stream.formats.cellucid.layout.vectors import VectorField
from karospace_stream.formats.cellucid.options import CellucidOptions
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.source import Source
from karospace_stream.targets import Sink


@dataclass(frozen=True, slots=True)
class Field:
    """One exported obs column.

    Attributes
    ----------
    key
        Its name in the export.
    column
        Its name in obs.
    categories, codes
        Names in category order and the type of the codes; None for a column of numbers.
    """

    key: str
    column: str
    categories: tuple[str, ...] | None = None
    codes: CodesDtype | None = None


@dataclass(frozen=True, slots=True)
class CellucidJob:
    """What to export, and where to write it.

    Attributes
    ----------
    genes
        Names of the exported genes, in exported order.
    n_genes_source
        Columns of the matrix; 0 without one.
    level
        gzip level; None writes without compression.
    recorded
        The options, as recorded in the export.
    """

    source: Source
    selection: Selection
    options: CellucidOptions
    dataset: Dataset
    layout: Layout
    fields: tuple[Field, ...]
    points: tuple[EmbeddingChoice, ...]
    latent: EmbeddingChoice
    vectors: tuple[VectorField, ...]
    genes: tuple[str, ...]
    n_genes_source: int
    created_at: str
    generator: str
    level: int | None
    recorded: Mapping[str, Any]
    target: Sink

    @property
    def var(self) -> Stored:
        """How genes are stored."""
        return Stored(self.options.var_quantization)

    @property
    def obs(self) -> Stored:
        """How columns of numbers and outlier quantiles are stored."""
        return Stored(self.options.obs_quantization)

    @contextmanager
    def batch(self) -> Iterator[CellucidJob]:
        """A copy that writes several files at a time; all are written when the context ends."""
        with self.target.batch() as target:
            yield replace(self, target=target)

    def put(self, key: str, data: bytes) -> Receipt:
        """Write one encoded binary file."""
        return self.target.put(Blob(key, data, self.layout.media_type))

    def put_packed(self, key: str, pieces: Iterable[bytes | memoryview]) -> Receipt:
        """Compress if requested, and write one binary file."""
        return self.target.put_pieces(key, pack(pieces, self.level), self.layout.media_type)
