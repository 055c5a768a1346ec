"""Cost of the stages of a KaroSpace bundle."""

from __future__ import annotations

from karospace_stream.formats.karospace.tables.blocks import Blocks
from karospace_stream.model.plan import StageCost


def table_cost(part_nbytes: int, blocks: Blocks, gzip: bool, n_tasks: int) -> StageCost:
    """A part of a table: a tile of each column, a slice of it as Python objects, the encoded part."""
    encoded = part_nbytes if gzip else 2 * part_nbytes
    return StageCost("tables", blocks.tile_nbytes + blocks.slice_nbytes + encoded, n_tasks)


def array_cost(part_nbytes: int, longest_name: int, n_tasks: int) -> StageCost:
    """Memory of a part of an array: as read, as stored, and packed; and a tile of strings.

    Each string exists as the bytes read, as a Python string, and as UTF-8.
    """
    strings = 65_536 * (3 * longest_name + 150)
    return StageCost("arrays", 3 * part_nbytes + strings + 65_536 * 64, n_tasks)


def pixels_nbytes(n_pixels: int) -> int:
    """An image of the source: as stored (up to 8 bytes a channel), as float32, and as bytes."""
    return n_pixels * 4 * (8 + 4 + 4 + 1 + 1)
