"""A Cellucid export as the tasks that write it see it. No data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from karospace_stream.convert.cellucid.options import CellucidOptions
from karospace_stream.encode.gzip import pack
from karospace_stream.formats.cellucid.identity import Dataset
from karospace_stream.formats.cellucid.names import Layout
from karospace_stream.formats.cellucid.stored import CodesDtype, Stored
from karospace_stream.formats.cellucid.vectors import VectorField
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.source.protocol import Source
from karospace_stream.target.protocol import Target


@dataclass(frozen=True, slots=True)
class Field:
    """One exported obs column.

    Attributes
    ----------
    categories, codes
        Names in category order and the type of the codes; None for a column of numbers.
    """

    key: str
    categories: tuple[str, ...] | None = None
    codes: CodesDtype | None = None


@dataclass(frozen=True, slots=True)
class CellucidJob:
    """What to take, and where to write.

    Attributes
    ----------
    genes
        Names of the exported genes, in exported order.
    n_genes_source
        Columns of the matrix; 0 where there is none.
    id_column
        var column with the names of genes, as given.
    level
        gzip level; None writes without compression.
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
    target: Target

    @property
    def var(self) -> Stored:
        """How genes are stored."""
        return Stored(self.options.var_quantization)  # type: ignore[arg-type] # checked by the options

    @property
    def obs(self) -> Stored:
        """How columns of numbers and outlier quantiles are stored."""
        return Stored(self.options.obs_quantization)  # type: ignore[arg-type] # checked by the options

    def put(self, key: str, data: bytes) -> Receipt:
        """Write one binary file that is encoded already."""
        return self.target.put(Blob(key, data, self.layout.media_type))

    def put_packed(self, key: str, pieces: Iterable[bytes | memoryview]) -> Receipt:
        """Compress where wished, and write one binary file."""
        return self.target.put_pieces(key, pack(pieces, self.level), self.layout.media_type)
