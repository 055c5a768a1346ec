"""The last stage: turn receipts into manifests and write those last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.derive.bounds import Bounds, join_bounds
from karospace_stream.derive.order.levels import BLOCK
from karospace_stream.formats.format import Sealed
from karospace_stream.formats.genes.pseudobulk.write import PseudobulkWritten
from karospace_stream.formats.genes.statistics.summed import small_reference
from karospace_stream.formats.karospace.cells.arrays import ColumnPart
from karospace_stream.formats.karospace.cells.ordered import OrderWritten
from karospace_stream.formats.karospace.choices.lengths import unit_of
from karospace_stream.formats.karospace.choices.pictures import spot_angle, spot_diameter
from karospace_stream.formats.karospace.genes.listed import (
    Gene,
    expression_entry,
    gene_files,
    gene_parts,
    packed_assets,
    packed_genes,
)
from karospace_stream.formats.karospace.images import WrittenImage, is_single, placed_images
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.atlas import (
    AtlasColumn,
    AtlasEmbedding,
    atlas_blob,
    gene_table,
)
from karospace_stream.formats.karospace.layout.cells.order import AtlasOrder
from karospace_stream.formats.karospace.layout.cells.relations import AtlasGraph, AtlasVectors
from karospace_stream.formats.karospace.layout.file_markers import AtlasFileMarkers, written_only
from karospace_stream.formats.karospace.layout.genes.facts import AtlasSets, AtlasVarm
from karospace_stream.formats.karospace.layout.genes.packed import PackedGenes
from karospace_stream.formats.karospace.layout.manifest import (
    Asset,
    Part,
    manifest_blob,
    packed_manifest_blob,
)
from karospace_stream.formats.karospace.layout.page import page_bytes
from karospace_stream.formats.karospace.layout.statistics import AtlasPseudobulk, AtlasStatistics
from karospace_stream.formats.karospace.statistics.file_markers import findings
from karospace_stream.formats.karospace.statistics.neighbourhoods import NeighbourhoodsWritten
from karospace_stream.formats.karospace.tissue.part import TissueWritten
from karospace_stream.formats.layout.checksums import checksums_blob
from karospace_stream.measures.markers import FEWEST_CELLS
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.model.finding import Finding
from karospace_stream.model.sections import Arrangement
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.select.embedding_names import stem_of


@dataclass(frozen=True, slots=True)
class Written:
    """Results of the other stages, except the genes."""

    obs_csv: Sequence[Part]
    obs_json: Sequence[Part]
    coords: Sequence[Part]
    var: Sequence[Part]
    cell_ids: Sequence[Part]
    columns: Sequence[Sequence[ColumnPart]]
    bounds: Sequence[Bounds]
    embeddings: Sequence[Sequence[Part]]
    vectors: Sequence[Sequence[Part]]
    images: Sequence[WrittenImage]
    preview: Receipt | None
    graph: AtlasGraph | None
    statistics: AtlasStatistics | None = None
    file_markers: Sequence[AtlasFileMarkers] = ()
    pseudobulk: PseudobulkWritten | None = None
    neighbourhoods: NeighbourhoodsWritten | None = None
    gene_sets: AtlasSets | None = None
    varm: Sequence[AtlasVarm] = ()
    tissue: Sequence[TissueWritten] = ()
    order: OrderWritten | None = None


def finish(job: KarospaceJob, written: Written, unsorted: Sequence[Gene]) -> Sealed:
    """Write page, gene table and manifests; the bundle is then complete, and waits to be published."""
    genes = sorted(unsorted, key=lambda gene: gene.position)
    page = job.target.put(Blob(names.PAGE, page_bytes(), names.HTML))
    table = _write_gene_table(job, genes)
    packed = packed_genes(job, genes)
    atlas = write_atlas(job, written, table, packed)
    assets = _assets(job, written, genes, table, atlas, packed)
    manifest = job.target.put(_manifest(job, written, genes, assets))
    everything = [page, manifest, *(asset.receipt for asset in assets)]
    listed = checksums_blob("karospace", job.heading.generator, job.recorded, everything)
    everything.append(job.target.put(listed))
    return Sealed(
        n_objects=len(everything) + 1,  # the report follows
        nbytes=sum(receipt.size for receipt in everything),
        findings=(
            *_faults(genes),
            *_image_findings(written.images),
            *findings(written.file_markers, job.plan.rankings),
            *_sum_findings(written.pseudobulk),
            *_small_references(written.statistics),
            *(() if written.neighbourhoods is None else written.neighbourhoods.findings),
            *(each for part in written.tissue for each in part.findings),
        ),
    )


def _manifest(job: KarospaceJob, written: Written, genes: Sequence[Gene], assets: Sequence[Asset]) -> Blob:
    if job.plan.is_packed:
        n_genes = len(job.selection.genes)
        return packed_manifest_blob(job.heading, n_genes=n_genes, assets=assets, version=names.PACKED_VERSION)
    images = placed_images(job, written.images)
    return manifest_blob(
        job.heading,
        coordinate_source=job.selection.embeddings[0].spelling,
        columns=job.selection.columns,
        labels=job.selection.labels,
        assets=assets,
        expression=gene_parts(job, genes),
        image=next((each for each in images if each.is_base), None),
        preview=written.preview is not None,
        arrangement=_arrangement(job, job.selection.embeddings[0]),
    )


def write_atlas(
    job: KarospaceJob,
    written: Written,
    gene_table: Receipt,
    packed: PackedGenes | None,
    *,
    running: bool = False,
) -> Receipt:
    """Write ``atlas.json`` for the files that exist."""
    return job.target.put(
        atlas_blob(
            job.heading,
            n_genes=len(job.selection.genes),
            cell_ids=written.cell_ids,
            embeddings=_embeddings(job, written),
            columns=_columns(job, written),
            vectors=_vectors(job, written),
            graph=written.graph,
            gene_table=gene_table,
            expression=expression_entry(job, packed),
            version=names.PACKED_VERSION if job.plan.is_packed else 1,
            images=placed_images(job, written.images),
            notes=job.selection.page_notes,
            preview=written.preview is not None,
            about=job.selection.about.to_json(),
            statistics=written.statistics,
            file_markers=written_only(written.file_markers),
            pseudobulk=_pseudobulk(written.pseudobulk),
            neighbourhoods=None if written.neighbourhoods is None else written.neighbourhoods.atlas,
            gene_sets=written.gene_sets,
            varm=written.varm,
            tissue={part.key: part.entry for part in written.tissue if part.entry},
            running=running,
            order=_order(job, written.order),
        )
    )


def _order(job: KarospaceJob, written: OrderWritten | None) -> AtlasOrder | None:
    plan = job.plan.order
    if plan is None or written is None:
        return None
    return AtlasOrder(plan.seed, plan.column, plan.levels, BLOCK, written.rows, written.boxes)


def _image_findings(images: Sequence[WrittenImage]) -> Iterator[Finding]:
    for note in dict.fromkeys(image.note for image in images if image.note):
        yield Finding("image-changed", note)


def _faults(genes: Sequence[Gene]) -> Iterator[Finding]:
    missing = sum(gene.summary.n_missing for gene in genes)
    clipped = sum(gene.summary.n_clipped for gene in genes)
    if missing:
        were = "values in the matrix were" if missing > 1 else "value in the matrix was"
        yield Finding("nan-as-zero", f"{missing:,} NaN {were} written as 0")
    if clipped:
        values, were = ("values", "were") if clipped > 1 else ("value", "was")
        text = (
            f"{clipped:,} {values} in the matrix, infinite or too large for float32, {were} clipped to the "
            "finite range of the gene"
        )
        yield Finding("infinities-clipped", text)


def _write_gene_table(job: KarospaceJob, genes: Sequence[Gene]) -> Receipt:
    summaries = [gene.summary for gene in genes]
    n_cells = max(1, job.selection.n_cells)
    data = gene_table(
        job.selection.labels,
        job.selection.ids,
        job.selection.genes.tolist(),
        [summary.minimum for summary in summaries],
        [summary.maximum for summary in summaries],
        [summary.mean for summary in summaries],
        [summary.n_expressing / n_cells for summary in summaries],
        _variable(job.selection),
        None if job.selection.gene_groups is None else job.selection.gene_groups.to_json(),
    )
    return job.put_packed(names.gene_table(job.level is not None), [data])


def _variable(chosen: Selection) -> dict[str, Any] | None:
    """Numbers by which the most variable genes were found, of the exported genes; None without them."""
    if chosen.variable is None:
        return None
    columns = {
        name: [None if value != value else value for value in values[chosen.genes].tolist()]
        for name, values in chosen.variable.columns.items()
    }
    return {"flavor": chosen.variable.flavor, "columns": columns}


def _assets(
    job: KarospaceJob,
    written: Written,
    genes: Sequence[Gene],
    table: Receipt,
    atlas: Receipt,
    packed: PackedGenes | None,
) -> list[Asset]:
    """All listed objects: those of schema 1.0.0 first, in its order."""
    groups: list[tuple[str, list[Receipt]]] = [
        ("obs_csv", [part[0] for part in written.obs_csv]),
        ("obs_json", [part[0] for part in written.obs_json]),
        ("coords_json", [part[0] for part in written.coords]),
        ("var_csv", [part[0] for part in written.var]),
        ("expression_chunk", gene_files(genes)),
        # Readers of schema 1.0.0 take the first of kind image, whatever the manifest says.
        ("image" if is_single(job) else "library_image", [image.receipt for image in written.images]),
        ("preview", [] if written.preview is None else [written.preview]),
        ("cell_ids", [part[0] for part in written.cell_ids]),
        ("obs_array", [each.part[0] for parts in written.columns for each in parts]),
        ("coords_array", [part[0] for parts in written.embeddings for part in parts]),
        ("vector_array", [part[0] for parts in written.vectors for part in parts]),
        ("graph_array", _graph_receipts(written.graph)),
        ("gene_table", [table]),
        ("statistics", _statistics_receipts(written.statistics)),
        ("statistics", [receipt for each in written.file_markers for receipt in each.receipts]),
        ("pseudobulk", [] if written.pseudobulk is None else [written.pseudobulk.receipt]),
        ("statistics", [] if written.neighbourhoods is None else written.neighbourhoods.atlas.receipts),
        ("gene_sets", [] if written.gene_sets is None else [written.gene_sets.receipt]),
        ("varm", [part[0] for each in written.varm for part in each.parts]),
        ("order", [] if written.order is None else written.order.receipts),
        *((part.kind, list(part.receipts)) for part in written.tissue),
        ("atlas", [atlas]),
    ]
    return packed_assets(packed) + [Asset(kind, receipt) for kind, receipts in groups for receipt in receipts]


def _sum_findings(written: PseudobulkWritten | None) -> tuple[Finding, ...]:
    return () if written is None else written.findings


def _small_references(statistics: AtlasStatistics | None) -> Iterator[Finding]:
    for each in () if statistics is None else statistics.groupings:
        if each.reference is not None and each.n_cells[each.reference] < FEWEST_CELLS:
            yield small_reference(each.column, each.categories[each.reference], each.n_cells[each.reference])


def _pseudobulk(written: PseudobulkWritten | None) -> AtlasPseudobulk | None:
    if written is None:
        return None
    return AtlasPseudobulk(written.receipt, written.columns, written.matrix, written.n_combinations)


def _statistics_receipts(statistics: AtlasStatistics | None) -> list[Receipt]:
    return [] if statistics is None else [each for one in statistics.groupings for each in one.receipts]


def _graph_receipts(graph: AtlasGraph | None) -> list[Receipt]:
    return [] if graph is None else [part[0] for part in (*graph.sources, *graph.targets)]


def _columns(job: KarospaceJob, written: Written) -> list[AtlasColumn]:
    entries = []
    for column, parts in zip(job.plan.columns, written.columns, strict=True):
        several = [each.bounds for each in parts if each.bounds is not None]
        low, high = _known(join_bounds(several)) if several else ((None,), (None,))
        entries.append(
            AtlasColumn(
                name=column.name,
                kind=column.kind,
                parts=[each.part for each in parts],
                categories=column.categories,
                colors=column.colors,
                minimum=low[0],
                maximum=high[0],
                in_source_order=job.plan.order is not None and not job.plan.is_ordered(column),
            )
        )
    return entries


def _embeddings(job: KarospaceJob, written: Written) -> list[AtlasEmbedding]:
    entries = []
    choices = job.selection.embeddings
    several = zip(choices, written.bounds, written.embeddings, strict=True)
    for number, (choice, bounds, parts) in enumerate(several):
        low, high = _known(bounds)
        entries.append(
            AtlasEmbedding(
                key=choice.key,
                source=choice.spelling,
                n_dims=choice.n_dims,
                y_down=choice.y_down,
                spot_diameter=spot_diameter(job.source.catalog, choice),
                microns_per_unit=unit_of(job.source.catalog, job.plan.options, choices, number),
                spot_angle=spot_angle(job.source.catalog, choice),
                arrangement=_arrangement(job, choice),
                origin=bounds.middle,
                minimum=low,
                maximum=high,
                parts=parts,
                coarse=None if number or written.order is None else written.order.coarse,
            )
        )
    return entries


def _arrangement(job: KarospaceJob, choice: EmbeddingChoice) -> Arrangement | None:
    """How sections are laid out in an embedding."""
    made = job.selection.arrangement
    return made if made is not None and made.source == choice.source else None


def _vectors(job: KarospaceJob, written: Written) -> list[AtlasVectors]:
    return [
        AtlasVectors(
            placed.choice.key, stem_of(placed.choice.key), placed.embedding, placed.choice.n_dims, parts
        )
        for placed, parts in zip(job.plan.vectors, written.vectors, strict=True)
    ]


def _known(bounds: Bounds) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """Bounds for a manifest: None if there was no finite value."""
    pairs = list(zip(bounds.minimum, bounds.maximum, strict=True))
    return (
        tuple(low if low <= high else None for low, high in pairs),
        tuple(high if low <= high else None for low, high in pairs),
    )
