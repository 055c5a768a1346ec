"""Try some variants in a process of their own: ``python -m tests.damage.group zarr 0 25``."""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path

from karospace_stream.units import parse_nbytes
from tests.damage.containers import CONTAINERS
from tests.damage.harness import MEMORY, try_variant


def main(name: str, start: int, stop: int) -> int:
    """Print what is wrong, and what is being tried when the process dies; gives how many are wrong."""
    n_wrong = n_large = 0
    for number in range(start, stop):
        print(f"trying {name} {number}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            outcome = try_variant(CONTAINERS[name], number, Path(folder) / "variant")
        if _peak_nbytes() > parse_nbytes(MEMORY) and not n_large:
            n_large = 1
            outcome.problems.append(f"the process has grown beyond {MEMORY}")
        n_wrong += bool(outcome.problems)
        for problem in outcome.problems:
            print(f"{outcome.label}: {problem}", flush=True)
    return n_wrong


def _peak_nbytes() -> int:
    """The most memory that this process has had. ``ru_maxrss`` is inherited from the one that started it."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) << 10


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of anndata and zarr, about what is damaged
    sys.exit(min(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), 100))
