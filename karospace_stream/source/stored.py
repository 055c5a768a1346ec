"""The parts of an AnnData on disk: the same for h5py and zarr, as both are mappings with attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.source.elements import Wrap
from karospace_stream.source.embeddings import EmbeddingEntry, resolve_embedding
from karospace_stream.source.frames import Frame, resolve_frame
from karospace_stream.source.graphs import is_null, resolve_graphs
from karospace_stream.source.images import find_arrays, find_images
from karospace_stream.source.legacy import resolve_compound_frame, resolve_compound_obsm
from karospace_stream.source.matrices import resolve_matrix
from karospace_stream.source.others import OTHERS, other_parts
from karospace_stream.source.parts import Parts
from karospace_stream.source.protocol import MatrixReader
from karospace_stream.source.unreadable import Unreadable, needed, passing_over


def resolve_parts(root: Any, where: str, wrap: Wrap, unreadable: Unreadable) -> Parts:
    """Describe everything below the root group; reads attributes only.

    Raises
    ------
    BadInputError
        If obs or var, without which there is no AnnData, cannot be described.
    """
    uns = _group(root, "uns")
    graphs, aliases = resolve_graphs(root, where, wrap, unreadable)
    return Parts(
        matrices=_resolve_matrices(root, where, wrap, unreadable) | graphs,
        obs=_resolve_needed_frame(root, "obs", where, wrap, unreadable),
        var=_resolve_needed_frame(root, "var", where, wrap, unreadable),
        raw_var=_resolve_raw_var(root, uns, wrap, unreadable),
        obsm=_resolve_obsm(root, wrap, unreadable),
        images=find_images(uns, wrap, unreadable),
        arrays=(arrays := find_arrays(uns, wrap, unreadable)),
        aliases=aliases,
        others=other_parts({key: _group(root, key) for key in OTHERS}, arrays, unreadable),
    )


def _group(root: Any, key: str) -> Mapping[str, Any]:
    node = root.get(key)
    return node if node is not None and hasattr(node, "keys") else {}


def _resolve_needed_frame(root: Any, key: str, where: str, wrap: Wrap, unreadable: Unreadable) -> Frame:
    with needed(key, where):
        return _resolve_frame(root[key], key, _group(root, "uns"), wrap, unreadable)
    raise AssertionError("needed() lets nothing pass")


def _resolve_frame(node: Any, key: str, uns: Mapping[str, Any], wrap: Wrap, unreadable: Unreadable) -> Frame:
    if getattr(node, "dtype", None) is not None:
        return resolve_compound_frame(node, key, uns, wrap, unreadable)
    return resolve_frame(node, key, wrap, unreadable)


def _resolve_matrices(root: Any, where: str, wrap: Wrap, unreadable: Unreadable) -> dict[str, MatrixReader]:
    nodes = {"X": "X", "raw": "raw/X" if "raw/X" in root else "raw.X"}
    nodes |= {f"layers/{key}": f"layers/{key}" for key in sorted(_group(root, "layers"))}
    found: dict[str, MatrixReader] = {}
    for name, path in nodes.items():
        if path not in root:
            continue
        with passing_over(unreadable, name):
            if not is_null(root[path]):
                found[name] = resolve_matrix(root[path], name, where, wrap)
    return found


def _resolve_raw_var(root: Any, uns: Mapping[str, Any], wrap: Wrap, unreadable: Unreadable) -> Frame | None:
    path = "raw/var" if "raw/var" in root else "raw.var"
    if path in root:
        with passing_over(unreadable, "raw/var"):
            return _resolve_frame(root[path], "raw/var", uns, wrap, unreadable)
    return None


def _resolve_obsm(root: Any, wrap: Wrap, unreadable: Unreadable) -> dict[str, EmbeddingEntry]:
    node = root.get("obsm")
    if node is not None and getattr(node, "dtype", None) is not None:
        return resolve_compound_obsm(node, wrap, unreadable)
    entries = {}
    group = _group(root, "obsm")
    for key in sorted(group):  # Zarr lists in the order of the file system
        with passing_over(unreadable, f"obsm/{key}"):
            entries[key] = resolve_embedding(group[key], f"obsm/{key}", wrap, unreadable)
    return entries
