"""Whether the folder's address shows the page."""

from __future__ import annotations

from karospace_stream.doctor.findings import Finding, fine, skipped, warning
from karospace_stream.doctor.samples import is_page
from karospace_stream.doctor.visit import Visit

_CHECK = "page"


def check_page(visit: Visit) -> list[Finding]:
    """Open the folder's address, with and without the slash at its end."""
    if visit.origin is not None:
        return [skipped(_CHECK, f"it is at {visit.origin}")]
    if not visit.shows_page:
        page = visit.format.page
        if page is None:
            return [skipped(_CHECK, f"a {visit.format.name} export has no page")]
        status = visit.folder.status
        why = f"the host answers {status}" if status != 200 else "it is a different file"
        return [
            warning(_CHECK, f"not at the folder's address ({why}); share the address of {page} in it", "page")
        ]
    return _without_slash(visit) or [fine(_CHECK, "at the folder's address")]


def _without_slash(visit: Visit) -> list[Finding]:
    if visit.address.path == "/":
        return []
    answer = visit.asker.ask(visit.address.folder.removesuffix("/"))
    if answer.status == 200 and is_page(answer.body) and not answer.hops:
        return [
            warning(
                _CHECK,
                "also at the address without a trailing slash, where it cannot find its files",
                "page",
            )
        ]
    return []
