"""``datasets.json``: the list of the exports in one folder, which pages of both viewers read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.layout.listed import Listed
from karospace_stream.model.blob import Blob

DATASETS = "datasets.json"
VERSION = 1
_MOST_DESCRIPTION = 1_000  # letters; a list shows the first lines


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
    return Blob(DATASETS, json.dumps(content, indent=2, allow_nan=False).encode("ascii"), "application/json")


def _entry(one: Listed) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": one.id, "path": f"{one.folder}/", "name": one.name}
    more = {"n_cells": one.n_cells, "n_genes": one.n_genes, "format": one.format}
    texts = {"title": one.title, "description": one.description[:_MOST_DESCRIPTION], "picture": one.picture}
    turned = {"picture_y_up": one.y_up and bool(one.picture)}
    return entry | {key: value for key, value in (more | texts | turned).items() if value}
