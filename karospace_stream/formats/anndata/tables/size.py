"""Size of everything in an AnnData store besides X.

The shares were measured, see `docs/design/size.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from karospace_stream.formats.anndata.entries import Table
from karospace_stream.model.catalog import ColumnInfo, MatrixInfo
from karospace_stream.model.size import Size

_DOCUMENTS = Size(9_000, 24_000)  # metadata, identity, list of checksums of the groups
_ARRAY = Size(500, 3_000)  # of an array or column, and their checksums
_CATEGORY = Size(1, 60)
_NAME = Size(1, 16)  # of a cell or gene, compressed; names of cells share their beginnings, or nothing
_FLOATS, _CODES, _GRAPH = (0.35, 1.01), (0.02, 1.01), (0.15, 0.8)  # compressed shares
_ITEMSIZE = {"category": 2, "bool": 1, "integer": 8, "float": 8, "string": 24}


def other_size(
    n_cells: int,
    n_genes: int,
    *,
    columns: Sequence[ColumnInfo],
    var_columns: Sequence[ColumnInfo],
    n_texts: int,
    float_nbytes: Sequence[int],
    tables: Sequence[Table],
    matrices: Iterable[MatrixInfo],
    n_uns: int,
    outliers: bool,
) -> Size:
    """Everything besides X.

    Parameters
    ----------
    n_texts
        Different texts of all columns of obs together.
    float_nbytes
        Bytes of a row of each embedding and vector field.
    matrices
        The graph and sparse entries of obsm.
    outliers
        Whether the outliers of categories are stored.
    """
    inner = [column for table in tables for column in table.columns]
    several = [*columns, *inner]
    size = _DOCUMENTS + _NAME * (n_cells + n_genes) + _CATEGORY * n_texts
    size += _ARRAY * (len(several) + len(var_columns) + len(float_nbytes) + 2 * len(tables) + n_uns)
    size += _columns(several, n_cells) + _columns(var_columns, n_genes)
    size += Size.exactly(n_cells * sum(float_nbytes)).packed(*_FLOATS)
    for info in matrices:
        share = n_cells / max(1, info.shape[0])
        n_values = info.nnz if info.nnz is not None else info.shape[0] * info.shape[1]
        itemsize = np.dtype(info.dtype).itemsize + max(4, info.index_itemsize)
        size += Size.exactly(n_values * share * itemsize).packed(*_GRAPH) + _ARRAY * 3
    if outliers:
        size += Size.exactly(4 * n_cells * len(columns)).packed(*_CODES)
    return size


def _columns(columns: Iterable[ColumnInfo], n_rows: int) -> Size:
    nbytes = sum(_ITEMSIZE.get(info.kind, 8) for info in columns)
    return Size.exactly(n_rows * nbytes).packed(*_CODES)
