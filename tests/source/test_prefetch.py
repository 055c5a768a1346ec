"""Reads that begin before they are needed: in order, bounded, each once, and all awaited."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import pytest

from karospace_stream.source.files.prefetch import AHEAD_NBYTES, Read, ReadCache, in_order


class Store:
    """Reads that are finished by hand, or at once."""

    def __init__(self, at_once: bool = True) -> None:
        self.at_once = at_once
        self.begun: list[Future[bytes]] = []

    def read(self, name: bytes, nbytes: int = 1, shared: bool = False) -> Read:
        return Read(nbytes, lambda: self.begin(name), shared)

    def begin(self, name: bytes) -> Future[bytes]:
        future: Future[bytes] = Future()
        if self.at_once:
            future.set_result(name)
        self.begun.append(future)
        return future


def test_in_their_order():
    store = Store()
    names = [bytes([number]) for number in range(100)]
    assert list(in_order([store.read(name) for name in names])) == names
    assert list(in_order([])) == []


@pytest.mark.parametrize(
    ("nbytes", "most"),
    [(AHEAD_NBYTES // 4, 4), (AHEAD_NBYTES // 2 + 1, 1), (AHEAD_NBYTES * 3, 1), (1, 32)],
)
def test_only_so_many_are_on_their_way(nbytes, most):
    store, done = Store(), 0
    for _ in in_order([store.read(b"x", nbytes) for _ in range(80)]):
        done += 1
        # The one in hand counts, until the next is asked for.
        assert len(store.begun) - done + 1 <= most
    assert done == 80


def test_small_ones_wait_for_a_large_one():
    store = Store()
    reads = [store.read(b"a", 5), store.read(b"b", AHEAD_NBYTES + 1), store.read(b"c", 5)]
    arrived = in_order(reads)
    assert next(arrived) == b"a"
    assert len(store.begun) == 1
    assert next(arrived) == b"b"
    assert len(store.begun) == 2
    assert list(arrived) == [b"c"]


def test_whoever_stops_leaves_nothing_on_its_way():
    store = Store(at_once=False)
    arrived = in_order([store.read(b"a"), store.read(b"b"), store.read(b"c", shared=True)])
    thread = threading.Timer(0.05, lambda: store.begun[0].set_exception(OSError("lost")))
    thread.start()
    with pytest.raises(OSError, match="lost"):
        next(arrived)
    thread.join()
    assert [future.cancelled() for future in store.begun] == [False, True, False]


def test_kept_once_for_all_who_ask():
    kept, count = ReadCache[bytes](100), []
    wait = threading.Event()

    def read() -> bytes:
        count.append(1)
        wait.wait()
        return b"data"

    got: list[bytes] = []
    threads = [threading.Thread(target=lambda: got.append(kept.get("k", 4, read))) for _ in range(8)]
    for thread in threads:
        thread.start()
    wait.set()
    for thread in threads:
        thread.join()
    assert got == [b"data"] * 8
    assert len(count) == 1


def test_the_oldest_goes_first_and_two_always_stay():
    kept = ReadCache[int](100)
    for key in "abcd":
        assert kept.get(key, 30, lambda key=key: ord(key)) == ord(key)
    assert kept.get("b", 30, lambda: 0) == ord("b")  # asked for again: c is the oldest now
    assert kept.get("a", 30, lambda: 1) == 1
    assert kept.get("c", 30, lambda: 2) == 2
    for key in (1, 2, 3):
        kept.get(key, 1000, lambda key=key: key)
    assert kept.get(3, 1000, lambda: 0) == 3
    assert kept.get(2, 1000, lambda: 0) == 2
    assert kept.get(1, 1000, lambda: 0) == 0


def test_what_failed_is_asked_for_again():
    kept = ReadCache[int](100)

    def fail() -> int:
        raise OSError("no line")

    with pytest.raises(OSError, match="no line"):
        kept.get("k", 1, fail)
    assert kept.get("k", 1, lambda: 7) == 7
