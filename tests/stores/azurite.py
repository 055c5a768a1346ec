"""Azurite, which plays Azure's blob storage: installed once for all clones and test processes.

``python -m tests.stores.azurite`` installs it, as ``make test`` does.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

HERE = Path(__file__).parent
LOCK = HERE / "package-lock.json"


class NotInstalledError(RuntimeError):
    """Why there is no Azurite."""


def azurite() -> Path:
    """The program that serves blobs; installs it where it is missing."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    folder = user_cache_path("karospace-stream-tests") / f"azurite-{digest}"
    program = folder / "node_modules" / ".bin" / "azurite-blob"
    ready = folder / "ready"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not ready.exists():
            _install(folder)
            ready.touch()
    return program


def _install(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NotInstalledError("there is no npm, which installs Azurite")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    # None of the packages needs a script of its own to be installed.
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ)
    if done.returncode:
        raise NotInstalledError(f"npm could not install Azurite: {done.stderr.strip()[-300:]}")


if __name__ == "__main__":
    try:
        azurite()
    except NotInstalledError as error:
        print(f"{error}: the tests against Azure will be skipped")
