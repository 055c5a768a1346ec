"""Wrap lists at their commas, so that no name is torn apart, and sentences between words."""

from __future__ import annotations

import re
import textwrap

_BREAK = re.compile(r"(?<=[,;]) ")


def wrap_list(text: str, width: int | None, *, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most ``width`` columns; None for one line.

    Breaks after commas and semicolons; a piece that is wider than a line breaks at spaces too. A word that is
    wider than a line stays whole, so that it can be copied.

    Parameters
    ----------
    first, rest
        Beginning of the first line, and of the others.
    """
    if width is None:
        return [(first + text).rstrip()]
    lines, line = [], first
    bare = True  # the line has nothing but its beginning
    for piece in _pieces(text, width - len(rest)):
        if not bare and len(line) + 1 + len(piece) > width:
            lines.append(line)
            line, bare = rest, True
        line += piece if bare else f" {piece}"
        bare = False
    return [*lines, line.rstrip()]


def wrap_sentence(text: str, width: int | None) -> list[str]:
    """Lines of at most ``width`` columns, the second and following indented; None for one line."""
    if width is None:
        return [text]
    return textwrap.wrap(
        text, max(width, 20), subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    ) or [""]


def _pieces(text: str, room: int) -> list[str]:
    """Pieces to keep together: an entry of the list, or the words of an entry wider than a line."""
    pieces: list[str] = []
    for piece in _BREAK.split(text):
        pieces += [piece] if len(piece) <= room else piece.split(" ")
    return pieces
