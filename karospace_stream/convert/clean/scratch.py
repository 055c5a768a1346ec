"""Scratch of exports that were cut off: what their ledgers name, and what lies where scratch lies."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from karospace_stream.convert.clean.leftover import Leftover, folder_size
from karospace_stream.convert.scratch_owner import (
    SCRATCH,
    Owner,
    delete_folder,
    owner_of_folder,
    owner_of_store,
)
from karospace_stream.storage import Store, is_url, place_of
from karospace_stream.target.holding import is_held

_WHAT = "scratch"


def named(where: str, owner: Owner, storage_options: Mapping[str, Any] | None) -> Iterator[Leftover]:
    """A place that a ledger names, if it is this export's and, as far as can be known, nobody works in it."""
    if is_url(where):
        yield from _named_store(Store(place_of(where, storage_options)), owner)
        return
    folder = Path(where)
    if folder.is_absolute() and owner_of_folder(folder) == owner and not is_held(folder):
        yield _folder(folder)


def _named_store(store: Store, owner: Owner) -> Iterator[Leftover]:
    if owner_of_store(store) == owner:
        found = store.find()
        nbytes = sum(about.size for about in found.values())
        yield Leftover(_WHAT, store.shown, len(found), nbytes, partial(store.delete, list(found)))


def lying_about(target: str, folders: Iterable[str] = ()) -> Iterator[Leftover]:
    """Scratch of dead exports to this target, in the system's temporary folder and in these."""
    for root in dict.fromkeys((tempfile.gettempdir(), *folders)):
        for folder in sorted(Path(root).glob(f"{SCRATCH}*")):
            owner = owner_of_folder(folder)
            if owner is not None and owner.target == target and not is_held(folder):
                yield _folder(folder)


def forget_own(token: str, folders: Iterable[str] = ()) -> None:
    """Delete scratch folders of one's own export, also one that was not yet known when it ended."""
    for root in dict.fromkeys((tempfile.gettempdir(), *folders)):
        for folder in Path(root).glob(f"{SCRATCH}*"):
            owner = owner_of_folder(folder)
            if owner is not None and owner.token == token:
                delete_folder(folder)


def _folder(folder: Path) -> Leftover:
    return Leftover(_WHAT, str(folder), *folder_size(folder), partial(delete_folder, folder))
