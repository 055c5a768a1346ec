"""Pause Python's garbage collector while HDF5 waits for a store.

HDF5 holds its one lock while a separate thread fetches a remote file's bytes. If that thread
collected garbage that includes an HDF5 object, it would wait for the same lock, forever.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LOCK = threading.Lock()
_inside = 0
_was_enabled = False


@contextmanager
def not_collecting(settle: Callable[[], None]) -> Iterator[None]:
    """Let no thread begin to collect garbage. May be nested, and used by several threads.

    Parameters
    ----------
    settle
        Returns once the fetching thread does not collect either.
    """
    global _inside, _was_enabled
    with _LOCK:
        if not _inside:
            _was_enabled = gc.isenabled()
            gc.disable()
        _inside += 1
    try:
        settle()
        yield
    finally:
        with _LOCK:
            _inside -= 1
            if not _inside and _was_enabled:
                gc.enable()
