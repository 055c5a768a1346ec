"""Files that clients can expect of a bundle: some of every kind, with their sizes."""

from __future__ import annotations

from itertools import islice
from typing import Any

from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.layout.documents import json_object, not_ours
from karospace_stream.model.expected import Contents, Expected

_EXPORT = "KaroSpace bundle"
_LOOKED_AT = 50  # files of a kind, of which the largest is taken: range requests need some length


def contents(manifest: bytes) -> Contents:
    """Read ``manifest.json``.

    Returns
    -------
    Size, and one file of each kind. The manifest and the page come first.

    Raises
    ------
    BadInputError
        If this is no manifest of a bundle.
    """
    content = json_object(names.MANIFEST, _EXPORT, manifest)
    try:
        files = {name: Expected(name, lasting=False) for name in (names.MANIFEST, names.PAGE)}
        if (atlas := atlas_path(manifest)) is not None:
            files[atlas] = Expected(atlas)
        files |= {file.key: file for file in _one_of_each(content["asset_files"])}
        listed = content["asset_files"]
        shards = [int(each["size_bytes"]) for each in listed if each["kind"] == names.SHARD_KIND]
        n_cells, n_genes = int(content["n_cells"]), int(content["n_genes_exported"])
        return Contents(n_cells, n_genes, tuple(files.values()), max(shards, default=0))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise not_ours(names.MANIFEST, _EXPORT, error) from None


def atlas_path(manifest: bytes) -> str | None:
    """Path of the stream layer's manifest; None for a bundle of the base layer alone.

    Raises
    ------
    BadInputError
        If this is no manifest of a bundle.
    """
    content = json_object(names.MANIFEST, _EXPORT, manifest)
    try:
        return str(content["stream"]["path"]) if "stream" in content else None
    except (KeyError, TypeError) as error:
        raise not_ours(names.MANIFEST, _EXPORT, error) from None


def check_atlas(data: bytes) -> None:
    """Raise if a document is not an ``atlas.json``.

    Raises
    ------
    BadInputError
        With the reason.
    """
    found = json_object(names.ATLAS, _EXPORT, data).get("format")
    if found != "karospace-stream":
        raise not_ours(names.ATLAS, _EXPORT, f"its format is {found!r}")


def _one_of_each(listed: list[dict[str, Any]]) -> list[Expected]:
    kinds: dict[str, list[Expected]] = {}
    for entry in listed:
        key = str(entry["path"])
        file = Expected(key, int(entry["size_bytes"]), lasting=key not in names.ENTRIES)
        kinds.setdefault(str(entry["kind"]), []).append(file)
    return [max(islice(files, _LOOKED_AT), key=lambda file: file.size or 0) for files in kinds.values()]
