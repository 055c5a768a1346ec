"""Genes of the packed layout: many in one object, which is written while they come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.formats.genes.writers import ExportedFiles, GeneRange, GeneWriter, OpenGenes
from karospace_stream.formats.karospace.genes.blocks import Block, GenePacked, blocks_of
from karospace_stream.formats.karospace.genes.compare import ComparedShards
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.genes.packed import MOST_BLOCK_NBYTES
from karospace_stream.model.matrix import GeneBand
from karospace_stream.targets.open_object import OpenObject


@dataclass(frozen=True, slots=True)
class KarospaceShards:
    """Writes complete genes into shards. A `GeneWriter`."""

    job: KarospaceJob

    def compared_with(self, files: ExportedFiles) -> GeneWriter[GenePacked]:
        """A writer that compares genes with those of an export."""
        return ComparedShards(self.job, files)

    @contextmanager
    def open(self, genes: GeneRange) -> Iterator[OpenGenes[GenePacked]]:
        """Write the genes of a range, which begins and ends with a shard."""
        opened = _OpenShards(self.job, genes.stop)
        try:
            yield opened
        finally:
            opened.give_up()


@dataclass(slots=True)
class _OpenShards:
    job: KarospaceJob
    needed: int
    results: list[GenePacked] = field(default_factory=list)
    shard: OpenObject | None = None

    def add(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> None:
        for block in blocks_of(self.job, band, positions):
            self._write(block)

    def written(self) -> list[GenePacked]:
        assert self.shard is None, "a task ends with a shard"
        return self.results

    def give_up(self) -> None:
        """End a shard that is not complete, if there is one."""
        if self.shard is not None:
            self.shard.give_up()
            self.shard = None

    def _write(self, block: Block) -> None:
        number, is_last = self.job.plan.shard_of(block.position)
        if self.shard is None:
            key = self.job.target.prefix + names.gene_shard(number)
            self.shard = OpenObject(self.job.target, key, names.BINARY)
        before = self.shard.size
        for piece in block.pieces:
            self.shard.add(piece)
        n_bytes, receipt = self.shard.size - before, None
        if n_bytes > MOST_BLOCK_NBYTES:
            label = self.job.selection.labels[block.position]
            raise BadInputError(
                f"the gene {label} takes {n_bytes:,} bytes, and a gene may take 4 GiB: export fewer cells"
            )
        if is_last:
            receipt, self.shard = self.shard.close(), None
        self.results.append(
            GenePacked(block.position, block.n_values, n_bytes, block.low, block.high, block.summary, receipt)
        )
