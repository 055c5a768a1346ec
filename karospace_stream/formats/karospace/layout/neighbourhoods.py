"""Neighbouring cells, as listed in ``atlas.json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.formats.karospace.layout.manifest import Part, part_entry
from karospace_stream.model.blob import Receipt

#: Columns of the genes, one after another, each as long as the part has genes.
GENE_COLUMNS = (
    ("gene", "uint32"),
    ("moran_i", "float32"),
    ("geary_c", "float32"),
    ("moran_p_value", "float64"),
    ("moran_adjusted_p_value", "float64"),
    ("geary_p_value", "float64"),
    ("geary_adjusted_p_value", "float64"),
)


@dataclass(frozen=True, slots=True)
class AtlasNeighbourGenes:
    """All genes by falling Moran's I, as written.

    Attributes
    ----------
    moran_variance, geary_variance
        Under normality; None if they do not exist.
    """

    parts: tuple[Part, ...]
    moran_variance: float | None
    geary_variance: float | None

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        return {
            "columns": [{"name": name, "dtype": dtype} for name, dtype in GENE_COLUMNS],
            "variances": {"moran_i": self.moran_variance, "geary_c": self.geary_variance},
            "parts": [part_entry(*part) for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class AtlasNeighbourGroups:
    """The groups of one obs column, as written.

    Attributes
    ----------
    enrichment
        Z-scores and counts.
    distances
        Up to which pairs were counted; empty without co-occurrence.
    n_drawn
        Cells whose pairs were counted.
    co_occurrence
        Ratios; None if there are none.
    """

    column: str
    categories: tuple[str, ...]
    enrichment: Receipt
    distances: tuple[float, ...] = ()
    n_drawn: int = 0
    co_occurrence: Receipt | None = None

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        entry: dict[str, Any] = {
            "column": self.column,
            "categories": list(self.categories),
            "enrichment": _file(self.enrichment),
        }
        if self.co_occurrence is not None:
            entry["co_occurrence"] = {
                **_file(self.co_occurrence),
                "distances": list(self.distances),
                "n_cells": self.n_drawn,
            }
        return entry

    @property
    def receipts(self) -> list[Receipt]:
        """All of its files."""
        return [self.enrichment] + ([] if self.co_occurrence is None else [self.co_occurrence])


@dataclass(frozen=True, slots=True)
class AtlasNeighbourhoods:
    """All of them, and how they were computed.

    Attributes
    ----------
    graph
        Key in obsp.
    coordinates
        Of co-occurrence, as ``--coords`` spells them; empty for none.
    """

    graph: str
    coordinates: str
    permutations: int
    seed: int
    genes: AtlasNeighbourGenes
    groupings: Sequence[AtlasNeighbourGroups]

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        entry: dict[str, Any] = {"graph": self.graph, "genes": self.genes.entry()}
        if self.groupings:
            entry |= {"permutations": self.permutations, "seed": self.seed}
        if any(each.co_occurrence is not None for each in self.groupings):
            entry["coordinates"] = self.coordinates
        return {**entry, "groupings": [each.entry() for each in self.groupings]}

    @property
    def receipts(self) -> list[Receipt]:
        """All of its files."""
        parts = [part[0] for part in self.genes.parts]
        return [*parts, *(receipt for each in self.groupings for receipt in each.receipts)]


def _file(receipt: Receipt) -> dict[str, Any]:
    return {"path": receipt.key, "size_bytes": receipt.size}
