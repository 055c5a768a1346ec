"""Whether files are there, complete, and as large as the export says."""

from __future__ import annotations

from karospace_stream.doctor.findings import Finding, fault, fine
from karospace_stream.doctor.samples import PAGE_IN_PLACE, Sample
from karospace_stream.doctor.text import shown
from karospace_stream.doctor.visit import Visit
from karospace_stream.units import counted

_CHECK = "sizes"


def check_sizes(visit: Visit) -> list[Finding]:
    """Check the size of every sample."""
    found = [finding for each in visit.samples if (finding := _look(each))]
    if found:
        return found
    n_with_size = sum(each.expected.size is not None for each in visit.samples)
    sized = f", {n_with_size} of them with the size in the export" if n_with_size else ""
    return [fine(_CHECK, f"{counted(len(visit.samples), 'file')} fetched{sized}")]


def _look(sample: Sample) -> Finding | None:
    key = shown(sample.key)
    if sample.answer is None:
        return fault(_CHECK, f"{key}: {sample.why}")
    if not sample.is_there:
        topic = "public" if sample.answer.status in {401, 403} else ""
        return fault(_CHECK, f"{key}: the host answers {sample.answer.status}", topic)
    harm = sample.harm()
    topic = "absent" if harm == PAGE_IN_PLACE else ""
    return fault(_CHECK, f"{key}: {harm}", topic) if harm else None
