"""Byte ranges, for programs that read parts of an export."""

from __future__ import annotations

import re

from karospace_stream.doctor.ask import Answer
from karospace_stream.doctor.coding import is_gzip
from karospace_stream.doctor.findings import Finding, fault, fine, note, skipped, warning
from karospace_stream.doctor.samples import Sample
from karospace_stream.doctor.text import shown
from karospace_stream.doctor.visit import Visit
from karospace_stream.units import format_nbytes

_CHECK = "ranges"
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.ASCII)


def check_ranges(visit: Visit) -> list[Finding]:
    """Request some bytes from the middle of a file and compare them with the complete file."""
    sample = max(filter(_is_as_stored, visit.there), key=lambda each: len(each.content()), default=None)
    if sample is None or sample.answer is None or len(sample.answer.body) < 3:
        return [skipped(_CHECK, "no file is sent unchanged, so this cannot be checked")]
    body = sample.answer.body
    start, stop = len(body) // 3, 2 * len(body) // 3
    # A page may send ranges of this form without asking for permission first.
    answer = visit.ask(sample.key, headers={"Range": f"bytes={start}-{stop - 1}"}, limit=len(body))
    if answer.status != 206:
        return [_refused(answer, visit.contents.shard_nbytes)]
    wrong = _wrong(answer, start, body[start:stop], sample.stored_nbytes())
    if wrong:
        return [fault(_CHECK, f"{shown(sample.key)}: {wrong}", "ranges")]
    found = [fine(_CHECK, "sent as requested")]
    if "bytes" not in answer.header("Accept-Ranges").lower() and not _accepts_ranges(sample.answer):
        found.append(note(_CHECK, "Accept-Ranges: bytes is missing; some programs check for it first"))
    return found


def _is_as_stored(sample: Sample) -> bool:
    """Whether the host left a file unchanged; it may compress text."""
    if sample.answer is None or sample.answer.encodings or sample.suffix in {".json", ".html"}:
        return False
    return sample.suffix != ".gz" or is_gzip(sample.answer.body)


def _refused(answer: Answer, shard_nbytes: int) -> Finding:
    then = ""
    if shard_nbytes:
        then = f"; the page then loads a file of up to {format_nbytes(shard_nbytes)} for a gene"
    if answer.status == 200:
        said = "not supported: the whole file is sent each time a program asks for a part"
        return warning(_CHECK, said + then, "ranges")
    return warning(_CHECK, f"the host answers {answer.status} to a byte range{then}", "ranges")


def _accepts_ranges(answer: Answer) -> bool:
    return "bytes" in answer.header("Accept-Ranges").lower()


def _wrong(answer: Answer, start: int, wanted: bytes, size: int | None) -> str:
    given = answer.header("Content-Range")
    found = _CONTENT_RANGE.fullmatch(given)
    if found is None:
        return f"a part without a valid Content-Range ({shown(given) or 'none'})"
    first, last, total = found.groups()
    if (int(first), int(last)) != (start, start + len(wanted) - 1):
        return f"the part must be bytes {start}-{start + len(wanted) - 1}, got {first}-{last}"
    if answer.body != wanted:
        return "the part differs from the whole file"
    if total != "*" and size is not None and int(total) != size:
        return f"Content-Range says {total} bytes in all, the file has {size}"
    return ""
