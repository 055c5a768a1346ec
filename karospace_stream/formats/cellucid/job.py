"""A Cellucid export as seen by the tasks that write it. No data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from karospace_stream.encode.gzip import pack
from karospace_stream.formats.cellucid.layout.names import Layout
from karospace_stream.formats.cellucid.layout.stored import Stored
from karospace_stream.formats.cellucid.plan import CellucidPlan
from karospace_stream.formats.job import FormatJob
from karospace_stream.model.blob import Blob, Receipt


@dataclass(frozen=True, slots=True)
class CellucidJob(FormatJob[CellucidPlan]):
    """The export, and its target."""

    @property
    def layout(self) -> Layout:
        """Names of the files."""
        return Layout(self.plan.options.gzip, self.target.prefix)

    @property
    def created_at(self) -> str:
        """The time stamp, in seconds."""
        return self.began_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def level(self) -> int | None:
        """Gzip level; None writes without compression."""
        return self.plan.options.level

    @property
    def var(self) -> Stored:
        """How genes are stored."""
        return Stored(self.plan.own.var_quantization)

    @property
    def obs(self) -> Stored:
        """How columns of numbers and outlier quantiles are stored."""
        return Stored(self.plan.own.obs_quantization)

    def put(self, key: str, data: bytes) -> Receipt:
        """Write one encoded binary file."""
        return self.target.put(Blob(key, data, self.layout.media_type))

    def put_packed(self, key: str, pieces: Iterable[bytes | memoryview]) -> Receipt:
        """Compress if requested, and write one binary file."""
        return self.target.put_pieces(key, pack(pieces, self.level), self.layout.media_type)
