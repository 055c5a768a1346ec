"""`open_source` for users: the source, with its matrix as a lazy Dask array."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from scipy import sparse

from karospace_stream.display.html import card_html
from karospace_stream.formats.options import read_options
from karospace_stream.inputs.open import open_input
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.source import MatrixReader, Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.general.inputs import WHEN_PLANNED, InputOptions
from karospace_stream.options.option import declared
from karospace_stream.options.other_names import refuse_unknown
from karospace_stream.plan.cards.source_card import short_source, source_card
from karospace_stream.plan.row_blocks import read_block
from karospace_stream.runtime.graph import gene_blocks, row_blocks
from karospace_stream.transpose.kernels import MAX_BLOCK_ROWS
from karospace_stream.words.signature import with_keywords

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
    read_with
        Options of how the input is read that it was opened with, as stored; those with their defaults are
        left out.
    """

    source: Source
    read_with: Mapping[str, Any] = field(default_factory=dict)

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


@with_keywords(of=InputOptions, without=WHEN_PLANNED)
def open_source(
    x: str | os.PathLike[str] | AnnData | Sequence[Any] | Mapping[str, Any],
    *,
    storage_options: Mapping[str, Any] | None = None,
    **options: Any,
) -> OpenedSource:
    """Open an input, or several as one, and read only their metadata.

    Parameters
    ----------
    x
        A path or URL (``s3://``, ``gs://``, ``az://``, ``https://``, …) of an input, of a folder of inputs,
        of a pattern or of a list of paths; an ``AnnData``: in memory, backed, or lazy; or several of these,
        in a list, or in a dictionary by name.
    storage_options
        For a URL: credentials, endpoint and so on, named as in fsspec's filesystem. By default the settings
        of the store's own tools.
    **options
        Options of `export` by which the input is opened.

    Returns
    -------
    OpenedSource
        The contents, and the matrices as lazy Dask arrays. `export` and `plan_export` take it instead of a
        path.

    Raises
    ------
    BadInputError
        If ``x`` cannot be read as an AnnData.
    BadOptionError
        If an option is invalid, or names something that is not in the input.
    TypeError
        If it is no option of how the input is read.

    Examples
    --------
    >>> opened = open_source("atlas.h5ad")  # doctest: +SKIP
    >>> opened.catalog.n_cells, opened.X  # doctest: +SKIP
    """
    known = (each.name for each in declared(InputOptions) if each.name not in WHEN_PLANNED)
    refuse_unknown(options, known, "open_source")
    read = read_options({**options, "storage_options": storage_options}, function="open_source")
    return open_with(x, read)


def open_with(x: Any, options: ExportOptions) -> OpenedSource:
    """The same with options of an export."""
    return OpenedSource(open_input(x, options, options.storage_options), read_with(options))


def read_with(options: InputOptions) -> dict[str, Any]:
    """Options by which the input is opened, as far as they differ from their defaults; tables can follow."""
    return {
        each.name: getattr(options, each.field)
        for each in declared(InputOptions)
        if each.name not in WHEN_PLANNED and not each.name.startswith("obs_table")
        if getattr(options, each.field) != each.stored_default
    }
