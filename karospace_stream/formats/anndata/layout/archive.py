"""A store as one zip: its members and their order."""

from __future__ import annotations

from hashlib import blake2b

import orjson

from karospace_stream.formats.layout.checksums import CHECKSUMS, Listing, read_checksums
from karospace_stream.formats.layout.pseudobulk import PSEUDOBULK
from karospace_stream.model.blob import Receipt

#: Documents that describe arrays and groups. Nothing else has such a name.
DOCUMENTS = frozenset({".zarray", ".zattrs", ".zgroup", ".zmetadata", "zarr.json"})
#: One of them is at the root of every store.
ROOTS = (".zgroup", "zarr.json")
#: One of them is in every store made by an export: the document of ``uns/cellucid/schema``.
RECORDS = ("uns/cellucid/schema/.zarray", "uns/cellucid/schema/zarr.json")

_Order = tuple[bool, bool, tuple[str, ...], tuple[int, ...]]


def archive_entries(listing: bytes) -> list[Receipt]:
    """Members of a zip, from the files that ``checksums.json`` lists, in the order of the zip.

    Chunks first, those of one array together in grid order; then the documents, those of
    the root last: reading the end of the zip, where its directory is, also reads most of them.

    Raises
    ------
    ValueError
        If it is not such a list.
    """
    files = read_checksums(listing).files
    receipts = [Receipt(key, *about) for key, about in files.items() if key != CHECKSUMS]
    return sorted(receipts, key=lambda receipt: _order(receipt.key))


def archive_comment(listing: bytes) -> bytes:
    """The comment of the zip: a digest of the list, which itself is not packed."""
    return comment_of(read_checksums(listing))


def comment_of(listing: Listing) -> bytes:
    """Make the comment of a list that was read, or rebuilt from the zip's members and the options."""
    files = {key: list(about) for key, about in listing.files.items() if key != CHECKSUMS}
    facts = [listing.format, listing.generator, listing.options, files]
    return (
        b"karospace-stream "
        + blake2b(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest().encode()
    )


def _order(key: str) -> _Order:
    parts = tuple(key.split("/"))
    if parts[-1] in DOCUMENTS:
        return True, len(parts) == 1, parts, ()
    if key == PSEUDOBULK:
        return False, False, parts, ()
    return False, False, *_chunk(parts)


def _chunk(parts: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Array and grid index of a chunk: ``X/data/3`` and ``obsm/X_umap/3.0``, or ``X/data/c/3``."""
    for start in range(len(parts) - 1, -1, -1):
        if parts[start] == "c":  # followed by numbers alone; alone, of a scalar
            return parts[:start], tuple(map(int, parts[start + 1 :]))
        if not parts[start].isdecimal():
            break
    return parts[:-1], tuple(map(int, parts[-1].split(".")))
