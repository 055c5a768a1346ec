"""Decide how an export describes its data set: the user's texts come before those of uns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from karospace_stream.model.about import UNS_KEYS, About, ValueChange, ValueKind
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.finding import Finding
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.texts import MOST_CHARACTERS

#: The option of a key of uns, where they have different names.
_OPTIONS = {"citation": "source_citation"}
#: Keys of uns that no option gives.
_MOST_OTHERS = 2_000
_TITLE = "title"


@dataclass(slots=True)
class _Texts:
    """Texts of uns, cleaned and cut."""

    catalog: Catalog
    options: ExportOptions
    taken: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def get(self, key: str) -> str:
        """The user's text, or that of uns."""
        option = _OPTIONS.get(key, key)
        given = getattr(self.options, option, None)
        if key == _TITLE and given is None and self.options.name is not None:
            return ""  # the name that the user gave is the title
        return self._of_uns(key, option) if given is None else given

    def _of_uns(self, key: str, option: str) -> str:
        text = clean(dict(self.catalog.texts).get(key, ""))
        most = MOST_CHARACTERS.get(option, _MOST_OTHERS)
        if text:
            self.taken.append(key)
        if len(text) > most:
            sentence = f"uns[{key!r}] has {len(text):,} characters; the export has the first {most:,}"
            self.findings.append(Finding("text-cut", sentence, option if option in MOST_CHARACTERS else ""))
        return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def about_of(
    catalog: Catalog,
    options: ExportOptions,
    values: ValueKind | None = None,
    changed: ValueChange | None = None,
) -> tuple[About, tuple[Finding, ...]]:
    """Texts about a data set, and findings about them.

    The title is ``--title``, else the ``--name`` that the user gives, else ``uns["title"]``, else the
    name of the input.

    Parameters
    ----------
    values
        What the exported values are; None if that is not known.
    changed
        What is done to them as they are read.
    """
    values = "normalised" if values is None and changed is not None else values
    texts = _Texts(catalog, options)
    found = {key: texts.get(key) for key in UNS_KEYS}
    about = About(
        **found,
        source_name=options.source_name or "",
        source_url=options.source_url or "",
        matrix="" if values is None else options.matrix,
        values=values,
        changed=changed,
        from_uns=tuple(texts.taken),
    )
    return about, tuple(texts.findings)


def clean(text: str) -> str:
    """Make a text of a file fit to be read: no invisible characters but line ends, no half characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(_visible(lines)).strip()


def _visible(text: str) -> Iterator[str]:
    return (each for each in text if each == "\n" or unicodedata.category(each) not in ("Cc", "Cs"))
