"""Files that appear completely or not at all, like the objects of a store."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(path: str | Path) -> Iterator[IO[bytes]]:
    """Write a file under a temporary name, and rename it when it is complete.

    On a cluster a task may run a second time while others read what it wrote before.
    """
    made = Path(f"{path}.{secrets.token_hex(4)}")
    try:
        with made.open("wb") as file:
            yield file
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
