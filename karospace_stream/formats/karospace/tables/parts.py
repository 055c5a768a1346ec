"""Decide where to cut everything into parts, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from karospace_stream.encode.row_lengths import mean_row_nbytes
from karospace_stream.encode.tables import Values, python_values
from karospace_stream.formats.cells.tiles import read_column, read_coords, read_names
from karospace_stream.formats.karospace.choices.columns import ResolvedColumn
from karospace_stream.formats.karospace.choices.vectors import PlacedVectors
from karospace_stream.formats.karospace.layout import headers
from karospace_stream.formats.karospace.layout.cells.order import level_cuts
from karospace_stream.formats.karospace.layout.parts import FLOAT32_NBYTES, asset_nbytes, cuts
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.karospace.tables.blocks import Blocks, table_blocks
from karospace_stream.formats.karospace.tables.first_rows import FirstRows
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions

#: From schema 1.0.0: rows that are measured to estimate the length of a row.
_SAMPLE_ROWS = 1_000
_NOTHING = (0,)  # no part
#: Of the row of a cell, and of a coarse coordinate.
ROWS_NBYTES, COARSE_NBYTES = 4, 2


@dataclass(frozen=True, slots=True)
class RowNbytes:
    """Mean bytes in the first rows.

    Attributes
    ----------
    csv, json, coords
        Of a row of each table.
    packed_csv, packed_json
        The same, compressed.
    cell_id, columns
        Of the name of a cell, and of an item of each column.
    """

    csv: int
    json: int
    packed_csv: float
    packed_json: float
    coords: int
    cell_id: int
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PartCuts:
    """Bounds of all parts: cells, or genes for ``var``; and how to read a part of obs."""

    obs_csv: tuple[int, ...]
    obs_json: tuple[int, ...]
    coords: tuple[int, ...]
    var: tuple[int, ...]
    cell_ids: tuple[int, ...]
    expression: tuple[int, ...]
    columns: tuple[tuple[int, ...], ...]
    embeddings: tuple[tuple[int, ...], ...]
    vectors: tuple[tuple[int, ...], ...]
    order_rows: tuple[int, ...]
    coarse: tuple[int, ...]
    blocks: Blocks
    row_nbytes: RowNbytes


def cut_parts(
    source: Source,
    selection: Selection,
    columns: tuple[ResolvedColumn, ...],
    vectors: tuple[PlacedVectors, ...],
    options: ExportOptions,
    levels: tuple[int, ...] | None,
) -> PartCuts:
    """Cut tables by the length of their first rows, arrays by the size of their items.

    Parameters
    ----------
    levels
        Of the order of the cells; None for that of the source.
    """
    blocks = _blocks(source, selection, columns)
    limit = asset_nbytes(options.of(KarospaceOptions).max_asset_mb)
    n_cells = selection.n_cells
    sample = min(_SAMPLE_ROWS, n_cells)
    cells: Values = np.concatenate(list(read_names(source, selection, 0, sample))).tolist()
    header = headers.obs_header(selection.columns)
    with source.kept_open():
        heads = _heads(source, selection, headers.obs_columns(selection.columns), sample)
        first = FirstRows(header)
        as_csv, as_json = mean_row_nbytes(header, first.keep(chain([cells], heads)), sample)
        text_nbytes = {
            column.name: _mean_text(_head(source, selection, column.name, sample))
            for column in columns
            if not column.kind.itemsize
        }
    xy = _coords_head(source, selection, sample)
    _, coords = mean_row_nbytes(headers.COORDS, [cells, *xy], sample)
    genes = min(_SAMPLE_ROWS, len(selection.labels))
    names = [selection.labels[:genes], selection.genes[:genes].tolist()]
    var, _ = mean_row_nbytes(headers.VAR, names, genes)
    id_nbytes = _mean_text([str(cell) for cell in cells])
    packed_csv, packed_json = first.packed_shares(options.level or 1)
    items = tuple(column.kind.itemsize or text_nbytes[column.name] for column in columns)
    is_packed = options.of(KarospaceOptions).is_packed(n_cells)

    def only_classic(n_items: int, nbytes: int) -> tuple[int, ...]:
        return _NOTHING if is_packed else cuts(n_items, limit, nbytes)

    def ordered(nbytes: int, *, moved: bool = True) -> tuple[int, ...]:
        return (
            cuts(n_cells, limit, nbytes) if levels is None or not moved else level_cuts(levels, limit, nbytes)
        )

    return PartCuts(
        obs_csv=only_classic(n_cells, as_csv),
        obs_json=only_classic(n_cells, as_json),
        coords=only_classic(n_cells, coords),
        var=only_classic(len(selection.labels), var),
        cell_ids=cuts(n_cells, limit, id_nbytes),
        expression=only_classic(n_cells, FLOAT32_NBYTES),
        columns=tuple(
            ordered(nbytes, moved=bool(column.kind.itemsize))
            for column, nbytes in zip(columns, items, strict=True)
        ),
        embeddings=tuple(ordered(FLOAT32_NBYTES * choice.n_dims) for choice in selection.embeddings),
        vectors=tuple(ordered(FLOAT32_NBYTES * each.choice.n_dims) for each in vectors),
        order_rows=_NOTHING if levels is None else ordered(ROWS_NBYTES),
        coarse=_NOTHING if levels is None else ordered(COARSE_NBYTES * selection.embeddings[0].n_dims),
        blocks=blocks,
        row_nbytes=RowNbytes(
            as_csv, as_json, packed_csv * as_csv, packed_json * as_json, coords, id_nbytes, items
        ),
    )


def _blocks(source: Source, selection: Selection, columns: tuple[ResolvedColumn, ...]) -> Blocks:
    chosen = set(selection.columns)
    n_texts = sum(info.kind == "string" for info in source.catalog.obs if info.name in chosen)
    categories = (each.categories for each in columns if each.categories)
    return table_blocks(len(columns), n_texts, sum(max(map(len, names)) for names in categories))


def _heads(source: Source, selection: Selection, names: Sequence[str], sample: int) -> Iterator[Values]:
    return (_head(source, selection, name, sample) for name in names)


def _head(source: Source, selection: Selection, name: str, sample: int) -> Values:
    tiles = read_column(source, selection, name, 0, sample)
    return [value for tile in tiles for value in python_values(tile)]


def _coords_head(source: Source, selection: Selection, sample: int) -> list[Values]:
    tiles = list(read_coords(source, selection, selection.embeddings[0], 0, sample))
    with np.errstate(over="ignore"):
        xy = np.concatenate([tile[:, :2].astype(np.float32) for tile in tiles])
    return [xy[:, 0].tolist(), xy[:, 1].tolist()]


def _mean_text(values: Values) -> int:
    """Bytes that a string takes in an array: its UTF-8, at least one, and its offset."""
    lengths = [len(str(value).encode("utf-8", "replace")) for value in islice(values, _SAMPLE_ROWS)]
    return 4 + max(1, round(sum(lengths) / max(1, len(lengths))))
