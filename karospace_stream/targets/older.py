"""Files of an older bundle, and foreign files in it: we only replace a bundle without foreign files."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from isal.isal_zlib import crc32

from karospace_stream.errors import TargetError
from karospace_stream.storage import Store, read_regular
from karospace_stream.targets.stores.claim import PARTIAL

#: Size and CRC-32 of a file, as far as a bundle records them for its own files.
Stamp = tuple[int | None, int | None]
#: Returns the files of a bundle from its own documents, given a reader of them. Raises ``ValueError``
#: if nothing shows that an export has made it.
Known = Callable[[Callable[[str], bytes]], Mapping[str, Stamp]]

#: Files that operating systems create in folders by themselves.
_DROPPINGS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
#: Endings of documents that people edit: we compare their content, and the size of all others.
_DOCUMENTS = (".json", ".html", ".csv", ".zarray", ".zattrs", ".zgroup", ".zmetadata")
_NAMED = 3
_MOST_NBYTES = 256 << 20  # of a manifest


def refuse_foreign_folder(final: Path, known: Known) -> None:
    """Refuse to replace a folder that holds anything but the files of an export.

    Raises
    ------
    TargetError
        The message names the user's files.
    """
    own = _own(str(final), known, partial(_read_plain, final))
    try:
        foreign = [key for key, path in _walk(final) if not _is_own(key, path, own.get(key))]
    except OSError as error:
        raise TargetError(
            f"{final}: its contents could not be checked ({error.strerror or error}), so nothing is "
            "replaced; name another target"
        ) from error
    _refuse(str(final), foreign)


def refuse_foreign_objects(store: Store, known: Known, entries: Iterable[str]) -> tuple[str, ...]:
    """The same for a location on a store; returns the keys of the bundle there.

    Parameters
    ----------
    entries
        Documents with fixed names, which the new bundle overwrites.

    Raises
    ------
    TargetError
        As `refuse_foreign_folder`.
    OSError
        If the store cannot be queried.
    """
    own = _own(store.shown, known, lambda key: store.read_document(key, _MOST_NBYTES))
    there = {key: about for key, about in store.find().items() if not _is_passed_over(key)}
    fixed = [key for key in entries if key in there and own.get(key, (None, None))[1] is not None]
    changed = {
        key
        for key, data in zip(fixed, store.read_up_to(fixed, [_MOST_NBYTES] * len(fixed)), strict=True)
        if data is not None and crc32(data) != own[key][1]
    }
    foreign = (
        key
        for key, about in there.items()
        if key not in own or own[key][0] not in (None, about.size) or key in changed
    )
    _refuse(store.shown, foreign)
    return tuple(own)


def named_some(keys: Iterable[str]) -> str:
    """The first few names, and the number of the others."""
    several = sorted(keys)
    more = len(several) - _NAMED
    return ", ".join(several[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _read_plain(folder: Path, key: str) -> bytes:
    path = folder / key
    try:
        if not stat.S_ISREG(path.lstat().st_mode):  # anything but a file may never end
            raise ValueError(f"{key} is not a regular file")
        return read_regular(path, _MOST_NBYTES)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ValueError(f"{key} cannot be read: {error.strerror or error}") from error


def _own(shown: str, known: Known, read: Callable[[str], bytes]) -> Mapping[str, Stamp]:
    try:
        return known(read)
    except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        why = str(error) if type(error) is ValueError else "its documents are not those of an export"
        raise TargetError(
            f"{shown}: its contents were not made by an export as far as can be seen ({why}), so they are "
            "not replaced; move or delete them yourself, or name another target"
        ) from error


def _refuse(shown: str, foreign: Iterable[str]) -> None:
    found = list(foreign)
    if found:
        raise TargetError(
            f"{shown}: the bundle has files that no export wrote, or that were changed since: "
            f"{named_some(found)}; nothing is replaced: move them elsewhere, or name another target"
        )


def _walk(folder: Path, inside: str = "") -> Iterator[tuple[str, str]]:
    """Every file below a folder, and everything else that is no folder, by key and path."""
    with os.scandir(folder) as entries:
        for entry in entries:
            key = f"{inside}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), f"{key}/")
            elif not _is_passed_over(key):
                yield key, entry.path


def _is_own(key: str, path: str, stamp: Stamp | None) -> bool:
    if stamp is None:
        return False
    about = os.lstat(path)
    size, check = stamp
    if not stat.S_ISREG(about.st_mode) or size not in (None, about.st_size):
        return False
    if check is None or not key.endswith(_DOCUMENTS):
        return True
    return about.st_size <= _MOST_NBYTES and crc32(read_regular(path, _MOST_NBYTES)) == check


def _is_passed_over(key: str) -> bool:
    name = key.rpartition("/")[2]
    return not name or name in _DROPPINGS or name.startswith("._") or key.startswith(f"{PARTIAL}/")
