"""Contents of a file for the page: metadata, some values of each column, some cells of an embedding.

Reads a bounded amount of data, whatever the size of the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from karospace_stream.app.form import Inputs, listed
from karospace_stream.derive.sections.shift import shifted
from karospace_stream.errors import BadOptionError, KaroSpaceError
from karospace_stream.model.catalog import Catalog, ColumnInfo, MatrixInfo
from karospace_stream.model.column import Column
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.genes.names import AUTO, gene_names
from karospace_stream.plan.open_input import open_input
from karospace_stream.plan.sections.arrange import arrange
from karospace_stream.plan.sections.libraries import Libraries
from karospace_stream.select import list_drawable
from karospace_stream.select.drawable import obsm_choice
from karospace_stream.storage import is_url
from karospace_stream.words.page import on_page

_ROWS = 200  # of a column
_SHOWN = 6
_MOST_CATEGORIES = 50_000  # do not read more than this for six examples
_MOST_COLUMNS = 400
_SLICES, _SLICE_ROWS = 30, 50  # of an embedding
_GRID = 1_000
_LONGEST = 80


class Inspector:
    """Opens a source for each question, and answers it."""

    def open(self, source: Inputs, options: ExportOptions) -> Source:
        """Open; reads metadata only."""
        if not any(each.strip() for each in listed(source)):
            raise BadOptionError("choose a .h5ad file, a .zarr store or another input")
        return open_input(source, options)

    def facts(self, source: Inputs, options: ExportOptions) -> dict[str, Any]:
        """The catalogue, and obstacles to an export; a plan says whether it needs coordinates."""
        catalog = self.open(source, options).catalog
        matrices = [m for m in (catalog.matrix, *catalog.layers, catalog.raw) if m is not None]
        return {
            "location": catalog.location,
            "name": catalog.name,
            "container": catalog.container,
            "n_cells": catalog.n_cells,
            "n_genes": catalog.n_genes,
            "nbytes": _nbytes(catalog, matrices),
            "matrices": [_matrix(info) for info in matrices],
            "obs": [_column(info) for info in catalog.obs],
            "var": [_column(info) for info in catalog.var],
            "obsm": [asdict(info) for info in catalog.obsm],
            "obsp": list(catalog.obsp),
            "images": [asdict(info) for info in catalog.images],
            "coords": _coords(catalog),
            "against": list(_against(catalog)),
            "kind": catalog.kind,
            "inputs": [asdict(info) for info in catalog.inputs],
        }

    def examples(self, source: Inputs, options: ExportOptions) -> dict[str, list[str]]:
        """A few values of each obs column."""
        opened = self.open(source, options)
        columns = opened.catalog.obs[:_MOST_COLUMNS]
        return {info.name: _examples(opened, info) for info in columns}

    def thumbnail(
        self, source: Inputs, options: ExportOptions, key: str, arrange_by: str = ""
    ) -> dict[str, Any]:
        """Some cells of an embedding, on a grid of 1,000 steps: two lists, and the codes of a category.

        Parameters
        ----------
        arrange_by
            Column whose groups are laid out side by side, as far as these cells tell; empty for none.
        """
        opened = self.open(source, options)
        info = next((each for each in opened.catalog.obsm if each.key == key), None)
        if info is None:
            raise BadOptionError(f"obsm has no {key!r}")
        ranges = list(_slices(opened.catalog.n_cells))
        width = min(2, info.n_columns)
        points = np.concatenate([opened.obsm(key, start, stop, width) for start, stop in ranges])
        if arrange_by and width == 2:
            points = _arranged(opened, key, arrange_by, ranges, points)
        if obsm_choice(key, info.n_columns).y_down:  # as the page draws a tissue; here y points up
            points = points * [1, -1][:width]
        if width == 1:
            points = np.hstack([points, np.zeros_like(points)])
        keep = np.isfinite(points).all(axis=1)
        colours = _codes(opened, ranges)
        codes = [] if colours is None else colours[keep].tolist()
        x, y = _on_grid(points[keep])
        return {"x": x, "y": y, "codes": codes}

    def genes(self, source: Inputs, options: ExportOptions, *, raw: bool, names: str) -> dict[str, list[str]]:
        """Names of all genes, and their identifiers where these are others."""
        wanted = ExportOptions(raw=raw, gene_names=names or AUTO)
        genes = gene_names(self.open(source, options), wanted)
        return {
            "names": list(map(str, genes.names)),
            "ids": list(map(str, genes.index)) if genes.column else [],
        }


def _nbytes(catalog: Catalog, matrices: list[MatrixInfo]) -> int | None:
    """Size of all files; for folders and URLs, of the matrices, as far as known."""
    paths = [Path(each).expanduser() for each in catalog.locations if not is_url(each)]
    if len(paths) == len(catalog.locations) and all(map(os.path.isfile, paths)):
        return sum(path.stat().st_size for path in paths)
    stored = [info.stored_nbytes for info in matrices if info.stored_nbytes is not None]
    return sum(stored) if stored else None


def _matrix(info: MatrixInfo) -> dict[str, Any]:
    n_values = info.shape[0] * info.shape[1]
    return {
        "name": info.name,
        "layout": info.layout,
        "n_genes": info.shape[1],
        "dtype": info.dtype,
        "nnz": info.nnz,
        "density": None if info.nnz is None or not n_values else info.nnz / n_values,
        "stored_nbytes": info.stored_nbytes,
        "compression": info.compression,
    }


def _column(info: ColumnInfo) -> dict[str, Any]:
    return {"name": info.name, "kind": info.kind, "n_categories": info.n_categories}


def _coords(catalog: Catalog) -> list[str]:
    return [choice.spelling for choice in list_drawable(catalog)]


def _against(catalog: Catalog) -> Iterator[str]:
    if not catalog.n_cells:
        yield "The file has no cells."
    if catalog.matrix is None:
        yield "There is no X: choose a layer or raw for genes, or export only columns and coordinates."
    elif not catalog.n_genes:
        yield "X has no genes: columns and coordinates can be exported without them."
    for key, why in catalog.unreadable:
        yield on_page(f"{key} cannot be read: {why}")


def _examples(source: Source, info: ColumnInfo) -> list[str]:
    if info.kind == "category" and (info.n_categories or 0) > _MOST_CATEGORIES:
        return []
    try:
        column = source.obs_column(info.name, 0, min(_ROWS, source.catalog.n_cells))
    except KaroSpaceError:
        return []
    return [_short(each) for each in islice(_values(column), _SHOWN)]


def _values(column: Column) -> Iterator[str]:
    if column.categories is not None:
        yield from column.categories
        return
    there = column.values if column.missing is None else column.values[~column.missing]
    if column.kind in ("integer", "float"):
        yield from (f"{value:.4g}" for value in dict.fromkeys(there.tolist()))
    else:
        yield from map(str, dict.fromkeys(there.tolist()))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _slices(n_cells: int) -> Iterator[tuple[int, int]]:
    """Ranges of cells spread over the file, 1,500 cells at most."""
    if n_cells <= _SLICES * _SLICE_ROWS:
        yield (0, n_cells)
        return
    for number in range(_SLICES):
        start = number * (n_cells - _SLICE_ROWS) // (_SLICES - 1)
        yield start, start + _SLICE_ROWS


def _codes(source: Source, ranges: list[tuple[int, int]]) -> np.ndarray[Any, Any] | None:
    """Codes of the first column with few categories."""
    few = (c.name for c in source.catalog.obs if c.kind == "category" and 1 < (c.n_categories or 0) <= 60)
    name = next(few, None)
    if name is None:
        return None
    return np.concatenate([source.obs_column(name, start, stop).values for start, stop in ranges])


def _arranged(
    source: Source, key: str, column: str, ranges: list[tuple[int, int]], points: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """The points with their groups side by side; as they are if these coordinates are not laid out."""
    rows = np.concatenate([np.arange(start, stop, dtype=np.int64) for start, stop in ranges])
    no_genes = np.zeros(0, dtype=np.int64)
    chosen = Selection("", rows, len(rows), no_genes, labels=(), columns=(), embeddings=())
    options = ExportOptions(arrange_by=column, coords=f"obsm:{key}")
    made = arrange(source, options, chosen, Libraries({}, None, are_all_cells=False))
    if made is None or made.arrangement is None or made.arrangement.source != ("obsm", key):
        return points
    starts = np.cumsum([0, *(stop - start for start, stop in ranges)])
    parts = zip(ranges, starts[:-1].tolist(), starts[1:].tolist(), strict=True)
    return np.concatenate(
        [
            shifted(points[first:last], source.obs_column(column, start, stop), made.arrangement)
            for (start, stop), first, last in parts
        ]
    )


def _on_grid(points: np.ndarray[Any, Any]) -> tuple[list[int], list[int]]:
    """One scale for both axes; the narrower one is centred."""
    if not len(points):
        return [], []
    low, high = points.min(axis=0), points.max(axis=0)
    span = float((high - low).max()) or 1.0
    placed = (points - (low + high) / 2) / span * _GRID + _GRID / 2
    x, y = np.rint(placed).astype(int).T.tolist()
    return x, y
