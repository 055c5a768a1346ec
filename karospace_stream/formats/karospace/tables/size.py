"""Size of everything in a KaroSpace bundle besides the values of genes and the graph.

The shares were measured, see `docs/design/size.md`.
"""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.formats.karospace.choices.columns import ResolvedColumn
from karospace_stream.formats.karospace.layout.page import page_bytes
from karospace_stream.formats.karospace.layout.parts import FLOAT32_NBYTES
from karospace_stream.formats.karospace.tables.parts import PartCuts
from karospace_stream.model.catalog import ImageInfo
from karospace_stream.model.selection import Selection
from karospace_stream.model.size import Size

_DOCUMENTS = Size(5_500, 16_000)  # manifest, atlas, report and list of checksums, without what follows
_OBJECT = Size(55, 130)  # what they say about a file,
_COLUMN = Size(150, 600)  # a column,
_CATEGORY = Size(8, 40)  # a category besides its name, and its colour
_GENE = Size(470, 540)  # and a gene of one part, besides its name
_PACKED_GENE = Size(30, 100)  # in the table of genes and the index
_PART = Size(110, 260)
_GENE_TEXT = 2  # how often its name is written, besides
_AS_FIRST = Size(0.9, 1.1)  # the length of a row, as many times as that of the first ones
_PACKED_AS_FIRST = Size(0.75, 1.2)
_TEXT, _CODES, _FLOATS = Size(0.06, 0.4), Size(0.01, 0.9), Size(0.35, 0.98)  # compressed shares
_GENE_NAMES = Size(0.1, 0.7)
_PIXEL = Size(0.05, 3.15)  # of a PNG
_LEAST_PREVIEW, _MOST_PREVIEW, _PREVIEW_CELL = 1_400, 90_000, 12


def other_size(
    selection: Selection,
    parts: PartCuts,
    columns: Sequence[ResolvedColumn],
    n_vectors: int,
    *,
    n_objects: int,
    preview: bool,
    gzip: bool,
    is_packed: bool = False,
) -> Size:
    """Size of all other files, whatever the genes; images not counted.

    Parameters
    ----------
    n_vectors
        Columns of all vector fields together.
    n_objects
        Files.
    """
    n_cells, rows = selection.n_cells, parts.row_nbytes
    text = Size.exactly(rows.cell_id + (0 if is_packed else rows.coords)).packed(_TEXT, when=gzip)
    if not is_packed:
        records = (rows.packed_csv + rows.packed_json) if gzip else (rows.csv + rows.json)
        text += _PACKED_AS_FIRST * records if gzip else Size.exactly(records)
    codes = Size.exactly(n_cells * sum(rows.columns))
    n_floats = sum(choice.n_dims for choice in selection.embeddings) + n_vectors
    floats = Size.exactly(n_cells * n_floats * FLOAT32_NBYTES)
    names = [name for column in columns for name in column.categories or ()]
    size = Size.exactly(len(page_bytes())) + _DOCUMENTS + _OBJECT * n_objects + _COLUMN * len(columns)
    size += _CATEGORY * len(names) + Size.exactly(sum(map(len, names)))
    size += _AS_FIRST * text * n_cells + codes.packed(_CODES, when=gzip)
    size += floats.packed(_FLOATS, when=gzip)
    if preview:
        size += Size(_LEAST_PREVIEW, min(_MOST_PREVIEW, 2_500 + _PREVIEW_CELL * n_cells))
    return size


def png_size(image: ImageInfo) -> Size:
    """A picture that is made from an image of the source."""
    return _PIXEL * (image.width * image.height)


def gene_size(selection: Selection, n_parts: int, *, gzip: bool, is_packed: bool = False) -> Size:
    """Size of the entries of one gene in the documents."""
    names = selection.labels[:1_000]
    length = sum(map(len, names)) / max(1, len(names))
    text = Size.exactly(_GENE_TEXT * length + 60).packed(_GENE_NAMES, when=gzip)
    if is_packed:
        return _PACKED_GENE + text
    return _GENE + _PART * max(0, n_parts - 1) + text
