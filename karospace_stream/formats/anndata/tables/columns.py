"""One column of obs or var, streamed; its encoding depends on its kind and on missing values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.chunks import ChunkWriter
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.arrays.rows import Values, write_rows
from karospace_stream.formats.anndata.arrays.strings import distinct_texts, missing, text_codes
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import ArraySpec, vector_chunks
from karospace_stream.formats.anndata.layout.groups import ARRAY, TEXT, Node, category_group, nullable_group
from karospace_stream.model.blob import Receipt
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.column import Categories, Column


@dataclass(frozen=True, slots=True)
class Reading:
    """A column that can be read from its start any number of times.

    Attributes
    ----------
    path
        In the store.
    what
        For messages, such as ``obs column 'depth'``.
    tiles
        Yields it range by range.
    categories
        Categories that its codes refer to, for a categorical column.
    """

    path: str
    what: str
    info: ColumnInfo
    n_rows: int
    tiles: Callable[[], Iterator[Column]]
    categories: Callable[[], Categories]


class _Store:
    """Writes the arrays of one element, and collects notes about them."""

    def __init__(self, chunks: ChunkWriter) -> None:
        self._chunks = chunks
        self._nodes: list[Node] = []
        self._receipts: list[Receipt] = []

    def group(self, node: Node) -> None:
        self._nodes.append(node)

    def array(
        self, path: str, n_rows: int, dtype: npt.DTypeLike, pieces: Iterator[Values], text: bool = False
    ) -> None:
        name = "str" if text else np.dtype(dtype).name
        spec = ArraySpec(path, (n_rows,), vector_chunks(n_rows), name, attributes=TEXT if text else ARRAY)
        spec = self._chunks.laid(spec)
        self._nodes.append(spec)
        self._receipts += write_rows(self._chunks, spec, pieces)

    def written(self) -> Written:
        return Written(tuple(self._nodes), tuple(self._receipts))


def write_column(job: AnnDataJob, column: Reading) -> Written:
    """Write one column. Holds a tile, and for strings the distinct values."""
    kinds = {
        "category": _write_category,
        "string": _write_text,
        "bool": _write_whole,
        "integer": _write_whole,
        "float": _write_float,
    }
    with job.batch() as batch:
        store = _Store(batch.chunks)
        kinds[column.info.kind](store, column)
        return store.written()


def _write_float(store: _Store, column: Reading) -> None:
    store.array(column.path, column.n_rows, column.info.dtype, (tile.values for tile in column.tiles()))


def _write_whole(store: _Store, column: Reading) -> None:
    dtype = np.dtype(column.info.dtype)
    if not _has_missing(column):
        store.array(column.path, column.n_rows, dtype, (tile.values for tile in column.tiles()))
        return
    zero = np.zeros((), dtype)
    store.group(nullable_group(column.path, boolean=column.info.kind == "bool"))
    values = (np.where(missing(tile), zero, tile.values) for tile in column.tiles())
    store.array(f"{column.path}/values", column.n_rows, dtype, values)
    store.array(f"{column.path}/mask", column.n_rows, bool, map(missing, column.tiles()))


def _write_category(store: _Store, column: Reading) -> None:
    known = column.categories()
    _write_codes(store, column, known, (tile.values for tile in column.tiles()))


def _write_text(store: _Store, column: Reading) -> None:
    """Write text as anndata does: a category if a value is repeated or missing, else plain strings."""
    names = distinct_texts(column.tiles, column.n_rows)
    if names is None:
        store.array(column.path, column.n_rows, object, (tile.values for tile in column.tiles()), text=True)
        return
    _write_codes(store, column, Categories(names, ordered=False), text_codes(column.tiles, names))


def _write_codes(store: _Store, column: Reading, known: Categories, codes: Iterator[Values]) -> None:
    dtype = codes_dtype(len(known.values))
    store.group(category_group(column.path, ordered=known.ordered))
    store.array(f"{column.path}/codes", column.n_rows, dtype, (each.astype(dtype) for each in codes))
    text = known.values.dtype.kind == "O"
    store.array(
        f"{column.path}/categories", len(known.values), known.values.dtype, iter([known.values]), text=text
    )


def codes_dtype(n_categories: int) -> np.dtype[np.signedinteger]:
    """The smallest signed type that pandas uses for this many categories."""
    small = (dtype for dtype in (np.int8, np.int16, np.int32) if n_categories < np.iinfo(dtype).max)
    return np.dtype(next(small, np.int64))


def _has_missing(column: Reading) -> bool:
    for tile in column.tiles():
        if tile.missing is None:
            return False
        if tile.missing.any():
            return True
    return False
