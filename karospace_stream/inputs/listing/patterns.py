"""Files, folders and URLs that a pattern such as ``samples/*.h5ad`` names."""

from __future__ import annotations

import fnmatch
import glob
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.folder import list_folder
from karospace_stream.inputs.listing.folders import passed_over, sort_out
from karospace_stream.inputs.listing.looks import is_named_like_one, is_one_folder, naturally
from karospace_stream.model.finding import Finding
from karospace_stream.storage import StorageError, Store, is_url, location_of

_MAGIC = re.compile(r"[*?[]")
#: In the address of a web page, the question mark begins the query.
_MAGIC_URL = re.compile(r"[*[]")


def is_pattern(text: str) -> bool:
    """Whether a path or URL has wildcards, and is not itself a file."""
    if is_url(text):
        return bool(_MAGIC_URL.search(text.partition("?")[0]))
    return bool(_MAGIC.search(text)) and not os.path.lexists(os.path.expanduser(text))  # noqa: PTH111


def matches(text: str, storage_options: Mapping[str, Any] | None) -> tuple[list[str], tuple[Finding, ...]]:
    """The inputs that match, sorted as people sort them, and what was passed over.

    Raises
    ------
    BadInputError
        If nothing matches, or nothing that looks like an input.
    """
    found, rest = _of_urls(text, storage_options) if is_url(text) else _of_paths(text)
    if not found:
        why = f"matches {_n(rest)}, but none looks like an input" if rest else "matches nothing"
        raise BadInputError(f"{text} {why}; check the pattern, or name the files")
    return sorted(found, key=naturally), passed_over(text, rest)


def inputs_at(
    url: str, storage_options: Mapping[str, Any] | None
) -> tuple[list[str], tuple[Finding, ...]] | None:
    """The inputs in a folder at a URL that ends in a slash; None if it is one input itself, or holds none."""
    address, mark, query = url.partition("?")
    if not address.endswith("/") or is_named_like_one(address):
        return None
    location = location_of(f"{address.rstrip('/')}{mark}{query}", storage_options)
    try:
        folder = list_folder(location)
    except (StorageError, PermissionError, FileNotFoundError, BadInputError):  # opening it says why
        return None
    if is_one_folder(folder):
        return None
    names = sorted((each for each in folder.names if not each.startswith(".")), key=naturally)
    found = [each for each in names if is_named_like_one(each)]
    rest = [each for each in names if each not in found]
    urls = [f"{address}{each}{mark}{query}" for each in found]
    return (urls, passed_over(location.shown, rest)) if found else None


def fixed_part(text: str) -> str:
    """The folder before the first wildcard."""
    magic = _MAGIC_URL if is_url(text) else _MAGIC
    found = magic.search(text)
    return text[: found.start()].rpartition("/")[0] if found else text


def _n(rest: list[str]) -> str:
    return "1 file" if len(rest) == 1 else f"{len(rest):,} files"


def _of_paths(text: str) -> tuple[list[str], list[str]]:
    names = glob.glob(os.path.expanduser(text), recursive=True)  # noqa: PTH111, PTH207 - as it was typed
    found, rest = sort_out(map(Path, names))
    return [str(each) for each in found], [str(each) for each in rest]


def _of_urls(text: str, storage_options: Mapping[str, Any] | None) -> tuple[list[str], list[str]]:
    address, mark, query = text.partition("?")
    start, *steps = _steps(address)
    urls = [start]
    for step in steps:
        urls = [each for url in urls for each in _below(f"{url}{mark}{query}", url, step, storage_options)]
    whole = [f"{url}{mark}{query}" for url in urls]
    found = [each for each in whole if is_named_like_one(each.partition("?")[0])]
    return found, [each for each in whole if each not in found]


def _steps(address: str) -> list[str]:
    """The folder before the first wildcard, and the parts after it."""
    if "**" in address:
        raise BadInputError(f"{address}: ** works for local paths only; use one * for each folder")
    start = fixed_part(address)
    return [start, *address[len(start) :].strip("/").split("/")]


def _below(full: str, url: str, step: str, storage_options: Mapping[str, Any] | None) -> list[str]:
    if not _MAGIC_URL.search(step):
        return [f"{url}/{step}"]
    try:
        names = Store(location_of(full, storage_options)).names()
    except (StorageError, PermissionError) as error:
        raise BadInputError(f"{location_of(full).shown} cannot be listed: {error}") from error
    except FileNotFoundError:
        return []
    return [f"{url}/{name}" for name in names if fnmatch.fnmatchcase(name, step)]
