"""Turn a catalog and options into a Selection. Pure: reads nothing, resolves everything."""

from karospace_stream.select.cells.draw import choose_cells
from karospace_stream.select.coords import choose_embeddings, list_drawable
from karospace_stream.select.genes import GeneChoice, choose_genes, parse_genes, unique_labels
from karospace_stream.select.obs_columns.choose import choose_columns

__all__ = [
    "GeneChoice",
    "choose_cells",
    "choose_columns",
    "choose_embeddings",
    "choose_genes",
    "list_drawable",
    "parse_genes",
    "unique_labels",
]
