"""HEAD requests: programs use them for a file's size, and Cellucid readers for its existence."""

from __future__ import annotations

from karospace_stream.doctor.findings import Finding, Verdict, fine
from karospace_stream.doctor.samples import Sample
from karospace_stream.doctor.text import shown
from karospace_stream.doctor.visit import Visit

_CHECK = "head"


def check_head(visit: Visit) -> list[Finding]:
    """Send HEAD requests for a manifest and a gene."""
    heads = [each for each in visit.there if each.key == visit.format.head]
    for sample in [*heads, *([visit.asset] if visit.asset else [])]:
        wrong = _wrong(visit, sample)
        if wrong:
            # Some readers depend on this probe; others only lose time.
            verdict = Verdict.FAULT if visit.format.by_name else Verdict.WARNING
            return [Finding(_CHECK, verdict, f"{shown(sample.key)}: {wrong}", "ranges")]
    return [fine(_CHECK, "same as GET, without the body")]


def _wrong(visit: Visit, sample: Sample) -> str:
    assert sample.answer is not None
    answer = visit.ask(sample.key, "HEAD")
    if answer.status != 200:
        return f"the host answers {answer.status} to HEAD"
    stated, size = answer.stated_length, sample.answer.length
    if not (sample.answer.encodings or answer.encodings) and None not in {stated, size} and stated != size:
        return f"HEAD gives {stated:,} bytes, GET {size:,}"
    return ""
