"""``Content-Encoding`` on files that are gzip themselves: browsers inflate them before the reader does."""

from __future__ import annotations

from karospace_stream.doctor.coding import is_gzip
from karospace_stream.doctor.findings import Finding, Verdict, fault, fine, skipped, warning
from karospace_stream.doctor.samples import Sample
from karospace_stream.doctor.text import listed, shown
from karospace_stream.doctor.visit import Visit

_CHECK = "encoding"
_PEEK = 64


def check_encoding(visit: Visit) -> list[Finding]:
    """Check every ``.gz`` sample."""
    samples = [each for each in visit.there if each.suffix == ".gz"]
    if not samples:
        return [skipped(_CHECK, "the export has none")]
    kinds: dict[str, list[Sample]] = {}
    for each in samples:
        kinds.setdefault(_kind(each), []).append(each)
    kinds.pop("", None)
    if not kinds:
        return [fine(_CHECK, "sent unchanged")]
    return [_judge(visit, kind, each) for kind, each in kinds.items()]


def _kind(sample: Sample) -> str:
    assert sample.answer is not None
    if sample.answer.n_gzips is None:
        return "other"
    if sample.answer.n_gzips == 0:
        return "" if is_gzip(sample.answer.body) else "inflated"
    try:
        inner = sample.content(_PEEK)
    except ValueError:
        return "broken"
    return "twice" if is_gzip(inner) else "labelled"


def _judge(visit: Visit, kind: str, samples: list[Sample]) -> Finding:
    answer = samples[0].answer
    assert answer is not None
    files = listed([each.key for each in samples])
    label = f"Content-Encoding: {shown(', '.join(answer.encodings))}"
    if kind == "broken":
        return fault(_CHECK, f"{label}, but the body is not gzip, so browsers refuse it: {files}", "encoding")
    if kind == "twice":
        return warning(
            _CHECK,
            f"{label}: compressed twice, which only costs time: {files}",
            "encoding",
        )
    if kind == "other":
        return warning(_CHECK, f"{label} without being requested: {files}", "encoding")
    how = f"{label}, so browsers decompress them" if kind == "labelled" else "decompressed by the host"
    if visit.format.by_name:
        sentence = f"{how}; {visit.format.name} readers then decompress them again and fail: {files}"
        return Finding(_CHECK, Verdict.FAULT, sentence, "encoding")
    sentence = (
        f"{how}; the viewer notices, but sizes and progress are wrong, and other readers may fail: {files}"
    )
    return warning(_CHECK, sentence, "encoding")
