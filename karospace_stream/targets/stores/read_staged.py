"""Read objects of a store one after another in a known order, fetching the next ones ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from karospace_stream.model.blob import Receipt
from karospace_stream.storage import Store

_PIECE_NBYTES = 4 << 20
_GROUP_NBYTES = 8 << 20
_GROUP_OBJECTS = 256

_Range = tuple[str, int, int]


def read_in_order(
    store: Store, folder: str, receipts: Sequence[Receipt]
) -> Callable[[Receipt], Iterator[bytes]]:
    """Yields the pieces of each object below a folder, requested in their known order."""
    pieces = _fetched(store, (each for receipt in receipts for each in _ranges(folder, receipt)))
    return lambda receipt: islice(pieces, len(_ranges(folder, receipt)))


def _ranges(folder: str, receipt: Receipt) -> list[_Range]:
    starts = range(0, receipt.size, _PIECE_NBYTES)
    return [(f"{folder}/{receipt.key}", start, min(start + _PIECE_NBYTES, receipt.size)) for start in starts]


def _fetched(store: Store, ranges: Iterator[_Range]) -> Iterator[bytes]:
    groups = _groups(ranges)
    with ThreadPoolExecutor(1, thread_name_prefix="pack") as ahead:
        coming = [ahead.submit(store.read_ranges, group) for group in islice(groups, 1)]
        while coming:
            coming += [ahead.submit(store.read_ranges, group) for group in islice(groups, 1)]
            yield from coming.pop(0).result()


def _groups(ranges: Iterator[_Range]) -> Iterator[list[_Range]]:
    """Ranges that are read at the same time: few enough bytes for memory."""
    group: list[_Range] = []
    nbytes = 0
    for each in ranges:
        if group and (nbytes + each[2] - each[1] > _GROUP_NBYTES or len(group) == _GROUP_OBJECTS):
            yield group
            group, nbytes = [], 0
        group.append(each)
        nbytes += each[2] - each[1]
    if group:
        yield group
