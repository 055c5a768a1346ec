"""Decisions for a Cellucid export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.formats.cellucid.costs import stage_costs
from karospace_stream.formats.cellucid.fields import Field, renamed, resolve_fields
from karospace_stream.formats.cellucid.layout.identity import Dataset, dataset
from karospace_stream.formats.cellucid.layout.names import Layout, check_names, distinct_keys
from karospace_stream.formats.cellucid.layout.vectors import VectorField, vector_fields
from karospace_stream.formats.cellucid.left_out import left_out
from karospace_stream.formats.cellucid.options import CellucidOptions
from karospace_stream.formats.cellucid.size import gene_size, other_size
from karospace_stream.formats.columns.number_labels import likely_labels, named_labels
from karospace_stream.formats.cost import FormatCost
from karospace_stream.formats.facts import PlanFacts
from karospace_stream.formats.registry import anno_of
from karospace_stream.model.column import Column
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.selection import EmbeddingChoice, PageNote, Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select import choose_columns
from karospace_stream.select.obs_columns.choose import with_scores
from karospace_stream.select.points import choose_latent, choose_points, first_point
from karospace_stream.select.relations import choose_vectors
from karospace_stream.select.sections.spatial import spatial_embedding
from karospace_stream.targets import BundleLayout

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
    findings: tuple[Finding, ...]

    name = "cellucid"
    layout = BundleLayout(Layout(gzip=True).entries, Layout(gzip=True).owned)

    @property
    def first_dimension(self) -> int | None:
        """The dimension to open with, if anyone wants one: ``--coords``, or the file itself."""
        first = first_point(self.source.catalog, self.options.coords, self.options.vectors)
        return first.n_dims if first in self.points else None

    @property
    def points(self) -> tuple[EmbeddingChoice, ...]:
        """At most one for each dimension."""
        return self.selection.embeddings

    @property
    def overlap(self) -> PageNote | None:
        """The note about sections on top of each other, if points are the coordinates of the tissue."""
        tissue = spatial_embedding(self.source.catalog, self.options.coords, self.options.vectors)
        shown = tissue is not None and tissue.source in [choice.source for choice in self.points]
        return self.selection.overlap if shown else None

    @property
    def own(self) -> CellucidOptions:
        """The options of this format."""
        return self.options.of(CellucidOptions)

    @property
    def dataset(self) -> Dataset:
        """Name, id and origin."""
        about = self.selection.about
        return dataset(
            self.source.catalog.name,
            name=self.options.name,
            id=self.own.dataset_id,
            description=about.description,
            source_name=about.source_name,
            source_url=about.source_url,
            source_citation=about.citation,
        )

    @property
    def n_genes_source(self) -> int:
        """Columns of the matrix, exported or not; 0 without a matrix."""
        catalog = self.source.catalog
        several = (catalog.matrix, catalog.raw, *catalog.layers)
        infos = {info.name: info for info in several if info is not None}
        found = infos.get(self.options.matrix)
        return 0 if found is None else found.shape[1]

    @property
    def id_column(self) -> str | None:
        """The column of var that names the genes, as in the manifest."""
        return self.own.gene_ids if self.own.strict else self.selection.names_from or "index"

    @property
    def demand(self) -> FormatCost:
        """The cost of the export."""
        n_cells, bits = self.selection.n_cells, self.own.var_quantization
        value_nbytes = bits // 8 if bits else _FLOAT32_NBYTES
        costs = stage_costs(n_cells, self.fields, self.points, self.latent, self.vectors)
        n_categorical = sum(field.categories is not None for field in self.fields)
        n_objects = len(self.points) + len(self.fields) + n_categorical + len(self.vectors) + _MANIFESTS
        return FormatCost(
            costs=costs,
            objects_per_gene=1,
            n_objects=n_objects,
            part_nbytes=_FLOAT32_NBYTES * n_cells,
            value_nbytes=value_nbytes,
            n_categories=sum(len(field.categories or ()) for field in self.fields),
            other_size=other_size(
                self.selection,
                self.fields,
                sum(each.n_dims for each in self.vectors),
                obs_nbytes=None if self.own.obs_quantization is None else self.own.obs_quantization // 8,
                n_objects=n_objects,
                gzip=self.options.gzip,
            ),
            gene_size=gene_size(self.selection, quantised=bits is not None),
        )

    def facts(self) -> PlanFacts:
        """The decisions of the plan, as plain data."""
        return PlanFacts(
            columns=[field.column for field in self.fields],
            embeddings=[choice.key for choice in self.points],
            coordinates=", ".join(choice.spelling for choice in self.points),
            vectors=[field.key for field in self.vectors],
            more={"latent": self.latent.key},
        )


def plan_cellucid(
    source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool
) -> CellucidPlan:
    """Decide everything about an export of the chosen cells and genes.

    Parameters
    ----------
    genes_known
        Whether the genes are final; otherwise others stand in for them, and their names do not matter.
    """
    catalog, own = source.catalog, options.of(CellucidOptions)
    points = choose_points(catalog, own.points, options.coords, options.vectors)
    found_columns = [
        Finding(
            "obs-coordinates",
            f"the points are the obs columns {choice.source[1]!r} and {choice.source[2]!r}",
            "coords",
            choice.spelling,
        )
        for choice in points
        if choice.source[0] == "obs" and len(choice.source) == 3 and options.coords == "auto"
    ]
    latent = choose_latent(catalog, own.latent, points)
    wanted = with_scores(choose_columns(catalog.obs, anno_of(options, "cellucid")), chosen)
    selection = replace(chosen, columns=wanted, embeddings=points)
    source = named_labels(source, options, chosen).of(source)
    with source.kept_open():
        resolved = resolve_fields(source, selection, options)
    bases = [choice.key.removeprefix("X_") for choice in points]
    requested = choose_vectors(catalog, options.vectors, [*bases, "umap"])
    found = vector_fields({choice.key: choice.n_dims for choice in requested}, [p.n_dims for p in points])
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
        findings=(
            *resolved.findings,
            *_numbers_left(source, options, selection),
            *(renamed("gene", zip(genes, distinct, strict=True)) if genes_known else ()),
            *(Finding("column-left-out", f"{text}; left out") for text in resolved.left_out.values()),
            *(
                Finding("vectors-left-out", f"the vector field {key!r} is left out: {text}")
                for key, text in alone.items()
            ),
            *found_columns,
            *_not_laid_out(selection),
        ),
    )


def _numbers_left(source: Source, options: ExportOptions, selection: Selection) -> Iterator[Finding]:
    """Labels that are stored as numbers: they stay as they are, since ``cellucid`` writes them so."""
    if options.as_labels is None and not options.of(CellucidOptions).strict:
        yield from likely_labels(source, selection, selection.columns).not_taken()


def _not_laid_out(selection: Selection) -> Iterator[Finding]:
    """Sections that are laid out in coordinates that are not exported."""
    laid = selection.arrangement
    if laid is not None and laid.source not in [choice.source for choice in selection.embeddings]:
        text = (
            "sections are not laid out in the Cellucid export: its points are not the coordinates of the "
            f"tissue, {laid.spelling}"
        )
        yield Finding("not-arranged", text, "coords", laid.spelling)


def _gene_names(source: Source, options: ExportOptions, selection: Selection) -> tuple[str, ...]:
    """Names of the exported genes; those of the index may still repeat or be empty."""
    own = options.of(CellucidOptions)
    if own.strict and own.gene_ids not in (None, "index"):
        _check_ids(source.var_column(own.gene_ids), selection, own.gene_ids)
    elif selection.names_from:
        return selection.labels
    names = source.var_names(raw=options.raw)
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
            f"--gene-names {column}: every exported gene must have a name, but {n_gone} have none; "
            "name another column, or leave these genes out with --genes list:PATH"
        )
