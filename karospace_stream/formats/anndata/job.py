"""An AnnData export as seen by the tasks that write it. No data."""

from __future__ import annotations

from dataclasses import dataclass, replace

from karospace_stream.encode.gzip import FASTEST_LEVELS
from karospace_stream.formats.anndata.arrays.chunks import ChunkWriter
from karospace_stream.formats.anndata.plan import AnnDataPlan
from karospace_stream.formats.job import FormatJob


@dataclass(frozen=True, slots=True)
class AnnDataJob(FormatJob[AnnDataPlan]):
    """The export of a store, and its target."""

    @property
    def chunks(self) -> ChunkWriter:
        """Writes the chunks of all arrays."""
        plan = self.plan
        return ChunkWriter(self.target, plan.own.zarr_format, plan.level, plan.per_shard)

    @property
    def table_chunks(self) -> ChunkWriter:
        """The same for numbers by gene and group: fast unless the user names a level.

        They hardly shrink, and the usual level takes thirty times as long.
        """
        fast = self.plan.options.compression is None
        return replace(self.chunks, level=min(self.plan.level, FASTEST_LEVELS)) if fast else self.chunks
