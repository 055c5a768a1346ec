"""``connectivity_manifest.json``: the neighbour graph."""

from __future__ import annotations

from typing import Literal

from karospace_stream.formats.cellucid.layout.names import JSON, Layout
from karospace_stream.formats.cellucid.layout.stored import dump
from karospace_stream.model.blob import Blob

IndexDtype = Literal["uint16", "uint32", "uint64"]

_WIDTHS: dict[IndexDtype, int] = {"uint16": 2, "uint32": 4, "uint64": 8}


def index_dtype(n_cells: int) -> IndexDtype:
    """Type of cell numbers: uint16 up to 65,535 cells, then uint32, then uint64."""
    if n_cells <= 0xFFFF:
        return "uint16"
    return "uint32" if n_cells <= 0xFFFF_FFFF else "uint64"


def graph_manifest(
    layout: Layout, n_cells: int, *, n_edges: int, max_neighbours: int, compression: int | None
) -> Blob:
    """Encode the manifest.

    Parameters
    ----------
    n_edges
        Pairs with source < destination, each once.
    max_neighbours
        Most neighbours of one cell in the symmetric graph, itself included if it is one.
    compression
        gzip level, None for none.
    """
    dtype = index_dtype(n_cells)
    content = {
        "format": "edge_pairs",
        "n_cells": n_cells,
        "n_edges": n_edges,
        "max_neighbors": max_neighbours,
        "index_bytes": _WIDTHS[dtype],
        "index_dtype": dtype,
        "sourcesPath": layout.edges("src"),
        "destinationsPath": layout.edges("dst"),
        "compression": compression,
    }
    return Blob(layout.graph_manifest, dump(content), JSON)
