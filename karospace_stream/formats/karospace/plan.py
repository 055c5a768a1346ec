"""Decisions for a KaroSpace bundle."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any, cast

from karospace_stream.formats.cells.fair_order import FairOrderPlan
from karospace_stream.formats.cost import FormatCost
from karospace_stream.formats.facts import PlanFacts
from karospace_stream.formats.genes.file_markers import file_markers_cost, file_rankings
from karospace_stream.formats.genes.statistics.automatic import FEWEST_CATEGORIES, MOST_CATEGORIES
from karospace_stream.formats.karospace.cells.order_plan import order_findings, plan_order
from karospace_stream.formats.karospace.choices.columns import ResolvedColumn, resolve_columns
from karospace_stream.formats.karospace.choices.left_out import left_out
from karospace_stream.formats.karospace.choices.lengths import unit_findings
from karospace_stream.formats.karospace.choices.pictures import pictures_of, read_picture, too_large
from karospace_stream.formats.karospace.choices.shown_columns import shown_columns
from karospace_stream.formats.karospace.choices.vectors import PlacedVectors, find_vectors
from karospace_stream.formats.karospace.genes.costs import (
    packed_cost,
    packed_findings,
    packed_writing_nbytes,
)
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.genes.packed import GeneBits, shard_cuts
from karospace_stream.formats.karospace.layout.parts import FLOAT32_NBYTES, asset_nbytes
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.karospace.statistics.file_markers_size import file_markers_files
from karospace_stream.formats.karospace.statistics.size import ROW_NBYTES, statistics_files
from karospace_stream.formats.karospace.tables.costs import array_cost, pixels_nbytes, table_cost
from karospace_stream.formats.karospace.tables.gene_facts_size import varm_cuts, varm_nbytes
from karospace_stream.formats.karospace.tables.parts import COARSE_NBYTES, ROWS_NBYTES, PartCuts, cut_parts
from karospace_stream.formats.karospace.tables.size import gene_size, other_size, png_size
from karospace_stream.formats.karospace.tissue.part import (
    ReadsFiles,
    TakesTime,
    TissuePart,
    scratch_nbytes_of,
)
from karospace_stream.formats.karospace.tissue.plan import plan_tissue, unused_parts
from karospace_stream.model.catalog import EmbeddingInfo, ImageInfo, RankingInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.size import Size
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select import choose_embeddings
from karospace_stream.select.obs_columns.ranking import RankedColumn
from karospace_stream.targets import BundleLayout

_SMALL_OBJECTS = 6  # page, manifest, atlas, gene table, checksums, report
_LONGEST_NAME = 64
_PACKED_SETS, _PACKED_VARM, _PACKED_ORDER = Size(0.2, 0.6), Size(0.3, 1.0), Size(0.4, 1.1)


@dataclass(frozen=True, slots=True)
class KarospacePlan:
    """Columns, coordinates and parts of a KaroSpace bundle."""

    source: Source
    options: ExportOptions
    selection: Selection
    columns: tuple[ResolvedColumn, ...]
    vectors: tuple[PlacedVectors, ...]
    parts: PartCuts
    pictures: tuple[str | ImageInfo, ...]
    image_nbytes: int
    image_size: Size
    varm: tuple[EmbeddingInfo, ...] = ()
    ranking: tuple[RankedColumn, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    findings: tuple[Finding, ...] = ()
    rankings: tuple[RankingInfo, ...] = ()
    tissue: tuple[TissuePart, ...] = ()
    order: FairOrderPlan | None = None

    name = "karospace"
    layout = BundleLayout(names.ENTRIES, names.OWNED)

    @property
    def own(self) -> KarospaceOptions:
        """The options of this format."""
        return self.options.of(KarospaceOptions)

    @property
    def part_nbytes(self) -> int:
        """Largest size of one part before compression."""
        return asset_nbytes(self.own.max_asset_mb)

    @property
    def is_packed(self) -> bool:
        """Whether genes lie in shards, without zeros, and there is no base layer."""
        return self.own.is_packed(self.selection.n_cells)

    def is_ordered(self, column: ResolvedColumn) -> bool:
        """Whether a column follows the order of the cells: text stays in that of the source."""
        return self.order is not None and column.kind.kind != "string"

    @property
    def gene_bits(self) -> GeneBits:
        """Bits of a value of a gene."""
        return cast("GeneBits", self.own.gene_bits) if self.is_packed else 32

    @property
    def shards(self) -> tuple[int, ...]:
        """Genes at which shards begin, and their end; empty in the classic layout."""
        if not self.is_packed:
            return ()
        return shard_cuts(self.selection.n_cells, len(self.selection.genes))

    def shard_of(self, gene: int) -> tuple[int, bool]:
        """Number of the shard of a gene, and whether it is the last gene in it."""
        cuts = self.shards
        number = bisect_right(cuts, gene) - 1
        return number, gene + 1 == cuts[number + 1]

    @property
    def varm_cuts(self) -> tuple[tuple[int, ...], ...]:
        """Genes at which the parts of each entry of varm begin, and their end."""
        n_genes = len(self.selection.genes)
        return tuple(varm_cuts(n_genes, each.n_columns, self.part_nbytes) for each in self.varm)

    @property
    def points(self) -> tuple[EmbeddingChoice, ...]:
        """The coordinates that are shown first."""
        return self.selection.embeddings[:1]

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Of the files of a tissue beside the input."""
        return tuple(part.fingerprint for part in self.tissue if isinstance(part, ReadsFiles))

    @property
    def demand(self) -> FormatCost:
        """The cost of the bundle."""
        options, n_cells = self.options, self.selection.n_cells
        n_columns = len(self.columns)
        costs = self._costs()
        n_parts = _n_parts(self.parts.expression)
        n_marker_files, marker_size = file_markers_files(self.rankings, gzip=options.gzip)
        n_objects = sum(cost.n_tasks for cost in costs) + _SMALL_OBJECTS + self.own.preview
        n_objects += n_marker_files - len(self.rankings)  # whose tasks are counted already
        n_objects += sum(map(_n_parts, self.varm_cuts)) - len(self.varm) + bool(self.selection.gene_sets.sets)
        # The tasks of these are more or fewer than their files.
        n_objects += len(self.shards)  # with the index
        n_objects += sum(part.n_objects - sum(cost.n_tasks for cost in part.costs) for part in self.tissue)
        return FormatCost(
            costs=costs,
            objects_per_gene=n_parts,
            n_objects=n_objects,
            part_nbytes=self.part_nbytes,
            value_nbytes=FLOAT32_NBYTES,
            n_categories=sum(info.n_categories or 0 for info in self._infos()),
            other_size=other_size(
                self.selection,
                self.parts,
                self.columns,
                sum(each.choice.n_dims for each in self.vectors),
                n_objects=n_objects,
                preview=self.own.preview,
                gzip=options.gzip,
                is_packed=self.is_packed,
            )
            + self.image_size
            + marker_size
            + self._gene_facts_size()
            + self._order_size()
            + sum((part.size for part in self.tissue), Size()),
            gene_size=gene_size(self.selection, n_parts, gzip=options.gzip, is_packed=self.is_packed),
            statistics=partial(statistics_files, part_nbytes=self.part_nbytes, gzip=options.gzip),
            compared=self._compared,
            statistics_row_nbytes=ROW_NBYTES,
            pseudobulk=True,
            tissue_scratch_nbytes=sum(map(scratch_nbytes_of, self.tissue)),
            tissue_seconds=sum(part.seconds for part in self.tissue if isinstance(part, TakesTime)),
            # As CSV and as JSON, and coordinates.
            text_values=0 if self.is_packed else (2 * (1 + n_columns) + 3) * n_cells,
            borders=self.shards if len(self.selection.genes) else (),
            per_value=packed_cost(options.level, self.gene_bits) if self.is_packed else None,
            process_nbytes=0 if self.order is None else self.order.held_nbytes,
            writing_nbytes=packed_writing_nbytes(n_cells) if self.is_packed else 0,
        )

    def facts(self) -> PlanFacts:
        """The decisions of the plan, as plain data."""
        chosen = self.selection
        return PlanFacts(
            columns=chosen.columns,
            embeddings=[choice.key for choice in chosen.embeddings],
            coordinates=chosen.embeddings[0].spelling,
            vectors=[each.choice.key for each in self.vectors],
            reasons={each.name: each.reason for each in self.ranking if each.taken},
        )

    def _costs(self) -> tuple[StageCost, ...]:
        options, parts, n_cells = self.options, self.parts, self.selection.n_cells
        n_columns, limit = len(self.columns), self.part_nbytes
        part = min(limit, 400 * (n_columns + 2) * n_cells)
        tables = sum(map(_n_parts, (parts.obs_csv, parts.obs_json, parts.coords, parts.var)))
        arrays = sum(map(_n_parts, (parts.cell_ids, *parts.columns, *parts.embeddings, *parts.vectors)))
        costs = [table_cost(part, parts.blocks, options.gzip, tables)] if tables else []
        costs += [
            array_cost(min(part, 16 * _LONGEST_NAME * n_cells), _LONGEST_NAME, arrays),
        ]
        if self.varm:
            widths = [each.n_columns for each in self.varm]
            nbytes = varm_nbytes(self.source.catalog.n_genes, widths, limit)
            costs.append(StageCost("varm", nbytes, len(self.varm)))
        if self.order is not None:
            costs += self._order_costs(self.order)
        if self.image_nbytes:
            costs.append(StageCost("image", self.image_nbytes, len(self.pictures)))
        costs += (cost for part in self.tissue for cost in part.costs)
        return (*costs, *file_markers_cost(self.rankings, len(self.selection.genes)))

    def _order_costs(self, order: FairOrderPlan) -> tuple[StageCost, ...]:
        """Memory of a task that holds all cells of an array, and of the one that makes the order."""
        n_cells, dims = self.selection.n_cells, max(each.n_dims for each in self.selection.embeddings)
        whole = FLOAT32_NBYTES * max(2, dims) * n_cells + 3 * self.part_nbytes
        n_files = sum(map(_n_parts, (self.parts.order_rows, self.parts.coarse))) + 1
        return (replace(order.cost, task_nbytes=max(order.cost.task_nbytes, 2 * whole), n_tasks=n_files),)

    def _gene_facts_size(self) -> Size:
        """Size of gene sets and varm."""
        chosen, gzip = self.selection, self.options.gzip
        sets = chosen.gene_sets.sets
        text = Size.exactly(sum(90 + 2 * len(each.name) + 6 * len(each.genes) for each in sets))
        floats = Size.exactly(4 * len(chosen.genes) * sum(each.n_columns for each in self.varm))
        return text.packed(_PACKED_SETS, when=gzip) + floats.packed(_PACKED_VARM, when=gzip)

    def _order_size(self) -> Size:
        """Size of rows and coarse coordinates."""
        if self.order is None:
            return Size()
        nbytes = ROWS_NBYTES + COARSE_NBYTES * self.order.embedding.n_dims
        return Size.exactly(nbytes * self.selection.n_cells).packed(_PACKED_ORDER, when=self.options.gzip)

    @property
    def _compared(self) -> tuple[str, ...]:
        """Columns whose groups are compared if the user names none."""
        return tuple(
            each.name
            for each in self.columns
            if each.categories is not None and FEWEST_CATEGORIES <= len(each.categories) <= MOST_CATEGORIES
        )

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
    shown = shown_columns(source, options, chosen)
    source, ranking = shown.source, shown.ranking
    selection = replace(
        chosen,
        columns=shown.names,
        embeddings=choose_embeddings(catalog, options.coords, options.vectors),
    )
    pictures = pictures_of(options.of(KarospaceOptions).image, selection.images)
    image_nbytes, image_size, image_findings = _images(pictures)  # report a wrong path now, not after an hour
    resolved = resolve_columns(source, selection)
    found = find_vectors(catalog, options, selection)
    tissue = plan_tissue(source, options, selection)
    order = plan_order(source, options, selection, resolved.columns, tissue)
    levels = None if order is None else order.levels
    parts = cut_parts(source, selection, resolved.columns, found.vectors, options, levels)
    return KarospacePlan(
        source=source,
        options=options,
        selection=selection,
        columns=resolved.columns,
        vectors=found.vectors,
        parts=parts,
        pictures=pictures,
        image_nbytes=image_nbytes,
        image_size=image_size,
        varm=tuple(each for each in catalog.varm if each.table is None and not each.is_text)
        if not options.raw
        else (),
        ranking=ranking,
        left_out=(
            *left_out(catalog, options, selection, resolved.columns, found, ranking),
            *(each for part in tissue for each in part.left_out),
        ),
        findings=(
            *shown.findings,
            *found.findings,
            *resolved.findings,
            *image_findings,
            *packed_findings(options, selection.n_cells),
            *order_findings(options, selection.n_cells, tissue),
            *unused_parts(source, options, selection, tissue),
            *unit_findings(catalog, options, selection.embeddings),
            *(each for part in tissue for each in part.findings),
        ),
        rankings=file_rankings(catalog, selection),
        tissue=tissue,
        order=order,
    )


def _images(pictures: Sequence[str | ImageInfo]) -> tuple[int, Size, tuple[Finding, ...]]:
    """Cost of writing the largest image, size of all, and findings about them."""
    nbytes, size, findings = [0], Size(), list[Finding]()
    for each in pictures:
        if isinstance(each, str):
            picture = read_picture(each)
            size += Size.exactly(len(picture.data))
            nbytes.append(2 * len(picture.data))
            findings += too_large(picture.width, picture.height, f"the image {each}")
        else:
            size += png_size(each)
            nbytes.append(pixels_nbytes(each.width * each.height))
            where = f"uns['spatial'][{each.library!r}]['images'][{each.resolution!r}]"
            findings += too_large(each.width, each.height, f"the image {where}")
    return max(nbytes), size, tuple(findings)


def _n_parts(cuts: tuple[int, ...]) -> int:
    return sum(1 for _ in pairwise(cuts))
