"""Findings: one line each, with the change to make if something is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from karospace_stream.doctor.hosts import Setting, setting_of

#: The checks in display order, and their names on screen.
CHECKS = {
    "address": "address",
    "bundle": "export",
    "sizes": "sizes",
    "absent": "missing files",
    "page": "page",
    "cors": "other origins",
    "types": "content types",
    "encoding": "gzip files",
    "ranges": "byte ranges",
    "head": "HEAD",
    "compression": "compression",
    "caching": "caching",
}


class Verdict(StrEnum):
    """Severity of a finding."""

    OK = "ok"
    SKIPPED = "skipped"
    NOTE = "note"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a check.

    Attributes
    ----------
    check
        The check; a key of `CHECKS`.
    verdict
        With a fault, a page cannot show the export, or shows it wrongly. With a warning, the host is slow, or
        some readers fail. A note is worth knowing.
    sentence
        The finding, without characters that could harm a terminal.
    topic
        Topic of the setting that would help; empty if there is none.
    """

    check: str
    verdict: Verdict
    sentence: str
    topic: str = ""


def fine(check: str, sentence: str) -> Finding:
    """Report that nothing is wrong."""
    return Finding(check, Verdict.OK, sentence)


def skipped(check: str, sentence: str) -> Finding:
    """Report that something was not checked, with the reason."""
    return Finding(check, Verdict.SKIPPED, sentence)


def note(check: str, sentence: str) -> Finding:
    """Good enough, but worth knowing."""
    return Finding(check, Verdict.NOTE, sentence)


def warning(check: str, sentence: str, topic: str = "") -> Finding:
    """Works, but not well."""
    return Finding(check, Verdict.WARNING, sentence, topic)


def fault(check: str, sentence: str, topic: str = "") -> Finding:
    """Does not work."""
    return Finding(check, Verdict.FAULT, sentence, topic)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The findings about a host. Made by `karospace_stream.check_host`.

    Attributes
    ----------
    url
        The examined folder.
    format
        Format of the export, such as ``KaroSpace``; empty if no export was found.
    n_cells, n_genes
        Shape of the exported data.
    origin
        Origin of the page that will read the export; None for the page in the export, or any page.
    hosts
        Kinds of host that the headers show, such as ``s3`` or ``nginx``.
    findings
        Findings of all checks, in the order of `CHECKS`.
    n_requests
        Number of requests sent.
    """

    url: str
    format: str
    n_cells: int
    n_genes: int
    origin: str | None
    hosts: tuple[str, ...]
    findings: tuple[Finding, ...]
    n_requests: int

    @property
    def n_faults(self) -> int:
        """Number of findings that are faults."""
        return Counter(each.verdict for each in self.findings)[Verdict.FAULT]

    @property
    def n_warnings(self) -> int:
        """Number of findings that are warnings."""
        return Counter(each.verdict for each in self.findings)[Verdict.WARNING]

    def settings(self, finding: Finding, hosts: tuple[str, ...] = ()) -> tuple[Setting, ...]:
        """Settings to change, for each recognised host, or for the named hosts."""
        if not finding.topic:
            return ()
        return tuple(setting_of(host, finding.topic) for host in hosts or self.hosts)


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """The findings in the order of `CHECKS`, faults of a check first."""
    order = list(CHECKS)
    worst = [Verdict.FAULT, Verdict.WARNING, Verdict.OK, Verdict.NOTE, Verdict.SKIPPED]
    return tuple(sorted(findings, key=lambda each: (order.index(each.check), worst.index(each.verdict))))
