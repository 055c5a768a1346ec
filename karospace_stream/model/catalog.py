"""The contents of a source: shapes, types and names. No data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from karospace_stream.model.cell_sections import CellSections
from karospace_stream.model.finding import Finding
from karospace_stream.model.inputs.several import InputInfo, TableInfo
from karospace_stream.model.inputs.shapes import ShapesInfo
from karospace_stream.units import format_shape

MatrixLayout = Literal["csr", "csc", "dense"]
ColumnKind = Literal["category", "string", "bool", "integer", "float"]


@dataclass(frozen=True, slots=True)
class MatrixInfo:
    """One matrix of a source (``X``, a layer, ``raw``, or cells x cells of obsp).

    Attributes
    ----------
    name
        ``"X"``, ``"layers/<key>"``, ``"raw"`` or ``"obsp/<key>"``.
    layout
        How it is stored. Dask arrays report the layout of their blocks.
    shape
        ``(n_cells, n_genes)``; ``raw`` may have other genes than ``X``.
    dtype
        NumPy name of the value type, such as ``"float32"``.
    nnz
        Stored values (``n_cells * n_genes`` if dense); None if only counting would show it.
    gene_major
        Whether complete genes can be read without reading the rest: CSC, or dense in columns.
    index_itemsize
        Bytes of one column (CSR) or row (CSC) index as stored; 0 if dense.
    stored_nbytes
        Bytes in the file, compressed; None if unknown.
    chunk_values
        Values in the largest storage chunk, the smallest piece that can be read;
        1 if the storage is contiguous or in memory.
    chunk_rows
        Rows of a storage chunk of a dense matrix: a block that ends inside one has it read twice.
    compression
        Name of the filters, such as ``"gzip"`` or ``"shuffle+zstd"``; ``""`` for none.
    read_itemsize
        Bytes of a value as stored, if it becomes one of ``dtype`` while it is read; else 0.
    beside_nbytes
        Memory that this takes besides the values.
    joining_itemsize
        Bytes for each stored value that reading takes besides the result, where blocks of several inputs are
        put together.
    """

    name: str
    layout: MatrixLayout
    shape: tuple[int, int]
    dtype: str
    nnz: int | None
    gene_major: bool
    index_itemsize: int = 0
    stored_nbytes: int | None = None
    chunk_values: int = 1
    chunk_rows: int = 1
    compression: str = ""
    read_itemsize: int = 0
    beside_nbytes: int = 0
    joining_itemsize: int = 0

    @property
    def stored_itemsize(self) -> int:
        """Bytes of a value as stored, or as it is read if those are more."""
        return max(np.dtype(self.dtype).itemsize, self.read_itemsize)


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """One column of ``obs`` or ``var``.

    Attributes
    ----------
    name, kind, dtype
        Name, kind of values, and NumPy name of the stored type.
    n_categories
        Number of categories; None if the column is not categorical.
    note
        How the column was read, if a user should know; usually empty.
    """

    name: str
    kind: ColumnKind
    dtype: str
    n_categories: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class EmbeddingInfo:
    """One entry of ``obsm`` that is an array, or a data frame with columns of numbers.

    Attributes
    ----------
    key
        Key in ``obsm``.
    n_columns
        Number of numeric columns.
    dtype
        NumPy name of the stored type.
    table
        All columns of a data frame; None for an array.
    is_text
        Whether the numbers are stored as text.
    """

    key: str
    n_columns: int
    dtype: str
    table: tuple[ColumnInfo, ...] | None = None
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """One tissue image of ``uns['spatial']``.

    Attributes
    ----------
    library, resolution
        Keys in ``uns['spatial'][library]['images'][resolution]``.
    scale
        ``scalefactors['tissue_<resolution>_scalef']``: image pixel = coordinate x scale.
        None if the file does not say.
    height, width
        Size in pixels.
    spot_diameter
        ``scalefactors['spot_diameter_fullres']``: diameter of a spot in the units of the coordinates.
    """

    library: str
    resolution: str
    height: int
    width: int
    scale: float | None
    spot_diameter: float | None = None

    @property
    def path(self) -> str:
        """Location of the image in uns."""
        return f"spatial/{self.library}/images/{self.resolution}"


#: A parameter as found in a file.
Parameter = str | int | float | bool | None | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankingInfo:
    """Markers that a file has: an entry of uns like ``rank_genes_groups`` of scanpy.

    Attributes
    ----------
    key
        Key in uns.
    groups
        Groups whose genes are ranked.
    n_ranks
        Genes of the longest ranking.
    columns
        What there is besides the names: ``scores``, and of ``logfoldchanges``, ``pvals`` and ``pvals_adj``
        those that the file has.
    shares
        Of ``pts`` and ``pts_rest`` (shares of cells by gene and group) those that the file has.
    parameters
        ``params``, as found.
    """

    key: str
    groups: tuple[str, ...]
    n_ranks: int
    columns: tuple[str, ...]
    shares: tuple[str, ...] = ()
    parameters: tuple[tuple[str, Parameter], ...] = ()

    @property
    def column(self) -> str | None:
        """The obs column whose groups were compared; None if the file does not say."""
        return self._text("groupby")

    @property
    def n_values(self) -> int:
        """Ranks of all groups."""
        return len(self.groups) * self.n_ranks

    def _text(self, name: str) -> str | None:
        found = dict(self.parameters).get(name)
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True, repr=False)
class Catalog:
    """The contents of one AnnData, on disk or in memory.

    Attributes
    ----------
    location
        Path or URL; ``"<AnnData in memory>"`` for an object. For people only if there are several inputs:
        ``"a.h5ad and 19 more"``.
    name
        Default name of the data set.
    n_cells, n_genes
        Shape of the AnnData.
    container
        ``"h5ad"`` (any HDF5 file), ``"zarr"``, ``"memory"``, or ``"files"`` of several kinds.
    fingerprint
        Changes when the input changes (size and modification time, or the object's identity).
    matrix
        ``X``; None if the file has none.
    layers, raw
        The other matrices.
    obs, var, raw_var
        Columns, in the order of the data frame.
    obsm
        Arrays and data frames of ``obsm`` that can be read.
    obsp
        Keys of the matrices (cells x cells) that can be read.
    images
        Tissue images in ``uns['spatial']``.
    uns
        ``(key, shape)`` of the arrays of numbers or text directly in uns.
    unreadable
        ``(key, reason)`` of parts that exist but cannot be read, such as ``("obsm/X_pca", "…")``.
    remote
        Whether it is read over the network.
    sparse
        Entries of obsm that are sparse: ``"obsm/<key>"``.
    others
        Paths of parts that are never exported: ``varm/PCs``, ``varp/…``, and entries of uns that are not
        arrays.
    spot_diameter
        ``scalefactors['spot_diameter_fullres']`` of the libraries of ``uns['spatial']``, if they agree.
    microns_per_pixel
        ``scalefactors['microns_per_pixel']`` of the libraries, if they agree: Visium HD has it.
    libraries
        Keys of ``uns['spatial']``, one for each slide, whether or not it has an image.
    left_out
        Parts that the user left out with ``--leave-out``.
    texts
        ``(key, text)`` of the single strings directly in uns that the export uses.
    log_base
        ``uns["log1p"]["base"]``: the base of the logarithm that was taken of the values; None for the natural
        one.
    rankings
        Markers in uns.
    external_files
        ``(key, file)`` of arrays whose values are in other files, which HDF5 opens: external storage, virtual
        datasets and external links. The key of a linked array is that in its own file. At most a thousand.
    gene_sets
        Keys of uns that may hold gene sets: dictionaries of lists of names, and data frames with the columns
        ``source`` and ``target``.
    varm
        Arrays and data frames of ``varm`` that hold numbers.
    kind
        What the input is, if it is no AnnData: ``"10x Genomics matrix"``, ``"loom"``, ``"MuData"`` and so on.
    findings
        What was noticed when it was opened.
    tables
        Tables beside the matrix, whose columns are in memory.
    inputs
        The inputs, if several are read as one.
    in_some
        ``(key, input)`` of parts that are left out because that input, maybe not alone, has none.
    held_nbytes
        What other columns and embeddings take in memory that were read when the input was opened.
    sections
        Sections of a tissue, whose cells are one after another; None unless an export needs them.
    shapes
        Boundaries of cells that lie beside the matrix.
    spot_angle
        If spots are squares, the radians by which they are turned, from x towards y; None for discs.
    """

    location: str
    name: str
    container: Literal["h5ad", "zarr", "memory", "files"]
    fingerprint: str
    n_cells: int
    n_genes: int
    matrix: MatrixInfo | None
    layers: tuple[MatrixInfo, ...]
    raw: MatrixInfo | None
    obs: tuple[ColumnInfo, ...]
    var: tuple[ColumnInfo, ...]
    raw_var: tuple[ColumnInfo, ...]
    obsm: tuple[EmbeddingInfo, ...]
    obsp: tuple[str, ...]
    images: tuple[ImageInfo, ...]
    uns: tuple[tuple[str, tuple[int, ...]], ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    remote: bool = False
    sparse: tuple[MatrixInfo, ...] = ()
    others: tuple[str, ...] = ()
    spot_diameter: float | None = None
    microns_per_pixel: float | None = None
    libraries: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    external_files: tuple[tuple[str, str], ...] = ()
    log_base: float | None = None
    rankings: tuple[RankingInfo, ...] = ()
    gene_sets: tuple[str, ...] = ()
    varm: tuple[EmbeddingInfo, ...] = ()
    kind: str = ""
    findings: tuple[Finding, ...] = ()
    tables: tuple[TableInfo, ...] = ()
    inputs: tuple[InputInfo, ...] = ()
    in_some: tuple[tuple[str, str], ...] = ()
    held_nbytes: int = 0
    sections: CellSections | None = None
    shapes: tuple[ShapesInfo, ...] = ()
    spot_angle: float | None = None

    def lacking(self, kind: str) -> dict[str, str]:
        """Names of the parts of a kind, such as ``layers``, that only some inputs have; see `in_some`."""
        parts = ((*key.partition("/"), lacks) for key, lacks in self.in_some)
        return {name: lacks for own, _, name, lacks in parts if own == kind}

    @property
    def locations(self) -> tuple[str, ...]:
        """Paths and URLs that are read; none of an object in memory."""
        several = self.inputs or (self,)
        return tuple(each.location for each in several if each.container != "memory")

    @property
    def is_in_memory(self) -> bool:
        """Whether an input is an object in memory."""
        return any(each.container == "memory" for each in self.inputs or (self,))

    @property
    def default_embedding(self) -> str:
        """``uns['default_embedding']``: the entry of obsm to show first; empty if it is not set."""
        return dict(self.texts).get("default_embedding", "")

    def __repr__(self) -> str:
        return f"<Catalog of {self.location}: {format_shape(self.n_cells, self.n_genes)}>"
