"""Turns row blocks into complete genes, through a temporary file, in bounded memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

_FRAGMENT_VALUES = 3_000_000  # in memory at a time, on the way in and on the way out

GeneBand = tuple[npt.NDArray[np.int64], npt.NDArray[np.integer], npt.NDArray[Any]]


class GeneMajorSpool:
    """Fragments of some rows x all genes, each sorted by gene, one after another in a file."""

    def __init__(self, n_genes: int, dtype: str, scratch: Path) -> None:
        self._n_genes = n_genes
        self._record = np.dtype([("row", "<i8"), ("value", dtype)])
        self._file = tempfile.TemporaryFile(dir=scratch, prefix="genes-")  # noqa: SIM115 - closed by close()
        self._parts: list[tuple[int, npt.NDArray[np.int64], npt.NDArray[Any], npt.NDArray[Any]]] = []
        self._n_waiting = 0
        self._fragments: list[tuple[int, npt.NDArray[np.int64]]] = []  # offset in values, indptr
        self._n_written = 0

    def append(
        self,
        start: int,
        row_nnz: npt.NDArray[np.int64],
        genes: npt.NDArray[np.integer],
        values: npt.NDArray[Any],
    ) -> None:
        """Append the rows from ``start``; blocks arrive in row order."""
        self._parts.append((start, row_nnz, genes, values))
        self._n_waiting += len(values)
        if self._n_waiting >= _FRAGMENT_VALUES:
            self._write_fragment()

    def _write_fragment(self) -> None:
        first = self._parts[0][0]
        row_nnz, genes, values = (np.concatenate([part[k] for part in self._parts]) for k in (1, 2, 3))
        self._parts.clear()
        self._n_waiting = 0
        indptr = np.concatenate([[0], np.cumsum(row_nnz)])
        turned = sparse.csr_array((values, genes, indptr), shape=(len(row_nnz), self._n_genes)).tocsc()
        records = np.empty(turned.nnz, self._record)
        records["row"] = turned.indices
        records["row"] += first
        records["value"] = turned.data
        self._file.write(records.data)
        self._fragments.append((self._n_written, turned.indptr.astype(np.int64)))
        self._n_written += turned.nnz

    def bands(self) -> Iterator[GeneBand]:
        """Yield every gene in order, several at a time: values per gene, rows, values."""
        if self._parts:
            self._write_fragment()
        gene_nnz = np.zeros(self._n_genes, np.int64)
        for _, indptr in self._fragments:
            gene_nnz += np.diff(indptr)
        ends = np.cumsum(gene_nnz)
        start = 0
        while start < self._n_genes:
            before = ends[start] - gene_nnz[start]
            stop = max(start + 1, int(np.searchsorted(ends, before + _FRAGMENT_VALUES, side="right")))
            yield self._band(start, stop, gene_nnz[start:stop])
            start = stop

    def _band(self, start: int, stop: int, gene_nnz: npt.NDArray[np.int64]) -> GeneBand:
        band = np.empty(int(gene_nnz.sum()), self._record)
        free = np.cumsum(gene_nnz) - gene_nnz  # where the next value of each gene goes
        for offset, indptr in self._fragments:
            ends = indptr[start : stop + 1]
            here = np.diff(ends)
            self._file.seek((offset + int(ends[0])) * self._record.itemsize)
            n_values = int(ends[-1] - ends[0])
            records = np.frombuffer(self._file.read(n_values * self._record.itemsize), self._record)
            band[np.arange(n_values) + np.repeat(free - (ends[:-1] - ends[0]), here)] = records
            free += here
        return gene_nnz, band["row"].copy(), band["value"].copy()

    def close(self) -> None:
        """Remove the temporary file."""
        self._file.close()
