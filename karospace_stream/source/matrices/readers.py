"""Choose the reader for a stored matrix, in any encoding since anndata 0.5."""

from __future__ import annotations

from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.model.catalog import MatrixInfo, MatrixLayout
from karospace_stream.source.elements.arrays import StoredArray
from karospace_stream.source.elements.attributes import encoding_type, lengths_attribute, text_attribute
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.matrices.dense import DenseReader, is_tall
from karospace_stream.source.matrices.sparse import SparseReader

_SPARSE: dict[str, MatrixLayout] = {"csr": "csr", "csr_matrix": "csr", "csc": "csc", "csc_matrix": "csc"}

_ARRAYS = ("data", "indices", "indptr")


def resolve_matrix(node: Any, name: str, where: str, wrap: Wrap) -> SparseReader | DenseReader:
    """Describe one matrix; reads attributes only.

    Parameters
    ----------
    node
        Group or array of h5py or zarr.
    name
        ``"X"``, ``"layers/<key>"``, ``"raw"`` or ``"obsp/<key>"``.
    where
        The file, for messages.

    Raises
    ------
    BadInputError
        If it is neither CSR, CSC nor a dense array of numbers, or its parts do not fit together.
    """
    if hasattr(node, "shape"):
        return dense_reader(name, wrap(node))
    encoding = encoding_type(node) or text_attribute(node, "h5sparse_format")
    if encoding not in _SPARSE:
        raise BadInputError(f"{name} must be CSR, CSC or a dense array, got the encoding {encoding!r}")
    if missing := [key for key in _ARRAYS if key not in node]:
        raise BadInputError(f"{name} is a sparse matrix without its part {' and '.join(map(repr, missing))}")
    shape = lengths_attribute(node, "shape") or lengths_attribute(node, "h5sparse_shape")
    data, indices, indptr = (wrap(node[key]) for key in _ARRAYS)
    return sparse_reader(name, _SPARSE[encoding], shape, data, indices, indptr, where)


def dense_reader(name: str, values: StoredArray, *, gene_major: bool = False) -> DenseReader:
    """A reader of a dense array of any origin; ``gene_major`` if it is known to be stored by columns."""
    if len(values.shape) != 2:
        raise BadInputError(f"{name} must be cells x genes, got shape {values.shape}")
    check_numbers(name, values.dtype)
    shape, storage = (values.shape[0], values.shape[1]), values.storage()
    info = MatrixInfo(
        name,
        "dense",
        shape,
        str(values.dtype),
        nnz=shape[0] * shape[1],
        gene_major=gene_major or is_tall(shape, storage.chunks, values.dtype.itemsize),
        stored_nbytes=storage.nbytes,
        chunk_values=int(np.prod(storage.chunks or 1)),
        chunk_rows=storage.chunks[0] if storage.chunks else 1,
        compression=storage.compression,
    )
    return DenseReader(info, values)


def sparse_reader(
    name: str,
    layout: MatrixLayout,
    shape: tuple[int, ...],
    data: StoredArray,
    indices: StoredArray,
    indptr: StoredArray,
    where: str,
) -> SparseReader:
    """A reader of three arrays of any origin, once their lengths agree."""
    check_numbers(name, data.dtype)
    if len(shape) != 2:
        raise BadInputError(f"{name} must be a {layout.upper()} matrix of two axes, got the shape {shape}")
    for part, array in (("indices", indices), ("indptr", indptr)):
        if array.dtype.kind not in "iu":
            raise BadInputError(f"{part} of {name} must be whole numbers, got {array.dtype}")
    n_lines = shape[0 if layout == "csr" else 1]
    if indptr.shape != (n_lines + 1,) or data.shape != indices.shape or len(data.shape) != 1:
        raise BadInputError(
            f"the arrays of {name} in {where} do not match: "
            f"{layout.upper()} of {shape[0]} x {shape[1]} with indptr {indptr.shape}, "
            f"indices {indices.shape}, data {data.shape}; the file is damaged"
        )
    storages = [array.storage() for array in (data, indices, indptr)]
    known = [storage.nbytes for storage in storages if storage.nbytes is not None]
    info = MatrixInfo(
        name,
        layout,
        (shape[0], shape[1]),
        str(data.dtype),
        nnz=data.shape[0],
        gene_major=layout == "csc",
        index_itemsize=indices.dtype.itemsize,
        stored_nbytes=sum(known) if len(known) == 3 else None,
        chunk_values=max(storage.chunks[0] if storage.chunks else 1 for storage in storages[:2]),
        compression=storages[0].compression,
    )
    return SparseReader(info, data, indices, indptr, where)


def check_numbers(name: str, dtype: np.dtype[Any]) -> None:
    """Reject a matrix that holds no numbers, or wider ones than we read."""
    if dtype.kind not in "biuf" or dtype.itemsize > 8:
        raise BadInputError(f"{name} must hold numbers of at most 64 bits, got {dtype}")
