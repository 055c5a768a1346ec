"""Estimate the size of an export: what is known, and a range for what gets compressed."""

from __future__ import annotations

import numpy as np

from karospace_stream.formats.cost import FormatCost
from karospace_stream.formats.edges import GraphPlan
from karospace_stream.formats.genes.value_sample import ValueSample
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.size import Size

# Where no sample could be read: bytes of a value that is not 0, by the bytes of a written one, if genes are
# compressed with their zeros. Measured, see docs/design/size.md.
_PACKED = {1: (0.35, 2.7), 2: (0.6, 4.2), 4: (0.9, 5.9)}
_LEAST_OF_DENSE = 0.03  # of an array that is stored dense and may hold zeros only
_GZIP = Size(18, 25)  # of a file, besides its content
_EDGES = (0.3, 0.85)


def genes_size(
    demand: FormatCost,
    info: MatrixInfo | None,
    sample: ValueSample | None,
    *,
    n_cells: int,
    n_genes: int,
    kept: float,
    level: int | None,
) -> Size:
    """All files of genes, and what the manifests say about them.

    Parameters
    ----------
    kept
        Exported values of the matrix, as stored.
    level
        Of gzip; None without.
    """
    about = demand.gene_size * n_genes
    if info is None or not n_genes:
        return about
    if demand.per_value is not None:
        return about + demand.per_value.size_of(info, sample) * kept
    dense = demand.value_nbytes * n_cells * n_genes
    if level is None:
        return about + Size.exactly(dense)
    if sample is not None:
        packed = sample.packed_genes(n_cells, n_genes, demand.value_nbytes, level)
    else:
        least, most = _PACKED[demand.value_nbytes]
        if info.layout == "dense":
            least = min(least, _LEAST_OF_DENSE * demand.value_nbytes)
        packed = Size(least * kept, most * kept)
    size = Size(min(packed.least, dense), min(packed.most, 1.01 * dense))
    return about + size + _GZIP * (n_genes * demand.objects_per_gene)


def graph_size(graph: GraphPlan | None, *, gzip: bool) -> Size:
    """Both ends of all edges. Stored values may be those of both directions, or of one."""
    if graph is None:
        return Size()
    itemsize = np.dtype(graph.edges.index_dtype).itemsize
    edges = Size(graph.n_values / 2, graph.n_values) * (2 * itemsize)
    return edges.packed(*_EDGES, if_=gzip)
