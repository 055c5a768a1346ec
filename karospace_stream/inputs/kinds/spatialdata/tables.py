"""The tables of a store, and the one that is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.model.finding import Finding
from karospace_stream.similar.names import did_you_mean, similar_names
from karospace_stream.source.problems.other_kinds import listed

_FOLDERS = ("tables", "table")  # the second before SpatialData 0.1
_USUAL = "table"


def tables_of(root: Mapping[str, Any]) -> dict[str, Any]:
    """The groups that hold the tables, by the names of these, sorted."""
    found: dict[str, Any] = {}
    for folder in _FOLDERS:
        node = root[folder] if folder in set(root) else {}
        if hasattr(node, "keys"):
            found |= {str(name): node for name in node if str(name) not in found}
    return {name: found[name] for name in sorted(found)}


def choose_table(names: list[str], wanted: str | None, where: str) -> tuple[str, tuple[Finding, ...]]:
    """The table to read, and what to say about the others.

    Raises
    ------
    BadInputError
        If there is none.
    BadOptionError
        If the wanted one is not there.
    """
    if not names:
        raise BadInputError(
            f"{where} is a SpatialData store without a table, so it has no values of genes; make one with: "
            "spatialdata.SpatialData.aggregate(...)"
        )
    if wanted is not None:
        if wanted not in names:
            hint = did_you_mean(similar_names(wanted, names, 1))
            raise BadOptionError(f"--table: {where} has no table {wanted!r}, but {listed(names)}{hint}")
        return wanted, ()
    if len(names) == 1:
        return names[0], ()
    chosen = _USUAL if _USUAL in names else names[0]
    others = [name for name in names if name != chosen]
    text = f"the table {chosen!r} of the store is read, one of {len(names)}; the others are {listed(others)}"
    return chosen, (Finding("other-tables", text, "table", others[0] if len(others) == 1 else None),)
