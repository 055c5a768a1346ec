"""Notes about the picture on the page, for people who have not seen the plan."""

from __future__ import annotations

from collections.abc import Iterable

from karospace_stream.formats.options import option_named
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import PageNote
from karospace_stream.options.spelling import as_flags

#: Codes of findings without which a picture misleads, or that say which cells it has.
_OVERLAPPING = "overlapping-sections"
_SHOWN = frozenset((_OVERLAPPING, "images-left-out", "cells", "cells-by-group"))


def page_notes(findings: Iterable[Finding]) -> tuple[PageNote, ...]:
    """Sentences for the page, with the flags of an export that mends it."""
    return tuple(
        PageNote(_sentence(each), str(each.value) if each.code == _OVERLAPPING else "")
        for each in findings
        if each.code in _SHOWN
    )


def _sentence(finding: Finding) -> str:
    option = option_named(finding.option)
    way_out = "" if option is None else f" To change it, export with {as_flags(option, finding.value)}."
    return f"{finding.text[0].upper()}{finding.text[1:]}.{way_out}"
