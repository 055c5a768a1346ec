"""Locks of folders that were just created, before or without their lock file."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from karospace_stream.targets.local import folder_lock


def meanwhile(act: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(0.2, act)
    timer.start()
    return timer


def test_one_that_was_killed_before_it_had_a_lock_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_lock, "_JUST_MADE_S", 0.3)
    assert not folder_lock.is_held(tmp_path)
    assert folder_lock.hold(tmp_path)
    folder_lock.release(tmp_path)


def test_one_that_is_locked_a_moment_later_is_held(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / folder_lock.LOCK, thread_local=False)
    timer = meanwhile(lock.acquire)
    assert folder_lock.is_held(tmp_path)
    timer.join()
    lock.release()


def test_one_that_vanishes_is_not_held(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    timer = meanwhile(lambda: shutil.rmtree(folder))
    assert not folder_lock.is_held(folder)
    timer.join()
