"""What goes along with genes: sets of them, and entries of varm, as listed in ``atlas.json``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.encode.tables import dump_json
from karospace_stream.formats.karospace.layout.manifest import Part, part_entry
from karospace_stream.model.blob import Receipt
from karospace_stream.model.selection import GeneSet


@dataclass(frozen=True, slots=True)
class AtlasSets:
    """The document of gene sets as written."""

    receipt: Receipt
    n_sets: int

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        return {"path": self.receipt.key, "size_bytes": self.receipt.size, "n_sets": self.n_sets}


@dataclass(frozen=True, slots=True)
class AtlasVarm:
    """One entry of varm as written: genes x columns."""

    key: str
    n_columns: int
    parts: tuple[Part, ...]

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        return {
            "key": self.key,
            "dtype": "float32",
            "n_columns": self.n_columns,
            "parts": [part_entry(*part) for part in self.parts],
        }


def gene_sets_document(sets: Sequence[GeneSet], exported: dict[int, int], scored: Collection[str]) -> bytes:
    """Encode the document of gene sets.

    Parameters
    ----------
    exported
        The exported position of each gene, by its source column.
    scored
        Names of the exported columns.
    """
    entries = []
    for each in sets:
        genes = [exported[gene] for gene in each.genes if gene in exported]
        entry: dict[str, Any] = {
            "name": each.name,
            "source": each.source,
            "genes": genes,
            "n_not_exported": len(each.genes) - len(genes),
            "n_missing": len(each.missing),
        }
        entries.append(entry | ({"column": each.column} if each.column in scored else {}))
    return dump_json({"sets": entries})
