"""Files that clients can expect of a store: its consolidated document, and objects of every kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from karospace_stream.formats.layout.checksums import read_checksums
from karospace_stream.formats.layout.documents import checked, not_ours
from karospace_stream.model.expected import Contents, Expected

_STORE = "AnnData store"
_GROUPS = ("X/", "obs/", "var/", "obsm/")
#: Arrays with values in their first chunk: others may hold only zeros, which are not stored.
_NAMES = ("obs/_index", "var/_index")


def contents(head: str, document: bytes, listing: bytes | None) -> Contents:
    """Read the consolidated document of a store.

    Parameters
    ----------
    head
        Its key.
    listing
        ``checksums.json``, if there is one: only it says which chunks are stored, and their sizes.

    Raises
    ------
    BadInputError
        If it is not that of an AnnData.
    """
    try:
        shapes = dict(_shapes(orjson.loads(checked(document))))
        n_cells, n_genes = (shapes[name][0] for name in _NAMES)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise not_ours(head, _STORE, error) from None
    # All names are fixed, so no file is immutable.
    chunks = (Expected(key, size, lasting=False) for key, size in _chunks(head, listing))
    return Contents(n_cells, n_genes, (Expected(head, lasting=False), *chunks))


def _shapes(root: Mapping[str, Any]) -> Iterator[tuple[str, list[int]]]:
    if "metadata" in root:
        for key, document in root["metadata"].items():
            if key.endswith("/.zarray"):
                yield key.removesuffix("/.zarray"), document["shape"]
        return
    for path, document in root["consolidated_metadata"]["metadata"].items():
        if document["node_type"] == "array":
            yield path, document["shape"]


def _chunks(head: str, listing: bytes | None) -> Iterator[tuple[str, int | None]]:
    """One object of each group, the largest if sizes are known."""
    if listing is None:
        yield f"{_NAMES[0]}/{'0' if head == '.zmetadata' else 'c/0'}", None
        return
    try:
        files = read_checksums(listing).files
    except ValueError:
        return
    for group in _GROUPS:
        own = {key: size for key, (size, _) in files.items() if key.startswith(group) and _is_chunk(key)}
        if own:
            largest = max(own, key=lambda key: own[key])
            yield largest, own[largest]


def _is_chunk(key: str) -> bool:
    return key[-1].isdecimal() and not key.endswith(".json")
