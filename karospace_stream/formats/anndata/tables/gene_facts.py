"""Gene sets as a data frame of uns, and arrays of varm."""

from __future__ import annotations

import numpy as np

from karospace_stream.formats.anndata.arrays.index import Names, write_index
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.arrays.rows import write_rows
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import WHOLE, ArraySpec
from karospace_stream.formats.anndata.layout.groups import ARRAY, frame_group
from karospace_stream.formats.anndata.layout.names import GENE_SETS
from karospace_stream.formats.anndata.tables.frames import gene_names, joined
from karospace_stream.model.catalog import EmbeddingInfo

_COLUMNS = ("source", "target")


def write_gene_sets(job: AnnDataJob) -> Written:
    """All gene sets, a row for each gene of each: ``source`` the set, ``target`` the gene.

    Genes have their names in the store; those that it does not have, their names as given.
    """
    sets = job.selection.gene_sets.sets
    if not sets:
        return Written((), ())
    path = f"uns/{GENE_SETS}"
    names = job.source.var_names(raw=job.plan.options.raw).copy()
    names[job.selection.genes] = gene_names(job)[0]
    pairs = [
        (each.name, gene)
        for each in sets
        for gene in (*(str(names[number]) for number in each.genes), *each.missing)
    ]
    columns = dict(zip(_COLUMNS, map(_texts, zip(*pairs, strict=True)), strict=True))
    parts = [Written((frame_group(path, list(_COLUMNS), {}),), ())]
    columns = {"_index": _texts(tuple(map(str, range(len(pairs))))), **columns}
    parts += (
        write_index(job.chunks, f"{path}/{name}", len(pairs), iter([values]), [], "row")
        for name, values in columns.items()
    )
    return joined(parts)


def write_varm(job: AnnDataJob, info: EmbeddingInfo) -> Written:
    """One array of varm, its rows in exported order."""
    values = job.source.varm(info.key, 0, job.source.catalog.n_genes, info.n_columns)[job.selection.genes]
    shape = values.shape
    chunks = (max(1, min(len(values), WHOLE // max(1, info.n_columns))), max(1, info.n_columns))
    with job.chunks.batch() as batch:
        spec = batch.laid(
            ArraySpec(
                job.plan.keys.path("varm", info.key), shape, chunks, values.dtype.name, attributes=ARRAY
            )
        )
        return Written((spec,), tuple(write_rows(batch, spec, iter([np.ascontiguousarray(values)]))))


def _texts(values: tuple[str, ...]) -> Names:
    made = np.empty(len(values), object)
    made[:] = values
    return made
