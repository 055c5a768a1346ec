"""The entry of a bundle in a list of bundles, read from its own head."""

from __future__ import annotations

import json
from dataclasses import dataclass

from karospace_stream.errors import BadInputError
from karospace_stream.formats.layout.documents import checked


@dataclass(frozen=True, slots=True)
class Summary:
    """Name and size of a bundle, texts and picture (may be empty), whether the page draws y upwards."""

    name: str
    n_cells: int
    n_genes: int
    description: str = ""
    y_up: bool = False
    title: str = ""
    picture: str = ""


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
        about = content.get("about") or {}
        description, title = (str(about.get(key) or "") for key in ("description", "title"))
        name, n_cells = str(content["dataset_name"]), int(content["n_cells"])
        embeddings = content.get("embeddings")
        y_up = bool(embeddings) and embeddings[0].get("y_axis") == "up"
        picture = str(content.get("preview_path") or "")
        return Summary(name, n_cells, int(n_genes), description, y_up, title, picture)
    except (ValueError, AttributeError, LookupError, TypeError, OverflowError, RecursionError) as error:
        raise BadInputError(f"{folder}: its atlas.json or manifest.json is not valid: {error}") from None
