"""The entry of a list of exports, from the identity of a Cellucid export."""

from __future__ import annotations

import json

from karospace_stream.errors import BadInputError
from karospace_stream.formats.layout.documents import checked
from karospace_stream.formats.layout.listed import Listed


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
