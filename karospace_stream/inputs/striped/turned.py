"""Matrices that are stored gene after gene, turned into rows before an export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.striped.reader import StripedReader, striped_reader
from karospace_stream.inputs.striped.stripes import Piece, Stripes
from karospace_stream.inputs.striped.write import put_rows
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import GeneBand, RowBlock
from karospace_stream.model.source import MatrixReader, ScratchFiles
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.parts import contents
from karospace_stream.transpose.cuts import cut_lines

_COPIES = 4  # of the values of a step: as read, turned, packed, and joined to one file
_FEWEST_VALUES = 1 << 16
_OFFSETS = 3 * 8  # bytes a row of the offsets of a turned band

Step = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class RowsToCome:
    """Stands in for a matrix whose rows are not there yet: their number of values is an estimate."""

    info: MatrixInfo
    most_values: int

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """As if all rows had the same number of values."""
        return (lines * (self.most_values / max(1, self.info.shape[0]))).astype(np.int64)

    def read_rows(self, start: int, stop: int) -> RowBlock:
        """There is nothing to read."""
        raise BadInputError(f"the rows of {self.info.name} are not sorted yet")

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """There is nothing to read."""
        raise BadInputError(f"the rows of {self.info.name} are not sorted yet")

    def lazy(self) -> Any | None:
        """None, since this is not a Dask array."""
        return None


def rows_to_come(
    name: str,
    shape: tuple[int, int],
    dtype: str,
    most_values: int,
    stored_nbytes: int | None = None,
    *,
    exactly: bool = True,
) -> RowsToCome:
    """Stand in for the rows of a matrix of so many stored values, or fewer if not ``exactly``."""
    stripes = Stripes.of(shape, dtype, most_values)
    info = MatrixInfo(
        name,
        "csr",
        shape,
        dtype,
        nnz=most_values if exactly else None,
        gene_major=False,
        index_itemsize=np.dtype(stripes.index_dtype).itemsize,
        stored_nbytes=stored_nbytes,
        chunk_values=max(1, min(most_values, 1 << 20)),
    )
    return RowsToCome(info, most_values)


@dataclass(frozen=True, slots=True)
class Turning:
    """The work that turns one gene-major matrix into a `StripedReader`: steps as those of a `Preparation`.

    Attributes
    ----------
    prefix
        Begins the names of its files in scratch. Matrices that are prepared together need different ones.
    """

    reader: MatrixReader
    prefix: str

    @property
    def stand_in(self) -> RowsToCome:
        """What a plan reads until then."""
        info = self.reader.info
        return rows_to_come(info.name, info.shape, info.dtype, self._most_values, info.stored_nbytes)

    @property
    def scratch_nbytes(self) -> int:
        """Bytes that it writes to scratch, at most."""
        return self._most_values * self._stripes().value_nbytes + 8 * self.reader.info.shape[0]

    def steps(self, task_nbytes: int) -> list[Step]:
        """Bands of genes whose entries fit into the memory of a task, each with its number."""
        info = self.reader.info
        lines = np.arange(info.shape[1] + 1, dtype=np.int64)
        room = task_nbytes - _OFFSETS * info.shape[0]
        most = max(_FEWEST_VALUES, room // (_COPIES * self._stripes().value_nbytes))
        cuts = cut_lines(lines, self.reader.count_before(lines), most, max(1, info.shape[1]))
        return [(number, *band) for number, band in enumerate(pairwise(cuts))]

    def run(self, step: Step, files: ScratchFiles) -> Piece:
        """Turn one band."""
        number, start, stop = step
        band = self.reader.read_genes(start, stop)
        values = band.data.view(np.uint16) if band.data.dtype == np.float16 else band.data  # no routine
        genes = sparse.csc_matrix((values, band.rows, band.indptr), (band.n_cells, stop - start), copy=False)
        dtype = band.data.dtype
        del band, values
        rows = genes.tocsr()
        del genes
        columns = rows.indices.astype(self._stripes().index_dtype, copy=False)
        columns += start
        key = f"{self.prefix}_{number:05d}"
        return put_rows(files, key, self._stripes(), 0, rows.indptr, columns, rows.data.view(dtype))

    def finish(self, results: Sequence[Piece], files: ScratchFiles) -> StripedReader:
        """The rows, from the results of all steps in their order."""
        return striped_reader(self.reader.info.name, self._stripes(), results, files, self.prefix)

    def _stripes(self) -> Stripes:
        info = self.reader.info
        return Stripes.of(info.shape, info.dtype, self._most_values)

    @property
    def _most_values(self) -> int:
        info = self.reader.info
        return info.shape[0] * info.shape[1] if info.nnz is None else info.nnz


@dataclass(frozen=True, slots=True)
class TurnedMatrices:
    """The `Preparation` of a source of which some matrices must be read by rows."""

    source: AnnDataSource
    turnings: Mapping[str, Turning]

    @property
    def scratch_nbytes(self) -> int:
        """Bytes that it writes to scratch, at most."""
        return sum(each.scratch_nbytes for each in self.turnings.values())

    def steps(self, task_nbytes: int) -> list[tuple[str, Step]]:
        """The steps of all matrices."""
        return [(name, step) for name, each in self.turnings.items() for step in each.steps(task_nbytes)]

    def run(self, step: tuple[str, Step], files: ScratchFiles) -> tuple[str, Piece]:
        """Turn one band of one matrix."""
        name, inner = step
        return name, self.turnings[name].run(inner, files)

    def finish(self, results: Sequence[tuple[str, Piece]], files: ScratchFiles) -> AnnDataSource:
        """The source with rows."""
        readers = {
            name: each.finish([piece for which, piece in results if which == name], files)
            for name, each in self.turnings.items()
        }
        return with_matrices(self.source, readers)


def by_rows(source: AnnDataSource, names: Sequence[str]) -> AnnDataSource:
    """A source that has some of its gene-major matrices by rows, after a preparation."""
    turnings = {name: Turning(source.matrix(name), f"rows_{at}") for at, name in enumerate(names)}
    stand_in = with_matrices(source, {name: each.stand_in for name, each in turnings.items()})
    return replace(stand_in, preparation=TurnedMatrices(source, turnings)) if turnings else source


def with_matrices(source: AnnDataSource, readers: Mapping[str, MatrixReader]) -> AnnDataSource:
    """A source with other readers of some of its matrices."""
    parts = replace(source.parts, matrices={**source.parts.matrices, **readers})
    about = contents(parts)
    matrices = {key: about[key] for key in ("matrix", "layers", "raw", "sparse")}
    return replace(source, catalog=replace(source.catalog, **matrices), parts=parts)
