"""One orderly way out: on Ctrl-C or another signal, the program cleans up once and undisturbed.

Without `watch` nothing here has any effect: a notebook or a script keeps its own signal handlers.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

#: Signals that ask a program to end: from a terminal, a batch system, a lost connection.
SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
)


class Stopped(KeyboardInterrupt):
    """Raised in the main thread at the first signal."""


@dataclass(slots=True)
class _State:
    """The stop requests to this process.

    Attributes
    ----------
    signum
        The first signal.
    shields
        How many are cleaning up, so that nothing is raised.
    at_work
        Work in progress, as data for whoever has to clean up for us.
    has_left
        Whether something could not be taken back.
    before
        The signal handlers before `watch`.
    """

    signum: int | None = None
    shields: int = 0
    at_work: list[dict[str, Any]] = field(default_factory=list)
    has_left: bool = False
    before: dict[int, Any] = field(default_factory=dict)


_STATE = _State()


def watch(hurry: Callable[[], None]) -> None:
    """Stop in order at the first signal; at the second, call ``hurry``, which ends the process.

    Signals that are ignored stay so: ``nohup`` and shells that start in the background mean it.
    """
    _STATE.signum, _STATE.shields, _STATE.has_left = None, 0, False

    def handle(signum: int, frame: FrameType | None) -> None:
        if _STATE.signum is not None:
            hurry()
            return
        _STATE.signum = signum
        if not _STATE.shields:
            raise Stopped

    with suppress(ValueError):  # not the main thread
        for each in SIGNALS:
            if signal.getsignal(each) is not signal.SIG_IGN:
                _STATE.before[each] = signal.signal(each, handle)


def unwatch() -> None:
    """Forget the request and restore the earlier signal handlers, as the process continues."""
    with suppress(ValueError):  # not the main thread
        while _STATE.before:
            signum, handler = _STATE.before.popitem()
            signal.signal(signum, signal.SIG_DFL if handler is None else handler)  # None: not Python's
    _STATE.signum = None


def deafen() -> None:
    """Ignore further signals. A program that replaces this one ignores them too."""
    with suppress(ValueError):  # not the main thread
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)


def asked() -> int | None:
    """The signal that asked to stop; None if there was none."""
    return _STATE.signum


def check() -> None:
    """Raise an exception again that Python swallowed, such as in a callback of C code.

    Raises
    ------
    Stopped
        If a signal has asked to stop.
    """
    if _STATE.signum is not None and not _STATE.shields and _is_main():
        raise Stopped


@contextmanager
def shielded() -> Iterator[None]:
    """For cleaning up: records the first signal that arrives meanwhile, and raises nothing."""
    _STATE.shields += 1
    try:
        yield
    finally:
        _STATE.shields -= 1


@contextmanager
def at_work(work: dict[str, Any]) -> Iterator[None]:
    """Report work in progress, so that it can be rolled back from outside."""
    _STATE.at_work.append(work)
    try:
        yield
    finally:
        _STATE.at_work.remove(work)


def note_left() -> None:
    """Record that something could not be removed."""
    _STATE.has_left = True


def has_left() -> bool:
    """Whether something could not be removed."""
    return _STATE.has_left


def under_way() -> list[dict[str, Any]]:
    """Records of everything to take back."""
    return list(_STATE.at_work)


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()
