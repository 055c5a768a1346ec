"""Servers in processes of their own, started on free ports and ended for sure."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_S = 60.0


@contextmanager
def running(command: Sequence[str | Path], says: str, log: Path) -> Iterator[str]:
    """Start a server, and give the address that it says on its output.

    Parameters
    ----------
    says
        Pattern of the line with the address, which is its group.
    """
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*_ends_with_us(), *map(str, command)], stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=ROOT
        )
    try:
        yield _address(process, says, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _ends_with_us() -> list[str]:
    """What makes a server end where this process is killed, and cannot end it."""
    setpriv = shutil.which("setpriv")  # Linux only
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def _address(process: subprocess.Popen[bytes], says: str, log: Path) -> str:
    latest = time.monotonic() + START_S
    while time.monotonic() < latest:
        said = log.read_text("utf-8", "replace")
        if found := re.search(says, said):
            return found[1].rstrip("/")
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended at once: {said[-1000:]}")
        time.sleep(0.05)
    raise RuntimeError(f"{process.args} did not say where it listens: {log.read_text()[-1000:]}")
