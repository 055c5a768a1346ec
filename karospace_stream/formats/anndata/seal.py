"""The last stage: write the documents, the consolidated one last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from karospace_stream.formats.anndata.arrays.results import MatrixWritten, Written
from karospace_stream.formats.anndata.arrays.sections import write_sections
from karospace_stream.formats.anndata.arrays.unstructured import write_arrangement, write_array, write_colors
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.documents import documents
from karospace_stream.formats.anndata.layout.groups import ROOT, GroupSpec, Node, dict_group
from karospace_stream.formats.anndata.layout.identity import Scalar, elements, outlier_elements
from karospace_stream.formats.anndata.layout.matrix import dense_array, sparse_arrays, sparse_attributes
from karospace_stream.formats.anndata.tables.frames import frame_of
from karospace_stream.formats.anndata.tables.gene_facts import write_gene_sets, write_varm
from karospace_stream.formats.anndata.tables.statistics import StatisticsWritten
from karospace_stream.formats.format import Sealed
from karospace_stream.formats.genes.pseudobulk.write import PseudobulkWritten
from karospace_stream.formats.layout.checksums import checksums_blob
from karospace_stream.model.blob import Receipt
from karospace_stream.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Rest:
    """Results of all stages, except the genes' values."""

    var: Written
    names: Written
    columns: Sequence[Written]
    entries: Sequence[Written]
    graph: Written | None
    outliers: Sequence[Written]
    statistics: StatisticsWritten
    rankings: Sequence[Written] = ()
    pseudobulk: PseudobulkWritten | None = None


def finish(job: AnnDataJob, rest: Rest, matrix: Written) -> Sealed:
    """Write the documents; the store is then complete, and waits to be published.

    Parameters
    ----------
    matrix
        Groups, arrays and chunks of X; empty if no gene is exported.
    """
    parts = list(_parts(job, rest, matrix))
    nodes = [node for part in parts for node in part.nodes]
    receipts = [receipt for part in parts for receipt in part.receipts]
    if rest.pseudobulk is not None:
        receipts.append(rest.pseudobulk.receipt)
    # Those at the root wait for the seal, which publishes the consolidated one last.
    receipts += [
        job.chunks.target.put(blob) for blob in documents(nodes, job.chunks.zarr_format, job.chunks.level)
    ]
    receipts.append(job.chunks.target.put(checksums_blob("anndata", job.generator, job.recorded, receipts)))
    noticed = tuple(Finding("other-values", note) for part in parts for note in part.notes)
    noticed = (*noticed, *rest.statistics.findings)
    if rest.pseudobulk is not None:
        noticed = (*noticed, *rest.pseudobulk.findings)
    return Sealed(len(receipts), sum(receipt.size for receipt in receipts), noticed)


def matrix_of(job: AnnDataJob, written: Sequence[MatrixWritten]) -> Written:
    """Join the results of the tasks that wrote X."""
    shape = (job.selection.n_cells, len(job.selection.genes))
    receipts = tuple(receipt for each in written for receipt in each.receipts)
    if job.plan.is_dense:
        spec = dense_array("X", shape, written[0].dtype, shard=job.chunks.shard > 1)
        return Written((spec,), receipts)
    arrays = sparse_arrays("X", shape, written[0].n_values, written[0].dtype)
    laid = (arrays.indptr, job.chunks.laid(arrays.data), job.chunks.laid(arrays.indices))
    return Written((GroupSpec("X", sparse_attributes(shape)), *laid), receipts)


def _parts(job: AnnDataJob, rest: Rest, matrix: Written) -> Iterator[Written]:
    """Everything in the store, each group before its members."""
    plan, keys = job.plan, job.plan.keys
    yield _only(ROOT)
    yield _write_scalars(job, elements(plan.identity, keys.attributes("uns")))
    yield from (write_array(job, key) for key in plan.uns)
    yield from (write_colors(job, column) for column in plan.colors)
    yield from rest.rankings
    yield write_arrangement(job)
    yield write_sections(job)
    yield write_gene_sets(job)
    if plan.latent is not None:
        yield _write_scalars(job, outlier_elements(keys.key("obsm", plan.latent.key), plan.min_points))
        yield from rest.outliers
    yield rest.var
    yield matrix
    yield _only(frame_of(job, "obs", plan.columns))
    yield rest.names
    yield from rest.columns
    yield _only(dict_group("obsm", keys.attributes("obsm")))
    yield from rest.entries
    yield _only(dict_group("obsp", keys.attributes("obsp")))
    if rest.graph is not None:
        yield rest.graph
    yield _only(dict_group("varm", keys.attributes("varm")), *map(dict_group, ("varp", "layers")))
    yield from (write_varm(job, each) for each in plan.varm)
    yield from rest.statistics.parts


def _only(*groups: GroupSpec) -> Written:
    return Written(groups, ())


def _write_scalars(job: AnnDataJob, scalars: Iterable[Scalar]) -> Written:
    nodes: list[Node] = []
    receipts: list[Receipt] = []
    for each in scalars:
        if isinstance(each, GroupSpec):
            nodes.append(each)
            continue
        spec, value = each
        nodes.append(spec)
        values = np.array(value, object if spec.dtype == "str" else spec.dtype)
        receipts += job.chunks.put(spec, (0,) * values.ndim, values)
    return Written(tuple(nodes), tuple(receipts))
