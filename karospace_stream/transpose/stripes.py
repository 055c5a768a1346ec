"""A long run of bytes as objects of one size: no store then needs more than a few of them in memory.

The objects of ``key`` are ``key.0``, ``key.1``, …, each of `STRIPE_NBYTES` except the last, which is
shorter (and may be empty). So arithmetic gives the position of a byte, and a missing end is noticed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from karospace_stream.storage import Headers, Store

STRIPE_NBYTES = 4 << 20
#: Stripes that a writer sends at the same time.
AT_ONCE = 4
#: Most memory that writing and reading take, besides the bytes passed in and returned.
WRITE_NBYTES = 2 * (AT_ONCE + 1) * STRIPE_NBYTES
READ_NBYTES = 20 << 20

_GROUP_NBYTES = 4 << 20  # requested at the same time, in
_GROUP_RANGES = 512  # most ranges at once: a request costs some kilobytes, however short

Span = tuple[str, int, int]
"""Key, and ``start`` and ``stop`` (exclusive) of the bytes."""


class StripeWriter:
    """Takes bytes piece by piece, and writes them in stripes."""

    def __init__(self, store: Store, key: str, at_once: int = AT_ONCE) -> None:
        self._store = store
        self._key = key
        self._at_once = at_once
        self._full: list[bytes] = []
        self._last = bytearray()
        self._n_sent = 0
        self.size = 0

    def write(self, data: bytes) -> None:
        """Append."""
        self.size += len(data)
        view = memoryview(data)
        while len(view):
            room = STRIPE_NBYTES - len(self._last)
            self._last += view[:room]
            view = view[room:]
            if len(self._last) == STRIPE_NBYTES:
                self._finish_stripe()

    def close(self) -> int:
        """Write the remaining bytes; returns the total size."""
        self._finish_stripe()
        self._send()
        return self.size

    def _finish_stripe(self) -> None:
        self._full.append(bytes(self._last))
        self._last.clear()
        if len(self._full) == self._at_once:
            self._send()

    def _send(self) -> None:
        numbers = range(self._n_sent, self._n_sent + len(self._full))
        self._store.put_many(
            [(f"{self._key}.{n}", data, Headers()) for n, data in zip(numbers, self._full, strict=True)]
        )
        self._n_sent += len(self._full)
        self._full.clear()


def read_stripes(store: Store, key: str) -> Iterator[bytes]:
    """All stripes, one after another.

    Raises
    ------
    FileNotFoundError
        If one is missing.
    """
    number, data = 0, b""
    while number == 0 or len(data) == STRIPE_NBYTES:
        data = store.read(f"{key}.{number}")
        number += 1
        yield data


def run_sizes(store: Store) -> Counter[str]:
    """Bytes of each run, by name."""
    sizes: Counter[str] = Counter()
    for key, about in store.find().items():
        sizes[key.rpartition(".")[0]] += about.size
    return sizes


def read_spans(store: Store, spans: Sequence[Span]) -> Iterator[bytes]:
    """The bytes of each span, in order; requests as many at once as memory allows."""
    group: list[Span] = []
    nbytes = 0
    for span in spans:
        group.append(span)
        nbytes += span[2] - span[1]
        if nbytes >= _GROUP_NBYTES or len(group) == _GROUP_RANGES:
            yield from _read_group(store, group)
            group, nbytes = [], 0
    yield from _read_group(store, group)


def _read_group(store: Store, group: Sequence[Span]) -> Iterator[bytes]:
    ranges = [_ranges(*span) for span in group]
    parts = iter(store.read_ranges([each for several in ranges for each in several]))
    for several in ranges:
        if len(several) == 1:
            yield next(parts)
        else:
            yield b"".join(next(parts) for _ in several)


def _ranges(key: str, start: int, stop: int) -> list[tuple[str, int, int]]:
    """The parts of stripes that cover a span."""
    if stop <= start:
        return []
    found = []
    for number in range(start // STRIPE_NBYTES, (stop - 1) // STRIPE_NBYTES + 1):
        before = number * STRIPE_NBYTES
        found.append((f"{key}.{number}", max(start - before, 0), min(stop - before, STRIPE_NBYTES)))
    return found
