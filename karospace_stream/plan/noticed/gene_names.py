"""Symbols of genes, if the index of var has accession numbers."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.model.finding import Finding
from karospace_stream.plan.genes.names import gene_names, may_read_column
from karospace_stream.plan.noticed.look import Look

_MOST_GENES = 1_000_000  # whose names are read for this


def symbols_found(look: Look) -> Iterator[Finding]:
    """Findings about the names of genes before any gene is chosen; later they come with the selection."""
    catalog = look.catalog
    is_small = catalog.n_genes <= _MOST_GENES and catalog.matrix is not None
    if look.selection is None and is_small and may_read_column(catalog, look.options):
        yield from gene_names(look.source, look.options).findings(0)
