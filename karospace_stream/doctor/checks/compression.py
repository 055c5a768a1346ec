"""Whether the host compresses JSON and the page in transit; they are stored uncompressed."""

from __future__ import annotations

from karospace_stream.doctor.coding import deflated_nbytes
from karospace_stream.doctor.findings import Finding, fine, skipped, warning
from karospace_stream.doctor.samples import Sample
from karospace_stream.doctor.text import listed
from karospace_stream.doctor.visit import Visit
from karospace_stream.units import format_nbytes

_CHECK = "compression"
_WORTH_NBYTES = 1_000


def check_compression(visit: Visit) -> list[Finding]:
    """Check all JSON and HTML that is not tiny."""
    texts = [each for each in visit.there if each.suffix in {".json", ".html"}]
    large = [each for each in texts if _nbytes(each) > _WORTH_NBYTES]
    if not large:
        return [skipped(_CHECK, "all JSON files are too small to compress")]
    plain = [each for each in large if each.answer and not each.answer.encodings]
    if not plain:
        return [fine(_CHECK, listed([each.key for each in large]))]
    before = sum(_nbytes(each) for each in plain)
    after = sum(deflated_nbytes(each.content()) for each in plain)
    return [
        warning(
            _CHECK,
            f"not for {listed([each.key for each in plain])}: gzip would send {format_nbytes(after)} "
            f"instead of {format_nbytes(before)}",
            "compression",
        )
    ]


def _nbytes(sample: Sample) -> int:
    try:
        return len(sample.content())
    except ValueError:
        return 0
