"""Join the matrices of several inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from karospace_stream.inputs.joined.matrix.bands import JoinedGenes
from karospace_stream.inputs.joined.matrix.genes import GeneJoin
from karospace_stream.inputs.joined.matrix.rows import JoinedRows, Member
from karospace_stream.inputs.joined.pieces import Stack
from karospace_stream.model.catalog import MatrixInfo, MatrixLayout
from karospace_stream.model.source import MatrixReader

_OFFSETS = 16  # bytes for each value, to bring the values of several inputs into order


def join_matrices(
    name: str, readers: Sequence[MatrixReader | None], stack: Stack, genes: GeneJoin
) -> JoinedRows | JoinedGenes:
    """One matrix of the same name in several inputs, with the joined genes.

    Where it is missing in an input, or a gene is, values are 0; NaN if all are dense.
    """
    members = tuple(Member(reader, columns) for reader, columns in zip(readers, genes.columns, strict=True))
    fills = not genes.is_complete or any(reader is None for reader in readers)
    return _joined(name, members, stack, len(genes.names), fills=fills, exact=not genes.leaves_out)


def join_graphs(name: str, readers: Sequence[MatrixReader | None], stack: Stack) -> JoinedRows | JoinedGenes:
    """Graphs of cells as one matrix with blocks along its diagonal."""
    members = tuple(
        Member(reader, shift=int(start)) for reader, start in zip(readers, stack.starts[:-1], strict=True)
    )
    return _joined(name, members, stack, stack.n_rows, fills=True, exact=True, sparse=True)


def join_sparse(name: str, readers: Sequence[MatrixReader | None], stack: Stack) -> JoinedRows | JoinedGenes:
    """Sparse entries of obsm, all of one width."""
    members = tuple(map(Member, readers))
    width = next(reader.info.shape[1] for reader in readers if reader is not None)
    return _joined(name, members, stack, width, fills=False, exact=True)


def is_mixed(readers: Sequence[MatrixReader | None]) -> bool:
    """Whether some members can only be read by genes, and others only by rows."""
    layouts = {reader.info.layout for reader in readers if reader is not None}
    return "csc" in layouts and len(layouts) > 1


def _joined(
    name: str,
    members: tuple[Member, ...],
    stack: Stack,
    width: int,
    *,
    fills: bool,
    exact: bool,
    sparse: bool = False,
) -> JoinedRows | JoinedGenes:
    readers = [member.reader for member in members if member.reader is not None]
    infos = [reader.info for reader in readers]
    layouts = {info.layout for info in infos}
    layout: MatrixLayout = "csc" if layouts == {"csc"} else "dense" if layouts == {"dense"} else "csr"
    if sparse and layout == "dense":
        layout = "csr"
    missing = len(readers) < len(members)
    fills_nan = fills and layout == "dense"
    dtype = _dtype(members, width if fills_nan else 0, missing=missing and not sparse)
    index = 0 if layout == "dense" else 4 if width <= np.iinfo(np.int32).max else 8
    item = dtype.itemsize
    info = MatrixInfo(
        name,
        layout,
        (stack.n_rows, width),
        str(dtype),
        nnz=_stored(infos, layout, (stack.n_rows, width), exact=exact),
        gene_major=layout == "csc",
        index_itemsize=max(index, *(info.index_itemsize for info in infos)),
        stored_nbytes=_sum([info.stored_nbytes for info in infos]),
        chunk_values=max(info.chunk_values for info in infos),
        chunk_rows=max(info.chunk_rows for info in infos) if layout == "dense" else 1,
        compression="+".join(dict.fromkeys(info.compression for info in infos if info.compression)),
        read_itemsize=max(info.stored_itemsize for info in infos),
        beside_nbytes=max(info.beside_nbytes for info in infos),
        joining_itemsize=item if layout == "dense" else item + index + _OFFSETS,
    )
    if layout == "csc":
        return JoinedGenes(info, members, stack)
    return JoinedRows(info, members, stack, fill=np.nan if fills else 0)


def _dtype(members: Sequence[Member], n_filled: int, *, missing: bool) -> np.dtype[Any]:
    """The type that holds all values, as in anndata: NaN among whole numbers and empty parts are float64.

    Parameters
    ----------
    n_filled
        Columns of the result in which NaN stands for values that a member lacks; 0 where 0 does.
    """
    own = []
    for member in members:
        if member.reader is not None:
            dtype = np.dtype(member.reader.info.dtype)
            there = n_filled if member.columns is None else np.count_nonzero(member.columns >= 0)
            own.append(dtype if dtype.kind == "f" or there >= n_filled else np.dtype(np.float64))
    joined: np.dtype[Any] = np.result_type(*own)
    return np.dtype(np.float64) if missing else joined


def _stored(
    infos: Sequence[MatrixInfo], layout: MatrixLayout, shape: tuple[int, int], *, exact: bool
) -> int | None:
    if layout == "dense":
        return shape[0] * shape[1]
    if not exact or any(info.layout == "dense" for info in infos):
        return None
    return _sum([info.nnz for info in infos])


def _sum(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
