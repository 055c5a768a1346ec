"""``datasets.json``: the exports in one folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.cellucid.layout.names import DATASETS, JSON
from karospace_stream.formats.cellucid.layout.stored import dump
from karospace_stream.formats.layout.documents import checked
from karospace_stream.formats.layout.listed import Listed
from karospace_stream.model.blob import Blob

VERSION = 1


def listed(folder: str, identity: bytes) -> Listed:
    """Read the entry of the list from a ``dataset_identity.json``.

    Raises
    ------
    BadInputError
        If it is not an identity.
    """
    try:
        content = json.loads(checked(identity))
        stats = content.get("stats", {})
        return Listed(
            folder,
            str(content.get("id", folder)),
            str(content.get("name", folder)),
            int(stats.get("n_cells") or 0),
            int(stats.get("n_genes") or 0),
            description=str(content.get("description") or ""),
            title=str((content.get("about") or {}).get("title") or ""),
        )
    except (ValueError, AttributeError, TypeError, OverflowError, RecursionError) as error:
        raise BadInputError(f"{folder}/dataset_identity.json is not a data set identity: {error}") from None


def datasets_manifest(exports: Sequence[Listed], default: str | None = None) -> Blob:
    """Encode the list, ordered by folder.

    Parameters
    ----------
    exports
        At least one.
    default
        id of the data set to show first; None for that of the first folder.

    Raises
    ------
    BadInputError
        If two exports have the same id, or there is none.
    BadOptionError
        If none has the id ``default``.
    """
    ordered = sorted(exports, key=lambda one: one.folder)
    if not ordered:
        raise BadInputError("There is no export to list: no folder here has a dataset_identity.json.")
    folders: dict[str, str] = {}
    for one in ordered:
        if one.id in folders:
            raise BadInputError(
                f"The exports {folders[one.id]!r} and {one.folder!r} have the same id {one.id!r}; "
                "export one of them again with another dataset id, or move it away."
            )
        folders[one.id] = one.folder
    if default is not None and default not in folders:
        raise BadOptionError(f"No export has the id {default!r}; there are {', '.join(map(repr, folders))}.")
    content = {
        "version": VERSION,
        "default": ordered[0].id if default is None else default,
        "datasets": [_entry(one) for one in ordered],
    }
    return Blob(DATASETS, dump(content, indent=True), JSON)


def _entry(one: Listed) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": one.id, "path": f"{one.folder}/", "name": one.name}
    more = {"n_cells": one.n_cells, "n_genes": one.n_genes, "format": one.format}
    return entry | {key: value for key, value in more.items() if value}
