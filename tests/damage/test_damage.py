"""Whatever is wrong with an input, there is a right export or one sentence, and nothing is left.

`make test-big` tries 2,100 variants.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.damage.containers import CONTAINERS
from tests.damage.harness import try_variant

ROOT = Path(__file__).parents[2]
N_VARIANTS = 700  # of each container
GROUP = 25


@pytest.mark.filterwarnings("ignore")  # of anndata and zarr, about what is damaged
@pytest.mark.parametrize("number", range(3, N_VARIANTS, N_VARIANTS // 2))
@pytest.mark.parametrize("name", CONTAINERS)
def test_a_few(tmp_path, name, number):
    outcome = try_variant(CONTAINERS[name], number, tmp_path / "variant")
    assert not outcome.problems, outcome.label


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CONTAINERS)
def test_one_of_each_kind_is_inspected(tmp_path, name):
    for number in range(len(CONTAINERS[name].kinds)):
        outcome = try_variant(CONTAINERS[name], number, tmp_path / "variant", formats=())
        assert not outcome.problems, outcome.label


@pytest.mark.big
@pytest.mark.parametrize("start", range(0, N_VARIANTS, GROUP))
@pytest.mark.parametrize("name", CONTAINERS)
def test_many(name, start):
    """In a process of their own, as a library that dies on damaged data takes its process along."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.damage.group", name, str(start), str(start + GROUP)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr[-300:]}"
