"""Locks on folders, which the system releases however the process ends."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

LOCK = "lock"
_JUST_MADE_S = 3.0  # a folder exists a moment before its lock
_WAIT_S = 10.0  # somebody may be looking at this moment whether it is held

_HELD: dict[str, Any] = {}


def hold(folder: Path, *, wait_s: float = _WAIT_S) -> bool:
    """Take the lock of a folder; False if another process has it."""
    from filelock import FileLock, Timeout

    if os.fspath(folder) in _HELD:
        return False
    # Released from any thread: an export may run in one and be ended by another.
    lock = FileLock(folder / LOCK, thread_local=False)
    try:
        lock.acquire(timeout=wait_s)
    except (Timeout, OSError):  # a folder that we cannot lock is not ours
        return False
    _HELD[os.fspath(folder)] = lock
    return True


def release(folder: Path) -> None:
    """Release the lock."""
    lock = _HELD.pop(os.fspath(folder), None)
    if lock is not None:
        lock.release()


def is_held(folder: Path) -> bool:
    """Whether a process works in a folder. One that was just made has a moment to be locked."""
    if os.fspath(folder) in _HELD:
        return True
    try:
        age = time.time() - folder.stat().st_mtime
        end = time.monotonic() + min(_JUST_MADE_S, _JUST_MADE_S - age)
        while not (folder / LOCK).exists() and time.monotonic() < end:
            time.sleep(0.02)
            folder.stat()  # gone: nobody works in it
    except FileNotFoundError:
        return False
    if not hold(folder, wait_s=0):
        return True
    release(folder)
    return False
