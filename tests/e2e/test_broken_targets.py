"""Targets that fail. There is the old bundle or the new one, never half of one, and no litter."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h5py
import pytest

import karospace_stream
from karospace_stream.errors import KaroSpaceError, TargetError
from karospace_stream.pipeline.scratch import make_scratch
from tests.e2e.support import command, contents, run
from tests.oracle.reader import Bundle

Synth = Callable[..., Path]


@pytest.fixture
def source(synth: Synth) -> Path:
    return synth(3_000, 400, chunk_values=20_000)


def test_parent_is_a_file(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(TargetError, match="file"):
        karospace_stream.export(source, tmp_path / "file" / "bundle", genes="hvgs:5")
    assert contents(tmp_path) == {"file": b"mine"}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a place where even root may not write")
def test_no_permission(source: Path) -> None:
    with pytest.raises(TargetError, match="/proc/bundle"):
        karospace_stream.export(source, "/proc/bundle", genes="hvgs:5")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere; test_no_permission covers it")
def test_read_only_folder(source: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    with pytest.raises(TargetError, match="locked"):
        karospace_stream.export(source, locked / "bundle", genes="hvgs:5")


def test_there_is_a_bundle_already(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "bundle"
    karospace_stream.export(source, target, genes="hvgs:5")
    before = contents(target)
    with pytest.raises(TargetError, match="overwrite"):
        karospace_stream.export(source, target, genes="hvgs:3")
    assert contents(target) == before
    karospace_stream.export(source, target, genes="hvgs:3", overwrite=True)
    assert len(Bundle(target).labels) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("what", ["folder with other files", "file", "link"])
def test_other_things_are_never_replaced(what: str, overwrite: bool, source: Path, tmp_path: Path) -> None:
    target, kept = tmp_path / "target", tmp_path / "kept"
    kept.mkdir()
    (kept / "thesis.txt").write_text("years of work")
    if what == "file":
        target.write_text("mine")
    elif what == "link":
        target.symlink_to(kept)
    else:
        shutil.copytree(kept, target)
    before = contents(tmp_path)
    with pytest.raises(TargetError, match="target"):
        karospace_stream.export(source, target, genes="hvgs:5", overwrite=overwrite)
    assert contents(tmp_path) == before


def test_empty_folder_is_taken(source: Path, tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    karospace_stream.export(source, tmp_path / "bundle", genes="hvgs:5")
    Bundle(tmp_path / "bundle")


@pytest.mark.parametrize("strategy", ["memory", "spill"])
def test_old_bundle_survives_a_failing_overwrite(strategy: str, source: Path, tmp_path: Path) -> None:
    target, scratch, damaged = tmp_path / "bundle", tmp_path / "scratch", tmp_path / "damaged.h5ad"
    scratch.mkdir()
    karospace_stream.export(source, target, genes="hvgs:5")
    before = contents(target)
    shutil.copy(source, damaged)
    with h5py.File(damaged) as file:
        chunk = file["X/data"].id.get_chunk_info(file["X/data"].id.get_num_chunks() - 1)
    with damaged.open("r+b") as file:
        file.seek(chunk.byte_offset)
        file.write(b"\xff" * chunk.size)
    with pytest.raises(KaroSpaceError):
        karospace_stream.export(
            damaged, target, genes="all", overwrite=True, strategy=strategy, scratch=scratch
        )
    assert contents(target) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "damaged.h5ad", "scratch"]
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_full_disk(scheduler: str, source: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program may fill the disk after the plan has seen it with room."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 40))
    karospace_stream.export(source, small_disk / "bundle", genes="hvgs:2", preview=False)
    before = contents(small_disk)
    for target, overwrite in (("other", False), ("bundle", True)):
        with pytest.raises(TargetError, match="No space"):
            karospace_stream.export(
                source, small_disk / target, genes="all", gzip=False, overwrite=overwrite, scheduler=scheduler
            )
        assert contents(small_disk) == before


@pytest.mark.parametrize("free_nbytes", [2_000, 150_000], ids=["seen before", "seen while writing"])
def test_full_scratch(
    free_nbytes: int, source: Path, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (small_disk / "other").write_bytes(bytes(shutil.disk_usage(small_disk).free - free_nbytes))
    if free_nbytes > 100_000:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 40))
    with pytest.raises(TargetError, match=r"[Ss]cratch"):
        karospace_stream.export(
            source, tmp_path / "bundle", genes="all", strategy="spill", scratch=small_disk / "scratch"
        )
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["other"]


def test_no_file_may_grow(source: Path, tmp_path: Path) -> None:
    """As on a disk that is full, for those who cannot mount one."""
    done = subprocess.run(
        command("export", source, tmp_path / "bundle", "--genes", "all", "--no-gzip"),
        capture_output=True,
        text=True,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000)),
    )
    assert done.returncode == TargetError.exit_code
    assert "Traceback" not in done.stderr
    assert "bundle" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
@pytest.mark.parametrize("moment", ["early", "late"])
@pytest.mark.few(3)
def test_interrupted(scheduler: str, moment: str, synth: Synth, tmp_path: Path) -> None:
    target, scratch = tmp_path / "bundle", tmp_path / "scratch"
    scratch.mkdir()
    karospace_stream.export(synth(700, 90), target, genes="hvgs:5")
    before = contents(target)
    words = ["--genes", "all", "--overwrite", "--strategy", "spill", "--scratch", scratch, "--no-gzip"]
    process = subprocess.Popen(
        command("export", synth(20_000, 3_000), target, *words, "--scheduler", scheduler),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a terminal sends Ctrl-C to the whole group
    )
    sign = "scratch/*/*" if moment == "early" else ".bundle*/bundle/assets/expression/*"
    deadline = time.monotonic() + 120
    while not any(tmp_path.glob(sign)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert contents(target) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "scratch"]
    assert list(scratch.iterdir()) == []


def test_interrupted_between_making_scratch_and_knowing_of_it(
    synth: Synth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"

    def make(*args: Any, **options: Any) -> Any:
        make_scratch(*args, **options)
        assert list(scratch.glob("*/*")) != []
        raise KeyboardInterrupt

    monkeypatch.setattr("karospace_stream.pipeline.resume.start.make_scratch", make)
    with pytest.raises(KeyboardInterrupt):
        karospace_stream.export(synth(700, 90), tmp_path / "bundle", scratch=scratch, strategy="spill")
    assert list(scratch.iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["scratch"]


def test_stopped_by_a_batch_system(synth: Synth, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    words = ["--genes", "all", "--strategy", "spill", "--scratch", scratch, "--compression", "9"]
    process = subprocess.Popen(
        command("export", synth(20_000, 3_000), tmp_path / "bundle", *words),
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while not any(tmp_path.glob(".bundle*/bundle/assets/expression/*")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.terminate()
    _, stderr = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in stderr) == (128 + signal.SIGTERM, False), stderr
    assert [path.name for path in tmp_path.iterdir()] == ["scratch"]
    assert list(scratch.iterdir()) == []


def test_sentence_and_exit_code_of_the_command(source: Path, tmp_path: Path) -> None:
    assert run("export", source, tmp_path / "bundle", "--genes", "hvgs:5").returncode == 0
    again = run("export", source, tmp_path / "bundle", "--genes", "hvgs:5")
    assert again.returncode == TargetError.exit_code
    assert "--overwrite" in again.stderr
    assert len(again.stderr.strip().splitlines()) == 1
