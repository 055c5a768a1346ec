"""How a host responds to a request for a missing file."""

from __future__ import annotations

from karospace_stream.doctor.findings import Finding, fault, fine, warning
from karospace_stream.doctor.samples import is_page
from karospace_stream.doctor.visit import Visit

_CHECK = "absent"
_RIGHT = {404, 410}


def check_absent(visit: Visit) -> list[Finding]:
    """Request a file that no export has; also by HEAD, if readers probe that way."""
    methods = ["GET", "HEAD"] if visit.format.by_name else ["GET"]
    found = []
    for method in methods:
        answer = visit.ask(visit.absent_key, method)
        if answer.status in _RIGHT:
            continue
        what = f"{answer.status} instead of 404" + (f" to {method}" if method != "GET" else "")
        if answer.hops:
            what += ", after a redirect"
        found.append(_judge(answer.status, what, is_page(answer.body)))
    return found or [fine(_CHECK, "404")]


def _judge(status: int, what: str, page: bool) -> Finding:
    if status == 403:
        return warning(
            _CHECK,
            f"{what}: readers cannot tell a missing file from a forbidden one",
            "absent",
        )
    if page:
        return fault(_CHECK, f"{what}: the host sends a page instead of a missing file", "absent")
    return (
        fault(_CHECK, f"{what}: readers mistake it for the file", "absent")
        if status < 300
        else fault(_CHECK, what, "absent")
    )
