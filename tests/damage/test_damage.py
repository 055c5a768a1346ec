"""Whatever is wrong with an input, there is a right export or one sentence, and nothing is left.

`make test-big` tries 2,100 variants.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import pytest

from tests.damage.containers import CONTAINERS
from tests.damage.harness import N_GOOD, try_variant

ROOT = Path(__file__).parents[2]
N_VARIANTS = 700  # of each container
GROUP = 25
LONGEST = 1800  # seconds that a group may take; alone on two cores it takes one or two minutes


@pytest.mark.filterwarnings("ignore")  # of anndata and zarr, about what is damaged
@pytest.mark.parametrize("number", [8, 353])  # of the same two inputs as below: they are made once
@pytest.mark.parametrize("name", CONTAINERS)
def test_a_few(tmp_path, name, number):
    outcome = try_variant(CONTAINERS[name], number, tmp_path / "variant")
    assert not outcome.problems, outcome.label


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CONTAINERS)
def test_one_of_each_kind_is_inspected(tmp_path, name):
    n_kinds = len(CONTAINERS[name].kinds)
    for kind in range(n_kinds):
        number = next(each for each in count(kind, n_kinds) if each % N_GOOD < 2)
        outcome = try_variant(CONTAINERS[name], number, tmp_path / "variant", formats=())
        assert not outcome.problems, outcome.label


@pytest.mark.big
@pytest.mark.parametrize("start", range(0, N_VARIANTS, GROUP))
@pytest.mark.parametrize("name", CONTAINERS)
def test_many(name, start):
    """In a process of their own: a library that dies or hangs on damaged data takes its process along."""
    command = [sys.executable, "-m", "tests.damage.group", name, str(start), str(start + GROUP)]
    assert run_group(command, LONGEST) == ""


def run_group(command: list[str], longest: float) -> str:
    """What was wrong, with the variant where it died or hung; empty where nothing was.

    Files take what it prints, as Python waits for the end of a pipe that children of a group hold open.
    """
    with TemporaryFile() as out, TemporaryFile() as err:
        group = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=err, start_new_session=True)
        try:
            code: int | None = group.wait(longest)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            if group.poll() is None:
                os.killpg(group.pid, signal.SIGKILL)
                group.wait()
        printed, told = _text_of(out), _text_of(err)
    if code == 0:
        return ""
    tried = re.findall("^trying (.*)$", told, re.MULTILINE)[-1:]
    end = f"does not end within {longest} s" if code is None else f"ended with {code}"
    return f"{printed}{' '.join(tried) or 'the beginning'} {end}\n{told[-300:]}"


def _text_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


HANGS = """
import ctypes, sys
print("trying h5ad 7", file=sys.stderr, flush=True)
print("h5ad 6 is wrong", flush=True)
# As HDF5 does in a damaged heap: holds the interpreter's lock, hears no signal but that which kills.
ctypes.PyDLL(None).pause()
"""


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (HANGS, "h5ad 6 is wrong\nh5ad 7 does not end within 5 s\ntrying h5ad 7\n"),
        (HANGS.replace("ctypes.PyDLL(None).pause()", "sys.exit(3)"), "h5ad 7 ended with 3\n"),
        (
            HANGS.replace("ctypes.PyDLL(None).pause()", "import os; os.kill(os.getpid(), 9)"),
            "h5ad 7 ended with -9",
        ),
        ("", ""),
    ],
)
def test_groups_that_die_or_hang(program, said):
    """Whoever runs the many is told which variant it was, and the rest goes on."""
    told = run_group([sys.executable, "-S", "-c", program], 5)
    assert said in told
    assert bool(told) == bool(said)
