"""Colours of channels whose file has none, and colours as files write them."""

from __future__ import annotations

import re

#: DAPI and its like come first in most files; then colours that add up well.
PALETTE = ("#4c72ff", "#2fd34f", "#ff3b3b", "#ffd92f", "#ff4fd8", "#2fe0e0", "#ff9a2f", "#f2f2f2")
ONLY = "#ffffff"
_HEX = re.compile(r"#?([0-9a-fA-F]{6})([0-9a-fA-F]{2})?")


def default_color(number: int, n_channels: int) -> str:
    """The colour of a channel: white if it is the only one."""
    return ONLY if n_channels == 1 else PALETTE[number % len(PALETTE)]


def of_hex(text: object) -> str:
    """A colour as ``#rrggbb``; empty if it is none."""
    found = _HEX.fullmatch(text) if isinstance(text, str) else None
    return f"#{found[1].lower()}" if found else ""


def of_ome(number: object) -> str:
    """A colour of OME-XML, a signed number of RGBA; empty if it is none, or black."""
    try:
        value = int(str(number)) & 0xFFFFFFFF
    except ValueError:
        return ""
    color = value >> 8
    return f"#{color:06x}" if color else ""
