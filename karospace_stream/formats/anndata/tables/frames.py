"""Stages of obs and var: columns and unique names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from karospace_stream.formats.anndata.arrays.index import Names, unique_names, write_index, write_names
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.groups import GroupSpec, frame_group
from karospace_stream.formats.anndata.layout.names import GENE_NAMES
from karospace_stream.formats.anndata.tables.columns import Reading, write_column
from karospace_stream.formats.cells.tiles import read_column, read_names
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.column import Column


def write_obs_column(job: AnnDataJob, number: int) -> Written:
    """Write one column of obs."""
    return write_column(job, obs_reading(job, job.plan.columns[number]))


def obs_reading(job: AnnDataJob, info: ColumnInfo) -> Reading:
    """A column of the exported cells."""
    n_cells = job.selection.n_cells
    return Reading(
        path=job.plan.keys.path("obs", info.name),
        what=f"the obs column {info.name!r}",
        info=info,
        n_rows=n_cells,
        tiles=partial(read_column, job.source, job.selection, info.name, 0, n_cells),
        categories=partial(job.source.obs_categories, info.name),
    )


def write_obs_names(job: AnnDataJob) -> Written:
    """Write the names of the cells."""
    n_cells = job.selection.n_cells
    read = partial(read_names, job.source, job.selection, 0, n_cells)
    return write_names(job.chunks, "obs/_index", n_cells, read, "cell")


def write_var(job: AnnDataJob) -> Written:
    """Write names and columns of the exported genes, in exported order."""
    parts = [
        Written((_var_group(job),), ()),
        _write_gene_names(job),
        *(write_column(job, _var_reading(job, info)) for info in job.plan.var_columns),
    ]
    return joined(parts)


def _var_group(job: AnnDataJob) -> GroupSpec:
    group = frame_of(job, "var", job.plan.var_columns)
    wanted = job.plan.options.gene_names
    return group if wanted != "index" else GroupSpec("var", {**group.attributes, GENE_NAMES: wanted})


def frame_of(job: AnnDataJob, frame: str, columns: Sequence[ColumnInfo]) -> GroupSpec:
    """The group of a data frame, which names its columns."""
    keys = [job.plan.keys.key(frame, info.name) for info in columns]
    return frame_group(frame, keys, job.plan.keys.attributes(frame))


def _write_gene_names(job: AnnDataJob) -> Written:
    exported, renamed = gene_names(job)
    return write_index(job.chunks, "var/_index", len(exported), iter([exported]), renamed, "gene")


def gene_names(job: AnnDataJob) -> tuple[Names, list[tuple[str, str]]]:
    """The exported genes' names, and those of all genes that were changed, old and new.

    They are made unique among all genes, so that the selection does not change them.
    """
    genes, renamed = job.selection.genes, list[tuple[str, str]]()
    names = job.source.var_names(raw=job.plan.options.raw)[: None if len(genes) else 0]
    unique = [*unique_names(len(names), lambda: iter([names]), "gene", renamed)]
    return np.concatenate([names[:0], *unique])[genes], renamed


def joined(parts: list[Written]) -> Written:
    """Join several results into one."""
    return Written(
        tuple(node for part in parts for node in part.nodes),
        tuple(receipt for part in parts for receipt in part.receipts),
        tuple(note for part in parts for note in part.notes),
    )


def _var_reading(job: AnnDataJob, info: ColumnInfo) -> Reading:
    def tiles() -> Iterator[Column]:
        yield job.source.var_column(info.name, raw=job.plan.options.raw).rows(job.selection.genes)

    return Reading(
        path=job.plan.keys.path("var", info.name),
        what=f"the var column {info.name!r}",
        info=info,
        n_rows=len(job.selection.genes),
        tiles=tiles,
        categories=partial(job.source.var_categories, info.name, raw=job.plan.options.raw),
    )
