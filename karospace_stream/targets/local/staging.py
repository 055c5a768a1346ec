"""The staging folder beside a target in which an export is made, and those that interrupted exports left.

``.NAME.TOKEN.karospace-partial`` holds ``bundle/``, which is renamed to the target, ``ledger/``, a lock, and,
for the moment between two renames, ``old/``: the bundle being replaced.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from karospace_stream.errors import TargetError
from karospace_stream.targets.local.folder_lock import hold, is_held, release

#: How the name of such a folder ends; it is never taken for a bundle.
ENDING = ".karospace-partial"
BUNDLE = "bundle"
LEDGER = "ledger"
OLD = "old"


def absolute(path: str | os.PathLike[str]) -> Path:
    """Absolute path of a local target; a link stays a link.

    Raises
    ------
    TargetError
        If no file can have such a name.
    """
    try:
        named = Path(os.path.abspath(path))  # noqa: PTH100 - not resolve(): a link stays a link
    except FileNotFoundError as error:
        raise TargetError(
            f"{os.fspath(path)}: the current folder no longer exists; name the target by an absolute path"
        ) from error
    try:
        named.lstat()
    except ValueError as error:
        raise TargetError(
            f"{str(named)!r}: {error}, which a path must not have; name another target"
        ) from error
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
            raise TargetError(f"{str(named)[:200]}: {error.strerror}; name another target") from error
    return named


def make_partial(final: Path, token: str) -> Path:
    """A new folder beside the target, locked by this process.

    Raises
    ------
    TargetError
        If it cannot be made.
    """
    partial = partial_of(final, token)
    try:
        (partial / BUNDLE).mkdir(parents=True)
        if not hold(partial):
            raise OSError("it cannot be locked")
    except OSError as error:
        raise TargetError(
            f"{final}: a folder could not be made there: {error.strerror or error}; name another target"
        ) from error
    return partial


def adopt_partial(final: Path, token: str) -> Path | None:
    """Lock the folder that an interrupted export left; None if there is none.

    Raises
    ------
    TargetError
        If another process holds it.
    """
    partial = partial_of(final, token)
    if not (partial / BUNDLE).is_dir():
        return None
    if not hold(partial):
        raise TargetError(f"{final}: another process is working on this export; wait until it ends")
    return partial


def cut_off_partials(final: Path) -> list[Path]:
    """Folders that interrupted exports to this target left, the latest first."""
    found = [path for path in _partials(final) if not is_held(path)]
    return sorted(found, key=_made_at, reverse=True)


def held_partials(final: Path) -> list[Path]:
    """Folders of exports to this target that run now."""
    return [path for path in _partials(final) if is_held(path)]


def put_back(final: Path) -> None:
    """Restore the older bundle if an export was interrupted between the two renames of its seal."""
    for partial in cut_off_partials(final):
        if (partial / OLD).is_dir() and hold(partial, wait_s=0):
            _settle(partial)
            release(partial)


def remove_partial(partial: Path) -> None:
    """Delete such a folder, and release its lock. An older bundle in it is restored first."""
    if _settle(partial):
        for part in (BUNDLE, OLD, LEDGER):  # locked while there is something to resume
            shutil.rmtree(partial / part, ignore_errors=True)
    release(partial)
    if not (partial / OLD).exists():
        shutil.rmtree(partial, ignore_errors=True)


def partial_of(final: Path, token: str) -> Path:
    """The folder in which the export with this token is made."""
    return final.with_name(f".{final.name}.{token}{ENDING}")


def token_of(partial: Path) -> str:
    """The token of the export that is made in such a folder."""
    return partial.name.removesuffix(ENDING).rpartition(".")[2]


def _settle(partial: Path) -> bool:
    """Restore the target if it existed; False if the older bundle exists only here."""
    final = partial.with_name(partial.name[1:].removesuffix(ENDING).rpartition(".")[0])
    with suppress(OSError):  # most often: the new one is there
        if (partial / OLD).exists():
            (partial / OLD).rename(final)
    return os.path.lexists(final) or not (partial / OLD).exists()


def _partials(final: Path) -> list[Path]:
    # No other dot in the token: the folders of `a.b` are not those of `a`.
    ours = re.compile(rf"\.{re.escape(final.name)}\.[^.]+{re.escape(ENDING)}", re.DOTALL)
    with suppress(FileNotFoundError, NotADirectoryError):
        return [
            path
            for path in final.parent.iterdir()
            if ours.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
        ]
    return []


def _made_at(partial: Path) -> float:
    try:
        return partial.stat().st_mtime
    except FileNotFoundError:
        return 0.0
