"""Damaged inputs through the whole command: right exports, or one sentence with the right exit code."""

from __future__ import annotations

import atexit
import contextlib
import io
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import anndata as ad
import numpy as np

from karospace_stream.cli import program
from karospace_stream.cli.exit_codes import run_command
from tests.damage.same import differences
from tests.damage.sample import write_quietly

FORMATS = ("karospace", "cellucid", "anndata")
RIGHT_CODES = {0, 2, 3, 4, 5}
MEMORY = "1GB"
N_GOOD = 8  # inputs that are damaged in turn


@dataclass
class Container:
    """One kind of file: how a good one is made, and what can go wrong with it."""

    name: str
    build: Callable[[Path, np.random.Generator], None]
    kinds: list[tuple[str, Callable[[Path, np.random.Generator], None]]]
    read: Callable[[Path], ad.AnnData]


@dataclass
class Outcome:
    """What became of one variant: exit codes by command, and what was wrong."""

    label: str
    codes: dict[str, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def make_variant(container: Container, number: int, folder: Path) -> tuple[str, Path]:
    """Write variant ``number`` of a container: the same for ever, as its number is the seed."""
    rng = np.random.default_rng([number, len(container.name)])
    good, path = _good(container.name, container.build, number % N_GOOD), folder / f"input.{container.name}"
    shutil.copytree(good, path) if good.is_dir() else shutil.copyfile(good, path)
    kind, damage = container.kinds[number % len(container.kinds)]
    try:
        damage(path, rng)
    except Exception:  # this store has no such part: the damage is none
        kind += " (not possible)"
    return f"{container.name} {number} ({kind})", path


@cache
def _good(name: str, build: Callable[[Path, np.random.Generator], None], number: int) -> Path:
    """One of the inputs before they are damaged, written once a process."""
    folder = tempfile.mkdtemp(prefix="karospace-damage-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / f"good.{name}"
    build(path, np.random.default_rng(number))
    return path


def try_variant(
    container: Container, number: int, folder: Path, formats: tuple[str, ...] = FORMATS
) -> Outcome:
    """Put one variant through inspect, plan, the exports and verify."""
    folder.mkdir()
    label, path = make_variant(container, number, folder)
    outcome = Outcome(label)
    before = _names(folder)
    run = _runner(outcome, folder)
    run("inspect", ["inspect", str(path)])
    if formats:
        run("plan", ["plan", str(path), "--memory", MEMORY])
    for name in formats:
        target = folder / (f"out-{name}.zarr" if name == "anndata" else f"out-{name}")
        argv = ["export", str(path), str(target), "--format", name, "--memory", MEMORY, "--workers", "2"]
        code = run(name, argv)
        if code == 0:
            if run(f"verify {name}", ["verify", str(target), "--source", str(path)]) != 0:
                outcome.problems.append(f"verify of {name}: {outcome.said[f'verify {name}']}")
            if name == "anndata":
                outcome.problems += _compare(container, path, target)
            shutil.rmtree(target)
        left = _names(folder) - before
        if left:
            outcome.problems.append(f"{name} left {sorted(left)} (exit code {code})")
            for each in left:
                shutil.rmtree(folder / each, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    return outcome


def _names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def _runner(outcome: Outcome, folder: Path) -> Callable[[str, list[str]], int]:
    def run(name: str, argv: list[str]) -> int:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = run_command(program, "karospace-stream", argv)
            except BaseException:
                code = 99
                err.write(traceback.format_exc())
        said = [line for line in err.getvalue().splitlines() if line.startswith("error: ")]
        outcome.codes[name] = code
        outcome.said[name] = (said or [err.getvalue() + out.getvalue()])[-1]
        if not name.startswith("verify"):
            if code not in RIGHT_CODES:
                outcome.problems.append(f"{name} ends with {code}: {outcome.said[name]}")
            elif code and len(said) != 1:
                outcome.problems.append(f"{name} says {len(said)} sentences: {err.getvalue()}")
        return code

    return run


def _compare(container: Container, path: Path, target: Path) -> Iterator[str]:
    """What differs from what anndata reads, where anndata reads it."""
    try:
        wanted = write_quietly(container.read, path)
    except Exception:  # each library has its own kinds
        return []
    return [
        f"anndata reads something else: {each}"
        for each in differences(wanted, write_quietly(ad.read_zarr, target))
    ]
