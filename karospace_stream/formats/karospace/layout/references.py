"""Objects that the manifests of a bundle refer to, with the sizes given there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.layout.documents import checked

References = dict[str, int | None]


def references(read: Callable[[str], bytes]) -> References:
    """Paths and sizes in ``manifest.json`` and ``atlas.json``; None if no size is given.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        If a manifest is malformed.
    """
    manifest = orjson.loads(checked(read(names.MANIFEST)))
    atlas = orjson.loads(checked(read(str(manifest["stream"]["path"]))))
    found: References = {names.MANIFEST: None, names.PAGE: None}
    genes = [] if manifest["stream"]["version"] == names.PACKED_VERSION else manifest["expression"]["genes"]
    for path, size in (*_sized(manifest["asset_files"]), *_sized(genes)):
        _add(found, path, size)
    for path, size in _sized([atlas]):
        _add(found, path, size)
    return found


def references_before_seals(read: Callable[[str], bytes]) -> References:
    """The same for a bundle of the earlier exporter, which had neither ``atlas.json`` nor checksums.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        If the manifest is malformed.
    """
    manifest = orjson.loads(checked(read(names.MANIFEST)))
    if not isinstance(manifest["schema_version"], str):
        raise ValueError("a manifest without the version of its schema")
    found: References = {names.MANIFEST: None, names.PAGE: None}
    for path, size in (*_sized(manifest["asset_files"]), *_sized(manifest["expression"]["genes"])):
        _add(found, path, size)
    return found


def _add(found: References, path: str, size: int) -> None:
    if found.get(path, size) != size:
        raise ValueError(f"the manifests give two sizes of {path}: {found[path]} and {size}")
    found[path] = size


def _sized(tree: Any) -> Iterator[tuple[str, int]]:
    """All ``{"path": ..., "size_bytes": ...}`` in a tree."""
    if isinstance(tree, dict):
        if "size_bytes" in tree:
            yield str(tree["path"]), int(tree["size_bytes"])
        for value in tree.values():
            yield from _sized(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _sized(value)
