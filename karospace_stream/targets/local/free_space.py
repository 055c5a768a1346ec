"""Free space of the disk where something will be written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def existing_folder(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    # Answers False, not with an error, for a name that no file may have.
    return next(folder for folder in (path, *path.parents) if os.path.exists(folder))  # noqa: PTH110


def free_nbytes(path: Path) -> int:
    """Bytes that this user may still write there.

    Raises
    ------
    OSError
        If the system does not tell.
    """
    return shutil.disk_usage(existing_folder(path)).free
