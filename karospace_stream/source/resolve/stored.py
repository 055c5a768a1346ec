"""The parts of an AnnData on disk: the same for h5py and zarr, as both are mappings with attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.model.source import MatrixReader
from karospace_stream.source.elements.attributes import encoding_type
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.elements.embeddings import EmbeddingEntry, resolve_embedding
from karospace_stream.source.elements.frames import Frame, resolve_frame
from karospace_stream.source.elements.images import (
    find_arrays,
    find_images,
    find_libraries,
    find_microns_per_pixel,
    find_palettes,
    find_spot_diameter,
)
from karospace_stream.source.elements.legacy import resolve_compound_frame, resolve_compound_obsm
from karospace_stream.source.elements.members import member, members
from karospace_stream.source.elements.original_names import under_original_names
from karospace_stream.source.elements.uns_facts import find_log_base, find_texts
from karospace_stream.source.elements.wide_floats import rounding
from karospace_stream.source.genes.stored_sets import find_stored_sets
from karospace_stream.source.matrices.graphs import is_null, resolve_graphs
from karospace_stream.source.matrices.readers import resolve_matrix
from karospace_stream.source.parts import Parts
from karospace_stream.source.problems.unreadable import Unreadable, optional, required
from karospace_stream.source.rankings.find import find_rankings
from karospace_stream.source.resolve.unread_parts import OTHERS, other_parts


def resolve_parts(root: Any, where: str, wrap: Wrap, unreadable: Unreadable) -> Parts:
    """Describe everything below the root group; reads attributes only.

    Raises
    ------
    BadInputError
        If obs or var, without which there is no AnnData, cannot be described.
    """
    groups = {key: _group(root, key, unreadable) for key in OTHERS}
    uns = groups["uns"]
    graphs, aliases = resolve_graphs(root, where, wrap, unreadable)
    matrices = _resolve_matrices(root, where, wrap, unreadable) | graphs
    wrap = rounding(wrap)
    obs = _resolve_required_frame(root, "obs", where, uns, wrap, unreadable)

    def frame_of(node: Any, key: str) -> Frame:
        return _resolve_frame(node, key, uns, wrap, unreadable)

    return Parts(
        matrices=matrices,
        obs=obs,
        var=_resolve_required_frame(root, "var", where, uns, wrap, unreadable),
        raw_var=_resolve_raw_var(root, uns, wrap, unreadable),
        obsm=_resolve_obsm(root, wrap, unreadable),
        images=find_images(uns, wrap, unreadable),
        arrays=(arrays := find_arrays(uns, wrap, unreadable)),
        palettes=find_palettes(uns, wrap, unreadable),
        spot_diameter=find_spot_diameter(uns, wrap),
        microns_per_pixel=find_microns_per_pixel(uns, wrap),
        log_base=find_log_base(uns, wrap),
        libraries=find_libraries(uns),
        texts=find_texts(uns, wrap),
        rankings=find_rankings(uns, wrap, frame_of, obs, unreadable),
        sets=find_stored_sets(uns, wrap),
        varm=_resolve_varm(groups["varm"], wrap, unreadable),
        aliases=aliases,
        others=other_parts(groups, arrays, unreadable),
    )


def _group(root: Any, key: str, unreadable: Unreadable) -> Mapping[str, Any]:
    with optional(unreadable, key):
        node: Any = member(root, key)
        found: Mapping[str, Any] = node if hasattr(node, "keys") else {}
        list(found)  # a broken table of names fails here
        return under_original_names(found)
    return {}


def _resolve_required_frame(
    root: Any, key: str, where: str, uns: Mapping[str, Any], wrap: Wrap, unreadable: Unreadable
) -> Frame:
    with required(key, where):
        return _resolve_frame(member(root, key), key, uns, wrap, unreadable)
    raise AssertionError("required() lets no error pass")


def _resolve_frame(node: Any, key: str, uns: Mapping[str, Any], wrap: Wrap, unreadable: Unreadable) -> Frame:
    if getattr(node, "dtype", None) is not None:
        return resolve_compound_frame(node, key, uns, wrap, unreadable)
    if not hasattr(node, "keys"):
        raise TypeError("it must be a group or a table, but is neither")
    return resolve_frame(node, key, wrap, unreadable)


def _resolve_matrices(root: Any, where: str, wrap: Wrap, unreadable: Unreadable) -> dict[str, MatrixReader]:
    nodes: list[tuple[str, Any]] = []
    for name, paths in (("X", ("X",)), ("raw", ("raw/X", "raw.X"))):
        with optional(unreadable, name):
            nodes += [(name, node) for node in _first(root, paths)]
    nodes += [(f"layers/{key}", node) for key, node in members(root, "layers", unreadable)]
    for key, node in members(root, "obsm", []):  # its problems are recorded when the others are read
        with optional([], "obsm"):
            nodes += [(f"obsm/{key}", node)] if _is_sparse(node) else []
    found: dict[str, MatrixReader] = {}
    for name, node in nodes:
        with optional(unreadable, name):
            if not is_null(node):
                found[name] = resolve_matrix(node, name, where, wrap)
    return found


def _first(root: Any, paths: tuple[str, ...]) -> list[Any]:
    """The member at the first path that exists."""
    return [node for node in (member(root, path) for path in paths) if node is not None][:1]


def _is_sparse(node: Any) -> bool:
    return hasattr(node, "keys") and encoding_type(node) in ("csr_matrix", "csc_matrix")


def _resolve_raw_var(root: Any, uns: Mapping[str, Any], wrap: Wrap, unreadable: Unreadable) -> Frame | None:
    with optional(unreadable, "raw/var"):
        for node in _first(root, ("raw/var", "raw.var")):
            return _resolve_frame(node, "raw/var", uns, wrap, unreadable)
    return None


def _resolve_obsm(root: Any, wrap: Wrap, unreadable: Unreadable) -> dict[str, EmbeddingEntry]:
    with optional(unreadable, "obsm"):
        node = member(root, "obsm")
        if getattr(getattr(node, "dtype", None), "names", None):
            return resolve_compound_obsm(node, wrap, unreadable)
    entries: dict[str, EmbeddingEntry] = {}
    for key, node in members(root, "obsm", unreadable):
        with optional(unreadable, f"obsm/{key}"):
            if _is_sparse(node):
                continue
            entries[key] = resolve_embedding(node, f"obsm/{key}", wrap, unreadable)
    return entries


def _resolve_varm(group: Mapping[str, Any], wrap: Wrap, unreadable: Unreadable) -> dict[str, EmbeddingEntry]:
    """Entries that are arrays or data frames; formats that take none say so of all others."""
    entries: dict[str, EmbeddingEntry] = {}
    for key in sorted(group, key=str):
        with optional([], f"varm/{key}"):
            if not _is_sparse(group[key]):
                entries[str(key)] = resolve_embedding(group[key], f"varm/{key}", wrap, [])
    return entries
