"""A short description of a thing, as text for a terminal and as HTML for a notebook."""

from __future__ import annotations

from dataclasses import dataclass, replace

from karospace_stream.display.wrap import wrap_list, wrap_sentence

_MOST_LABEL = 24  # wider labels would leave too little for the facts


@dataclass(frozen=True, slots=True)
class Card:
    """A title, ``(label, fact)`` in rows, and remarks of a line each."""

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    def text(self, width: int | None = None) -> str:
        """Format as lines: the title, the rows indented, the remarks. Without a width, a row is one line.

        With a width, a very wide label has a line of its own.
        """
        column = max((len(label) for label, _ in self.rows if len(label) <= _MOST_LABEL), default=0)
        lines = [self.title]
        for label, fact in self.rows:
            head = f"  {label:<{column}}  "
            if width is not None and len(label) > column:
                lines.append(head.rstrip())
                head = " " * (column + 4)
            lines += wrap_list(fact, width, first=head, rest=" " * (column + 4))
        for remark in self.remarks:
            lines += wrap_sentence(remark, width)
        return "\n".join(lines)

    def only(self, *labels: str) -> Card:
        """A card with some of the rows, and without remarks."""
        return replace(self, rows=tuple(row for row in self.rows if row[0] in labels), remarks=())
