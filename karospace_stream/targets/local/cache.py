"""Cache of exports to show again: bounded, and shared by several processes."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karospace_stream.errors import TargetError
from karospace_stream.targets.local.free_space import free_nbytes
from karospace_stream.targets.local.in_use import enter, is_used
from karospace_stream.units import parse_nbytes

#: Environment variables: the folder, and its largest size, such as ``50GB``.
FOLDER_VARIABLE = "KAROSPACE_CACHE"
LIMIT_VARIABLE = "KAROSPACE_CACHE_LIMIT"
_MOST_NBYTES = 20_000_000_000
_SHARE_OF_DISK = 5
_ABOUT = "about.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One cached export.

    Attributes
    ----------
    source
        Its source, for people.
    nbytes
        Its files.
    used_at
        When it was last shown; seconds since 1970.
    in_use
        Whether a process shows it now.
    """

    key: str
    source: str
    nbytes: int
    used_at: float
    in_use: bool


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder with one folder for each export. Made by `open_cache`."""

    root: Path
    limit_nbytes: int

    def folder(self, key: str) -> Path:
        """The folder of an export, whether it exists or not."""
        return self.root / key / "export"

    def is_whole(self, key: str) -> bool:
        """Whether the export is complete."""
        return (self.root / key / _ABOUT).is_file() and self.folder(key).is_dir()

    def enter(self, key: str) -> Path:
        """Record that this process uses an export, even a future one; returns the file to delete later."""
        with self._lock("cache"):
            mark = enter(self.root / key / "users")
            self._touch(key)
        return mark

    @contextmanager
    def building(self, key: str, check: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Be the only one, of all processes, who writes this export. Waits for another to end.

        While waiting, ``check`` is called every second; an exception from it ends the wait.
        """
        with self._patiently(key, check):
            if not self.is_whole(key):
                # Left by a killed process: a live one would hold the lock.
                for left in (self.root / key).glob(".export.*"):
                    shutil.rmtree(left, ignore_errors=True)
                shutil.rmtree(self.folder(key), ignore_errors=True)
            yield

    def finish(self, key: str, *, source: str, nbytes: int) -> None:
        """Record that an export is complete."""
        about = self.root / key / _ABOUT
        part = about.with_name(f".{secrets.token_hex(4)}")
        part.write_text(json.dumps({"source": source, "nbytes": nbytes}), "utf-8")
        part.replace(about)

    def entries(self) -> list[Entry]:
        """All complete exports, the last used first."""
        found = [self._entry(folder.name) for folder in self._folders()]
        return sorted(filter(None, found), key=lambda entry: -entry.used_at)

    def make_room(self, wanted_nbytes: int) -> int:
        """Delete the least recently used exports until so much more fits. Never those in use.

        Returns
        -------
        Bytes that were deleted.
        """
        entries = self.entries()
        left, deleted = sum(entry.nbytes for entry in entries), 0
        for entry in reversed(entries):
            if left + wanted_nbytes <= self.limit_nbytes:
                break
            if self._delete(entry.key):
                left -= entry.nbytes
                deleted += entry.nbytes
        return deleted

    def clear(self) -> list[Entry]:
        """Delete everything that is not in use, remains of failed exports too; returns the deleted."""
        whole = {entry.key: entry for entry in self.entries()}
        gone = [folder.name for folder in self._folders() if self._delete(folder.name)]
        return [whole[key] for key in gone if key in whole]

    def _delete(self, key: str) -> bool:
        gone = self.root / f".gone-{secrets.token_hex(4)}"
        with self._lock("cache"):
            if is_used(self.root / key / "users"):
                return False
            # At once for all who look; that takes no time, deleting tens of thousands of files does.
            with suppress(FileNotFoundError):
                (self.root / key).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
        return True

    def _folders(self) -> list[Path]:
        with suppress(FileNotFoundError, NotADirectoryError):
            return [each for each in self.root.iterdir() if not each.name.startswith(".") and each.is_dir()]
        return []

    def _entry(self, key: str) -> Entry | None:
        folder = self.root / key
        try:
            about = json.loads((folder / _ABOUT).read_text("utf-8"))
            return Entry(
                key,
                str(about["source"]),
                int(about["nbytes"]),
                (folder / "users").stat().st_mtime,
                is_used(folder / "users"),
            )
        except (FileNotFoundError, ValueError, KeyError):
            return None

    def _touch(self, key: str) -> None:
        now = time.time()
        os.utime(self.root / key / "users", (now, now))

    @contextmanager
    def _patiently(self, key: str, check: Callable[[], None]) -> Iterator[None]:
        from filelock import Timeout

        lock = self._lock(key)
        while not lock.is_locked:
            try:
                lock.acquire(timeout=1)
            except Timeout:
                check()
        try:
            yield
        finally:
            lock.release()

    def _lock(self, name: str) -> Any:
        from filelock import FileLock

        folder = self.root / ".locks"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TargetError(
                f"the cache {self.root} cannot be made: {error.strerror}; name another folder with "
                f"{FOLDER_VARIABLE}"
            ) from error
        return FileLock(folder / f"{name}.lock", thread_local=False)


def open_cache() -> Cache:
    """The cache of this user: ``KAROSPACE_CACHE``, or the system's folder for caches.

    It holds at most ``KAROSPACE_CACHE_LIMIT``; if that is not set, 20 GB or, if that is less, a
    fifth of what would be free on its disk without it.
    """
    from platformdirs import user_cache_path

    named = os.environ.get(FOLDER_VARIABLE)
    root = Path(named).expanduser().absolute() if named else user_cache_path("karospace-stream")
    limit = os.environ.get(LIMIT_VARIABLE)
    if limit:
        return Cache(root, parse_nbytes(limit))
    kept = sum(entry.nbytes for entry in Cache(root, 0).entries())
    return Cache(root, min(_MOST_NBYTES, (free_nbytes(root) + kept) // _SHARE_OF_DISK))
