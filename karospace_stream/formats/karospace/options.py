"""Options of the KaroSpace format."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from karospace_stream.errors import BadOptionError
from karospace_stream.options.checks import is_finite, one_of
from karospace_stream.options.moot_reasons import without_order, without_packed, without_packed_cells
from karospace_stream.options.named_images import NamedImage, parse_image, read_images
from karospace_stream.options.option import option
from karospace_stream.options.readers import read_columns, read_path
from karospace_stream.storage.location import is_url

_SECTION = "Only with --format karospace"
_KAROSPACE = ("karospace",)
IMAGE_MODES = ("copy", "refer")
LAYOUTS = ("classic", "packed", "auto")
_MANY_CELLS = 500_000  # above this, auto is packed
GENE_BITS = (32, 16, 8)
#: From less than an atom to a metre: any unit in which somebody may have measured a tissue.
_LEAST_MICRONS, _MOST_MICRONS = 1e-6, 1e6
ORDERS = ("fair", "source")


@dataclass(frozen=True, slots=True)
class KarospaceOptions:
    """Options of the KaroSpace format, checked."""

    #: In records and JSON they stand beside the general ones: they are older than the other formats.
    nested: ClassVar[bool] = False

    image: str | tuple[str, ...] | bool | None = option(
        None,
        "Image instead of those in the file: PATH, or SECTION=PATH for one section, with a place if "
        "needed, as in s1=a.tiff@2,2,0,0; may be repeated.",
        kind="list",
        section=_SECTION,
        off_flag="--no-image",
        off_help="Export no image.",
        metavar="[SECTION=]PATH",
        formats=_KAROSPACE,
        type="path, mapping or False",
        doc='KaroSpace: images instead of those in ``uns["spatial"]``: a path or URL of a PNG, JPEG, TIFF, '
        "OME-TIFF or OME-Zarr; or a mapping from sections to such paths, or to dictionaries of ``path`` and "
        "``place``: four numbers as in ``image_placement``, the six of an affine map from coordinates to "
        "pixels, a matrix of 3 x 3, or a file that has one. False exports none.",
        read=read_images,
        names_parts=True,
    )
    image_placement: tuple[float, float, float, float] | None = option(
        None,
        "Where --image belongs: pixel = coordinate x S + O.",
        kind="numbers",
        section=_SECTION,
        n_values=4,
        metavar="SX SY OX OY",
        formats=_KAROSPACE,
        type="tuple of 4 floats",
        doc="KaroSpace: ``(sx, sy, ox, oy)`` with image pixel = coordinate x s + o; for each ``image`` "
        "without a place of its own.",
        names_parts=True,
    )
    image_mode: str = option(
        "copy",
        "Copy images into the bundle as tiles, or refer to those that are OME-Zarr at a URL.",
        kind="choice",
        choices=IMAGE_MODES,
        section=_SECTION,
        formats=_KAROSPACE,
        doc='KaroSpace: ``"copy"`` writes images as tiles; ``"refer"`` writes the URL of those that are '
        "OME-Zarr on a host, so that the page reads them from there.",
    )
    pixel_size: float | None = option(
        None,
        "Length of one unit of the coordinates of the tissue in micrometres, for a scale bar.",
        kind="number",
        section=_SECTION,
        metavar="MICRONS",
        formats=_KAROSPACE,
        doc="KaroSpace: length of one unit of the coordinates of the tissue in micrometres; by default what "
        "the file says.",
        names_parts=True,
    )
    shapes: str | bool | None = option(
        None,
        "Boundaries of cells to use instead of those of the input: Parquet, GeoParquet or GeoJSON.",
        kind="text",
        section=_SECTION,
        off_flag="--no-shapes",
        off_help="Export no boundaries of cells.",
        metavar="PATH",
        formats=_KAROSPACE,
        type="path or False",
        doc="KaroSpace: file with boundaries of cells; by default those of the input. False exports none.",
        read=read_path,
        names_parts=True,
    )
    preview: bool = option(
        True,
        "Draw preview.png.",
        kind="switch",
        section=_SECTION,
        off_flag="--no-preview",
        formats=_KAROSPACE,
        doc="KaroSpace: draw ``preview.png``.",
    )
    max_asset_mb: float = option(
        16,
        "Largest file, before compression.",
        kind="number",
        section=_SECTION,
        metavar="MIB",
        formats=_KAROSPACE,
        doc="KaroSpace: largest file before compression, in MiB.",
    )

    layout: str = option(
        "classic",
        "classic has a file for each gene, and tables as CSV and JSON; packed is for many cells; auto is "
        "packed for more than 500,000 cells.",
        kind="choice",
        choices=LAYOUTS,
        section=_SECTION,
        formats=_KAROSPACE,
        doc='KaroSpace: ``"classic"`` writes a file for each gene, and tables as CSV and JSON; ``"packed"`` '
        'writes genes without zeros, many in one file, and no such tables; ``"auto"`` is packed for more '
        "than 500,000 cells.",
    )
    gene_bits: int = option(
        32,
        "Bits per value of a gene with --layout packed: 32 for float32, 16 or 8 for rounded values.",
        kind="integer",
        section=_SECTION,
        metavar="32|16|8",
        formats=_KAROSPACE,
        moot=without_packed,
        doc="KaroSpace: bits per value of a gene in the packed layout: 32 for float32, or 16 or 8 between "
        "the smallest and the largest value of the gene.",
    )
    order: str = option(
        "fair",
        "Order of cells with --layout packed: fair, so that the first ones are a picture of all, or source.",
        kind="choice",
        choices=ORDERS,
        section=_SECTION,
        formats=_KAROSPACE,
        moot=without_packed_cells,
        doc='KaroSpace: order of cells in the packed layout: ``"fair"``, so that the first ones, however '
        'many, are a fair sample of all, or ``"source"``. Names and rows stay those of the source.',
    )
    order_by: str | None = option(
        None,
        "Column whose categories have their shares in the first cells; by default, the one coloured first.",
        kind="text",
        section=_SECTION,
        metavar="COLUMN",
        formats=_KAROSPACE,
        moot=without_order,
        doc="KaroSpace: obs column whose categories have their shares among the first cells, however many; "
        "by default the column by which the page colours first.",
    )
    transcripts: str | None = option(
        None,
        "Transcripts to show above the tissue: own for those of the input, a file of them, or none.",
        kind="text",
        section=_SECTION,
        metavar="PATH",
        formats=_KAROSPACE,
        type="path or str",
        doc="KaroSpace: transcripts to show above the tissue: ``'own'`` for those of the input (Xenium, "
        "SpatialData), a CSV or Parquet file with a row for each, a folder of either program, or ``'none'``. "
        "By default, none.",
        read=read_path,
        names_parts=True,
    )
    transcript_columns: tuple[str, ...] | None = option(
        None,
        "Columns of x, y and the gene in the file of --transcripts, if their names are unusual.",
        kind="text",
        section=_SECTION,
        metavar="X,Y,GENE",
        formats=_KAROSPACE,
        type="str or sequence of str",
        doc="KaroSpace: columns of x, y and the gene in the file of ``transcripts``, as ``'X,Y,GENE'`` or a "
        "sequence; by default they are found by their usual names.",
        read=read_columns,
        names_parts=True,
    )

    def __post_init__(self) -> None:
        if not 0.001 <= self.max_asset_mb < math.inf:
            raise BadOptionError(f"--max-asset-mb must be at least 0.001, got {self.max_asset_mb}")
        one_of("--layout", self.layout, LAYOUTS)
        one_of("--order", self.order, ORDERS)
        if self.gene_bits not in GENE_BITS:
            raise BadOptionError(f"--gene-bits must be 32, 16 or 8, got {self.gene_bits!r:.40}")
        self._check_transcripts()
        self._check_images()

    def _check_images(self) -> None:
        if self.pixel_size is not None and not _LEAST_MICRONS <= self.pixel_size <= _MOST_MICRONS:
            raise BadOptionError(
                f"--pixel-size must be the micrometres of one unit, from {_LEAST_MICRONS:g} to "
                f"{_MOST_MICRONS:,.0f}, got {self.pixel_size}"
            )
        if self.image_mode not in IMAGE_MODES:
            raise BadOptionError(f"--image-mode must be copy or refer, got {self.image_mode!r:.40}")
        sections = [each.section for each in self.images]
        if len(set(sections)) < len(sections):
            raise BadOptionError("--image: give each section one image, and one for all cells at most")
        if self.image_placement is None:
            return
        if not self.images:
            raise BadOptionError(
                "--image-placement is for --image PATH; an image in the file has its own placement"
            )
        if not is_finite(self.image_placement):
            raise BadOptionError(f"--image-placement must be four finite numbers, got {self.image_placement}")
        if 0 in self.image_placement[:2]:
            raise BadOptionError(
                f"--image-placement must have scales SX and SY other than 0, got {self.image_placement}"
            )

    def _check_transcripts(self) -> None:
        if self.transcripts == "":
            raise BadOptionError("--transcripts must be own, none, or the path of a table, got ''")
        columns = self.transcript_columns
        if columns is None:
            return
        if self.transcripts in (None, "none"):
            raise BadOptionError("--transcript-columns is for --transcripts PATH")
        if len(columns) != 3 or not all(columns):
            raise BadOptionError(
                f"--transcript-columns must name three columns, as in x,y,gene; got {','.join(columns)!r}"
            )

    def is_packed(self, n_cells: int) -> bool:
        """Whether genes of so many exported cells are packed."""
        return self.layout == "packed" or (self.layout == "auto" and n_cells > _MANY_CELLS)

    @property
    def images(self) -> tuple[NamedImage, ...]:
        """The images that the user names."""
        several = (self.image,) if isinstance(self.image, str) else self.image
        return tuple(map(parse_image, several)) if isinstance(several, tuple) else ()

    @property
    def input_files(self) -> tuple[str, ...]:
        """Paths that are read besides the input itself."""
        named = [path for each in self.images for path in (each.path, each.matrix)]
        own = (self.shapes,) if isinstance(self.shapes, str) else ()
        return (*(path for path in named if path and not is_url(path)), *own)


OPTIONS = KarospaceOptions
