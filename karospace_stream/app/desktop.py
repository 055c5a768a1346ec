"""The desktop of this machine, if it has one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from karospace_stream.errors import BadOptionError


def has_desktop() -> bool:
    """Whether a window could open here, visible to the user who started the exporter."""
    if "SSH_CONNECTION" in os.environ:
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    shown = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return shown and shutil.which("xdg-open") is not None


def open_folder(path: str) -> None:
    """Show a folder in the file manager.

    Raises
    ------
    BadOptionError
        If it is not a folder, or there is no desktop.
    """
    if not Path(path).is_dir():
        raise BadOptionError(f"{path} is not a folder on this machine")
    if not has_desktop():
        raise BadOptionError("this machine has no desktop to open a folder on")
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - a folder, checked above
        return
    command = "open" if sys.platform == "darwin" else "xdg-open"
    # The path is absolute, so it cannot be taken for an option.
    subprocess.Popen(  # noqa: S603
        [command, str(Path(path).resolve())], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
