"""Square matrices of cells x cells: obsp, and where they were stored before anndata 0.7."""

from __future__ import annotations

from typing import Any

from karospace_stream.model.source import MatrixReader
from karospace_stream.source.elements.attributes import encoding_type
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.elements.members import member, members
from karospace_stream.source.matrices.readers import resolve_matrix
from karospace_stream.source.parts import OBSP
from karospace_stream.source.problems.unreadable import Unreadable, optional

_OLD_GROUP = "uns/neighbors"
_OLD_KEYS = ("connectivities", "distances")


def resolve_graphs(
    root: Any, where: str, wrap: Wrap, unreadable: Unreadable
) -> tuple[dict[str, MatrixReader], dict[str, str]]:
    """Describe every entry of obsp, and the graph that scanpy used to store in ``uns['neighbors']``.

    As in anndata, the old graph is an entry of obsp, unless there is one of that name.

    Returns
    -------
    Readers by ``obsp/<key>``, and for a graph in the old location ``{its old name: its new name}``.
    """
    nodes = {f"{OBSP}{key}": node for key, node in members(root, "obsp", unreadable)}
    aliases = {}
    for key, node in _old_graphs(root):
        if key in _OLD_KEYS and hasattr(node, "keys") and f"{OBSP}{key}" not in nodes:
            nodes[f"{OBSP}{key}"] = node
            aliases[f"{_OLD_GROUP}/{key}"] = f"{OBSP}{key}"
    found: dict[str, MatrixReader] = {}
    for name, node in nodes.items():
        with optional(unreadable, name):
            if not is_null(node):
                found[name] = resolve_matrix(node, name, where, wrap)
    return found, aliases


def is_null(node: Any) -> bool:
    """Whether anndata wrote None here."""
    return encoding_type(node) == "null"


def _old_graphs(root: Any) -> list[tuple[str, Any]]:
    """Entries of the old location, if readable: newer files have them in obsp, so errors do not matter."""
    try:
        group = member(root, _OLD_GROUP)
        return members(root, _OLD_GROUP, []) if hasattr(group, "keys") else []
    except Exception:
        return []
