"""A KaroSpace bundle as seen by the tasks that write it. No data."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from karospace_stream.encode.gzip import pack
from karospace_stream.formats.cells.fair_order import HeldOrder, held_order
from karospace_stream.formats.job import FormatJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.manifest import Heading
from karospace_stream.formats.karospace.plan import KarospacePlan
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.transpose.array_scratch import ArrayScratch


@dataclass(frozen=True, slots=True)
class KarospaceJob(FormatJob[KarospacePlan]):
    """The export of a bundle, and its target.

    Attributes
    ----------
    scratch
        Where the tasks of a tissue pass data on, if one of its parts needs that.
    order_token
        Under which each process holds the order of the cells.
    """

    scratch: ArrayScratch | None = None
    order_token: str = field(default_factory=partial(secrets.token_hex, 8))

    @property
    def level(self) -> int | None:
        """Gzip level; None writes assets uncompressed."""
        return self.plan.options.level

    @property
    def heading(self) -> Heading:
        """The common beginning of every document of the bundle."""
        return Heading(
            dataset_name=self.plan.options.name or self.source.catalog.name,
            created_at=self.began_at.isoformat(),
            generator=self.generator,
            n_cells=self.selection.n_cells,
            gzip=self.plan.options.gzip,
            prefix=self.target.prefix,
        )

    @contextmanager
    def cell_order(self) -> Iterator[HeldOrder | None]:
        """The order of the cells, which the first task of a process makes; None for that of the source."""
        if self.plan.order is None:
            yield None
            return
        with held_order(self.source, self.selection, self.plan.order, self.order_token) as order:
            yield order

    def put(self, key: str, data: bytes, media_type: str = names.BINARY) -> Receipt:
        """Write one encoded asset."""
        return self.target.put(Blob(self.target.prefix + key, data, media_type))

    def put_packed(self, key: str, pieces: Iterable[bytes | memoryview]) -> Receipt:
        """Compress if requested, and write one asset."""
        media_type = names.BINARY if self.level is None else names.GZIP
        return self.target.put_pieces(self.target.prefix + key, pack(pieces, self.level), media_type)
