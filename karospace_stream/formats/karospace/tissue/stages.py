"""The lazy tasks that write the parts of a tissue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.tissue.part import TissueWritten
from karospace_stream.formats.karospace.tissue.sections.write import build_sections
from karospace_stream.formats.karospace.tissue.shapes.stages import build_shapes
from karospace_stream.formats.karospace.tissue.slides.build import build_slides
from karospace_stream.formats.karospace.tissue.transcripts.stages import build_transcripts
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.transpose.array_scratch import ArrayScratch

#: Makes the tasks of a part. What takes long is checkpointed.
Build = Callable[[Tasks, KarospaceJob, Task[KarospaceJob]], Task[TissueWritten]]
#: By the key of a part.
BUILDERS: Mapping[str, Build] = {
    "sections": build_sections,
    "slides": build_slides,
    "shapes": build_shapes,
    "transcripts": build_transcripts,
}


def build_tissue(
    tasks: Tasks, job: KarospaceJob, shared: Task[KarospaceJob], scratch: ArrayScratch | None
) -> list[Task[TissueWritten]]:
    """The lazy results of all parts, in their order."""
    if scratch is not None:
        job = replace(job, scratch=scratch)
        shared = tasks.constant(job)
    return [BUILDERS[part.key](tasks, job, shared) for part in job.plan.tissue]
