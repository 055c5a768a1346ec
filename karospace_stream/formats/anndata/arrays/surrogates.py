"""Strings that are not valid Unicode: lone surrogates, which no format can store."""

from __future__ import annotations

from karospace_stream.errors import BadInputError


def half_character(where: str, error: UnicodeEncodeError) -> BadInputError:
    """Message about a lone surrogate."""
    return BadInputError(
        f"{where}: text must be Unicode, got {error.object[:40]!r}, which has half a character; correct "
        "it in the input, or leave it out of the export"
    )
