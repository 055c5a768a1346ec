"""Other people's programs, each in an environment of its own, run once a session."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from benchmarks.peers.environments import interpreter

ROOT = Path(__file__).parents[2]
_DONE = "done"


def python_of(program: str) -> Path:
    """The interpreter of a program's environment; where it cannot be made the test is skipped."""
    cache = ROOT / ".bench" / "environments"
    try:
        python = interpreter(program, cache, make=True)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"{program} could not be installed in {cache}: {error}")
    assert python is not None
    return python


def made_once(
    factory: pytest.TempPathFactory,
    name: str,
    program: str,
    script: Path,
    arguments: Callable[[Path], Sequence[str | Path]],
) -> Path:
    """The folder of what a program's script made, one for all test processes.

    Parameters
    ----------
    arguments
        Of the script after the folder itself, to which it may write beforehand.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / _DONE).exists():
            subprocess.run([python_of(program), script, folder, *arguments(folder)], check=True)
            (folder / _DONE).touch()
    return folder
