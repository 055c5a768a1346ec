"""Runs one command in a fresh process and says what it took."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_EVERY_S = 0.02
_LOOK_AROUND_EVERY = 10  # samples of memory for each look for children and into the scratch folder


@dataclass(frozen=True, slots=True)
class Measurement:
    """One finished process with all that it started.

    Attributes
    ----------
    wall_s, user_s, system_s
        Seconds from start to end, and processor seconds of the whole tree.
    peak_nbytes
        Most resident memory: the tree's sum every 20 ms, and the kernel's own high-water mark of
        a single process where that is higher.
    read_nbytes, written_nbytes
        What the processes asked the kernel for, from caches or not; None where it does not count.
    scratch_nbytes
        Most that lay in the scratch folder.
    load
        Processes that wanted a processor in the minute before, on average.
    """

    exit_code: int
    wall_s: float
    user_s: float
    system_s: float
    peak_nbytes: int
    read_nbytes: int | None
    written_nbytes: int | None
    scratch_nbytes: int
    load: float
    stdout: str
    stderr: str


def measure(
    command: Sequence[str | Path], *, cwd: Path, scratch: Path | None = None, timeout_s: float = 7200
) -> Measurement:
    """Run a command to its end; it is killed with its children after ``timeout_s``.

    All are given the same time stamp, so that the same export is the same bytes.
    """
    load = os.getloadavg()[0]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            [os.fspath(word) for word in command],
            cwd=cwd,
            env=environment,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        killer = threading.Timer(timeout_s, _kill_group, [process.pid])
        killer.start()
        try:
            with _Sampler(process.pid, scratch) as sampler:
                _wait_without_reaping(process.pid)
                wall = time.perf_counter() - started
                moved = _moved_nbytes(process.pid)
        except BaseException:
            _kill_group(process.pid)
            raise
        finally:
            killer.cancel()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Measurement(
            exit_code=process.returncode,
            wall_s=wall,
            user_s=used.ru_utime,
            system_s=used.ru_stime,
            peak_nbytes=max(sampler.peak_nbytes, _kernel_peak(used)),
            read_nbytes=moved[0],
            written_nbytes=moved[1],
            scratch_nbytes=sampler.scratch_nbytes,
            load=load,
            stdout=out.read(),
            stderr=err.read(),
        )


def _kernel_peak(used: resource.struct_rusage) -> int:
    """The kernel's high-water mark; 0 where it may be that of this process, of which the other is a fork."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used.ru_maxrss * 1024 if used.ru_maxrss > own else 0


def _wait_without_reaping(pid: int) -> None:
    """Until the process has ended: its counters can be read as long as nobody has waited for it."""
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _moved_nbytes(pid: int) -> tuple[int | None, int | None]:
    try:
        lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    except OSError:
        return None, None
    counts = {name: int(count) for name, count in (line.split(":") for line in lines)}
    return counts["rchar"], counts["wchar"]


class _Sampler(threading.Thread):
    """Watches a process tree and its scratch folder from the side.

    Who belongs to the tree is asked less often than what they hold: psutil looks through all
    processes of the machine for that, which fifty times a second would cost a tenth of a core.
    """

    def __init__(self, pid: int, scratch: Path | None) -> None:
        super().__init__(name="sampler", daemon=True)
        self.peak_nbytes = 0
        self.scratch_nbytes = 0
        self._root = psutil.Process(pid)
        self._scratch = scratch
        self._done = threading.Event()

    def __enter__(self) -> _Sampler:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        """Sample until told to stop."""
        number = 0
        children: list[psutil.Process] = []
        while True:
            if number % _LOOK_AROUND_EVERY == 0:
                children = _children(self._root)
                if self._scratch is not None:
                    self.scratch_nbytes = max(self.scratch_nbytes, folder_nbytes(self._scratch)[0])
            held = sum(_resident_nbytes(process) for process in (self._root, *children))
            self.peak_nbytes = max(self.peak_nbytes, held)
            number += 1
            if self._done.wait(_EVERY_S):
                return


def _children(root: psutil.Process) -> list[psutil.Process]:
    try:
        return root.children(recursive=True)
    except psutil.Error:  # it has ended in the meantime
        return []


def _resident_nbytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def folder_nbytes(folder: Path) -> tuple[int, int]:
    """Bytes and number of all files below a folder, which may change meanwhile."""
    nbytes = count = 0
    pending = [os.fspath(folder)]
    while pending:
        with contextlib.suppress(OSError), os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                    continue
                with contextlib.suppress(OSError):
                    nbytes += entry.stat(follow_symlinks=False).st_size
                    count += 1
    return nbytes, count
