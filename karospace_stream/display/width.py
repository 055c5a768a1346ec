"""How wide lines may be, in a terminal and elsewhere."""

from __future__ import annotations

import os
import shutil
from typing import TextIO


def width_of(stream: TextIO) -> int | None:
    """Columns for lines of a stream; None for lines of any length.

    ``COLUMNS`` decides if it is set, wherever the output goes; else a terminal has its own width, and what
    goes to a file or a program is not wrapped, so that each fact stays on one line.
    """
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    if not stream.isatty():
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):  # such as a stream of an interpreter that has no file behind it
        return shutil.get_terminal_size().columns
