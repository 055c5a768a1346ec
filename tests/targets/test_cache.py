"""The cache: bounded, shared, and never emptied under somebody."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from karospace_stream.errors import TargetError
from karospace_stream.targets.local.cache import FOLDER_VARIABLE, LIMIT_VARIABLE, Cache, open_cache


def keep(cache: Cache, key: str, nbytes: int, used_at: float = 0) -> Path:
    """An export in the cache, as `cached_export` leaves it; gives the mark of its use."""
    mark = cache.enter(key)
    with cache.building(key):
        cache.folder(key).mkdir()
        (cache.folder(key) / "atlas.json").write_text("{}")
        cache.finish(key, source=f"/data/{key}.h5ad", nbytes=nbytes)
    if used_at:
        mark.unlink()
        os.utime(mark.parent, (used_at, used_at))
    return mark


def keys(cache: Cache) -> list[str]:
    return [entry.key for entry in cache.entries()]


def test_what_is_kept_is_listed_with_the_last_used_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", 100)
    assert cache.entries() == []
    keep(cache, "old", 10, used_at=1)
    keep(cache, "new", 20, used_at=2)
    mark = keep(cache, "now", 30)
    assert keys(cache) == ["now", "new", "old"]
    assert [e.nbytes for e in cache.entries()] == [30, 20, 10]
    assert [e.in_use for e in cache.entries()] == [True, False, False]
    assert cache.entries()[0].source == "/data/now.h5ad"
    mark.unlink()
    assert not cache.entries()[0].in_use


def test_the_least_recently_used_goes_first_and_what_is_in_use_never(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 100)
    keep(cache, "a", 40, used_at=1)
    keep(cache, "b", 30, used_at=2)
    keep(cache, "c", 20, used_at=3)
    assert cache.make_room(10) == 0
    assert cache.make_room(20) == 40
    assert keys(cache) == ["c", "b"]
    mark = cache.enter("b")
    assert cache.make_room(1_000) == 20
    assert keys(cache) == ["b"]
    mark.unlink()
    assert cache.make_room(1_000) == 30
    assert [path.name for path in tmp_path.iterdir()] == [".locks"]


def test_use_makes_young(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 100)
    keep(cache, "a", 50, used_at=1)
    keep(cache, "b", 50, used_at=2)
    cache.enter("a").unlink()
    cache.make_room(50)
    assert keys(cache) == ["a"]


def test_clearing_leaves_what_is_in_use_and_takes_halves(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 100)
    keep(cache, "a", 5, used_at=1)
    mark = keep(cache, "b", 5)
    (tmp_path / "broken" / ".export.x.karospace-partial").mkdir(parents=True)
    assert [entry.key for entry in cache.clear()] == ["a"]
    assert keys(cache) == ["b"]
    assert not (tmp_path / "broken").exists()
    mark.unlink()
    assert [entry.key for entry in cache.clear()] == ["b"]


def test_a_process_that_ended_uses_nothing(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from karospace_stream.targets.local.cache import Cache\n"
        "print(Cache(Path(sys.argv[1]), 1).enter('a'), flush=True); sys.stdin.read()"
    )
    cache = Cache(tmp_path, 100)
    keep(cache, "a", 5, used_at=1)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        mark = Path(process.stdout.readline().strip())
        assert mark.exists()
        assert cache.clear() == []
        process.kill()
        process.wait()
    assert mark.exists()
    assert [entry.key for entry in cache.clear()] == ["a"]


def test_one_builds_and_the_other_waits_and_finds_it(tmp_path: Path) -> None:
    cache, built = Cache(tmp_path, 100), []
    ready, go = threading.Event(), threading.Event()

    def build(number: int) -> None:
        cache.enter("a")
        with cache.building("a"):
            if not cache.is_whole("a"):
                ready.set()
                go.wait(20)
                cache.folder("a").mkdir()
                cache.finish("a", source="", nbytes=1)
                built.append(number)

    threads = [threading.Thread(target=build, args=[number]) for number in (1, 2)]
    for thread in threads:
        thread.start()
    assert ready.wait(20)
    go.set()
    for thread in threads:
        thread.join(20)
    assert len(built) == 1


def test_what_a_killed_export_left_is_removed_by_the_next(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 100)
    left = tmp_path / "a" / ".export.1234.karospace-partial"
    left.mkdir(parents=True)
    cache.folder("a").mkdir()  # sealed, but killed before it was noted
    with cache.building("a"):
        assert not left.exists()
        assert not cache.folder("a").exists()


def test_the_folder_and_the_limit_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "here"))
    monkeypatch.setenv(LIMIT_VARIABLE, "3GB")
    assert open_cache() == Cache(tmp_path / "here", 3_000_000_000)
    monkeypatch.delenv(LIMIT_VARIABLE)
    assert 0 < open_cache().limit_nbytes <= 20_000_000_000
    (tmp_path / "here").write_text("a file")
    with pytest.raises(TargetError, match="name another folder with KAROSPACE_CACHE"):
        open_cache().enter("a")
