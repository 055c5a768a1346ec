"""How long browsers cache files: they must revalidate documents, and may keep immutable files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from karospace_stream.doctor.ask import Answer
from karospace_stream.doctor.findings import Finding, fine, note, warning
from karospace_stream.doctor.samples import Sample
from karospace_stream.doctor.text import listed, shown
from karospace_stream.doctor.visit import Visit
from karospace_stream.units import format_seconds

_CHECK = "caching"
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_A_MINUTE = 60
_A_DAY = 86_400


def check_caching(visit: Visit) -> list[Finding]:
    """Check the cache headers of documents and other files, and whether the host can revalidate a copy."""
    documents = [each for each in visit.there if not each.expected.lasting]
    assets = [each for each in visit.there if each.expected.lasting]
    found = [*_documents(documents), *_assets(assets), *_validators(visit)]
    return found or [fine(_CHECK, "documents are revalidated, other files are cached")]


def kept_seconds(answer: Answer) -> int | None:
    """Seconds for which a browser may use its copy without asking; None if the host does not say."""
    control = answer.header("Cache-Control").lower()
    if "no-cache" in control or "no-store" in control:
        return 0
    if found := _MAX_AGE.search(control):
        return int(found[1])
    expires, now = _time(answer.header("Expires")), _time(answer.header("Date"))
    if expires and now:
        return max(0, int((expires - now).total_seconds()))
    return 0 if answer.header("Expires") else None


def _time(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).replace(tzinfo=None)
    except (ValueError, TypeError):
        return None


def _documents(samples: list[Sample]) -> Iterator[Finding]:
    kept = {each.key: kept_seconds(each.answer) for each in samples if each.answer}
    unsaid = [key for key, seconds in kept.items() if seconds is None]
    long = {key: seconds for key, seconds in kept.items() if seconds is not None and seconds > _A_MINUTE}
    if unsaid:
        yield warning(
            _CHECK,
            f"no Cache-Control for {listed(unsaid)}: browsers guess, so people may see an old export",
            "caching",
        )
    if long:
        yield warning(
            _CHECK,
            f"{listed(list(long))} cached for {format_seconds(max(long.values()))}: people may see an old "
            "export that long",
            "caching",
        )


def _assets(samples: list[Sample]) -> Iterator[Finding]:
    answers = {each.key: each.answer for each in samples if each.answer}
    unkept = [key for key, each in answers.items() if "no-store" in each.header("Cache-Control").lower()]
    if unkept:
        yield warning(
            _CHECK, f"no-store for {listed(unkept)}: loaded again each time a gene is shown", "caching"
        )
    kept = {key: kept_seconds(each) for key, each in answers.items() if key not in unkept}
    if any(seconds is None or 0 < seconds < _A_DAY for seconds in kept.values()):
        shortest = min((seconds for seconds in kept.values() if seconds), default=None)
        how = "browsers guess how long" if shortest is None else f"only for {format_seconds(shortest)}"
        yield warning(
            _CHECK,
            f"files that never change are cached briefly ({how}); a year would save requests",
            "caching",
        )
    elif kept and not any(kept.values()):
        yield note(_CHECK, "files are cached, but revalidated on each use")


def _validators(visit: Visit) -> Iterator[Finding]:
    sample = visit.asset
    if sample is None or sample.answer is None:
        return
    etag, modified = sample.answer.header("ETag"), sample.answer.header("Last-Modified")
    if not etag and not modified:
        yield warning(_CHECK, "neither ETag nor Last-Modified: every visit loads every file again", "caching")
        return
    condition = {"If-None-Match": etag} if etag else {"If-Modified-Since": modified}
    answer = visit.ask(sample.key, headers={"Accept-Encoding": "gzip", **condition})
    if answer.status != 304:
        name = "ETag" if etag else "Last-Modified"
        yield warning(
            _CHECK,
            f"{answer.status} instead of 304 to a browser that already has {shown(sample.key)} (by its "
            f"{name}): every visit loads every file again",
            "caching",
        )
