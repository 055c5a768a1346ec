"""Record who is using a folder: a small file per user, which counts as long as its process lives."""

from __future__ import annotations

import secrets
import socket
import time
from pathlib import Path

import psutil

_CLOCK_TOLERANCE_S = 3  # process start times are accurate to about a second, and clocks are adjusted
_ELSEWHERE_S = 24 * 3600  # processes of another machine cannot be checked: they count for a day


def enter(folder: Path) -> Path:
    """Record that this process uses something; returns the file to delete afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    own = psutil.Process()
    mark = folder / f"{own.pid}@{int(own.create_time())}@{secrets.token_hex(4)}@{_machine()}"
    mark.touch()
    return mark


def is_used(folder: Path) -> bool:
    """Whether a running process has recorded its use. Deletes the records of ended ones."""
    used = False
    for mark in folder.glob("*@*@*@*"):
        if _lives(mark):
            used = True
        else:
            mark.unlink(missing_ok=True)
    return used


def _lives(mark: Path) -> bool:
    pid, started, _, machine = mark.name.split("@", 3)
    try:
        if machine != _machine():
            return time.time() - mark.stat().st_mtime < _ELSEWHERE_S
        return abs(psutil.Process(int(pid)).create_time() - int(started)) < _CLOCK_TOLERANCE_S
    except (psutil.NoSuchProcess, FileNotFoundError, ValueError):
        return False
    except psutil.AccessDenied:
        return True


def _machine() -> str:
    return "".join(c if c.isalnum() or c in "-." else "_" for c in socket.gethostname())
