"""``manifest.json``: schema 1.0.0, and the key that points to the stream layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.encode.tables import dump_json
from karospace_stream.formats.karospace.layout import names
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.model.sections import Arrangement

SCHEMA_VERSION = "1.0.0"
PACKED_SCHEMA_VERSION = "2.0.0"

#: ``(scale_x, scale_y, offset_x, offset_y)``: image pixel = coordinate x scale + offset.
Placement = tuple[float, float, float, float]
#: Receipt, ``start`` and ``stop`` (exclusive) of its cells, genes or edges.
Part = tuple[Receipt, int, int]


@dataclass(frozen=True, slots=True)
class Heading:
    """Facts about the entire bundle, in both manifests.

    Attributes
    ----------
    created_at
        ISO 8601, UTC.
    prefix
        Prefix of all paths except those of the entry documents; usually empty.
    """

    dataset_name: str
    created_at: str
    generator: str
    n_cells: int
    gzip: bool
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """A tissue image, its position if known, and the cells that it lies under.

    Attributes
    ----------
    note
        For the user; in no manifest.
    library
        Its key in ``uns['spatial']``.
    column, category
        Of the cells that it lies under; None of all.
    embedding
        Number of the embedding in whose coordinates the position is.
    """

    path: str
    width: int
    height: int
    placement: Placement | None = None
    note: str = ""
    library: str = ""
    column: str | None = None
    category: str | None = None
    embedding: int = 0

    @property
    def is_base(self) -> bool:
        """Whether it is the image of the base layer, for all cells and in the first embedding."""
        return self.column is None and self.embedding == 0

    def cells_entry(self) -> dict[str, Any]:
        """The cells of the image in ``atlas.json``."""
        cells = {"column": self.column, "category": self.category, "embedding": self.embedding}
        return {"library": self.library, **self.entry(), **cells}

    def entry(self) -> dict[str, Any]:
        """The entry of both manifests."""
        entry: dict[str, Any] = {"path": self.path, "width": self.width, "height": self.height}
        if self.placement is not None:
            keys = ("scale_x", "scale_y", "offset_x", "offset_y")
            entry["placement"] = dict(zip(keys, self.placement, strict=True))
        return entry


@dataclass(frozen=True, slots=True)
class Asset:
    """One listed object and its role."""

    kind: str
    receipt: Receipt


def manifest_blob(
    heading: Heading,
    *,
    coordinate_source: str,
    columns: Sequence[str],
    labels: Sequence[str],
    assets: Iterable[Asset],
    expression: Sequence[Sequence[Part]],
    image: PlacedImage | None,
    preview: bool,
    arrangement: Arrangement | None = None,
) -> Blob:
    """Encode ``manifest.json``.

    Parameters
    ----------
    arrangement
        How the sections of ``coordinate_source`` are laid out.
    expression
        The parts of each gene: receipt, ``start`` and ``stop`` (exclusive) of the cells.
    """
    manifest: dict[str, Any] = {
        # First, so that readers of the stream layer need not wait for the rest.
        "stream": {"version": 1, "path": heading.prefix + names.ATLAS},
        "dataset_name": heading.dataset_name,
        "n_cells": heading.n_cells,
        "n_genes_exported": len(labels),
        "coordinate_source": coordinate_source,
        "annotation_columns": list(columns),
        "gene_list": list(labels),
        "asset_files": _listed(assets),
        "expression": {
            "format": "per_gene_float32_v1",
            "dtype": "float32",
            "n_cells": heading.n_cells,
            "gzip": heading.gzip,
            "genes": [
                {"gene": label, "index": index, "chunks": [part_entry(*part) for part in parts]}
                for index, (label, parts) in enumerate(zip(labels, expression, strict=True))
            ],
        },
        "schema_version": SCHEMA_VERSION,
        "created_at": heading.created_at,
    }
    if preview:
        manifest["preview_path"] = heading.prefix + names.PREVIEW
    if image is not None:
        manifest["image"] = image.entry()
    if arrangement is not None:
        manifest["arranged"] = arrangement.to_json()
    return Blob(names.MANIFEST, dump_json(manifest, indent=True), names.JSON)


def packed_manifest_blob(heading: Heading, *, n_genes: int, assets: Iterable[Asset], version: int) -> Blob:
    """Encode ``manifest.json`` of the packed layout, which has no base layer."""
    manifest: dict[str, Any] = {
        "stream": {"version": version, "path": heading.prefix + names.ATLAS},
        "dataset_name": heading.dataset_name,
        "n_cells": heading.n_cells,
        "n_genes_exported": n_genes,
        "asset_files": _listed(assets),
        "schema_version": PACKED_SCHEMA_VERSION,
        "created_at": heading.created_at,
    }
    return Blob(names.MANIFEST, dump_json(manifest, indent=True), names.JSON)


def _listed(assets: Iterable[Asset]) -> list[dict[str, Any]]:
    return [
        {"kind": asset.kind, "path": asset.receipt.key, "size_bytes": asset.receipt.size} for asset in assets
    ]


def part_entry(receipt: Receipt, start: int, end: int) -> dict[str, Any]:
    """One part, as both manifests list it."""
    return {"path": receipt.key, "start": start, "end": end, "size_bytes": receipt.size}
