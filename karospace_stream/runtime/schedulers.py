"""Names of schedulers, and addresses of cluster schedulers."""

from __future__ import annotations

import re

#: On this machine.
SCHEDULERS = ("threads", "processes", "sync")

_ADDRESS = re.compile(r"[a-z][a-z0-9+]*://.+")


def is_address(scheduler: str) -> bool:
    """Whether it is the address of a ``distributed`` scheduler, such as ``tcp://10.0.0.1:8786``."""
    return bool(_ADDRESS.fullmatch(scheduler))


def shares_memory(scheduler: str) -> bool:
    """Whether tasks at once are threads of one process."""
    return scheduler in ("threads", "sync")
