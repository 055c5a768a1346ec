"""Options that decide how an input is read: which part of it, and what is done to its values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from karospace_stream.options.general.given_table import GivenTable, read_tables
from karospace_stream.options.general.joining import JoinOptions
from karospace_stream.options.moot_reasons import without_genes
from karospace_stream.options.option import names_or_none, option
from karospace_stream.options.readers import read_chosen, read_normalize

_SECTION = "How the input is read"
#: Options that are applied when an export is planned, not when its input is opened.
WHEN_PLANNED = ("normalize", "log1p")


@dataclass(frozen=True, slots=True)
class InputOptions(JoinOptions):
    """How an input becomes one AnnData. The declaration of each field documents the option."""

    normalize: float | Literal["median"] | None = option(
        None,
        "Scale the counts of each cell to this total, such as 1e4, or to the median of all cells.",
        kind="text",
        section=_SECTION,
        metavar="TOTAL",
        moot=without_genes,
        type="float or str",
        doc="Scale the values of each cell so that they add up to this number, such as ``1e4``, over all "
        'genes of the matrix; ``"median"`` for the median total of the exported cells. As '
        "``scanpy.pp.normalize_total`` does.",
        read=read_normalize,
    )
    log1p: bool = option(
        False,
        "Take the natural logarithm of one plus each value, after --normalize.",
        kind="switch",
        section=_SECTION,
        moot=without_genes,
        doc="Take the natural logarithm of one plus each value, after ``normalize``, as ``scanpy.pp.log1p`` "
        "does.",
    )
    feature_type: tuple[str, ...] = option(
        (),
        "Type of the features of a 10x Genomics matrix to read; repeat for several, or all. Default: Gene "
        "Expression.",
        kind="list",
        section=_SECTION,
        metavar="NAME",
        shown_default=None,
        doc='Types of the features of a 10x Genomics matrix that are read, such as ``"Antibody Capture"``; '
        '``"all"`` takes all. By default, where there are several, only ``"Gene Expression"``, as in scanpy.',
        read=partial(read_chosen, "--feature-type"),
        names_parts=True,
    )
    genome: str | None = option(
        None,
        "Genome of a 10x Genomics matrix to read, if it has several.",
        kind="text",
        section=_SECTION,
        metavar="NAME",
        doc="Genome of a 10x Genomics matrix: only its features are read. A matrix of Cell Ranger 2 with "
        "several genomes needs it.",
        names_parts=True,
    )
    modality: tuple[str, ...] = option(
        (),
        "Modality of a MuData, such as rna; repeat for several, or all. Default: rna, else the first.",
        kind="list",
        section=_SECTION,
        metavar="NAME",
        shown_default=None,
        doc='Modalities of a MuData, such as ``"rna"``; ``"all"`` for all of them. Several are exported side '
        "by side, for the cells that are in all of them; the var column ``modality`` says which gene is of "
        'which. By default ``"rna"``, or the first if there is none of this name.',
        read=partial(read_chosen, "--modality"),
        names_parts=True,
    )
    table: str | None = option(
        None,
        "Table of a SpatialData store. Default: the only one, or the one called table.",
        kind="text",
        section=_SECTION,
        metavar="NAME",
        doc="The table of a SpatialData store to read, by its name. By default the only one; of several the "
        'one called ``"table"``, else the first.',
        names_parts=True,
    )
    obs_table: tuple[str | GivenTable, ...] = option(
        (),
        "Table with a row for each cell: a CSV, TSV or Parquet file or URL; repeat for several. Its columns "
        "become columns of obs, and pairs such as UMAP_1, UMAP_2 embeddings.",
        kind="list",
        section=_SECTION,
        metavar="FILE",
        shown_default=None,
        type="path, DataFrame, or sequence of these",
        doc="Tables with a row for each cell: paths or URLs of CSV, TSV (also ``.gz``) or Parquet files, or "
        "data frames. Their columns become columns of ``obs`` (and replace those of the same names), and "
        "pairs such as ``UMAP_1``, ``UMAP_2`` also entries of ``obsm``.",
        read=read_tables,
        names_parts=True,
    )
    obs_table_key: tuple[str, ...] = option(
        (),
        "Column of the table with the ids of the cells; default: the first. With several tables: one for "
        "all, or repeat for each.",
        kind="list",
        section=_SECTION,
        metavar="COLUMN",
        shown_default=None,
        decides_bytes=False,
        doc="Column of the table with the ids of the cells; by default the first, or the index of a data "
        "frame. With several tables, one for all, or one for each.",
        read=names_or_none,
        names_parts=True,
    )

    @property
    def changes_values(self) -> bool:
        """Whether the exported values are others than those of the file."""
        return self.normalize is not None or self.log1p
