"""The last stage: turn receipts into manifests and write them, the identity last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.derive.points import Normalisation
from karospace_stream.encode.arrays import little_endian
from karospace_stream.encode.quantise import missing_code
from karospace_stream.formats.cells.source_rows import is_moved, row_tiles
from karospace_stream.formats.cellucid.columns import FieldWritten
from karospace_stream.formats.cellucid.genes import GeneWritten
from karospace_stream.formats.cellucid.graph import GraphWritten
from karospace_stream.formats.cellucid.job import CellucidJob
from karospace_stream.formats.cellucid.layout.graph import graph_manifest
from karospace_stream.formats.cellucid.layout.identity import (
    ABOUT_ELSEWHERE,
    ObsField,
    Settings,
    identity,
)
from karospace_stream.formats.cellucid.layout.obs import obs_manifest
from karospace_stream.formats.cellucid.layout.stored import WITHOUT_COORDINATES, Stored
from karospace_stream.formats.cellucid.layout.var import Gene, var_manifest
from karospace_stream.formats.format import Sealed
from karospace_stream.formats.layout.checksums import checksums_blob
from karospace_stream.model.blob import Receipt
from karospace_stream.model.finding import Finding
from karospace_stream.select.without_coordinates import some_without_coordinates


@dataclass(frozen=True, slots=True)
class Written:
    """Results of the other stages, except the genes."""

    points: Sequence[Receipt]
    vectors: Sequence[Receipt]
    fields: Sequence[FieldWritten]
    graph: GraphWritten | None
    normals: Sequence[Normalisation] = ()


def finish(job: CellucidJob, written: Written, genes: Sequence[GeneWritten]) -> Sealed:
    """Write the manifests; the export is then complete, and waits to be published."""
    receipts = [*written.points, *written.vectors, *(gene.receipt for gene in genes)]
    receipts += [receipt for field in written.fields for receipt in field.receipts]
    n_cells, graph = job.selection.n_cells, written.graph
    fields = [field.entry for field in written.fields]
    receipts.append(
        job.target.put(
            obs_manifest(
                job.layout,
                n_cells,
                fields,
                stored=job.obs,
                compression=job.level,
                centroid_quantile=job.plan.own.centroid_outlier_quantile,
            )
        )
    )
    if job.plan.n_genes_source:
        receipts.append(_write_var(job, genes))
    if graph is not None:
        manifest = graph_manifest(
            job.layout,
            n_cells,
            n_edges=graph.facts.n_edges,
            max_neighbours=graph.facts.max_neighbours,
            compression=job.level,
        )
        receipts += [*graph.receipts, job.target.put(manifest)]
    receipts += _write_rows(job)
    receipts.append(_write_identity(job, graph))
    listed = checksums_blob("cellucid", job.generator, job.recorded, receipts)
    receipts.append(job.target.put(listed))
    return Sealed(
        n_objects=len(receipts),
        nbytes=sum(receipt.size for receipt in receipts),
        findings=(
            *_without_coordinates(job, written),
            *_faults("gene", genes, job.var),
            *_faults("column", written.fields, job.obs),
        ),
    )


def _without_coordinates(job: CellucidJob, written: Written) -> Iterator[Finding]:
    catalog, n_cells = job.plan.source.catalog, job.selection.n_cells
    for choice, normal in zip(job.plan.points, written.normals, strict=False):
        if normal.n_without:
            yield some_without_coordinates(catalog, choice, normal.n_without, n_cells, WITHOUT_COORDINATES)


def _faults(what: str, several: Sequence[GeneWritten | FieldWritten], stored: Stored) -> list[Finding]:
    bad = [each.n_bad for each in several if each.n_bad]
    if not bad or stored.bits is None:
        return []
    plural = f"{what}s hold" if len(bad) > 1 else f"{what} holds"
    code = missing_code(stored.bits)
    text = f"{len(bad):,} {plural} {sum(bad):,} NaN or infinite values, written as the code {code:,}"
    return [Finding("nan-as-code", text)]


def _write_var(job: CellucidJob, genes: Sequence[GeneWritten]) -> Receipt:
    ordered = sorted(genes, key=lambda gene: gene.position)
    entries = (Gene(job.plan.genes[gene.position], gene.low, gene.high) for gene in ordered)
    return job.target.put(
        var_manifest(
            job.layout,
            job.selection.n_cells,
            entries,
            stored=job.var,
            compression=job.level,
            id_column=job.plan.id_column,
            ids=job.selection.ids,
        )
    )


def _write_identity(job: CellucidJob, graph: GraphWritten | None) -> Receipt:
    return job.target.put(
        identity(
            job.layout,
            job.plan.dataset,
            n_cells=job.selection.n_cells,
            n_genes=job.plan.n_genes_source,
            n_edges=None if graph is None else graph.facts.n_edges,
            dimensions=[choice.n_dims for choice in job.plan.points],
            first=job.plan.first_dimension,
            obs_fields=[
                ObsField(field.key, None if field.categories is None else len(field.categories))
                for field in job.plan.fields
            ],
            vectors=job.plan.vectors,
            settings=Settings(job.level, job.var, job.obs, job.plan.own.categorical_dtype),
            created_at=job.created_at,
            generator=job.generator,
            arranged=_arranged(job),
            overlap=job.plan.overlap,
            sections=_sections(job),
            further=job.selection.about.to_json(without=ABOUT_ELSEWHERE),
        )
    )


def _arranged(job: CellucidJob) -> dict[str, Any] | None:
    """How sections are laid out, in the units of the source, before points are centred and scaled."""
    made = job.selection.arrangement
    laid = [choice for choice in job.plan.points if made is not None and choice.source == made.source]
    if made is None or not laid:
        return None
    dimensions = sorted(choice.n_dims for choice in laid)
    return {"embedding": laid[0].key, "dimensions": dimensions, **made.to_json()}


def _sections(job: CellucidJob) -> dict[str, Any] | None:
    """The range of each section, and where the rows of the input are if cells were moved."""
    sections, cells = job.source.catalog.sections, job.selection.cells
    if sections is None:
        return None
    items = [{"name": name, "start": start, "end": stop} for name, start, stop in sections.ranges(cells)]
    rows = {"rows": {"path": job.layout.rows, "dtype": "uint32"}} if is_moved(sections, cells) else {}
    return {"column": sections.column, "items": items, **rows}


def _write_rows(job: CellucidJob) -> list[Receipt]:
    sections, chosen = job.source.catalog.sections, job.selection
    if sections is None or not is_moved(sections, chosen.cells):
        return []
    pieces = map(little_endian, row_tiles(sections, chosen.cells, 0, chosen.n_cells))
    return [job.put_packed(job.layout.rows, pieces)]
