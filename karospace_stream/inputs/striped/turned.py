"""Matrices that are stored gene after gene, turned into rows before an export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy import sparse

from karospace_stream.inputs.striped.preparation import SortedParts, Step
from karospace_stream.inputs.striped.stripes import Piece
from karospace_stream.inputs.striped.striping import Striping
from karospace_stream.inputs.striped.write import put_rows
from karospace_stream.model.source import MatrixReader, ScratchFiles
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.parts import contents
from karospace_stream.transpose.cuts import cut_lines

_COPIES = 4  # of the values of a step: as read, turned, packed, and joined to one file
_FEWEST_VALUES = 1 << 16
_OFFSETS = 3 * 8  # bytes a row of the offsets of a turned band


@dataclass(frozen=True, slots=True, eq=False)
class Turning(Striping):
    """The work that turns one gene-major matrix into a `StripedReader`: steps as those of a `Preparation`."""

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
        key = self._key(number)
        return put_rows(files, key, self._stripes(), 0, rows.indptr, columns, rows.data.view(dtype))


def by_rows(source: AnnDataSource, names: Sequence[str]) -> AnnDataSource:
    """A source that has some of its gene-major matrices by rows, after a preparation."""
    turnings = {name: Turning(source.matrix(name), f"rows_{at}") for at, name in enumerate(names)}
    stand_in = with_matrices(source, {name: each.stand_in for name, each in turnings.items()})
    return replace(stand_in, preparation=SortedParts(source, turnings, with_matrices)) if turnings else source


def with_matrices(source: AnnDataSource, readers: Mapping[str, MatrixReader]) -> AnnDataSource:
    """A source with other readers of some of its matrices."""
    parts = replace(source.parts, matrices={**source.parts.matrices, **readers})
    about = contents(parts)
    matrices = {key: about[key] for key in ("matrix", "layers", "raw", "sparse")}
    return replace(source, catalog=replace(source.catalog, **matrices), parts=parts)
