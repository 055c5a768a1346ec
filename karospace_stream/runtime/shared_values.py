"""Values that each process makes once and that all its tasks share, so that no task is sent them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


@contextmanager
def shared_value(token: str, make: Callable[[], T]) -> Iterator[T]:
    """The value of a token, which the first task of this process that wants it makes.

    It stays until `forget`. Before a value is made, those of other tokens that no task is using are
    forgotten: a process of a cluster may outlive whoever would have said so.
    """
    with _LOCK:
        entry = _ENTRIES.setdefault(token, _Entry())
        entry.n_users += 1
    try:
        yield entry.value(token, make)
    finally:
        with _LOCK:
            entry.n_users -= 1


def forget(token: str) -> None:
    """Let go of a value; tasks that are using it keep it until their end."""
    with _LOCK:
        _ENTRIES.pop(token, None)


class _Entry:
    def __init__(self) -> None:
        self.n_users = 0
        self._lock = threading.Lock()
        self._made: tuple[Any] | None = None

    def value(self, token: str, make: Callable[[], Any]) -> Any:
        with self._lock:  # others wait; if making it fails, the next one tries
            if self._made is None:
                _forget_idle(token)
                self._made = (make(),)
            return self._made[0]


def _forget_idle(token: str) -> None:
    with _LOCK:
        for other, entry in list(_ENTRIES.items()):
            if other != token and not entry.n_users:
                del _ENTRIES[other]


_ENTRIES: dict[str, _Entry] = {}
_LOCK = threading.Lock()
