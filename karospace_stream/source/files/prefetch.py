"""Start reads before they are needed, so that we wait for a store's latency only once."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

#: On the way, or arrived and not yet used: of each task that reads.
AHEAD_NBYTES = 16 << 20
#: Cache of pieces for the next task, per process.
KEPT_NBYTES = 16 << 20
_FEWEST_KEPT = 2
_MOST_WAITING = 32  # requests of one task

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read:
    """One read that can be begun.

    Attributes
    ----------
    shared
        Whether others wait for it too, so that it must not be stopped.
    """

    nbytes: int
    begin: Callable[[], Future[bytes]]
    shared: bool = False


def in_order(reads: Sequence[Read]) -> Iterator[bytes]:
    """Yield the results of the reads, in order, with the next ones already under way.

    Holds at most `AHEAD_NBYTES`, or the largest read alone, as long as the reader releases each result
    before it requests the next.
    """
    waiting: deque[tuple[Read, Future[bytes]]] = deque()
    rest, on_way = deque(reads), 0
    try:
        while rest or waiting:
            while rest and (not waiting or _has_room(on_way + rest[0].nbytes, len(waiting))):
                read = rest.popleft()
                waiting.append((read, read.begin()))
                on_way += read.nbytes
            read, future = waiting.popleft()
            yield future.result()
            del future
            on_way -= read.nbytes
    finally:
        for read, future in waiting:
            if not read.shared:
                future.cancel()


def _has_room(nbytes: int, n_waiting: int) -> bool:
    return nbytes <= AHEAD_NBYTES and n_waiting < _MOST_WAITING


class ReadCache(Generic[T]):
    """Cache of the latest reads, by key: a second caller gets them without another request.

    Parameters
    ----------
    capacity
        Bytes. The two that came last always stay.
    """

    def __init__(self, capacity: int = KEPT_NBYTES) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._reads: OrderedDict[Hashable, tuple[int, Future[T]]] = OrderedDict()
        self._nbytes = 0

    def begin(self, key: Hashable, nbytes: int, begin: Callable[[], Future[T]]) -> Future[T]:
        """The cached read, or a new one."""
        with self._lock:
            if key in self._reads:
                self._reads.move_to_end(key)
                return self._reads[key][1]
            future = begin()
            self._reads[key] = (nbytes, future)
            self._nbytes += nbytes
            while self._nbytes > self._capacity and len(self._reads) > _FEWEST_KEPT:
                _, (oldest, _) = self._reads.popitem(last=False)
                self._nbytes -= oldest
        future.add_done_callback(lambda done: self._forget_failed(key, done))
        return future

    def get(self, key: Hashable, nbytes: int, read: Callable[[], T]) -> T:
        """The cached value, or the result of ``read``; concurrent callers wait for it."""
        own: Future[T] = Future()
        future = self.begin(key, nbytes, lambda: own)
        if future is own:
            try:
                own.set_result(read())
            except BaseException as error:
                own.set_exception(error)
        return future.result()

    def _forget_failed(self, key: Hashable, done: Future[T]) -> None:
        if not done.cancelled() and done.exception() is None:
            return
        with self._lock:
            nbytes, kept = self._reads.get(key, (0, None))
            if kept is done:
                del self._reads[key]
                self._nbytes -= nbytes
