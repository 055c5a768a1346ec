"""Memory that uploads to a store hold."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.formats.cost import FormatCost
from karospace_stream.storage.store import HELD_NBYTES
from karospace_stream.targets.stores.uploads import BATCH_NBYTES


def sent_nbytes(demands: Sequence[FormatCost], n_cells: int) -> int:
    """Bytes of one task that are handed over but not uploaded yet.

    One batch waiting and one in transit, each with one object too many; or one object that came in
    pieces, once in pieces and once joined.
    """
    largest = max(min(demand.part_nbytes, demand.value_nbytes * n_cells) for demand in demands)
    return 2 * max(BATCH_NBYTES + largest, HELD_NBYTES)
