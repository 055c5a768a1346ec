"""Scratch of interrupted exports: named by their ledgers, or found in the usual scratch folders."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from karospace_stream.pipeline.clean.orphan import Orphan, folder_size
from karospace_stream.pipeline.scratch_owner import (
    PREPARED,
    SCRATCH,
    Owner,
    delete_folder,
    is_unsigned,
    owner_of_folder,
    owner_of_store,
)
from karospace_stream.storage import Store, is_url, location_of
from karospace_stream.targets.local.folder_lock import is_held

_WHAT = "scratch"


def named(where: str, owner: Owner, storage_options: Mapping[str, Any] | None) -> Iterator[Orphan]:
    """A scratch location from a ledger, if it is this export's and, as far as we can tell, not in use."""
    if is_url(where):
        yield from _named_store(Store(location_of(where, storage_options)), owner)
        return
    folder = Path(where)
    if folder.is_absolute() and owner_of_folder(folder) == owner and not is_held(folder):
        yield _folder(folder)


def _named_store(store: Store, owner: Owner) -> Iterator[Orphan]:
    if owner_of_store(store) == owner:
        found = store.find()
        nbytes = sum(about.size for about in found.values())
        yield Orphan(_WHAT, store.shown, len(found), nbytes, partial(store.delete, list(found)))


def on_stores(
    roots: Iterable[str], owner: Owner, storage_options: Mapping[str, Any] | None
) -> Iterator[Orphan]:
    """Scratch of a dead export on object stores, including scratch that its ledger did not name yet."""
    for root in filter(is_url, roots):
        location = location_of(root, storage_options)
        for name in Store(location).folders():
            if name.startswith(SCRATCH):
                yield from _named_store(Store(location.child(name)), owner)


def orphaned_scratch(
    target: str, folders: Iterable[str] = (), dead: Collection[str] = ()
) -> Iterator[Orphan]:
    """Find scratch of dead exports to this target, in the system's temporary folder and the given ones.

    Include unsigned scratch folders of any export.

    Parameters
    ----------
    dead
        Tokens of exports known to be dead.
    """
    for folder in _scratch_in(folders):
        owner = owner_of_folder(folder)
        ours = any(is_unsigned(folder, token) for token in (None, *dead)) if owner is None else None
        if (ours or (owner is not None and owner.target == target)) and not is_held(folder):
            yield _folder(folder)


def forget_prepared(owner: Owner, roots: Iterable[str], storage_options: Mapping[str, Any] | None) -> None:
    """Delete what a dead process of our own export prepared of its input: it is prepared again."""
    places = tuple(roots)
    for folder in _scratch_in(places):
        found = owner_of_folder(folder)
        if found == owner and found.holds == PREPARED and not is_held(folder):
            delete_folder(folder)
    for root in filter(is_url, places):
        location = location_of(root, storage_options)
        for name in Store(location).folders():
            store = Store(location.child(name))
            found = owner_of_store(store) if name.startswith(SCRATCH) else None
            if found == owner and found.holds == PREPARED:
                store.delete(list(store.find()))


def forget_own(token: str, folders: Iterable[str] = ()) -> None:
    """Delete scratch folders of our own export, including one not yet recorded when it ended."""
    for folder in _scratch_in(folders):
        owner = owner_of_folder(folder)
        if is_unsigned(folder, token) if owner is None else owner.token == token:
            delete_folder(folder)


def _scratch_in(folders: Iterable[str]) -> Iterator[Path]:
    try:
        usual = [tempfile.gettempdir()]
    except FileNotFoundError:  # no temporary folder of the system is writable
        usual = []
    for root in dict.fromkeys((*usual, *(each for each in folders if not is_url(each)))):
        with suppress(OSError):  # not a valid folder name, or we may not read this folder
            yield from sorted(Path(root).glob(f"{SCRATCH}*"))


def _folder(folder: Path) -> Orphan:
    return Orphan(_WHAT, str(folder), *folder_size(folder), partial(delete_folder, folder))
