"""``kill -9`` at random moments, then ``--resume``: the bytes of an undisturbed run, and nothing left."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.e2e.resume.killing import finish, kill_after, start, worry
from tests.e2e.resume.stored import files, objects
from tests.e2e.test_same_bytes import differing

Synth = Callable[..., Path]

# ISA-L's levels 1 to 3 choose another match now and then: see docs/design/flow.md.
OPTIONS: dict[str, Any] = {
    "genes": "all",
    "anno": ["all"],
    "compression": 6,
    "workers": 2,
    "memory": "1GB",
    "name": "killed",
    "format": ["karospace", "cellucid", "anndata"],
}
TARGETS = [("spill", "folder"), ("memory", "rclone_store"), ("memory", "folder"), ("spill", "moto_store")]
#: Processes share no memory.
WAYS = [(*each, "threads") for each in TARGETS] + [(*each, "processes") for each in (TARGETS[0], TARGETS[3])]


@pytest.fixture
def source(synth: Synth) -> Path:
    return synth(3_000, 60, chunk_values=2_000, n_neighbors=8, vectors=True)


def kill_and_resume(
    request: pytest.FixtureRequest, source: Path, folder: Path, storage: str, kills: int, **more: Any
) -> None:
    scratch = folder / "scratch"
    scratch.mkdir()
    options = OPTIONS | more | {"scratch": str(scratch)}
    root = str(folder)
    if storage != "folder":
        server = request.getfixturevalue(storage)
        root = f"{server.url}/{secrets.token_hex(4)}"
        options["storage_options"] = server.options
    finish(source, folder / "wanted", options)
    wanted = files(folder / "wanted")
    whole_s = finish(source, f"{root}/first", options)
    rng, killed, number = random.Random(f"{more} {storage}"), 0, 0
    while killed < kills:
        number += 1
        target = f"{root}/{number}"
        moments = [rng.uniform(0, 1.2) for _ in range(min(kills, 6))]
        killed += worry(source, target, options | {"resume": True}, moments, whole_s)
        found = files(Path(target)) if storage == "folder" else objects(target, options["storage_options"])
        assert differing(found, wanted) == []
        assert list(scratch.glob("*/block*")) == []
        assert not [path for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(("strategy", "storage"), TARGETS[:2])
def test_killed_at_random_moments(
    strategy: str, storage: str, source: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kill_and_resume(request, source, tmp_path, storage, kills=10, strategy=strategy)


@pytest.mark.parametrize(
    ("strategy", "storage"),
    [pytest.param("spill", "folder", marks=pytest.mark.big), ("memory", "moto_store")],
)
def test_packed_genes_killed_at_random_moments(
    strategy: str, storage: str, source: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Shards that were cut off are written anew, to the same bytes."""
    packed = {"format": ["karospace"], "layout": "packed", "strategy": strategy}
    kill_and_resume(request, source, tmp_path, storage, kills=2, **packed)


@pytest.mark.big
@pytest.mark.parametrize(("strategy", "storage", "scheduler"), WAYS)
def test_killed_many_times(
    strategy: str, storage: str, scheduler: str, source: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kill_and_resume(request, source, tmp_path, storage, kills=40, strategy=strategy, scheduler=scheduler)


def test_worker_processes_end_with_their_parent(source: Path, tmp_path: Path) -> None:
    """Else they would write on, to where the next run does."""
    options = OPTIONS | {"scheduler": "processes", "resume": True}
    process = start(source, tmp_path / "bundle", options)
    family = psutil.Process(process.pid)
    workers: list[psutil.Process] = []
    while len(workers) < 2:
        workers = [each for each in family.children(recursive=True) if "spawn_main" in str(each.cmdline())]
    assert kill_after(process, 0)
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert alive == []
    finish(source, tmp_path / "bundle", options)
