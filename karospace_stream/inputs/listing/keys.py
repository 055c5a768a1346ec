"""Names of inputs: short, and no two alike."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from karospace_stream.inputs.listing.looks import ENDINGS
from karospace_stream.storage import is_url, local_path

_SEPARATOR = re.compile(r"[/\\]+" if os.sep == "\\" else r"/+")


def keys_of(inputs: Sequence[Any], given: Sequence[str]) -> list[str]:
    """Names of inputs: those that were given, else the stem of each file.

    Stems that repeat are replaced by the part of the paths that differs, as near to the file as possible:
    ``sample1/filtered.h5`` and ``sample2/filtered.h5`` are ``sample1`` and ``sample2``. Objects in memory are
    numbered from 0, as `anndata.concat` does.
    """
    paths = [_parts(each, number) for number, each in enumerate(inputs)]
    keys = [key or parts[-1] for key, parts in zip(given, paths, strict=True)]
    for key, n in Counter(keys).items():
        alike = [number for number, each in enumerate(keys) if each == key and not given[number]]
        if n > 1 and alike:
            for number, name in zip(alike, _apart([paths[number] for number in alike]), strict=True):
                keys[number] = name
    return _unique(keys)


def stem_of(name: str) -> str:
    """A name without the ending of an input or a list."""
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if name.lower().endswith(ending) and len(name) > len(ending):
            stem = name[: -len(ending)]
            return stem if ending.startswith(".") else stem.rstrip("_.-")
    return name


def _parts(x: Any, number: int) -> list[str]:
    if not isinstance(x, (str, os.PathLike)):
        return [str(number)]
    text = os.fspath(x)
    if is_url(text):
        path = unquote(text.partition("://")[2].partition("?")[0])
    else:
        path = os.path.expanduser(local_path(text))  # noqa: PTH111
        with suppress(FileNotFoundError):  # the current folder is gone; opening the input says so
            path = os.path.abspath(path)  # noqa: PTH100
    *above, last = [part for part in _SEPARATOR.split(path) if part] or [str(number)]
    return [*above, stem_of(last)]


def _apart(paths: Sequence[Sequence[str]]) -> list[str]:
    """A name for each of some paths that end alike."""
    depth = min(map(len, paths))
    for up in range(2, depth + 1):
        level = [path[-up] for path in paths]
        if len(set(level)) == len(paths):
            return level
    for up in range(2, depth + 1):
        ends = ["-".join(path[-up:]) for path in paths]
        if len(set(ends)) == len(paths):
            return ends
    return [path[-1] for path in paths]


def _unique(keys: Sequence[str]) -> list[str]:
    """Number the ones that still repeat."""
    taken = set(keys)
    seen: set[str] = set()
    made: list[str] = []
    for key in keys:
        name, number = key, 2
        while name in seen or (name != key and name in taken):
            name, number = f"{key}-{number}", number + 1
        seen.add(name)
        made.append(name)
    return made
