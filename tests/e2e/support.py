"""What several end-to-end tests do: run a command in a process of its own, look at a folder."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import psutil


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by relative path; not the report, which tells of one run."""
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    files.pop("report.json", None)
    return files


#: Before a command: it knows the format of `tests.formats.npy_genes`.
NPY = "from karospace_stream.formats.registry import FORMATS; FORMATS['npy'] = 'tests.formats.npy_genes'"


def command(*words: str | os.PathLike[str], legacy: bool = False, before: str = "pass") -> list[str]:
    """The words that start ``karospace-stream`` (or ``karospace-export``) in this interpreter."""
    module = "karospace_stream.cli.commands.karospace_export" if legacy else "karospace_stream.cli"
    call = f"{before}; import sys; from {module} import main; sys.exit(main())"
    return [sys.executable, "-c", call, *map(os.fspath, words)]


def run(
    *words: str | os.PathLike[str], legacy: bool = False, before: str = "pass"
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, whatever its exit code."""
    line = command(*words, legacy=legacy, before=before)
    return subprocess.run(line, capture_output=True, text=True, timeout=300)


@dataclass
class Measured:
    """A finished process: exit code, output, and the most memory that its whole tree held, bytes."""

    exit_code: int
    stdout: str
    stderr: str
    peak_nbytes: int


def run_measured(*words: str | os.PathLike[str], before: str = "pass") -> Measured:
    """Run a command and add up the private memory of all its processes every few milliseconds.

    Memory that processes share (libraries, pages of mapped files) is counted once, as the
    operating system does: proportional set size.
    """
    peak = 0
    with subprocess.Popen(
        command(*words, before=before), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        done = threading.Event()

        def watch() -> None:
            nonlocal peak
            root = psutil.Process(process.pid)
            while not done.wait(0.02):
                peak = max(peak, tree_nbytes(root))

        watcher = threading.Thread(target=watch)
        watcher.start()
        stdout, stderr = process.communicate(timeout=600)
        done.set()
        watcher.join()
    return Measured(process.returncode, stdout, stderr, peak)


def tree_nbytes(root: psutil.Process) -> int:
    """Memory of a process and all below it, at this moment."""
    total = 0
    try:
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in family:
        try:
            # The resident set alone counts shared pages once a process; PSS costs more to read.
            memory = process.memory_info().rss if len(family) == 1 else process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
            continue
        total += memory
    return total
