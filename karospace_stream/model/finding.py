"""Findings about an input or an export, each with the option that changes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: Values that an option may be set to: plain data for JSON.
Value = str | int | float | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the program noticed and that the user should know.

    Plans, reports and interfaces show one list of findings. A separate, complete list (`LeftOut`) names the
    parts that an export leaves out; a part that people expect to see is also a finding.

    Attributes
    ----------
    code
        Short, stable name for programs, such as ``raw-counts``; ``docs/reference/findings.md`` lists all.
    text
        One sentence without a full stop. It names no option, because interfaces spell options differently.
    option
        Keyword of the option that changes it, such as ``layer``; empty if there is none.
    value
        Suggested value of the option, such as ``"counts"``; None if there is no suggestion.
    """

    code: str
    text: str
    option: str = ""
    value: Value = None


def texts(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The sentences of some findings."""
    return tuple(each.text for each in findings)
