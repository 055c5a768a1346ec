"""An AnnData object: in memory, backed by a .h5ad file, or lazy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.model.source import MatrixReader
from karospace_stream.source.anndata_source import AnnDataSource, make_source
from karospace_stream.source.elements.arrays import NumpyArray, StoredArray
from karospace_stream.source.elements.embeddings import EmbeddingEntry, array_entry, frame_entry
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.elements.images import (
    find_arrays,
    find_images,
    find_libraries,
    find_microns_per_pixel,
    find_palettes,
    find_spot_diameter,
)
from karospace_stream.source.elements.uns_facts import find_log_base, find_texts
from karospace_stream.source.elements.wide_floats import rounded
from karospace_stream.source.genes.stored_sets import find_sets
from karospace_stream.source.hdf5.h5ad import open_h5ad
from karospace_stream.source.matrices.readers import dense_reader, sparse_reader
from karospace_stream.source.memory.dask_meta import empty_block
from karospace_stream.source.memory.lazy import LazyArray, is_lazy, lazy_reader
from karospace_stream.source.memory.pandas_frame import pandas_frame
from karospace_stream.source.memory.xarray_frame import is_lazy_frame, xarray_frame
from karospace_stream.source.parts import OBSM, OBSP, Parts
from karospace_stream.source.problems.unreadable import Unreadable, optional
from karospace_stream.source.rankings.find import find_rankings
from karospace_stream.source.resolve.unread_parts import OTHERS, other_parts

if TYPE_CHECKING:
    from anndata import AnnData

_LOCATION = "<AnnData in memory>"


def open_anndata(adata: AnnData) -> AnnDataSource:
    """Describe an object; shares its memory. X and raw of a backed one are read from its file.

    Raises
    ------
    BadInputError
        If it is a view of a backed object, whose matrix is not stored anywhere.
    """
    stored = _stored_part(adata) if adata.isbacked else None
    unreadable: Unreadable = list(stored.catalog.unreadable) if stored else []
    unreadable = [(key, why) for key, why in unreadable if key in ("X", "raw")]
    raw = adata.raw if stored is None else None
    parts = Parts(
        matrices=_matrices(adata, raw, stored, unreadable)
        | _square_and_sparse(adata.obsp, OBSP, unreadable)
        | _square_and_sparse({k: v for k, v in adata.obsm.items() if _is_sparse(v)}, OBSM, unreadable),
        obs=(obs := _frame(adata.obs, "obs", unreadable)),
        var=_frame(adata.var, "var", unreadable),
        raw_var=stored.parts.raw_var if stored else raw and _frame(raw.var, "raw/var", unreadable),
        obsm=_embeddings(adata.obsm, unreadable),
        images=find_images(adata.uns, _wrap, unreadable),
        arrays=(arrays := find_arrays(adata.uns, _wrap, unreadable)),
        palettes=find_palettes(adata.uns, _wrap, unreadable),
        spot_diameter=find_spot_diameter(adata.uns, _wrap),
        microns_per_pixel=find_microns_per_pixel(adata.uns, _wrap),
        log_base=find_log_base(adata.uns, _wrap),
        libraries=find_libraries(adata.uns),
        texts=find_texts(adata.uns, _wrap),
        rankings=find_rankings(
            adata.uns, _wrap, lambda node, key: _frame(node, key, unreadable), obs, unreadable
        ),
        sets=find_sets(adata.uns, _wrap),
        varm=_embeddings(adata.varm, [], "varm"),
        others=other_parts({key: getattr(adata, key) for key in OTHERS}, arrays, unreadable),
    )
    return make_source(
        parts,
        unreadable,
        location=stored.catalog.location if stored else _LOCATION,
        name=stored.catalog.name if stored else "AnnData",
        container="h5ad" if stored else "memory",
        fingerprint=f"{id(adata)}-{stored.catalog.fingerprint if stored else adata.shape}",
        origin=stored.origin if stored else None,
        external_files=stored.catalog.external_files if stored else (),
    )


def _stored_part(adata: AnnData) -> AnnDataSource:
    path = Path(str(adata.filename))
    if adata.is_view:
        raise BadInputError(
            f"this AnnData is a view of one backed by {path}, so it has no matrix of its own; "
            "write it with .copy('subset.h5ad'), or load it with .to_memory()"
        )
    if adata.file.is_open:
        any_part = adata.file[next(iter(adata.file))]
        any_part.file.flush()  # mode r+ may hold changes of X that are not in the file yet
    return open_h5ad(path)


def _matrices(
    adata: AnnData, raw: Any, stored: AnnDataSource | None, unreadable: Unreadable
) -> dict[str, MatrixReader]:
    found: dict[str, MatrixReader] = {}
    if stored is not None:
        found |= {name: reader for name, reader in stored.parts.matrices.items() if name in ("X", "raw")}
    elif adata.X is not None:
        with optional(unreadable, "X"):
            found["X"] = _reader("X", adata.X)
    if raw is not None:
        with optional(unreadable, "raw"):
            found["raw"] = _reader("raw", raw.X)
    for key in adata.layers:
        if key is None:  # X once more: anndata 0.13 has it here too
            continue
        with optional(unreadable, f"layers/{key}"):
            found[f"layers/{key}"] = _reader(f"layers/{key}", adata.layers[key])
    return found


def _square_and_sparse(
    entries: Mapping[str, Any], prefix: str, unreadable: Unreadable
) -> dict[str, MatrixReader]:
    """Matrices of obsp, and those of obsm that are sparse."""
    found: dict[str, MatrixReader] = {}
    for key, values in entries.items():
        with optional(unreadable, f"{prefix}{key}"):
            found[f"{prefix}{key}"] = _reader(f"{prefix}{key}", values)
    return found


def _is_sparse(values: Any) -> bool:
    block = empty_block(values) if is_lazy(values) else values
    return not hasattr(values, "columns") and hasattr(block, "nnz")


def _reader(name: str, values: Any) -> MatrixReader:
    if is_lazy(values):
        return lazy_reader(name, values)
    layout = getattr(values, "format", None)
    if layout in ("csr", "csc") and hasattr(values, "indptr"):
        data, indices, indptr = (
            NumpyArray(f"{name}/{part}", getattr(values, part)) for part in ("data", "indices", "indptr")
        )
        return sparse_reader(name, layout, values.shape, data, indices, indptr, _LOCATION)
    if isinstance(values, np.ndarray) and not isinstance(values, np.ma.MaskedArray):
        plain = np.asarray(values)
        in_columns = plain.flags.f_contiguous and not plain.flags.c_contiguous
        return dense_reader(name, NumpyArray(name, plain), gene_major=in_columns)
    raise BadInputError(
        f"{name} must be a NumPy array, a SciPy CSR or CSC matrix, or a Dask array of these, "
        f"got {type(values).__module__}.{type(values).__qualname__}"
    )


def _frame(frame: Any, key: str, unreadable: Unreadable) -> Frame:
    if is_lazy_frame(frame):
        return xarray_frame(frame, key, unreadable)
    return pandas_frame(frame, key, unreadable)


def _embeddings(
    obsm: Mapping[str, Any], unreadable: Unreadable, kind: str = "obsm"
) -> dict[str, EmbeddingEntry]:
    entries: dict[str, EmbeddingEntry] = {}
    for key, values in obsm.items():
        with optional(unreadable, f"{kind}/{key}"):
            if hasattr(values, "columns"):
                entries[str(key)] = frame_entry(_frame(values, f"{kind}/{key}", unreadable))
            elif _is_sparse(values):
                continue
            elif is_lazy(values) or isinstance(values, np.ndarray):
                entries[str(key)] = array_entry(_wrap(values, key=f"{kind}/{key}"))
            else:
                raise BadInputError(f"it must be an array or a data frame, got {type(values).__qualname__}")
    return entries


def _wrap(node: Any, field: str | None = None, key: str = "uns") -> StoredArray:
    assert field is None, "only stored arrays have fields"
    return rounded(LazyArray(key, node) if is_lazy(node) else NumpyArray(key, np.asarray(node)))
