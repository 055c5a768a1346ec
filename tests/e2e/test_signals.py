"""Signals at any moment: one orderly way out, and what is said of it is true."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.support import command

Synth = Callable[..., Path]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
SCRATCH = "karospace-scratch-*"


def obey_signals() -> None:
    """A background job inherits ignored signals, and so would what this test starts."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_DFL)


def wait_for(process: subprocess.Popen[str], folder: Path, sign: str) -> None:
    """Until there is such a file, or the export has ended."""
    deadline = time.monotonic() + 120
    while not any(folder.glob(sign)) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.few(4)
def test_what_is_said_is_true(seed: int, synth: Synth, tmp_path: Path) -> None:
    chosen = random.Random(seed)
    scheduler = ("sync", "threads", "processes")[seed % 3]
    first, second = chosen.choice(SIGNALS), chosen.choice((None, *SIGNALS[:3]))
    resume = chosen.random() < 0.3
    # A terminal sends to the whole group; SIGTERM comes to one.
    group = first != signal.SIGTERM and chosen.random() < 0.5
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    words = ["--strategy", "spill", "--no-gzip", "--scheduler", scheduler, "-q", *["--resume"] * resume]
    process = subprocess.Popen(
        command("export", synth(20_000, 1_000), tmp_path / "out", *words),
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
        start_new_session=True,
        preexec_fn=obey_signals,
    )
    signs = (".out.*", f"tmp/{SCRATCH}", f"tmp/{SCRATCH}/block*", ".out.*/bundle/assets/expression/*", "out")
    wait_for(process, tmp_path, chosen.choice(signs))
    time.sleep(chosen.random() * 0.3)
    for each in (first, second):
        if each is not None and process.poll() is None:
            (os.killpg if group else os.kill)(process.pid, each)
            time.sleep(chosen.choice((0.02, 0.2, 0.5)))
    _, told = process.communicate(timeout=120)
    left = sorted(path.name for path in tmp_path.glob(".*"))
    scratch = list(temporary.glob(SCRATCH))
    assert "Traceback" not in told
    if process.returncode == 0:  # it had ended before
        assert (left, scratch) == ([], [])
        return
    # Of two that wait, Python hears the one with the lower number first.
    assert process.returncode in {128 + first, 128 + (second or first)}, told
    if "nothing was left behind" in told:
        assert (left, scratch) == ([], []), told
    else:
        assert resume, told
        assert "finished work is kept; run the same command to resume" in told
        assert left or (tmp_path / "out").exists()


def test_signals_that_are_ignored_stay_so(synth: Synth, tmp_path: Path) -> None:
    """As after ``nohup``."""
    process = subprocess.Popen(
        command("export", synth(700, 90), tmp_path / "out", "-q"),
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    wait_for(process, tmp_path, ".out.*")
    if process.poll() is None:
        process.send_signal(signal.SIGHUP)
    assert process.wait(120) == 0
    assert (tmp_path / "out" / "manifest.json").exists()
