"""Marks scratch with its owner, so that we only reuse or delete our own."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from karospace_stream.storage import Headers, Store, TooLargeError, read_regular
from karospace_stream.targets.local.folder_lock import LOCK, hold, is_held, release

#: Prefix of the name of a scratch folder.
SCRATCH = "karospace-scratch-"
#: Prefix of the names of files of an input that is prepared, and what scratch with them holds.
PREPARED = "prepared_"
_OWNER = "owner.json"
_MOST_NBYTES = 1 << 20  # of the owner file
_MAKING_S = 60.0
_NAME = re.compile(f"{SCRATCH}[a-z0-9_]{{8,32}}")
_KEPT = re.compile(
    r"(block|lengths|edges|sources|targets|loops)_\d{5,}\.(bin(\.[0-9a-f]{8})?|\d+)"
    r"|(sums|enrichment|pairs)_\d{8,}\.npz(\.[0-9a-f]{8})?"
    r"|transcripts_[0-9a-z_]+(\.json)?"
    r"|scores_\d{5,}_\d{10,}\.bin"
    rf"|{PREPARED}[^/]+"
)


@dataclass(frozen=True, slots=True)
class Owner:
    """An export: its token and its target.

    Attributes
    ----------
    holds
        ``PREPARED`` if the scratch is of no use to another process; else empty.
    """

    token: str
    target: str
    holds: str = field(default="", compare=False)

    def sign_folder(self, folder: Path) -> None:
        """Record the owner, and lock the folder as long as this process lives."""
        (folder / _OWNER).write_bytes(self._json())
        hold(folder)

    def sign_store(self, store: Store) -> None:
        """Record the owner."""
        store.put(_OWNER, self._json(), Headers("application/json", "no-cache"))

    def _json(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def owner_of_folder(folder: Path) -> Owner | None:
    """Read the owner of a folder; None if it is not certainly a scratch folder and nothing else."""
    try:
        if not _NAME.fullmatch(folder.name) or folder.is_symlink():
            return None
        entries = list(folder.iterdir())
        if not _all_ours(each.name for each in entries) or not all(map(_is_plain_file, entries)):
            return None
        return _read(read_regular(folder / _OWNER, _MOST_NBYTES))
    except OSError:
        return None


def is_unsigned(folder: Path, token: str | None = None) -> bool:
    """Whether a folder was made for scratch but never signed or written to, because its process was killed.

    Parameters
    ----------
    token
        Of an export known to be dead; without it, the folder must be too old to be still in the making.
    """
    try:
        if not _NAME.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
            return False
        if not all(each.name in (_OWNER, LOCK) and _is_plain_file(each) for each in folder.iterdir()):
            return False
        of_token = token is not None and folder.name.startswith(f"{SCRATCH}{token}_")
        return of_token or time.time() - folder.stat().st_mtime > _MAKING_S
    except OSError:
        return False


def owner_of_store(store: Store) -> Owner | None:
    """Read the owner of a location on a store; None if it is not certainly scratch and nothing else.

    Raises
    ------
    OSError
        If the store cannot be reached.
    """
    if not _NAME.fullmatch(store.location.url.rpartition("/")[2]) or not _all_ours(store.find()):
        return None
    try:
        return _read(store.read_document(_OWNER, _MOST_NBYTES))
    except (FileNotFoundError, TooLargeError):
        return None


def adopt_folder(folder: Path, token: str) -> bool:
    """Lock a folder of this export to resume from its contents; False if that is impossible."""
    owner = owner_of_folder(folder)
    return owner is not None and owner.token == token and not is_held(folder) and hold(folder, wait_s=0)


def delete_folder(folder: Path) -> None:
    """Release the lock of a folder and delete it."""
    release(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _all_ours(names: Iterable[str]) -> bool:
    return all(name in (_OWNER, LOCK) or _KEPT.fullmatch(name) for name in names)


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _read(data: bytes) -> Owner | None:
    try:
        content = json.loads(data)
        return Owner(str(content["token"]), str(content["target"]), str(content.get("holds", "")))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
