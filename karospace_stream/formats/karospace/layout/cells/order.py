"""The order of the cells, as listed in ``atlas.json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.formats.karospace.layout.manifest import Part, part_entry
from karospace_stream.formats.karospace.layout.parts import cuts
from karospace_stream.model.blob import Receipt

#: For arrays that are not in this order.
SOURCE = {"order": "source"}
_FIRST_PART = 262_144  # cells of the first part: a megabyte of coarse coordinates
_GROWTH = 16


@dataclass(frozen=True, slots=True)
class AtlasOrder:
    """The order as written: see ``docs/formats/packed.md``."""

    seed: int
    column: str | None
    levels: Sequence[int]
    block: int
    rows: Sequence[Part]
    boxes: Receipt

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        return {
            "seed": self.seed,
            "embedding": 0,
            "column": self.column,
            "levels": list(self.levels),
            "rows": {"dtype": "uint32", "parts": [part_entry(*part) for part in self.rows]},
            "blocks": {"size": self.block, "path": self.boxes.key, "size_bytes": self.boxes.size},
        }


def coarse_entry(parts: Sequence[Part]) -> dict[str, Any]:
    """The entry ``coarse`` of the first embedding."""
    return {"dtype": "uint16", "parts": [part_entry(*part) for part in parts]}


def level_cuts(levels: Sequence[int], limit_nbytes: int, item_nbytes: int) -> tuple[int, ...]:
    """Bounds of parts of an array in this order: some levels end with a part, first at 262,144 cells."""
    tiers = [0]
    for level in levels[1:-1]:
        if level >= (_GROWTH * tiers[-1] or _FIRST_PART):
            tiers.append(level)
    found = [0]
    for start, stop in zip(tiers, [*tiers[1:], levels[-1]], strict=True):
        found += [start + each for each in cuts(stop - start, limit_nbytes, item_nbytes)[1:]]
    return tuple(found)
