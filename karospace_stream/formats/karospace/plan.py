"""Decisions for a KaroSpace bundle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from karospace_stream._version import __version__
from karospace_stream.formats.cost import FormatCost
from karospace_stream.formats.format import Sealed
from karospace_stream.formats.karospace import stages
from karospace_stream.formats.karospace.columns import resolve_columns
from karospace_stream.formats.karospace.genes import GeneWritten, KarospaceGenes
from karospace_stream.formats.karospace.images import chosen_image, read_picture, size_notes
from karospace_stream.formats.karospace.job import KarospaceJob, PartCuts, PlacedVectors, ResolvedColumn
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.manifest import Heading
from karospace_stream.formats.karospace.layout.parts import FLOAT32_NBYTES, asset_nbytes
from karospace_stream.formats.karospace.left_out import left_out
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.karospace.seal import Written, finish, page_bytes
from karospace_stream.formats.karospace.tables.costs import array_cost, pixels_nbytes, table_cost
from karospace_stream.formats.karospace.tables.parts import cut_parts
from karospace_stream.formats.karospace.vectors import find_vectors
from karospace_stream.formats.recorded import recorded_options
from karospace_stream.formats.registry import anno_of
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.select import choose_columns, choose_embeddings
from karospace_stream.targets import BundleLayout, Sink

_SMALL_OBJECTS = 6  # page, manifest, atlas, gene table, checksums, report
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class KarospacePlan:
    """Columns, coordinates and parts of a KaroSpace bundle."""

    source: Source
    options: ExportOptions
    selection: Selection
    columns: tuple[ResolvedColumn, ...]
    vectors: tuple[PlacedVectors, ...]
    parts: PartCuts
    image_nbytes: int
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()

    name = "karospace"
    layout = BundleLayout(names.ENTRIES, names.OWNED)

    @property
    def own(self) -> KarospaceOptions:
        """The options of this format."""
        return self.options.of(KarospaceOptions)

    @property
    def demand(self) -> FormatCost:
        """Its cost."""
        options, n_cells = self.options, self.selection.n_cells
        n_columns = len(self.columns)
        text = (120 + 60 * n_columns) * n_cells
        costs = self._costs()
        return FormatCost(
            costs=costs,
            objects_per_gene=_n_parts(self.parts.expression),
            n_objects=sum(cost.n_tasks for cost in costs) + _SMALL_OBJECTS + self.own.preview,
            part_nbytes=asset_nbytes(self.own.max_asset_mb),
            value_nbytes=FLOAT32_NBYTES,
            n_categories=sum(info.n_categories or 0 for info in self._infos()),
            other_nbytes=len(page_bytes()) + (text // 4 if options.gzip else text),
            text_values=(2 * (1 + n_columns) + 3) * n_cells,  # as CSV and as JSON, and coordinates
        )

    def facts(self) -> dict[str, Any]:
        """Its decisions as plain data."""
        chosen = self.selection
        return {
            "coordinates": chosen.embeddings[0].spelling,
            "embeddings": [choice.key for choice in chosen.embeddings],
            "columns": list(chosen.columns),
            "vectors": [each.choice.key for each in self.vectors],
        }

    def begin(self, target: Sink, began_at: datetime) -> KarospaceJob:
        """Make the input of its tasks."""
        options, own = self.options, self.own
        heading = Heading(
            dataset_name=options.name or self.source.catalog.name,
            created_at=began_at.isoformat(),
            generator=f"karospace-stream {__version__}",
            n_cells=self.selection.n_cells,
            gzip=options.gzip,
            prefix=target.prefix,
        )
        return KarospaceJob(
            source=self.source,
            selection=self.selection,
            columns=self.columns,
            vectors=self.vectors,
            parts=self.parts,
            heading=heading,
            level=options.level,
            part_nbytes=asset_nbytes(own.max_asset_mb),
            preview=own.preview,
            image=own.image,
            image_placement=own.image_placement,
            recorded=recorded_options(self.source, options, self.selection),
            target=target,
        )

    def writer(self, job: KarospaceJob) -> KarospaceGenes:
        """The writer of its genes."""
        return KarospaceGenes(job)

    def stages(self, tasks: Tasks, job: KarospaceJob, shared: Any, graph: Any | None) -> Any:
        """A lazy task that writes everything except genes."""
        return stages.build(tasks, job, shared, graph)

    def finish(self, job: KarospaceJob, rest: Written, genes: Sequence[GeneWritten]) -> Sealed:
        """Write page, gene table and manifests."""
        return finish(job, rest, genes)

    def _costs(self) -> tuple[StageCost, ...]:
        options, parts, n_cells = self.options, self.parts, self.selection.n_cells
        n_columns, limit = len(self.columns), asset_nbytes(self.own.max_asset_mb)
        part = min(limit, 400 * (n_columns + 2) * n_cells)
        tables = sum(map(_n_parts, (parts.obs_csv, parts.obs_json, parts.coords, parts.var)))
        arrays = sum(map(_n_parts, (parts.cell_ids, *parts.columns, *parts.embeddings, *parts.vectors)))
        costs = [
            table_cost(part, parts.blocks, options.gzip, tables),
            array_cost(min(part, 16 * _LONGEST_NAME * n_cells), _LONGEST_NAME, arrays),
        ]
        if self.image_nbytes:
            costs.append(StageCost("image", self.image_nbytes, 1))
        return tuple(costs)

    def _infos(self) -> list[Any]:
        chosen = set(self.selection.columns)
        return [info for info in self.source.catalog.obs if info.name in chosen]


def plan_karospace(
    source: Source,
    options: ExportOptions,
    chosen: Selection,
    *,
    genes_known: bool,
) -> KarospacePlan:
    """Decide everything about a bundle of the chosen cells and genes."""
    catalog = source.catalog
    selection = replace(
        chosen,
        columns=choose_columns(catalog.obs, anno_of(options, "karospace")),
        embeddings=choose_embeddings(catalog, options.coords, options.vectors),
    )
    image_nbytes, image_notes = _image(catalog, options)  # report a wrong path now, not after an hour
    resolved = resolve_columns(source, selection)
    columns = resolved.columns
    found = find_vectors(catalog, options, selection)
    parts = cut_parts(source, selection, columns, found.vectors, options)
    return KarospacePlan(
        source=source,
        options=options,
        selection=selection,
        columns=columns,
        vectors=found.vectors,
        parts=parts,
        image_nbytes=image_nbytes,
        left_out=left_out(catalog, options, selection, columns, found),
        notes=(*found.notes, *resolved.notes, *image_notes),
    )


def _image(catalog: Catalog, options: ExportOptions) -> tuple[int, tuple[str, ...]]:
    """Cost of writing the image, and notes about it."""
    image = options.of(KarospaceOptions).image
    if isinstance(image, str):
        picture = read_picture(image)
        return 2 * len(picture.data), size_notes(picture.width, picture.height, f"the image {image}")
    info = None if image is False else chosen_image(catalog)
    if info is None:
        return 0, ()
    notes = size_notes(
        info.width, info.height, f"the image uns['spatial'][{info.library!r}]['images'][{info.resolution!r}]"
    )
    return pixels_nbytes(info.width * info.height), notes


def _n_parts(cuts: tuple[int, ...]) -> int:
    return sum(1 for _ in pairwise(cuts))
