"""An AnnData export as seen by the tasks that write it. No data."""

from __future__ import annotations

from dataclasses import dataclass

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
