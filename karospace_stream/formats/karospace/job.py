"""A KaroSpace bundle as seen by the tasks that write it. No data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from karospace_stream.encode.arrays import ArrayKind
from karospace_stream.encode.gzip import pack
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.manifest import Heading
from karospace_stream.formats.karospace.tables.blocks import Blocks
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.model.selection import Selection, VectorChoice
from karospace_stream.model.source import Source
from karospace_stream.targets import Sink


@dataclass(frozen=True, slots=True)
class ResolvedColumn:
    """One exported obs column.

    Attributes
    ----------
    categories
        Of a category, or of a string column with few distinct values (sorted); else None.
    """

    name: str
    kind: ArrayKind
    categories: tuple[str, ...] | None
    colors: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class PlacedVectors:
    """A vector field, and the number of its embedding."""

    choice: VectorChoice
    embedding: int


@dataclass(frozen=True, slots=True)
class PartCuts:
    """Bounds of all parts: cells, or genes for ``var``; and how to read a part of obs."""

    obs_csv: tuple[int, ...]
    obs_json: tuple[int, ...]
    coords: tuple[int, ...]
    var: tuple[int, ...]
    cell_ids: tuple[int, ...]
    expression: tuple[int, ...]
    columns: tuple[tuple[int, ...], ...]
    embeddings: tuple[tuple[int, ...], ...]
    vectors: tuple[tuple[int, ...], ...]
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class KarospaceJob:
    """What to export, and where to write it.

    Attributes
    ----------
    level
        gzip level; None writes assets uncompressed.
    part_nbytes
        Largest size of one part before compression.
    recorded
        The options, as recorded in the bundle.
    """

    source: Source
    selection: Selection
    columns: tuple[ResolvedColumn, ...]
    vectors: tuple[PlacedVectors, ...]
    parts: PartCuts
    heading: Heading
    level: int | None
    part_nbytes: int
    preview: bool
    image: str | bool | None
    image_placement: tuple[float, float, float, float] | None
    recorded: Mapping[str, Any]
    target: Sink

    def put(self, key: str, data: bytes, media_type: str = names.BINARY) -> Receipt:
        """Write one encoded asset."""
        return self.target.put(Blob(self.target.prefix + key, data, media_type))

    @contextmanager
    def batch(self) -> Iterator[KarospaceJob]:
        """A copy that writes several objects at a time; all are written when the context ends."""
        with self.target.batch() as target:
            yield replace(self, target=target)

    def put_packed(self, key: str, pieces: Iterable[bytes | memoryview]) -> Receipt:
        """Compress if requested, and write one asset."""
        media_type = names.BINARY if self.level is None else names.GZIP
        return self.target.put_pieces(self.target.prefix + key, pack(pieces, self.level), media_type)
