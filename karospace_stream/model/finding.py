"""What the program noticed about an input or an export, each with the option that changes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: What an option may be set to. All of it is plain data for JSON.
Value = str | int | float | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the program noticed and that the user should know.

    Plans, reports and interfaces show one list of them. What an export leaves out has a complete list of
    its own, `LeftOut`; a part that people expect to see is a finding as well.

    Attributes
    ----------
    code
        Short and stable, for machines, such as ``raw-counts``; `docs/reference/findings.md` lists all.
    text
        One sentence without its full stop. It names no option: every interface spells options in its own way.
    option
        Keyword of the option that changes it, such as ``layer``; empty if none does.
    value
        What to set the option to, such as ``"counts"``; None if the user has to find a value.
    """

    code: str
    text: str
    option: str = ""
    value: Value = None


def texts(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The sentences alone."""
    return tuple(each.text for each in findings)
