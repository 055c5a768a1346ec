"""Which modalities of a MuData are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.model.finding import Finding
from karospace_stream.similar.names import did_you_mean, similar_names
from karospace_stream.source.elements.attributes import text_attributes
from karospace_stream.source.elements.members import members

ALL = "all"
_FIRST = ("rna", "gex", "gene expression")


def modalities_of(root: Any, where: str) -> dict[str, Any]:
    """The group of each modality, in the order of the file.

    Raises
    ------
    BadInputError
        If there is none.
    """
    found = {name: node for name, node in members(root, "mod", []) if hasattr(node, "keys")}
    order = [name for name in text_attributes(root["mod"], "mod-order") if name in found] if found else []
    if not found:
        raise BadInputError(f"{where} is a MuData without a modality, so it has no cells to show")
    return {name: found[name] for name in dict.fromkeys([*order, *found])}


def choose(known: Sequence[str], wanted: Sequence[str], where: str) -> tuple[list[str], tuple[Finding, ...]]:
    """The modalities to read, in the order of the file, and what to say about it.

    Raises
    ------
    BadOptionError
        If one is not there.
    """
    if wanted:
        if list(wanted) == [ALL] and ALL not in known:
            return list(known), ()
        for name in wanted:
            if name not in known:
                raise BadOptionError(
                    f"--modality: {where} has no modality {name!r}; it has {', '.join(known)}"
                    f"{did_you_mean(similar_names(name, known))}"
                )
        return [name for name in known if name in wanted], ()
    if len(known) == 1:
        return list(known), ()
    first = next((name for usual in _FIRST for name in known if name.lower() == usual), known[0])
    text = f"of the modalities {', '.join(known)}, only {first} is exported"
    return [first], (Finding("one-modality", text, "modality", ALL),)
