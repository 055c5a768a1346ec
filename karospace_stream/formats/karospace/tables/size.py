"""Size of everything in a KaroSpace bundle besides the values of genes.

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
_PART = Size(110, 260)
_GENE_TEXT = 2  # how often its name is written, besides
_TEXT, _CODES, _FLOATS = (0.06, 0.4), (0.02, 0.9), (0.35, 0.98)  # compressed shares
_PIXEL = Size(0.05, 3.15)  # of a PNG
_LEAST_PREVIEW, _MOST_PREVIEW, _PREVIEW_CELL = 1_400, 90_000, 12


def other_size(
    selection: Selection,
    parts: PartCuts,
    columns: Sequence[ResolvedColumn],
    n_vectors: int,
    images: Sequence[int | ImageInfo],
    *,
    n_objects: int,
    preview: bool,
    gzip: bool,
) -> Size:
    """Everything that does not grow with genes.

    Parameters
    ----------
    n_vectors
        Columns of all vector fields together.
    images
        Bytes of each that is copied, or what each was made of.
    n_objects
        Files.
    """
    n_cells, rows = selection.n_cells, parts.row_nbytes
    text = Size.exactly(n_cells * (rows.csv + rows.json + rows.coords + rows.cell_id))
    codes = Size.exactly(n_cells * sum(rows.columns))
    n_floats = sum(choice.n_dims for choice in selection.embeddings) + n_vectors
    floats = Size.exactly(n_cells * n_floats * FLOAT32_NBYTES)
    names = [name for column in columns for name in column.categories or ()]
    size = Size.exactly(len(page_bytes())) + _DOCUMENTS + _OBJECT * n_objects + _COLUMN * len(columns)
    size += _CATEGORY * len(names) + Size.exactly(sum(map(len, names)))
    size += text.packed(*_TEXT, if_=gzip) + codes.packed(*_CODES, if_=gzip)
    size += floats.packed(*_FLOATS, if_=gzip)
    for image in images:
        size += Size.exactly(image) if isinstance(image, int) else _PIXEL * (image.width * image.height)
    if preview:
        size += Size(_LEAST_PREVIEW, min(_MOST_PREVIEW, 2_500 + _PREVIEW_CELL * n_cells))
    return size


def gene_size(selection: Selection, n_parts: int, *, gzip: bool) -> Size:
    """What the documents say about a gene."""
    length = mean_length(selection.labels)
    text = Size.exactly(_GENE_TEXT * length + 60).packed(0.1, 0.7, if_=gzip)
    return _GENE + _PART * max(0, n_parts - 1) + text


def mean_length(names: Sequence[str], most: int = 1_000) -> float:
    """Mean length of the first names."""
    return sum(map(len, names[:most])) / max(1, len(names[:most]))
