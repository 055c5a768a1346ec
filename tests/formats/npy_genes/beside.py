"""What can be said of a gene with columns, coordinates and neighbours beside it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.model.catalog import Catalog
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.model.side_inputs import Codes, Neighbours, SideInputs, SideNeeds
from karospace_stream.select.relations import choose_graph

Values = npt.NDArray[np.float64]


def needs_of(catalog: Catalog) -> SideNeeds:
    """Every obs column that can group cells, the first embedding, the usual graph."""
    columns = (info.name for info in catalog.obs if info.kind in ("category", "bool", "string"))
    points = (EmbeddingChoice(("obsm", info.key), 2, y_down=False) for info in catalog.obsm[:1])
    graph = choose_graph(catalog, "auto")
    return SideNeeds(tuple(columns), tuple(points), () if graph is None else (graph,))


def beside(values: Values, side: SideInputs) -> Values:
    """Means by category of every column, sums over neighbours of every cell, centres; one after another."""
    parts = [means(values, codes) for codes in side.columns.values()]
    parts += [sums(values, graph) for graph in side.graphs.values()]
    parts += [centre(values, points) for points in side.embeddings.values()]
    return np.concatenate([np.zeros(0), *parts])


def means(values: Values, codes: Codes) -> Values:
    """The mean of each category; NaN for one without cells."""
    n, there = len(codes.categories), codes.values >= 0
    total = np.bincount(codes.values[there], values[there], n)
    with np.errstate(invalid="ignore"):
        found: Values = total / np.bincount(codes.values[there], minlength=n)
    return found


def sums(values: Values, graph: Neighbours) -> Values:
    """For every cell, the weighted sum over its neighbours."""
    n = len(values)
    found: Values = sparse.csr_matrix((graph.weights, graph.indices, graph.indptr), (n, n)) @ values
    return found


def centre(values: Values, points: npt.NDArray[np.float32]) -> Values:
    """Where the values are, on average."""
    with np.errstate(invalid="ignore"):
        found: Values = (values[:, None] * points).sum(axis=0) / values.sum()
    return found
