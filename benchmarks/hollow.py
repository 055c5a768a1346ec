"""A file of any size that holds hardly any values: enough for ``karospace-stream plan``, which reads few.

HDF5 allocates a chunk when it is first written. So a matrix of a hundred million cells is a few
megabytes as long as nobody writes its values, and the plan that is made for it is the real one. Some chunks
of zeros are there, since an array without any is refused as never written.
"""

from __future__ import annotations

import math
import zlib
from pathlib import Path
from typing import Any

import h5py
import numpy as np

_CHUNK = 262_144
_EVERY = 50  # of this many chunks one is stored
_ROWS = 1 << 20
_TEXT = {"encoding-type": "string-array", "encoding-version": "0.2.0"}
_ARRAY = {"encoding-type": "array", "encoding-version": "0.2.0"}


def write_hollow(path: Path, n_cells: int, n_genes: int, row_nnz: int) -> None:
    """Write a CSR ``.h5ad`` with ``row_nnz`` values in every row, which read as zeros."""
    with h5py.File(path, "w") as file:
        file.attrs.update({"encoding-type": "anndata", "encoding-version": "0.1.0"})
        matrix = file.create_group("X")
        matrix.attrs.update({"encoding-type": "csr_matrix", "encoding-version": "0.1.0"})
        matrix.attrs["shape"] = np.array([n_cells, n_genes])
        nnz = n_cells * row_nnz
        for key, dtype in (("data", "float32"), ("indices", "int32")):
            _empty(matrix, key, (nnz,), dtype)
        _write_indptr(matrix, n_cells, row_nnz)
        _frame(file, "obs", n_cells)
        codes = _category(file["obs"], "cell_type", ["B", "T"])
        _empty(codes, "codes", (n_cells,), "int8").attrs.update(_ARRAY)
        _frame(file, "var", n_genes)
        file["var/_index"][:] = [f"Gene{number:05d}" for number in range(n_genes)]
        embedding = _empty(file.create_group("obsm"), "X_umap", (n_cells, 2), "float32")
        embedding.attrs.update(_ARRAY)


def _empty(group: h5py.Group, key: str, shape: tuple[int, ...], dtype: Any) -> h5py.Dataset:
    """A compressed dataset of zeros with few chunks allocated, or of empty texts with none."""
    chunks = (min(_CHUNK, shape[0]), *shape[1:])
    dataset = group.create_dataset(key, shape, dtype, chunks=chunks, compression="gzip")
    if h5py.check_string_dtype(dataset.dtype) is None:
        zeros = zlib.compress(bytes(math.prod(chunks) * dataset.dtype.itemsize))
        for start in range(0, shape[0], _EVERY * chunks[0]):
            dataset.id.write_direct_chunk((start, *[0] * (len(shape) - 1)), zeros)
    return dataset


def _write_indptr(matrix: h5py.Group, n_cells: int, row_nnz: int) -> None:
    indptr = _empty(matrix, "indptr", (n_cells + 1,), "int64")
    for start in range(0, n_cells + 1, _ROWS):
        stop = min(start + _ROWS, n_cells + 1)
        indptr[start:stop] = np.arange(start, stop, dtype=np.int64) * row_nnz


def _frame(file: h5py.File, key: str, n_rows: int) -> None:
    frame = file.create_group(key)
    frame.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index"})
    columns = ["cell_type"] if key == "obs" else []
    frame.attrs["column-order"] = np.array(columns, dtype=h5py.string_dtype())
    names = _empty(frame, "_index", (n_rows,), h5py.string_dtype())
    names.attrs.update(_TEXT)
    named = min(n_rows, _CHUNK)
    names[:named] = [f"cell{number}" for number in range(named)]


def _category(frame: h5py.Group, name: str, categories: list[str]) -> h5py.Group:
    group = frame.create_group(name)
    group.attrs.update({"encoding-type": "categorical", "encoding-version": "0.2.0", "ordered": False})
    group.create_dataset("categories", data=categories, dtype=h5py.string_dtype()).attrs.update(_TEXT)
    return group
