"""Size of everything in an AnnData store besides X.

The shares were measured, see `docs/design/size.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import starmap

import numpy as np

from karospace_stream.formats.anndata.entries import Table
from karospace_stream.model.catalog import ColumnInfo, MatrixInfo
from karospace_stream.model.size import Size

_DOCUMENTS = Size(8_000, 12_500)  # metadata, identity, and the list of checksums, without what follows
_ARRAY = Size(550, 1_300)  # of an array: its metadata, twice, and its checksums
_FORMAT_3 = 2  # times as much metadata
_CHUNK = Size(10, 60)  # of the chunk of an array, besides its values
_CATEGORY = Size(1, 60)  # the text of a category
_NAME = Size(1.5, 14)  # of a cell or gene; names of cells share their beginnings, or nothing
_BEGIN = Size(0.5, 8)  # where a gene begins in a sparse X
_SPARSE = 3  # arrays: values, cell numbers, and where genes begin
_UNS = Size(0.02, 24)  # a number or text
_QUANTILES = Size(0.04, 4.04)  # the outlier quantile of a cell
_GRAPH = Size(0.2, 0.8)  # compressed shares, here and below
_SHARES = {"f4": Size(0.3, 1.01), "f8": Size(0.25, 1.01), "i": Size(0.01, 0.6), "b": Size(0.01, 0.3)}
_MOST_IN_A_BYTE = 128
_WIDE, _FEW = Size(0.6, 1.01), 3  # an embedding that is no place: float32 of many digits
_CODES, _TEXTS, _TEXT_NBYTES = Size(0.01, 0.9), Size(0.02, 1.2), 24


def other_size(
    n_cells: int,
    n_genes: int,
    *,
    columns: Sequence[ColumnInfo],
    var_columns: Sequence[ColumnInfo],
    n_texts: int,
    arrays: Sequence[tuple[int, str]],
    tables: Sequence[Table],
    matrices: Sequence[MatrixInfo],
    uns: Sequence[int],
    outliers: bool,
    zarr_format: int,
    n_matrix_arrays: int,
) -> Size:
    """Everything besides the values of X and their cell numbers.

    Parameters
    ----------
    n_texts
        Different texts of all columns of obs together.
    arrays
        Columns and type of each embedding and vector field.
    matrices
        The graph and sparse entries of obsm.
    uns
        Values of each array of uns.
    outliers
        Whether the outliers of categories are stored.
    n_matrix_arrays
        Arrays of X: 1 if it is dense, 3 if it is sparse, 0 without it.
    """
    of_cells = [*columns, *(column for table in tables for column in table.columns)]
    every = [*of_cells, *var_columns]
    n_arrays = len(every) + 2 * sum(info.kind == "category" for info in every)
    n_arrays += len(arrays) + 2 * len(tables) + len(uns) + n_matrix_arrays + _SPARSE * len(matrices)
    of_a_cell = [
        *map(_column, of_cells),
        *starmap(_embedding, arrays),
        _QUANTILES * (outliers * len(columns)),
    ]
    of_a_gene = [*map(_column, var_columns), _BEGIN * (n_matrix_arrays == _SPARSE)]
    size = _sum([_NAME, *of_a_cell]) * n_cells + _sum([_NAME, *of_a_gene]) * n_genes
    size += _sum(_matrix(info) * (n_cells / max(1, info.shape[0])) for info in matrices)
    size += _CATEGORY * n_texts + _UNS * sum(uns) + _CHUNK * n_arrays
    return size + (_DOCUMENTS + _ARRAY * n_arrays) * (_FORMAT_3 if zarr_format == 3 else 1)


def _sum(sizes: Iterable[Size]) -> Size:
    return sum(sizes, Size())


def _column(info: ColumnInfo) -> Size:
    """One value."""
    if info.kind == "category":
        return Size.exactly(1 if (info.n_categories or 0) < _MOST_IN_A_BYTE else 2).packed(_CODES)
    if info.kind == "string":
        return Size.exactly(_TEXT_NBYTES).packed(_TEXTS)
    return _number(info.dtype)


def _embedding(width: int, dtype: str) -> Size:
    """One cell."""
    if width > _FEW and dtype == "float32":
        return _WIDE * (4 * width)
    return _number(dtype) * width


def _number(dtype: str) -> Size:
    kind = np.dtype(dtype)
    share = _SHARES.get(kind.str[1:]) or _SHARES["b" if kind.kind == "b" else "i"]
    return share * kind.itemsize


def _matrix(info: MatrixInfo) -> Size:
    n_values = info.nnz if info.nnz is not None else info.shape[0] * info.shape[1]
    itemsize = np.dtype(info.dtype).itemsize + max(4, info.index_itemsize)
    return Size.exactly(n_values * itemsize).packed(_GRAPH)
