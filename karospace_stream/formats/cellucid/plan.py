"""Decisions for a Cellucid export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream._version import __version__
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.cellucid import stages
from karospace_stream.formats.cellucid.costs import stage_costs
from karospace_stream.formats.cellucid.fields import renamed_notes, resolve_fields
from karospace_stream.formats.cellucid.genes import CellucidGenes, GeneWritten
from karospace_stream.formats.cellucid.job import CellucidJob, Field
from karospace_stream.formats.cellucid.layout.identity import dataset
from karospace_stream.formats.cellucid.layout.names import Layout, check_names, distinct_keys
from karospace_stream.formats.cellucid.layout.vectors import VectorField, vector_fields
from karospace_stream.formats.cellucid.left_out import left_out
from karospace_stream.formats.cellucid.options import CellucidOptions
from karospace_stream.formats.cellucid.seal import Written, finish
from karospace_stream.formats.cost import FormatCost
from karospace_stream.formats.format import Sealed
from karospace_stream.formats.recorded import recorded_options
from karospace_stream.formats.registry import anno_of
from karospace_stream.model.column import Column
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.select import choose_columns
from karospace_stream.select.points import choose_latent, choose_points
from karospace_stream.select.relations import choose_vectors
from karospace_stream.select.suggest import not_there
from karospace_stream.targets import BundleLayout, Sink

_MANIFESTS = 5
_FLOAT32_NBYTES = 4


@dataclass(frozen=True, slots=True)
class CellucidPlan:
    """Points, columns, genes and vector fields of a Cellucid export."""

    source: Source
    options: ExportOptions
    selection: Selection
    fields: tuple[Field, ...]
    latent: EmbeddingChoice
    vectors: tuple[VectorField, ...]
    genes: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]

    name = "cellucid"
    layout = BundleLayout(Layout(gzip=True).entries, Layout(gzip=True).owned)

    @property
    def points(self) -> tuple[EmbeddingChoice, ...]:
        """At most one for each dimension."""
        return self.selection.embeddings

    @property
    def demand(self) -> FormatCost:
        """Its cost."""
        n_cells, bits = self.selection.n_cells, self.options.of(CellucidOptions).var_quantization
        value_nbytes = bits // 8 if bits else _FLOAT32_NBYTES
        costs = stage_costs(n_cells, self.fields, self.points, self.latent, self.vectors)
        n_categorical = sum(field.categories is not None for field in self.fields)
        return FormatCost(
            costs=costs,
            objects_per_gene=1,
            n_objects=len(self.points) + len(self.fields) + n_categorical + len(self.vectors) + _MANIFESTS,
            part_nbytes=_FLOAT32_NBYTES * n_cells,
            value_nbytes=value_nbytes,
            n_categories=sum(len(field.categories or ()) for field in self.fields),
            other_nbytes=n_cells * (4 * len(self.fields) + 12),
        )

    def facts(self) -> dict[str, Any]:
        """Its decisions as plain data."""
        return {
            "coordinates": ", ".join(choice.spelling for choice in self.points),
            "embeddings": [choice.key for choice in self.points],
            "columns": [field.column for field in self.fields],
            "latent": self.latent.key,
            "vectors": [field.key for field in self.vectors],
        }

    def begin(self, target: Sink, began_at: datetime) -> CellucidJob:
        """Make the input of its tasks."""
        options, own = self.options, self.options.of(CellucidOptions)
        about = dataset(
            self.source.catalog.name,
            name=options.name,
            id=own.dataset_id,
            description=own.description,
            source_name=own.source_name,
            source_url=own.source_url,
            source_citation=own.source_citation,
        )
        return CellucidJob(
            source=self.source,
            selection=self.selection,
            options=own,
            dataset=about,
            layout=Layout(options.gzip, target.prefix),
            fields=self.fields,
            points=self.points,
            latent=self.latent,
            vectors=self.vectors,
            genes=self.genes,
            n_genes_source=_n_genes(self.source, self.options),
            created_at=began_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            generator=f"karospace-stream {__version__}",
            level=options.level,
            recorded=recorded_options(self.source, self.options, self.selection),
            target=target,
        )

    def writer(self, job: CellucidJob) -> CellucidGenes:
        """The writer of its genes."""
        return CellucidGenes(job)

    def stages(self, tasks: Tasks, job: CellucidJob, shared: Any, graph: Any | None) -> Any:
        """A lazy task that writes everything except genes."""
        return stages.build(tasks, job, shared, graph)

    def finish(self, job: CellucidJob, rest: Written, genes: Sequence[GeneWritten]) -> Sealed:
        """Write the manifests, the identity last."""
        return finish(job, rest, genes)


def plan_cellucid(
    source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool
) -> CellucidPlan:
    """Decide everything about an export of the chosen cells and genes.

    Parameters
    ----------
    settled
        Whether the genes are final; otherwise others stand in for them, and their names do not matter.
    """
    catalog, own = source.catalog, options.of(CellucidOptions)
    points = choose_points(catalog, own.points, options.coords, options.vectors)
    found_columns = [
        f"the points are the obs columns {choice.source[1]!r} and {choice.source[2]!r}, as with "
        f"--coords {choice.spelling}"
        for choice in points
        if choice.source[0] == "obs" and len(choice.source) == 3 and options.coords == "auto"
    ]
    latent = choose_latent(catalog, own.latent, points)
    wanted = choose_columns(catalog.obs, anno_of(options, "cellucid"))
    selection = replace(chosen, columns=wanted, embeddings=points)
    with source.kept_open():
        resolved = resolve_fields(source, selection, options)
    bases = [choice.key.removeprefix("X_") for choice in points]
    wished = choose_vectors(catalog, options.vectors, [*bases, "umap"])
    found = vector_fields({choice.key: choice.n_dims for choice in wished}, [p.n_dims for p in points])
    why = {f"obs:{name}": text for name, text in resolved.left_out.items()}
    alone = {one.key: f"no points of {one.n_dims} dimensions are exported" for one in found.without_points}
    why |= {f"obsm:{key}": text for key, text in alone.items()}
    genes = _gene_names(source, options, selection)
    if genes_known and own.strict:
        check_names(genes, "gene")
    distinct = distinct_keys(genes)
    return CellucidPlan(
        source=source,
        options=options,
        selection=selection,
        fields=resolved.fields,
        latent=latent,
        vectors=found.kept,
        genes=distinct,
        left_out=left_out(
            catalog,
            options,
            selection,
            fields=resolved.fields,
            points=(*points, latent),
            vectors=found.kept,
            why=why,
        ),
        notes=(
            *resolved.notes,
            *(renamed_notes("gene", zip(genes, distinct, strict=True)) if genes_known else ()),
            *(f"{text}; it is left out" for text in resolved.left_out.values()),
            *(f"the vector field {key!r} is left out: {text}" for key, text in alone.items()),
            *found_columns,
        ),
    )


def _n_genes(source: Source, options: ExportOptions) -> int:
    """Columns of the matrix, exported or not."""
    catalog = source.catalog
    infos = {info.name: info for info in (catalog.matrix, catalog.raw, *catalog.layers) if info is not None}
    found = infos.get(options.matrix)
    return 0 if found is None else found.shape[1]


def _gene_names(source: Source, options: ExportOptions, selection: Selection) -> tuple[str, ...]:
    column = options.of(CellucidOptions).gene_ids
    names: npt.NDArray[Any] | list[str]
    if column in (None, "index"):
        names = source.var_names(raw=options.raw)
    else:
        there = [info.name for info in (source.catalog.raw_var if options.raw else source.catalog.var)]
        if column not in there:
            raise BadOptionError(not_there("var column", [column], there, option="--gene-ids"))
        found = source.var_column(column, raw=options.raw)
        names = found.values
        if found.categories is not None:
            names = [found.categories[code] if code >= 0 else "nan" for code in found.values.tolist()]
        _check_ids(found, selection, column)
    return tuple(str(names[gene]) for gene in selection.genes.tolist())


def _check_ids(ids: Column, selection: Selection, column: str) -> None:
    gone = ids.missing
    if ids.kind == "category":
        gone = ids.values.astype(np.int64) < 0
    elif ids.kind == "float":
        gone = np.isnan(ids.values.astype(np.float64))
    n_gone = 0 if gone is None else int(gone[selection.genes].sum())
    if n_gone:
        raise BadInputError(
            f"--gene-ids {column}: every exported gene needs a name, {n_gone} have none there; "
            "name another column, or leave these genes out with --genes list:PATH"
        )
