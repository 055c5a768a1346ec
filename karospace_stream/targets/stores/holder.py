"""The process that works on an export to a store, and whether it has certainly ended."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
_SAME_S = 2.0  # reported process start times vary a little from one query to the next


def this_process() -> dict[str, Any]:
    """Identifies the maker of a claim; empty if this machine may share its name with others.

    A name is not enough: many machines are called the same, and see other processes.
    """
    try:
        parts = (socket.gethostname(), _BOOT.read_text().strip(), str(_NAMESPACE.readlink()))
    except OSError:
        return {}
    return {
        "machine": " ".join(parts),
        "process": os.getpid(),
        "started": psutil.Process().create_time(),
    }


def is_gone(holder: Mapping[str, Any]) -> bool:
    """Whether it was a process of this machine, since its last start, and has ended."""
    here = this_process()
    process, started = holder.get("process"), holder.get("started")
    if not here or holder.get("machine") != here["machine"]:
        return False
    if type(process) is not int or process <= 0 or not isinstance(started, (int, float)):
        return False
    try:
        there = psutil.Process(process)
        return there.status() == psutil.STATUS_ZOMBIE or abs(there.create_time() - started) > _SAME_S
    except psutil.NoSuchProcess:
        return True
    except (psutil.Error, OverflowError):
        return False
