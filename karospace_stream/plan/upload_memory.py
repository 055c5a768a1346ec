"""Memory that uploads to a store hold."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.formats.cost import FormatCost
from karospace_stream.storage.store import HELD_NBYTES
from karospace_stream.targets.stores.uploads import BATCH_NBYTES


def sent_nbytes(demands: Sequence[FormatCost], n_cells: int) -> int:
    """What one task has handed over and is not there yet.

    A batch that waits and one that is on its way, each with one object too many; or one object that came in
    pieces, and the same in one.
    """
    largest = max(min(demand.part_nbytes, demand.value_nbytes * n_cells) for demand in demands)
    return 2 * max(BATCH_NBYTES + largest, HELD_NBYTES)
