"""``atlas.json``: the stream layer; small for any number of cells and genes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.encode.arrays import ArrayKind
from karospace_stream.encode.tables import dump_json
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.cells.order import SOURCE, AtlasOrder, coarse_entry
from karospace_stream.formats.karospace.layout.cells.relations import AtlasGraph, AtlasVectors
from karospace_stream.formats.karospace.layout.file_markers import AtlasFileMarkers
from karospace_stream.formats.karospace.layout.genes.facts import AtlasSets, AtlasVarm
from karospace_stream.formats.karospace.layout.manifest import Heading, Part, PlacedImage, part_entry
from karospace_stream.formats.karospace.layout.neighbourhoods import AtlasNeighbourhoods
from karospace_stream.formats.karospace.layout.statistics import AtlasPseudobulk, AtlasStatistics
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.model.sections import Arrangement
from karospace_stream.model.selection import PageNote


@dataclass(frozen=True, slots=True)
class AtlasEmbedding:
    """One embedding as written. Bounds are in the source's coordinates, None if empty.

    ``spot_diameter`` is in these coordinates too, ``microns_per_unit`` the length of one; None if unknown.
    ``spot_angle`` is that of square spots; None for discs.
    """

    key: str
    source: str
    n_dims: int
    y_down: bool
    origin: tuple[float, ...]
    minimum: tuple[float | None, ...]
    maximum: tuple[float | None, ...]
    parts: Sequence[Part]
    spot_diameter: float | None = None
    microns_per_unit: float | None = None
    arrangement: Arrangement | None = None
    spot_angle: float | None = None
    coarse: Sequence[Part] | None = None

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        lengths = {"spot_diameter": self.spot_diameter, "microns_per_unit": self.microns_per_unit}
        square = {} if self.spot_angle is None else {"spot_shape": "square", "spot_angle": self.spot_angle}
        laid = {} if self.arrangement is None else {"arranged": self.arrangement.to_json()}
        return {
            "key": self.key,
            "label": self.key.removeprefix("X_"),
            "source": self.source,
            "dims": self.n_dims,
            "dtype": "float32",
            "y_axis": "down" if self.y_down else "up",
            **{key: length for key, length in lengths.items() if length is not None},
            **square,
            **laid,
            "origin": list(self.origin),
            "minimum": list(self.minimum),
            "maximum": list(self.maximum),
            "parts": [part_entry(*part) for part in self.parts],
            **({} if self.coarse is None else {"coarse": coarse_entry(self.coarse)}),
        }


@dataclass(frozen=True, slots=True)
class AtlasColumn:
    """One obs column as written."""

    name: str
    kind: ArrayKind
    parts: Sequence[Part]
    categories: tuple[str, ...] | None = None
    colors: tuple[str, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None
    in_source_order: bool = False

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        entry: dict[str, Any] = {"name": self.name, "kind": self.kind.kind}
        if self.kind.dtype:
            entry["dtype"] = self.kind.dtype
        if self.kind.missing is not None:
            entry["missing"] = self.kind.missing
        if self.kind.kind == "category":
            entry["categories"] = list(self.categories or ())
            if self.colors:
                entry["colors"] = list(self.colors)
        if self.kind.kind == "number":
            entry |= {"minimum": self.minimum, "maximum": self.maximum}
        entry |= SOURCE if self.in_source_order else {}
        entry["parts"] = [part_entry(*part) for part in self.parts]
        return entry


def atlas_blob(
    heading: Heading,
    *,
    n_genes: int,
    cell_ids: Sequence[Part],
    embeddings: Sequence[AtlasEmbedding],
    columns: Sequence[AtlasColumn],
    vectors: Sequence[AtlasVectors],
    graph: AtlasGraph | None,
    gene_table: Receipt,
    expression: Mapping[str, Any],
    images: Sequence[PlacedImage],
    notes: Sequence[PageNote],
    preview: bool,
    about: Mapping[str, Any] | None = None,
    statistics: AtlasStatistics | None = None,
    file_markers: Sequence[AtlasFileMarkers] = (),
    pseudobulk: AtlasPseudobulk | None = None,
    neighbourhoods: AtlasNeighbourhoods | None = None,
    gene_sets: AtlasSets | None = None,
    varm: Sequence[AtlasVarm] = (),
    tissue: Mapping[str, Any] | None = None,
    running: bool = False,
    version: int = 1,
    order: AtlasOrder | None = None,
) -> Blob:
    """Encode ``atlas.json``.

    Parameters
    ----------
    notes
        What a reader should tell the user.
    about
        What people read about the data set; nothing if nothing is said.
    tissue
        Sections, slides, shapes and transcripts, as far as there are some.
    running
        Whether the export is still running, so that files may be missing.
    version
        Of the stream layer: 2 for the packed layout.
    order
        Of the cells, if it is not that of the source.
    """
    atlas: dict[str, Any] = {
        "format": "karospace-stream",
        "version": version,
        "dataset_name": heading.dataset_name,
        "created_at": heading.created_at,
        "generator": heading.generator,
        "n_cells": heading.n_cells,
        "n_genes": n_genes,
        "cell_ids": {
            **({} if order is None else SOURCE),
            "parts": [part_entry(*part) for part in cell_ids],
        },
        "embeddings": [embedding.entry() for embedding in embeddings],
        "columns": [column.entry() for column in columns],
        "genes": {
            "table": {"path": gene_table.key, "size_bytes": gene_table.size},
            "expression": dict(expression),
        },
    }
    if vectors:
        atlas["vectors"] = [each.entry() for each in vectors]
    if graph is not None:
        atlas["graph"] = graph.entry()
    for image in images:
        if image.is_base:
            atlas["image"] = image.entry()
        else:
            atlas.setdefault("images", []).append(image.cells_entry())
    atlas |= _note_entries(notes)
    if preview:
        atlas["preview_path"] = heading.prefix + names.PREVIEW
    if about:
        atlas["about"] = dict(about)
    atlas |= _computed_entries(statistics, file_markers, pseudobulk, neighbourhoods)
    atlas |= _gene_entries(gene_sets, varm)
    atlas |= tissue or {}
    if order is not None:
        atlas["order"] = order.entry()
    if running:
        atlas["progress"] = names.PROGRESS
    return Blob(heading.prefix + names.ATLAS, dump_json(atlas), names.JSON)


def classic_genes(heading: Heading, cuts: Sequence[int]) -> dict[str, Any]:
    """Entry of genes with a file for each, or several, whose cells are cut at ``cuts``."""
    return {
        "dtype": "float32",
        "path": heading.prefix + names.expression_pattern(heading.gzip),
        "gene_digits": names.GENE_DIGITS,
        "part_digits": names.PART_DIGITS,
        "cuts": list(cuts),
    }


def _computed_entries(
    statistics: AtlasStatistics | None,
    file_markers: Sequence[AtlasFileMarkers],
    pseudobulk: AtlasPseudobulk | None,
    neighbourhoods: AtlasNeighbourhoods | None,
) -> dict[str, Any]:
    entries: dict[str, Any] = {} if statistics is None else {"statistics": statistics.entry()}
    if neighbourhoods is not None:
        entries["neighbourhoods"] = neighbourhoods.entry()
    if file_markers:
        entries["markers_of_file"] = [each.entry() for each in file_markers]
    if pseudobulk is not None:
        entries["pseudobulk"] = pseudobulk.entry()
    return entries


def _gene_entries(gene_sets: AtlasSets | None, varm: Sequence[AtlasVarm]) -> dict[str, Any]:
    entries: dict[str, Any] = {} if gene_sets is None else {"gene_sets": gene_sets.entry()}
    return entries | ({"varm": [each.entry() for each in varm]} if varm else {})


def _note_entries(notes: Sequence[PageNote]) -> dict[str, Any]:
    entries: dict[str, Any] = {"notes": [each.text for each in notes]} if notes else {}
    for number, each in enumerate(notes):
        if each.overlapping:
            entries["overlapping_sections"] = {"column": each.overlapping, "note": number}
    return entries


def gene_table(
    labels: Sequence[str],
    ids: Sequence[str],
    source_index: Sequence[int],
    minimum: Sequence[float | None],
    maximum: Sequence[float | None],
    mean: Sequence[float | None],
    share: Sequence[float | None],
    variable: Mapping[str, Any] | None = None,
    groups: Mapping[str, Any] | None = None,
) -> bytes:
    """Encode the gene table: arrays of equal length, in exported order.

    Without identifiers, the names are those of the index. Numbers that are not known yet, only while an
    export runs, are None.

    Parameters
    ----------
    variable
        How the most variable genes were found, if they were computed.
    groups
        Which group each gene is of, if there are several.
    """
    return dump_json(
        {
            "name": list(labels),
            **({"id": list(ids)} if ids else {}),
            "source_index": list(source_index),
            "minimum": list(minimum),
            "maximum": list(maximum),
            "mean": list(mean),
            "share": list(share),
            **({} if variable is None else {"variable": dict(variable)}),
            **({} if groups is None else {"groups": dict(groups)}),
        }
    )
