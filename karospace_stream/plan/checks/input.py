"""Whether an input can be exported at all."""

from __future__ import annotations

import numpy as np

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import MatrixReader
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.genes.missing import refuse_without_genes


def check_catalog(catalog: Catalog, options: ExportOptions) -> None:
    """Raise `BadInputError` if there is nothing to export."""
    if catalog.n_cells == 0:
        raise BadInputError(f"{catalog.location} must have at least one cell, but has none")
    if options.genes != "none":
        refuse_without_genes(catalog, options)


def check_matrix(matrix: MatrixReader, selection: Selection) -> None:
    """Raise if the genes of a matrix cannot be exported."""
    kind = np.dtype(matrix.info.dtype).kind
    if kind not in "fiub":
        raise BadInputError(f"{matrix.info.name} must hold numbers, got {matrix.info.dtype}")
    if matrix.info.shape[0] == 0 or not len(selection.genes):
        raise BadOptionError(f"{matrix.info.name}: it must have at least one gene to export, but has none")
