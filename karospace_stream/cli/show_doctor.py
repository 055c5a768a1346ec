"""A diagnosis on the terminal: one line per finding, then the changes to make."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from karospace_stream.display.width import width_of
from karospace_stream.doctor import CHECKS, Diagnosis, Finding, Verdict
from karospace_stream.doctor.hosts import NAMES, TOPICS, Setting, host
from karospace_stream.units import counted, format_shape

_SIGNS = {
    Verdict.OK: ("✓", "+", "green"),
    Verdict.NOTE: ("·", ".", "dim"),
    Verdict.SKIPPED: ("-", "-", "dim"),
    Verdict.WARNING: ("!", "!", "yellow"),
    Verdict.FAULT: ("✗", "x", "red"),
}
_NAME_WIDTH = max(map(len, CHECKS.values())) + 2
_WIDEST = 110
_PIPED = 100


def show_diagnosis(diagnosis: Diagnosis, all_hosts: bool) -> None:
    """Print a diagnosis."""
    console = Console(highlight=False, emoji=False, markup=False, soft_wrap=False, width=_width())
    console.print(Text(diagnosis.url, style="bold"), no_wrap=True, overflow="ignore", crop=False)
    _show_hanging(console, Text(), Text(_subject(diagnosis)))
    console.print()
    _show_findings(console, diagnosis)
    remedies = list(_remedies(diagnosis, all_hosts))
    if remedies:
        console.print(Text("\nWhat to change", style="bold"))
        for each in remedies:
            _show_remedy(console, *each)
    console.print()
    console.print(_total(diagnosis))


def as_dict(diagnosis: Diagnosis, all_hosts: bool) -> dict[str, Any]:
    """The diagnosis as plain data, for ``--json``."""
    hosts = NAMES if all_hosts else ()
    findings = [
        {**asdict(each), "settings": [asdict(setting) for setting in diagnosis.settings(each, hosts)]}
        for each in diagnosis.findings
    ]
    content = asdict(diagnosis) | {"findings": findings}
    return content | {"n_faults": diagnosis.n_faults, "n_warnings": diagnosis.n_warnings}


def _width() -> int:
    return max(40, min(width_of(sys.stdout) or _PIPED, _WIDEST))


def _subject(diagnosis: Diagnosis) -> str:
    if not diagnosis.format:
        what = "no export"
    else:
        what = f"{diagnosis.format} export: {format_shape(diagnosis.n_cells, diagnosis.n_genes)}"
    hosts = ", ".join(host(key).name for key in diagnosis.hosts)
    return f"{what}; {hosts or 'unknown host'}"


def _show_findings(console: Console, diagnosis: Diagnosis) -> None:
    before = ""
    for each in diagnosis.findings:
        name = "" if each.check == before else CHECKS[each.check]
        before = each.check
        style = "dim" if each.verdict in {Verdict.NOTE, Verdict.SKIPPED} else ""
        head = Text.assemble(_sign(each, console), f"  {name:<{_NAME_WIDTH}}")
        _show_hanging(console, head, Text(each.sentence, style=style))


def _show_hanging(console: Console, head: Text, body: Text) -> None:
    """Print a text with a hanging indent."""
    lines = body.wrap(console, console.width - head.cell_len)
    for line in lines:
        line.rstrip()
        console.print(Text.assemble(head, line), no_wrap=True, overflow="ignore", crop=False)
        head = Text(" " * head.cell_len)


def _sign(finding: Finding, console: Console) -> Text:
    sign, plain, style = _SIGNS[finding.verdict]
    return Text(sign if console.encoding.startswith("utf") else plain, style=style)


def _remedies(diagnosis: Diagnosis, all_hosts: bool) -> Iterator[tuple[Finding, tuple[Setting, ...]]]:
    """The worst finding of each topic with its settings: a remedy for one finding helps all of its topic."""
    topics: dict[str, Finding] = {}
    for each in sorted(diagnosis.findings, key=lambda each: each.verdict is not Verdict.FAULT):
        if each.topic:
            topics.setdefault(each.topic, each)
    for finding in topics.values():
        settings = diagnosis.settings(finding, NAMES if all_hosts else ())
        if settings:
            yield finding, settings


def _show_remedy(console: Console, finding: Finding, settings: tuple[Setting, ...]) -> None:
    heading = Text.assemble("\n", _sign(finding, console), " ", (TOPICS[finding.topic], "bold"))
    console.print(heading)
    for number, each in enumerate(settings):
        if number:
            console.print()
        _show_hanging(console, Text("  "), Text.assemble((f"{each.host}: ", "bold"), each.text))
        # Neither wrapped nor shortened, so that it can be copied.
        for line in each.code.splitlines():
            console.print(Text(f"    {line}", style="cyan"), no_wrap=True, overflow="ignore", crop=False)
        if each.source:
            console.print(Text(f"  {each.source}", style="dim"), no_wrap=True, overflow="ignore", crop=False)


def _total(diagnosis: Diagnosis) -> Text:
    fine = sum(each.verdict is Verdict.OK for each in diagnosis.findings)
    counts = [
        (diagnosis.n_faults, "fault", "bold red"),
        (diagnosis.n_warnings, "warning", "yellow"),
    ]
    text = Text()
    for count, name, style in counts:
        word = counted(count, name) if count else f"no {name}s"
        text.append(f"{word}, ", style=style if count else "")
    text.append(f"{fine} in order ({counted(diagnosis.n_requests, 'request')})")
    unknown = not diagnosis.hosts and any(each.topic for each in diagnosis.findings)
    if unknown:
        text.append("\nThe headers do not tell which host this is: --all-hosts shows the settings for each.")
    return text
