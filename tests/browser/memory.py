"""How much memory the pages of a browser take."""

from __future__ import annotations

import re
from pathlib import Path

import psutil


def peak_nbytes() -> int:
    """The most memory that any renderer of the browser has held, of those that run.

    The kernel keeps the peak of each process, so that nothing short is missed between two looks.
    """
    peaks = [_peak(process.pid) for process in psutil.Process().children(recursive=True) if _renders(process)]
    return max(peaks)


def _renders(process: psutil.Process) -> bool:
    try:
        return any("--type=renderer" in argument for argument in process.cmdline())
    except psutil.Error:  # it has ended
        return False


def _peak(pid: int) -> int:
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:  # it has ended
        return 0
    return 1024 * int(found[1]) if found else 0
