"""Reads the shapes of a bundle from the files alone, as docs/formats/tissue.md describes them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely


def stored_shapes(bundle: Path, number: int = 0) -> list[tuple[int, shapely.Polygon]]:
    """The cell and the polygon of each shape, in coordinates of the embedding."""
    entry = entry_of(bundle, number)
    packs = [(bundle / each["path"]).read_bytes() for each in entry["packs"]]
    index = json.loads(gzip.decompress((bundle / entry["index"]["path"]).read_bytes()))
    found = []
    for pack, offset, n_bytes, n_shapes, left, top, right, bottom in index["tiles"]:
        data = gzip.decompress(packs[pack][offset : offset + n_bytes])
        cells = np.frombuffer(data, "<u4", n_shapes)
        starts = np.frombuffer(data, "<u4", n_shapes + 1, 4 * n_shapes)
        n_vertices = int(starts[-1])
        rest = np.frombuffer(data, "<u2", 2 * n_vertices, 4 * (2 * n_shapes + 1))
        x = left + rest[:n_vertices] / 65535 * (right - left)
        y = top + rest[n_vertices:] / 65535 * (bottom - top)
        assert len(data) == 4 * (2 * n_shapes + 1) + 4 * n_vertices
        for shape in range(n_shapes):
            ring = slice(starts[shape], starts[shape + 1])
            found.append((int(cells[shape]), shapely.Polygon(np.column_stack([x[ring], y[ring]]))))
    assert len(found) == entry["n_shapes"]
    assert sum(len(shape.exterior.coords) - 1 for _, shape in found) == entry["n_vertices"]
    return found


def entry_of(bundle: Path, number: int = 0) -> dict[str, Any]:
    """What the atlas says of a set of shapes."""
    atlas = json.loads((bundle / "atlas.json").read_text())
    entry: dict[str, Any] = atlas["shapes"][number]
    return entry
