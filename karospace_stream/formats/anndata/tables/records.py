"""Structured arrays and data frames of values by gene and group, as scanpy stores markers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.index import Names, write_index
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.arrays.rows import Values, write_rows
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import RECORD, ArraySpec, vector_chunks
from karospace_stream.formats.anndata.layout.groups import ARRAY, RECORDS, frame_group
from karospace_stream.formats.anndata.layout.keys import StoredKeys
from karospace_stream.formats.anndata.tables.frames import joined
from karospace_stream.formats.anndata.tables.statistics_names import record_rows

Floats = npt.NDArray[np.float64]


def takes_frames(groups: Sequence[str]) -> bool:
    """Whether groups can be columns of a data frame, whose names are keys of a file."""
    return all(name and "/" not in name and name not in (".", "..") for name in groups)


def write_records(
    job: AnnDataJob,
    path: str,
    groups: Sequence[str],
    columns: npt.NDArray[np.generic],
    dtype: np.dtype[np.generic],
    values: Callable[[npt.NDArray[np.generic]], npt.NDArray[np.generic]],
) -> Written:
    """Write a structured array with a field for each group, made chunk by chunk.

    Parameters
    ----------
    columns
        ``(n_groups, n_genes)``.
    values
        Turns some genes of a group into values.
    """
    n_genes = columns.shape[1]
    fields = tuple((name, dtype.str) for name in groups)
    rows = min(n_genes, record_rows(len(groups), dtype.itemsize))
    spec = ArraySpec(path, (n_genes,), (rows,), RECORD, shuffle=False, attributes=RECORDS, fields=fields)

    def pieces() -> Iterator[Values]:
        for first in range(0, n_genes, rows):
            piece = np.zeros(min(rows, n_genes - first), spec.value_dtype)
            for field, column in zip(spec.value_dtype.names or (), columns[: len(groups)], strict=True):
                piece[field] = values(column[first : first + rows])
            yield piece

    chunks = replace(job.table_chunks, shard=1)  # zarr-python cannot read records from shards
    with chunks.batch() as batch:
        return Written((spec,), tuple(write_rows(batch, spec, pieces())))


def write_frame(
    job: AnnDataJob, path: str, genes: Names, names: Sequence[str], values: Floats, *, shuffle: bool = True
) -> Written:
    """Write a data frame of genes x groups.

    Parameters
    ----------
    shuffle
        Not for shares: few of them differ, so that they shrink more as they are.
    """
    keys = StoredKeys.of({path: names}, {})
    stored = [keys.key(path, name) for name in names]
    parts = [
        Written((frame_group(path, stored, keys.attributes(path)),), ()),
        write_index(job.chunks, f"{path}/_index", len(genes), iter([genes]), [], "gene"),
    ]
    columns: Mapping[str, Floats] = dict(zip(stored, values.T, strict=True))
    with job.table_chunks.batch() as batch:
        for key, column in columns.items():
            chunks = vector_chunks(len(genes))
            spec = ArraySpec(
                f"{path}/{key}", (len(genes),), chunks, "float64", attributes=ARRAY, shuffle=shuffle
            )
            spec = batch.laid(spec)
            parts.append(Written((spec,), tuple(write_rows(batch, spec, iter([column])))))
    return joined(parts)
