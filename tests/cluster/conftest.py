"""Clusters: three worker processes that share nothing, and one inside of the test's own process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from tests.stores.processes import running

N_WORKERS = 3
LIMIT = "2 GiB"


@dataclass(frozen=True)
class Cluster:
    """A scheduler, and workers each in a folder of its own."""

    address: str
    folders: tuple[Path, ...]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three worker processes with nannies, which start them again when they are killed."""
    root = tmp_path_factory.mktemp("cluster")
    python = [sys.executable, "-m"]
    at_home = ["--host", "127.0.0.1", "--no-dashboard"]
    with ExitStack() as stack:
        command = [*python, "distributed.cli.dask_scheduler", *at_home, "--port", "0"]
        log = root / "scheduler.log"
        address = stack.enter_context(running(command, r"Scheduler at: +(tcp://[\d.:]+)", log))
        folders = []
        for number in range(N_WORKERS):
            folder = root / f"worker-{number}"
            folder.mkdir()
            own = ["env", "-C", folder, f"TMPDIR={folder}", f"HOME={folder}", *_import_path()]
            words = [*own, *python, "distributed.cli.dask_worker", address, *at_home]
            words += ["--nthreads", "2", "--memory-limit", LIMIT, "--local-directory", folder]
            says = r"Start worker at: +(tcp://[\d.:]+)"
            stack.enter_context(running(words, says, root / f"worker-{number}.log"))
            folders.append(folder)
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(N_WORKERS, timeout=60)
        yield Cluster(address, tuple(folders))


def _import_path() -> list[str]:
    return [f"PYTHONPATH={os.pathsep.join(filter(None, sys.path))}"]


@pytest.fixture(scope="module")
def near() -> Iterator[str]:
    """Two workers in this process: their code can be changed by a test."""
    with LocalCluster(
        n_workers=2, threads_per_worker=3, processes=False, dashboard_address=":0", memory_limit=LIMIT
    ) as made:
        yield made.scheduler_address
