"""``Content-Type``: browsers rely on it for pages and pictures, hosts for compression."""

from __future__ import annotations

from karospace_stream.doctor.findings import Finding, fault, fine, warning
from karospace_stream.doctor.samples import Sample
from karospace_stream.doctor.text import listed, shown
from karospace_stream.doctor.visit import Visit

_CHECK = "types"
_BYTES = {"application/octet-stream", "binary/octet-stream"}
_RIGHT = {
    ".json": {"application/json", "text/json"},
    ".html": {"text/html"},
    ".png": {"image/png"},
    ".jpg": {"image/jpeg"},
    ".jpeg": {"image/jpeg"},
    ".webp": {"image/webp"},
    ".tif": {"image/tiff"},
    ".tiff": {"image/tiff"},
    ".csv": {"text/csv", "application/csv", "text/plain"},
    ".gz": {"application/gzip", "application/x-gzip"} | _BYTES,
    ".bin": _BYTES | {"application/x-binary", "application/macbinary"},
}
_WANTED = {".json": "application/json", ".csv": "text/csv", ".gz": "application/gzip"}


def check_types(visit: Visit) -> list[Finding]:
    """Check the type of every sample."""
    wrong: dict[tuple[str, str], list[Sample]] = {}
    for sample in visit.there:
        assert sample.answer is not None
        given = sample.answer.media_type
        if sample.suffix in _RIGHT and given not in _RIGHT[sample.suffix]:
            wrong.setdefault((sample.suffix, given), []).append(sample)
    if not wrong:
        return [fine(_CHECK, "all correct")]
    return [_judge(suffix, given, samples) for (suffix, given), samples in wrong.items()]


def _judge(suffix: str, given: str, samples: list[Sample]) -> Finding:
    wanted = _WANTED.get(suffix) or sorted(_RIGHT[suffix])[0]
    sent = shown(given) or "without a type"
    sentence = f"{listed([each.key for each in samples])}: {sent}, not {wanted}"
    if suffix == ".html":
        return fault(_CHECK, f"{sentence}: browsers do not show it as a page", "types")
    if suffix == ".gz":
        sentence += ": hosts may compress it again"
    return warning(_CHECK, sentence, "types")
