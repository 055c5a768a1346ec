"""The address itself: https, redirects."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from karospace_stream.doctor.address import is_secure
from karospace_stream.doctor.ask import Answer
from karospace_stream.doctor.findings import Finding, fault, fine, warning
from karospace_stream.doctor.text import listed, shown
from karospace_stream.doctor.visit import Visit

_CHECK = "address"


def check_address(visit: Visit) -> list[Finding]:
    """Look for mixed content, and for redirects on the way to files."""
    files = [visit.address.of(each.key) for each in visit.samples]
    answers = [each for each in visit.asker.answers if each.url in files and each.hops]
    found = [*_listeners(visit), *_redirects(visit, answers)]
    if found:
        return found
    kind = "https" if visit.address.folder.startswith("https:") else "this machine"
    return [fine(_CHECK, f"{kind}, no redirects")]


def _listeners(visit: Visit) -> Iterator[Finding]:
    if visit.address.is_secure:
        return
    page_is_secure = visit.elsewhere and is_secure(visit.page_origin)
    if page_is_secure:
        yield fault(
            _CHECK, f"http: a page over https ({visit.page_origin}) cannot read from here", topic="https"
        )
    else:
        yield warning(
            _CHECK,
            "http: browsers call the page not secure, and no page over https can read from here",
            "https",
        )


def _redirects(visit: Visit, answers: list[Answer]) -> Iterator[Finding]:
    downgraded = [each for each in answers if visit.address.is_secure and not all(map(is_secure, each.hops))]
    if downgraded:
        yield fault(
            _CHECK,
            f"redirected to http, which browsers do not follow: {listed(_keys(visit, downgraded))}",
            topic="https",
        )
    # Hosts that redirect index.html to its folder do so for pages only, and within the same folder.
    moved = [each for each in answers if each not in downgraded and not _to_its_folder(each)]
    if moved:
        target = shown(moved[0].hops[-1].rpartition("/")[0] + "/")
        yield warning(
            _CHECK,
            f"redirected, which costs a round trip for each file: {listed(_keys(visit, moved))}; share "
            f"{target} instead",
        )


def _to_its_folder(answer: Answer) -> bool:
    stem = answer.url.removesuffix(".html").removesuffix("index")
    return answer.url.endswith(".html") and all(
        urlsplit(hop)._replace(scheme="").geturl().rstrip("/")
        == urlsplit(stem)._replace(scheme="").geturl().rstrip("/")
        for hop in answer.hops
    )


def _keys(visit: Visit, answers: list[Answer]) -> list[str]:
    return list(dict.fromkeys(each.url.removeprefix(visit.address.folder) for each in answers))
