"""Natural order, in which people count: 1, 2, 10."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(\d+)")


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Key that sorts texts by the numbers in them, and regardless of case."""
    pieces = [each for each in _NUMBER.split(text) if each]
    ranked = (
        (0, int(each), "") if each.isdecimal() and each.isascii() else (1, 0, each.casefold())
        for each in pieces
    )
    return (*ranked, (-1, 0, text))
