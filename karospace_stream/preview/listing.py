"""``datasets.json`` for a folder of exports without one; it includes stores that need no export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from karospace_stream.errors import BadInputError
from karospace_stream.formats.layout.datasets import datasets_manifest
from karospace_stream.formats.layout.documents import MOST_DOCUMENT_NBYTES
from karospace_stream.formats.layout.listed import Listed
from karospace_stream.formats.registry import all_formats
from karospace_stream.storage import read_regular

#: Returns the bytes of a file below the folder, None if there is none.
Read = Callable[[str], bytes | None]


def list_exports(folders: Sequence[str], read: Read) -> bytes | None:
    """Encode the list of the exports in some folders, of any format; None if there are none.

    Unreadable exports are left out: one damaged export must not hide the others. Of exports
    with the same id all but the first go by their folder's name.
    """
    found: dict[str, Listed] = {}
    for folder in folders:
        one = _read_one(folder, read)
        if one is None:
            continue
        if one.id in found:
            one = replace(one, id=_free_id(folder, found))
        found[one.id] = one
    return datasets_manifest(list(found.values())).data if found else None


def is_viewable(read: Read) -> bool:
    """Whether the page opens a folder directly, though its head alone does not mark it as an export."""
    unsure = (each for each in all_formats() if not each.head_suffices)
    return any(each.summary("", read) is not None for each in unsure)


def _read_one(folder: str, read: Read) -> Listed | None:
    try:
        found = (each.summary(folder, lambda key: read(f"{folder}/{key}")) for each in all_formats())
        return next(filter(None, found), None)
    except BadInputError:
        return None


def _free_id(folder: str, taken: dict[str, Listed]) -> str:
    number, free = 1, folder
    while free in taken:
        number += 1
        free = f"{folder}-{number}"
    return free


def list_folder(folder: Path) -> bytes | None:
    """Call `list_exports` for the direct subfolders; links that lead out of the folder are not followed."""
    root = folder.resolve()
    inside = [
        entry.name
        for entry in sorted(folder.iterdir())
        if not entry.name.startswith(".") and entry.is_dir() and entry.resolve().is_relative_to(root)
    ]
    return list_exports(inside, local_reader(folder))


def local_reader(folder: Path) -> Read:
    """Make a function that reads files below a local folder."""

    def read(key: str) -> bytes | None:
        try:
            return read_regular(folder / key, MOST_DOCUMENT_NBYTES)
        except OSError:  # missing, unreadable, a pipe, or too large
            return None

    return read
