"""The interface of every source. Each container implements it in one class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from karospace_stream.model.catalog import Catalog, MatrixInfo
from karospace_stream.model.column import Categories, Column, GeneShares, RankedNames
from karospace_stream.model.inputs.colors import Colors
from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock


def stored_name(name: str) -> str:
    """The name of a matrix as it lies in the file, beside one whose values are changed as they are read."""
    return f"stored/{name}"


class MatrixReader(Protocol):
    """One matrix of a source. Picklable; opens its own file in the task that reads."""

    @property
    def info(self) -> MatrixInfo:
        """Its catalog entry."""
        ...

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stored values before each line (row of a CSR or dense matrix, column of a CSC one).

        ``lines`` is sorted, from 0 to the number of lines. Streams; reads no values.
        """
        ...

    def read_rows(self, start: int, stop: int) -> RowBlock | DenseBlock:
        """Read rows ``start`` to ``stop``. Not for CSC."""
        ...

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Read complete genes ``start`` to ``stop`` (source order). Only if ``gene_major``."""
        ...

    def lazy(self) -> Any | None:
        """The user's own Dask array, if the matrix already is one; else None."""
        ...


class ScratchFiles(Protocol):
    """Files in scratch that all workers see. Picklable."""

    def put(self, key: str, data: bytes) -> None:
        """Write one file."""
        ...

    def read_ranges(self, ranges: Sequence[tuple[str, int, int]]) -> list[bytes]:
        """Read several ranges ``(key, start, stop)`` at the same time."""
        ...


class Preparation(Protocol):
    """What must be computed, or brought into another order, before an input can be read. Picklable.

    Until then the source stands in: its catalog is right, but numbers that are not known yet are estimates.
    """

    @property
    def scratch_nbytes(self) -> int:
        """Bytes that it writes to scratch, at most."""
        ...

    def steps(self, task_nbytes: int) -> Sequence[Any]:
        """Independent pieces of the work, each small enough to be sent to a worker.

        Parameters
        ----------
        task_nbytes
            Memory that one step may take.
        """
        ...

    def run(self, step: Any, files: ScratchFiles) -> Any:
        """Do one step; returns a few bytes."""
        ...

    def finish(self, results: Sequence[Any], files: ScratchFiles) -> Source:
        """The source that can be read, from the results of all steps, in their order.

        It may need another preparation.
        """
        ...


@runtime_checkable
class LargeSteps(Protocol):
    """A preparation each of whose steps needs some memory, however little it may take: chunks are large."""

    @property
    def step_nbytes(self) -> int:
        """Memory of one step."""
        ...


def step_nbytes_of(*several: object) -> int:
    """Memory that a step of some preparations needs in any case."""
    return max((each.step_nbytes for each in several if isinstance(each, LargeSteps)), default=0)


class Source(Protocol):
    """An AnnData, wherever it is stored. Picklable; opens its own file in the task that reads."""

    @property
    def catalog(self) -> Catalog:
        """The contents. Costs nothing."""
        ...

    @property
    def preparation(self) -> Preparation | None:
        """What must be done before the values can be read; None for most."""
        ...

    def matrix(self, name: str) -> MatrixReader:
        """The matrix called ``"X"``, ``"layers/<key>"``, ``"raw"`` or ``"obsp/<key>"``.

        Those of obsp are cells x cells. The graph of an anndata before 0.7 is one of them, and is
        also found as ``"uns/neighbors/connectivities"``.
        """
        ...

    def var_names(self, *, raw: bool = False) -> npt.NDArray[np.object_]:
        """Names of all genes, ``str``, as in the file: may repeat, may be empty."""
        ...

    def var_column(self, name: str, *, raw: bool = False) -> Column:
        """All rows of one var column."""
        ...

    def obs_names(self, start: int, stop: int) -> npt.NDArray[np.object_]:
        """Names of the cells ``start`` to ``stop``, ``str``."""
        ...

    def obs_column(self, name: str, start: int, stop: int) -> Column:
        """The rows ``start`` to ``stop`` of one obs column."""
        ...

    def obs_categories(self, name: str) -> Categories:
        """Category names of an obs column; it must be a category."""
        ...

    def var_categories(self, name: str, *, raw: bool = False) -> Categories:
        """Category names of a var column; it must be a category."""
        ...

    def obsm(self, key: str, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """The first ``n_columns`` columns of an embedding, float32 or float64, C order."""
        ...

    def obsm_column(self, key: str, name: str, start: int, stop: int) -> Column:
        """The rows ``start`` to ``stop`` of one column of a data frame of obsm."""
        ...

    def obsm_categories(self, key: str, name: str) -> Categories:
        """Category names of such a column; it must be a category."""
        ...

    def image(self, library: str, resolution: str) -> npt.NDArray[np.generic]:
        """A tissue image as stored: ``(height, width)`` or ``(height, width, 3 or 4)``."""
        ...

    def image_array(self, library: str, resolution: str) -> Any:
        """The same as an array that is read by parts: ``shape``, ``dtype``, ``storage()``, ``read()``."""
        ...

    @property
    def slides(self) -> tuple[Any, ...]:
        """Images beside the cells: `karospace_stream.images.stored.StoredSlide`."""
        ...

    def uns_colors(self, column: str) -> Colors | None:
        """``uns['<column>_colors']`` as stored, if it is there."""
        ...

    def uns_array(self, key: str) -> npt.NDArray[np.generic]:
        """An array of uns that the catalogue names: text as `str`, or numbers."""
        ...

    def ranking(self, key: str) -> RankedNames:
        """Markers in uns that the catalogue names."""
        ...

    def ranking_shares(self, key: str, name: str) -> GeneShares:
        """``pts`` or ``pts_rest`` of such markers."""
        ...

    def gene_sets(self, key: str) -> list[tuple[str, list[str]]]:
        """The gene sets in an entry of uns that the catalogue names: the name of each, and its genes."""
        ...

    def varm(self, key: str, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """The first ``n_columns`` columns of some rows of an entry of varm."""
        ...

    def with_columns(self, columns: Mapping[str, Any]) -> Source:
        """Return the source with more obs columns, or others of these names, each an array of all rows."""
        ...

    def without(self, parts: Sequence[str]) -> Source:
        """Return the source without some parts, such as ``obsm:protein`` or ``uns``."""
        ...

    def passing_over(self, key: str, why: str) -> Source:
        """Return the source without the part at a path such as ``obs/score``, which cannot be read."""
        ...

    def with_labels(self, columns: Mapping[str, Sequence[int]]) -> Source:
        """Return the source with obs columns of whole numbers as categories: these numbers, sorted."""
        ...

    def with_var(self, columns: Mapping[str, npt.NDArray[np.generic]], *, raw: bool = False) -> Source:
        """Return the source with further columns of var, or of raw.var; they replace those of their names."""
        ...

    def with_values(self, name: str, reader: MatrixReader, *, natural_log: bool = False) -> Source:
        """Return the source with a matrix read another way; the former one is called ``stored/<name>``.

        Parameters
        ----------
        natural_log
            Whether its values are natural logarithms now, whatever uns says of those in the file.
        """
        ...

    def with_preparation(self, preparation: Preparation | None) -> Source:
        """Return the source with what must be done before its values can be read; None if nothing is."""
        ...

    def kept_open(self) -> AbstractContextManager[None]:
        """Open the file once for all that this thread reads meanwhile: many columns, a few rows of each.

        Other threads may have to wait until the end.
        """
        ...

    def check(self) -> None:
        """Raise BadInputError if the input has changed since it was opened.

        Parts in memory are not checked.
        """
        ...
