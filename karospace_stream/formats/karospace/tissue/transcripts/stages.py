"""The lazy tasks that write transcripts: sort them by gene, look, write packs, write the table of genes."""

from __future__ import annotations

from itertools import chain
from typing import Any

from karospace_stream.derive.bounds import Bounds
from karospace_stream.encode.tables import dump_json
from karospace_stream.formats.karospace.cells import arrays
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.tissue.part import TissueWritten, part_of
from karospace_stream.formats.karospace.tissue.transcripts.blocks import BlockWriter, block_keys
from karospace_stream.formats.karospace.tissue.transcripts.noticed import noticed
from karospace_stream.formats.karospace.tissue.transcripts.part import KEY, TranscriptsPart
from karospace_stream.formats.karospace.tissue.transcripts.survey import Survey, survey
from karospace_stream.formats.karospace.tissue.transcripts.write import PacksWritten, write_unit
from karospace_stream.model.blob import Scratched
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.storage import Store


def build_transcripts(tasks: Tasks, job: KarospaceJob, shared: Task[KarospaceJob]) -> Task[TissueWritten]:
    """The lazy result; see `tissue.stages`."""
    part = part_of(job.plan.tissue, TranscriptsPart)
    read = [tasks.checkpointed(KEY, read_piece, shared, at, piece) for at, piece in enumerate(part.pieces)]
    found = tasks.call(KEY, look, shared, read)
    packs = [
        tasks.checkpointed(KEY, write_packs, shared, found, at, part.n_tasks) for at in range(part.n_tasks)
    ]
    bounds = tasks.call("arrays", arrays.embedding_bounds, shared, part.embedding)
    return tasks.call(KEY, seal, shared, found, packs, bounds)


def read_piece(job: KarospaceJob, at: int, piece: Any) -> tuple[Scratched, ...]:
    """Read a part of the table, and write blocks of it to scratch."""
    writer = BlockWriter(_store(job), f"transcripts_{at:05d}")
    for batch in part_of(job.plan.tissue, TranscriptsPart).table.read(piece):
        writer.add(batch)
    return writer.finish()


def look(job: KarospaceJob, read: list[tuple[Scratched, ...]]) -> Survey:
    """Find out what has been read."""
    part = part_of(job.plan.tissue, TranscriptsPart)
    return survey(_store(job), block_keys(chain.from_iterable(read)), part.table.where, part.part_nbytes)


def write_packs(job: KarospaceJob, found: Survey, at: int, n_tasks: int) -> tuple[PacksWritten, ...]:
    """Write the packs of one task."""
    return tuple(write_unit(job, _store(job), found, unit) for unit in found.units_of(at, n_tasks))


def seal(
    job: KarospaceJob, found: Survey, packs: list[tuple[PacksWritten, ...]], bounds: Bounds
) -> TissueWritten:
    """Write the table of genes."""
    units = sorted(chain.from_iterable(packs), key=lambda unit: unit.first_gene)
    exported = {name: gene for gene, name in reversed([*enumerate(job.selection.ids or ())])}
    exported |= {name: gene for gene, name in reversed([*enumerate(job.selection.labels)])}
    genes = [exported.get(name, -1) for name in found.names]
    table = {
        "name": found.names,
        "n": found.counts,
        "gene": genes,
        "nodes": [each for unit in units for each in unit.lists],
    }
    receipt = job.put_packed(names.transcript_genes(job.level is not None), [dump_json(table)])
    receipts = [each for unit in units for each in unit.receipts]
    part = part_of(job.plan.tissue, TranscriptsPart)
    entry = {
        "embedding": part.embedding,
        "n": found.n,
        "minimum": list(found.minimum),
        "maximum": list(found.maximum),
        "genes": {"path": receipt.key, "size_bytes": receipt.size},
        "packs": [{"path": each.key, "size_bytes": each.size} for each in receipts],
    }
    findings = tuple(noticed(found, part.table.where, genes, bounds))
    return TissueWritten(KEY, entry, "transcripts", (receipt, *receipts), findings)


def _store(job: KarospaceJob) -> Store:
    assert job.scratch is not None, "a plan with transcripts asks for scratch"
    return job.scratch.files
