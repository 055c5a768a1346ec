"""`open_source` for users: the source, with its matrix as a lazy Dask array."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from scipy import sparse

from karospace_stream.display.html import card_html
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.source import MatrixReader, Source
from karospace_stream.plan.cards.source_card import short_source, source_card
from karospace_stream.plan.row_blocks import read_block
from karospace_stream.runtime.graph import gene_blocks, row_blocks
from karospace_stream.source import open_source as open_raw
from karospace_stream.transpose.kernels import MAX_BLOCK_ROWS

if TYPE_CHECKING:
    from anndata import AnnData

_BLOCK_VALUES = 16_000_000


@dataclass(frozen=True, slots=True, repr=False)
class OpenedSource:
    """An opened AnnData. Its matrices are not loaded. Made by `open_source`.

    Attributes
    ----------
    source
        The source that `export` and `plan_export` read.
    """

    source: Source

    def __repr__(self) -> str:
        return short_source(self.catalog)

    def _repr_html_(self) -> str:
        return card_html(source_card(self.catalog))

    @property
    def catalog(self) -> Catalog:
        """Shapes, types and names of all parts."""
        return self.source.catalog

    @property
    def X(self) -> Any:  # noqa: N802 - the field's own name
        """``X`` as a lazy Dask array ``(n_cells, n_genes)``; see `matrix`."""
        return self.matrix("X")

    def matrix(self, name: str = "X") -> Any:
        """A matrix as a lazy Dask array ``(n_cells, n_genes)``.

        Parameters
        ----------
        name
            ``"X"``, ``"layers/<key>"`` or ``"raw"``.

        Returns
        -------
        dask.array.Array
            Array with the stored dtype. Its blocks are ranges of rows, as ``scipy.sparse.csr_matrix``, or
            ``ndarray`` if the matrix is dense. For CSC they are ranges of columns, as ``csc_matrix``. If the
            AnnData holds a Dask array, that array itself.

        Raises
        ------
        BadInputError
            If there is no such matrix, or it cannot be read.
        """
        reader = self.source.matrix(name)
        lazy = reader.lazy()
        if lazy is not None:
            return lazy
        info = reader.info
        n_lines, n_across = info.shape[:: -1 if info.layout == "csc" else 1]
        n_values = info.shape[0] * info.shape[1] if info.nnz is None else info.nnz
        step = min(MAX_BLOCK_ROWS, max(1, _BLOCK_VALUES * n_lines // max(1, n_values)))
        cuts = [*range(0, n_lines, step), n_lines]
        if info.layout == "csc":
            return gene_blocks(partial(_read_genes, reader), cuts, n_across, info.dtype)
        read = partial(read_block, reader)
        return row_blocks(read, cuts, n_across, info.dtype, dense=info.layout == "dense")


def _read_genes(reader: MatrixReader, start: int, stop: int) -> sparse.csc_matrix:
    band = reader.read_genes(start, stop)
    return sparse.csc_matrix((band.data, band.rows, band.indptr), shape=(band.n_cells, stop - start))


def open_source(
    x: str | os.PathLike[str] | AnnData, *, storage_options: Mapping[str, Any] | None = None
) -> OpenedSource:
    """Open a ``.h5ad`` file, a ``.zarr`` store or an ``AnnData``, and read only its metadata.

    Parameters
    ----------
    x
        A path, a URL (``s3://``, ``gs://``, ``az://``, ``https://``, …), or an ``AnnData``: in memory,
        backed, or lazy.
    storage_options
        For a URL: credentials, endpoint and so on, named as in fsspec's filesystem. By default the settings
        of the store's own tools.

    Returns
    -------
    OpenedSource
        The contents, and the matrices as lazy Dask arrays. `export` and `plan_export` take it instead of a
        path.

    Raises
    ------
    BadInputError
        If ``x`` is not an AnnData, or cannot be read.

    Examples
    --------
    >>> opened = open_source("atlas.h5ad")  # doctest: +SKIP
    >>> opened.catalog.n_cells, opened.X  # doctest: +SKIP
    """
    return OpenedSource(open_raw(x, storage_options=storage_options))
