"""The sections that an image may be for."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.left_out import name_some
from karospace_stream.model.cell_sections import GroupName
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.similar.names import did_you_mean, similar_names

_NAMED = 10


@dataclass(frozen=True, slots=True)
class KnownSections:
    """The sections of the input.

    Attributes
    ----------
    column
        Of obs; empty if the input has no sections.
    exported
        Those with cells in the bundle.
    """

    column: str
    names: tuple[GroupName, ...]
    exported: frozenset[GroupName]

    @classmethod
    def of(cls, source: Source, selection: Selection) -> KnownSections:
        """Find them."""
        sections = source.catalog.sections
        if sections is None:
            return cls("", (), frozenset())
        exported = frozenset(name for name, _, _ in sections.ranges(selection.cells))
        return cls(sections.column, sections.names, exported)

    def value_of(self, found: tuple[str, str] | None) -> str | None:
        """The value of a column of obs, if the sections are those of that column."""
        return found[1] if found is not None and found[0] == self.column else None

    def has(self, name: str) -> bool:
        """Whether a section is exported.

        Raises
        ------
        BadOptionError
            If the input has no such section.
        """
        if name in self.names:
            return name in self.exported
        start = f"--image: {name[:200]!r} is no section"
        if not self.column:
            raise BadOptionError(
                f"{start}, since no column of sections was found: name it (--section), or name the file "
                "only, for an image under all cells"
            )
        texts = [each for each in self.names if each is not None]
        hint = did_you_mean(similar_names(name, texts)) if len(texts) > _NAMED else ""
        listed = name_some([repr(each) for each in texts], _NAMED)
        raise BadOptionError(f"{start}: those of obs[{self.column!r}] are {listed}{hint}")


def unexported(name: str) -> Finding:
    """The finding about an image of a section without exported cells."""
    text = f"the image of {name!r} is left out, since no cells of this section are exported"
    return Finding("image-without-section", text, "image")
