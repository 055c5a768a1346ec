"""Read the texts of a store that say what it is, without opening it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from karospace_stream.errors import BadInputError
from karospace_stream.formats.anndata.layout.viewable import text_codecs
from karospace_stream.formats.layout.documents import checked
from karospace_stream.model.expected import Find
from karospace_stream.source.files.inflate import inflate

#: The record of our own stores comes first or last, as for the page.
NAME = ("uns/cellucid/name", "uns/title")
TITLE = ("uns/title",)
DESCRIPTION = ("uns/description", "uns/cellucid/description")
_MOST_NBYTES = 1 << 20


def first_text(document: bytes, find: Find, paths: Iterable[str]) -> str:
    """The first of some single texts that a store has; empty if it has none that can be read.

    Parameters
    ----------
    document
        The consolidated metadata.
    """
    nodes = json.loads(checked(document))
    return next(filter(None, (_text(text_codecs(nodes, path), find, path) for path in paths)), "")


def _text(codecs: tuple[str, ...] | None, find: Find, path: str) -> str:
    if codecs is None:
        return ""
    raw = find(f"{path}/0") or find(f"{path}/c")  # the only chunk, in v2 and v3
    if raw is None:
        return ""
    try:
        for codec in reversed(codecs):
            raw = bytes(inflate(codec, raw, _MOST_NBYTES))
        return _decoded(raw)
    except (BadInputError, UnicodeDecodeError):
        return ""


def _decoded(raw: bytes) -> str:
    """One text of ``vlen-utf8``: how many there are, the length of each, its bytes."""
    n_texts, length = int.from_bytes(raw[:4], "little"), int.from_bytes(raw[4:8], "little")
    return raw[8:].decode() if n_texts == 1 and length == len(raw) - 8 else ""
