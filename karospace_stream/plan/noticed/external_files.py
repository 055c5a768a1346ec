"""Values in other files of this machine, which nobody sees in the input."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.formats.left_out import name_some
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import is_within, spell
from karospace_stream.plan.noticed.look import Look

_NAMED, _LONGEST = 3, 80


def external_files(look: Look) -> Iterator[Finding]:
    """A finding that names the files, and what is read from them; reads nothing."""
    catalog = look.catalog
    keys: dict[str, list[str]] = {}
    for key, file in catalog.external_files:
        if not any(is_within(spell(key), part) for part in catalog.left_out):
            keys.setdefault(file, []).append(key)
    if keys:
        files = [f"{_shown(file)} ({name_some(found, _NAMED)})" for file, found in keys.items()]
        other = "another file" if len(keys) == 1 else "other files"
        text = f"values are read from {other} that the input names: {name_some(files, _NAMED)}"
        yield Finding("external-files", text)


def _shown(name: str) -> str:
    """The end of a name, which tells files of one folder apart, in letters that can be printed."""
    text = "".join(letter if letter.isprintable() else "�" for letter in name)
    return text if len(text) <= _LONGEST else f"…{text[-_LONGEST:]}"
