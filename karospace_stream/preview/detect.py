"""Detect what `serve` was given: an export, several, a store that needs none, or data to export."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.formats.layout.datasets import DATASETS
from karospace_stream.formats.layout.documents import MOST_DOCUMENT_NBYTES
from karospace_stream.formats.registry import heads, sure_heads
from karospace_stream.similar.names import did_you_mean
from karospace_stream.storage import is_url, location_of
from karospace_stream.targets import is_archive

_DATA = re.compile(r"\.(h5ad|zarr|zarr\.zip(/.*)?)$", re.IGNORECASE)
_INPUT = re.compile(r"\.(h5ad|h5|h5mu|loom|txt|csv|tsv|zarr|zarr\.zip(/.*)?)$", re.IGNORECASE)
_NAMED = 3
_ZARR = ("zarr.json", ".zgroup", ".zattrs", ".zmetadata")


def is_zip(source: Any) -> bool:
    """Whether this is the path or URL of a store in one file."""
    return isinstance(source, (str, os.PathLike)) and is_archive(os.fspath(source))


def is_published(source: Any) -> bool:
    """Whether this is the URL of an export elsewhere."""
    if not isinstance(source, str) or not is_url(source):
        return False
    return not _INPUT.search(location_of(source).shown)


def is_viewable_url(source: Any, options: Mapping[str, Any]) -> bool:
    """Whether this is the URL of a store that needs no export, and no options ask for one."""
    if not isinstance(source, str) or not is_url(source) or options.keys() - {"storage_options"}:
        return False
    if not location_of(source).shown.endswith(".zarr"):
        return False
    from karospace_stream.preview.listing import is_viewable
    from karospace_stream.targets.published import open_published

    try:
        return is_viewable(reader(open_published(source, options.get("storage_options"))))
    except OSError:  # opening it as a source gives a better error
        return False


def kind_of(source: Any) -> str:
    """``export``, ``exports`` (a folder of them), ``store`` (one that needs no export), or ``source``.

    Raises
    ------
    BadInputError
        If it is a folder without any of them.
    """
    if not isinstance(source, (str, os.PathLike)):
        return "source"
    folder = Path(source).expanduser()
    if not folder.is_dir():
        return "source"  # if nothing is there, opening it says so
    if any((folder / seal).is_file() for seal in sure_heads()):
        return "export"
    if (folder / DATASETS).is_file() or _holds_exports(folder):
        return "exports"
    if any((folder / name).is_file() for name in _ZARR):
        return "store" if _is_viewable(folder) else "source"
    # Imported late: readers of data are slow to import, and an export needs none.
    from karospace_stream.inputs.listing.folders import inputs_in
    from karospace_stream.inputs.listing.looks import is_vendor_folder

    if is_vendor_folder(folder) or inputs_in(folder) is not None:
        return "source"
    raise BadInputError(f"{folder} {_what_else(folder)}")


def _what_else(folder: Path) -> str:
    names = [entry.name for entry in folder.iterdir()]
    data = sorted(name for name in names if _DATA.search(name))
    hint = did_you_mean((str(folder / name) for name in data[:_NAMED]), str)
    return "must be an export, a folder of exports, a .h5ad or a .zarr, but is none of them" + (
        hint or "; make an export with karospace-stream export INPUT TARGET"
    )


def _holds_exports(folder: Path) -> bool:
    below = [entry for entry in folder.iterdir() if not entry.name.startswith(".") and entry.is_dir()]
    if any((entry / head).is_file() for entry in below for head in sure_heads()):
        return True
    return any(map(_is_viewable, below))


def _is_viewable(folder: Path) -> bool:
    """Whether this is a Zarr store that the page opens directly."""
    if not any((folder / head).is_file() for head in heads()):
        return False
    from karospace_stream.preview.listing import is_viewable, local_reader

    return is_viewable(local_reader(folder))


def reader(store: Any) -> Callable[[str], bytes | None]:
    """Make a function that reads complete documents of a store, up to a size limit."""

    def read(key: str) -> bytes | None:
        found = store.find(key)
        if found is None or found.size > MOST_DOCUMENT_NBYTES:
            return None
        return bytes(store.read(key, 0, found.size))

    return read
