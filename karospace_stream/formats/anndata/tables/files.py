"""Number of files of an AnnData store besides the chunks of X."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from karospace_stream.formats.anndata.entries import Table
from karospace_stream.formats.anndata.layout.arrays import SLICED, WHOLE
from karospace_stream.formats.anndata.layout.identity import Identity
from karospace_stream.model.catalog import ColumnInfo, MatrixInfo

#: Documents of an array or a group: its metadata and its attributes, or both in one.
_DOCUMENTS = {2: 2, 3: 1}
#: The root, obs, var, obsm, varm, obsp, varp, layers and uns.
_GROUPS = 9
#: The list of checksums, and in the older format all metadata once more.
_AT_ROOT = {2: 2, 3: 1}
_SPARSE = 3  # arrays, in a group


def other_files(
    n_cells: int,
    n_genes: int,
    *,
    columns: Sequence[ColumnInfo],
    var_columns: Sequence[ColumnInfo],
    widths: Iterable[int],
    tables: Sequence[Table],
    matrices: Sequence[MatrixInfo],
    n_uns: int,
    identity: Identity,
    outliers: bool,
    zarr_format: int,
    n_matrix_arrays: int,
) -> int:
    """Files of all arrays and groups, without the chunks of X.

    Parameters
    ----------
    widths
        Columns of each embedding and vector field.
    matrices
        The graph and sparse entries of obsm.
    n_uns
        Arrays of uns besides the store's own.
    outliers
        Whether the outliers of categories are stored.
    n_matrix_arrays
        Arrays of X: 1 if it is dense, 3 if it is sparse, 0 without it.
    """
    long = [*columns, *(column for table in tables for column in table.columns)]
    # A category has codes and names, in a group. Whether a column has a mask is not known before it is read.
    n_long = len(long) + 1 + len(tables) + (sum(map(_has_outliers, columns)) if outliers else 0)
    n_short = sum(map(_is_category, long))
    n_var = 1 + len(var_columns) + sum(map(_is_category, var_columns))
    n_groups = _GROUPS + len(tables) + sum(map(_is_category, (*long, *var_columns)))
    n_groups += len(matrices) + (n_matrix_arrays == _SPARSE)
    n_own, n_own_groups = _nodes(identity.record())
    n_small = n_short + n_uns + n_own + 1 + len(identity.further)
    n_arrays = n_long + n_var + n_small + len(matrices) * _SPARSE + n_matrix_arrays
    n_chunks = n_long * _chunks(n_cells) + n_var * _chunks(n_genes) + n_small
    for width in widths:
        n_arrays += 1
        n_chunks += -(-n_cells // max(1, WHOLE // max(1, width)))
    n_chunks += sum(map(_matrix_chunks, matrices)) + (n_matrix_arrays == _SPARSE)
    if outliers:
        n_arrays, n_chunks, n_groups = n_arrays + 2, n_chunks + 2, n_groups + 2  # of the record of outliers
    n_nodes = n_arrays + n_groups + n_own_groups
    return n_chunks + n_nodes * _DOCUMENTS[zarr_format] + _AT_ROOT[zarr_format]


def _is_category(info: ColumnInfo) -> bool:
    return info.kind == "category"


def _has_outliers(info: ColumnInfo) -> bool:
    return info.kind in ("category", "string", "bool")


def _chunks(n: int) -> int:
    return max(1, -(-n // WHOLE))


def _matrix_chunks(info: MatrixInfo) -> int:
    n_values = info.nnz if info.nnz is not None else info.shape[0] * info.shape[1]
    return 2 * max(1, -(-n_values // SLICED)) + _chunks(info.shape[0])


def _nodes(record: Mapping[str, Any]) -> tuple[int, int]:
    """Arrays and groups of a nested record, itself among them."""
    n_arrays, n_groups = 0, 1
    for value in record.values():
        if isinstance(value, Mapping):
            arrays, groups = _nodes(value)
            n_arrays, n_groups = n_arrays + arrays, n_groups + groups
        else:
            n_arrays += 1
    return n_arrays, n_groups
