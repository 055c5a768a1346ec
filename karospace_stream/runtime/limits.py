"""Free memory, within the limits of the container or batch job that this process runs in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil

_MEMBERSHIP = Path("/proc/self/cgroup")
_MOUNT = Path("/sys/fs/cgroup")
_NOWHERE = 1 << 60  # cgroups report a value above this if there is no limit


def free_nbytes() -> int:
    """Memory available now, in bytes: the smallest that the machine and all limits leave."""
    free = psutil.virtual_memory().available
    for folder, limit, used in _groups():
        most, now = _number(folder / limit), _number(folder / used)
        if most is not None and now is not None and most < _NOWHERE:
            free = min(free, max(0, most - now + _reclaimable(folder / "memory.stat")))
    return int(free)


def _groups() -> Iterator[tuple[Path, str, str]]:
    """The memory group of this process and all above it, with the names of limit and use."""
    for line in _lines(_MEMBERSHIP):
        _, controllers, path = line.split(":", 2)
        if not controllers:
            root, limit, used = _MOUNT, "memory.max", "memory.current"
        elif "memory" in controllers.split(","):
            root, limit, used = _MOUNT / "memory", "memory.limit_in_bytes", "memory.usage_in_bytes"
        else:
            continue
        own = root / path.lstrip("/")  # in a container, the path of the host: then only the root is there
        for folder in (own, *own.parents):
            if folder.is_relative_to(root):
                yield folder, limit, used


def _reclaimable(stat: Path) -> int:
    """Cached pages of files: they count as used, but the kernel frees them on demand."""
    return sum(int(line.split()[1]) for line in _lines(stat) if line.startswith("inactive_file "))


def _number(path: Path) -> int | None:
    text = "".join(_lines(path)).strip()
    return int(text) if text.isdecimal() else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
