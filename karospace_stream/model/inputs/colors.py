"""Colours of categories as stored in ``uns['<column>_colors']``."""

from __future__ import annotations

from collections.abc import Mapping

#: Text such as ``red`` or ``#ff0000``, or numbers.
Color = str | tuple[float, ...]
#: In the order of the categories, or by category.
Colors = tuple[Color, ...] | Mapping[str, Color]
