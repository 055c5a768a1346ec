"""The folders of this machine, with the rights of the user who started the exporter.

Names are data, never part of a request's path: input and output are JSON.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.registry import sure_heads
from karospace_stream.inputs.listing.looks import is_named_like_one, is_vendor_folder, naturally
from karospace_stream.storage import is_url

EntryKind = Literal["folder", "data", "bundle", "image", "text", "file"]
_MOST = 2_000
_COMPLETED = 30
_PACKED = (".csv.gz", ".tsv.gz")
_BY_ENDING: dict[str, EntryKind] = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"), "image"),
    **dict.fromkeys((".txt", ".csv", ".tsv", ".list", ".gmt", ".parquet"), "text"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or folder.

    Attributes
    ----------
    kind
        ``data`` can be exported: a file, or a folder that is one input, such as a ``.zarr``;
        ``bundle`` is an export, ``text`` a list or a table.
    """

    name: str
    path: str
    kind: EntryKind
    nbytes: int | None
    modified: float | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder: ``parent`` is empty at the top; ``left_out`` counts entries beyond the limit."""

    path: str
    parent: str
    entries: tuple[Entry, ...]
    left_out: int
    writable: bool


def list_folder(text: str, *, hidden: bool) -> Listing:
    """List a folder; for a file, its parent folder.

    Raises
    ------
    BadInputError
        If it is missing or unreadable.
    """
    if is_url(text):
        raise BadInputError(f"{text} is a URL, and stores cannot be listed; type it in full")
    try:
        path = Path(os.path.abspath(Path(text or "~").expanduser()))  # noqa: PTH100 - a link stays a link
    except (RuntimeError, OSError) as error:  # an unknown user's home, or the working directory is gone
        raise BadInputError(f"{text[:200]!r} cannot be listed: {error}") from error
    try:
        if not path.is_dir():
            path = path.parent
        with os.scandir(path) as found:
            names = [each for each in found if hidden or not each.name.startswith(".")]
    except (OSError, ValueError) as error:
        raise BadInputError(f"{path} cannot be listed: {_why(error)}") from error
    entries = sorted(map(_entry, names), key=lambda each: (each.kind != "folder", naturally(each.name)))
    parent = "" if path.parent == path else str(path.parent)
    return Listing(
        str(path), parent, tuple(entries[:_MOST]), max(0, len(entries) - _MOST), os.access(path, os.W_OK)
    )


def complete(text: str) -> tuple[str, ...]:
    """Paths that begin with the typed text; folders end in a separator."""
    if not text or is_url(text) or "\0" in text:
        return ()
    try:
        typed = Path(text).expanduser()
    except RuntimeError:
        return ()
    folder, stem = (typed, "") if text.endswith(("/", os.sep)) else (typed.parent, typed.name)
    try:
        with os.scandir(folder) as found:
            names = [each for each in found if each.name.lower().startswith(stem.lower())]
    except OSError:
        return ()
    shown = sorted(
        (each for each in names if stem.startswith(".") or not each.name.startswith(".")), key=_name
    )
    return tuple(
        str(folder / each.name) + (os.sep if _is_folder(each) else "") for each in shown[:_COMPLETED]
    )


def make_folder(parent: str, name: str) -> str:
    """Make a folder; return its path.

    Raises
    ------
    BadOptionError
        If the name is invalid, or the folder cannot be made.
    """
    if not name.strip() or name in {".", ".."} or any(letter in name for letter in "/\\\0"):
        raise BadOptionError(f"the name of a folder must not be empty or contain slashes, got {name!r}")
    try:
        path = Path(parent).expanduser() / name
        path.mkdir()
    except (OSError, ValueError, RuntimeError) as error:
        raise BadOptionError(f"{name!r} could not be created in {parent[:200]!r}: {_why(error)}") from error
    return str(path)


def _entry(found: os.DirEntry[str]) -> Entry:
    try:
        stat = found.stat()
        nbytes, modified = (None if _is_folder(found) else stat.st_size), stat.st_mtime
    except OSError:  # a broken link
        nbytes = modified = None
    return Entry(found.name, found.path, _kind(found), nbytes, modified)


def _kind(found: os.DirEntry[str]) -> EntryKind:
    ending = Path(found.name).suffix.lower()
    if not _is_folder(found):
        if ending != ".zarr" and is_named_like_one(found.name):
            return "data"
        return "text" if found.name.lower().endswith(_PACKED) else _BY_ENDING.get(ending, "file")
    if ending == ".zarr" or _is_vendor_folder(found):
        return "data"
    return "bundle" if any(os.path.exists(f"{found.path}/{seal}") for seal in sure_heads()) else "folder"  # noqa: PTH110


def _is_vendor_folder(found: os.DirEntry[str]) -> bool:
    try:
        return is_vendor_folder(Path(found.path))
    except OSError:  # it cannot be listed
        return False


def _is_folder(found: os.DirEntry[str]) -> bool:
    try:
        return found.is_dir()
    except OSError:
        return False


def _name(found: os.DirEntry[str]) -> str:
    return found.name.lower()


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
