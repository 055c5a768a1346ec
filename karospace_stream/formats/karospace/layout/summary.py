"""The entry of a bundle in a list of bundles, read from its own head."""

from __future__ import annotations

import json
from dataclasses import dataclass

from karospace_stream.errors import BadInputError
from karospace_stream.formats.layout.documents import checked


@dataclass(frozen=True, slots=True)
class Summary:
    """Name and size of a bundle."""

    name: str
    n_cells: int
    n_genes: int


def summary(folder: str, head: bytes) -> Summary:
    """Read ``atlas.json`` or, for a bundle without one, ``manifest.json``.

    Raises
    ------
    BadInputError
        If it is neither.
    """
    try:
        content = json.loads(checked(head))
        n_genes = content["n_genes"] if "n_genes" in content else content["n_genes_exported"]
        return Summary(str(content["dataset_name"]), int(content["n_cells"]), int(n_genes))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise BadInputError(f"{folder}: its atlas.json or manifest.json is none: {error}") from None
