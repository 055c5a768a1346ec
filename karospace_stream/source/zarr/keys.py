"""Keys that a Zarr store may have."""

from __future__ import annotations

import os

from karospace_stream.errors import BadInputError

#: Names of metadata documents, in either version.
METADATA = ("zarr.json", ".zmetadata", ".zgroup", ".zattrs", ".zarray")
_LONGEST = 100


def is_metadata(key: str) -> bool:
    """Whether this names a document of metadata, not a chunk."""
    return key.rpartition("/")[2] in METADATA


def is_inside(key: str) -> bool:
    """Whether a key stays inside its store; a backslash is allowed where it separates no folders."""
    steps = key.split("/")
    if key.startswith("/") or ".." in steps or "\0" in key:
        return False
    return os.sep == "/" or not ({"\\", ":"} & set(key))


def check_key(key: str, where: str) -> None:
    """Reject a key that would lead out of its store.

    Raises
    ------
    BadInputError
        Names the key.
    """
    if not is_inside(key):
        raise BadInputError(
            f"the metadata of {where} name {key[:_LONGEST]!r}, which is not a key inside a Zarr store; "
            "the store is damaged"
        )
