"""Compare genes with those in shards, each by itself, so that some can be compared without the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.checks import inflated, same_content
from karospace_stream.formats.genes.writers import ExportedFiles, GeneRange, OpenGenes
from karospace_stream.formats.karospace.genes.blocks import Block, GenePacked, blocks_of
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.genes.packed import GeneIndex
from karospace_stream.model.matrix import GeneBand

_READ_NBYTES = 4 << 20  # blocks that lie one after another are read together, up to so many bytes


@dataclass(frozen=True, slots=True)
class ComparedShards:
    """Compares complete genes with the blocks of an export. A `GeneWriter`."""

    job: KarospaceJob
    files: ExportedFiles

    @contextmanager
    def open(self, genes: GeneRange) -> Iterator[OpenGenes[GenePacked]]:
        """Compare the genes of a range."""
        yield _OpenCompared(self.job, genes.stop, Shards.of(self.job, self.files))


@dataclass(frozen=True)
class Shards:
    """Where the blocks of all genes lie; nothing if the index is damaged, which is a fault."""

    job: KarospaceJob
    files: ExportedFiles
    index: GeneIndex | None

    @classmethod
    def of(cls, job: KarospaceJob, files: ExportedFiles) -> Shards:
        """Read the index."""
        key, n_genes = job.target.prefix + names.GENE_INDEX, len(job.selection.genes)
        try:
            content = inflated(files.read(key), 16 * n_genes)
            return cls(job, files, GeneIndex.read(content, n_genes, job.plan.gene_bits))
        except ValueError as error:
            files.report(key, f"cannot be read: {error}")
            return cls(job, files, None)

    @cached_property
    def ends(self) -> list[int]:
        """Bytes of all blocks up to the end of each."""
        return [] if self.index is None else list(accumulate(self.index.n_bytes.tolist(), initial=0))

    def key_of(self, gene: int) -> str:
        """The object that holds a gene."""
        return self.job.target.prefix + names.gene_shard(self.job.plan.shard_of(gene)[0])

    def read(self, genes: Sequence[int]) -> Iterator[bytes]:
        """The blocks of some genes, ascending, in turn."""
        for run in self._runs(genes):
            start = self.ends[self.job.plan.shards[self.job.plan.shard_of(run[0])[0]]]
            first = self.ends[run[0]]
            data = self.files.read_range(self.key_of(run[0]), first - start, self.ends[run[-1] + 1] - start)
            for gene in run:
                yield data[self.ends[gene] - first : self.ends[gene + 1] - first]

    def _runs(self, genes: Sequence[int]) -> Iterator[list[int]]:
        run: list[int] = []
        for gene in genes:
            follows = run and gene == run[-1] + 1 and self.key_of(gene) == self.key_of(run[0])
            if run and not (follows and self.ends[gene + 1] - self.ends[run[0]] <= _READ_NBYTES):
                yield run
                run = []
            run.append(gene)
        if run:
            yield run


@dataclass(slots=True)
class _OpenCompared:
    job: KarospaceJob
    needed: int
    shards: Shards
    results: list[GenePacked] = field(default_factory=list)

    def add(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> None:
        stored: Iterator[bytes] = iter(())
        if self.shards.index is not None:
            stored = self.shards.read(positions.tolist())
        for block in blocks_of(self.job, band, positions):
            self._compare(block, next(stored, None))

    def written(self) -> list[GenePacked]:
        return self.results

    def _compare(self, block: Block, stored: bytes | None) -> None:
        ours, gene = b"".join(block.pieces), block.position
        key, files = self.shards.key_of(gene), self.shards.files
        if stored is not None and not same_content(stored, ours):
            files.report(key, f"the gene {self.job.selection.labels[gene]} differs from the source")
        n_bytes = len(ours) if self.shards.index is None else int(self.shards.index.n_bytes[gene])
        receipt = files.compared_object(key) if self.job.plan.shard_of(gene)[1] else None
        self.results.append(
            GenePacked(gene, block.n_values, n_bytes, block.low, block.high, block.summary, receipt)
        )
