"""Notes, and what the program noticed, with the flags that change it."""

from __future__ import annotations

from karospace_stream.formats.options import option_named
from karospace_stream.model.finding import Finding
from karospace_stream.options.spelling import as_flags
from karospace_stream.runtime.events import Note


def note_line(note: Note) -> str:
    """One line for a note."""
    return f"note: {note.text if note.finding is None else finding_text(note.finding)}"


def finding_text(finding: Finding) -> str:
    """The sentence, and the flag that changes what it says."""
    option = option_named(finding.option)
    return finding.text + (f" (to change: {as_flags(option, finding.value)})" if option else "")
