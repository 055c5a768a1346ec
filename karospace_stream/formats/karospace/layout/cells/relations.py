"""The stream layer's neighbour graph and vector fields, as listed in ``atlas.json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.formats.karospace.layout.manifest import Part, part_entry
from karospace_stream.formats.layout.labels import label_of


@dataclass(frozen=True, slots=True)
class AtlasVectors:
    """One vector field as written.

    Attributes
    ----------
    key, field
        Its key, and the key without the dimension, such as ``velocity_umap``.
    embedding
        Number of its embedding.
    """

    key: str
    field: str
    embedding: int
    n_dims: int
    parts: Sequence[Part]

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        return {
            "key": self.key,
            "label": label_of(self.field),
            "embedding": self.embedding,
            "dims": self.n_dims,
            "dtype": "float32",
            "parts": [part_entry(*part) for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class AtlasGraph:
    """The neighbour graph as written: pairs of cells, each once."""

    key: str
    n_edges: int
    max_neighbours: int
    dtype: str
    sources: Sequence[Part]
    targets: Sequence[Part]

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        return {
            "key": self.key,
            "n_edges": self.n_edges,
            "max_neighbors": self.max_neighbours,
            "dtype": self.dtype,
            "sources": [part_entry(*part) for part in self.sources],
            "targets": [part_entry(*part) for part in self.targets],
        }
