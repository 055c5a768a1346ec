"""Columns whose name leaves no doubt that they hold sections of a tissue."""

from __future__ import annotations

from collections.abc import Iterable

from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.select.sections.names import SECTIONS, section_columns, section_rank

_SURE = tuple(map(SECTIONS.index, ("section", "slice", "library", "slide", "puck")))


def sure_columns(obs: Iterable[ColumnInfo]) -> tuple[ColumnInfo, ...]:
    """Those called like ``section_id``, the most certain first; not ``sample`` or ``fov``."""
    return tuple(info for info in section_columns(obs) if section_rank(info.name) in _SURE)
