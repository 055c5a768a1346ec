"""Options of statistics by groups of cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from karospace_stream.measures.request import TESTS, Test
from karospace_stream.options.general.gene_sets import GeneSetOptions
from karospace_stream.options.moot_reasons import (
    without_genes,
    without_groups,
    without_pseudobulk,
    without_ranks,
    without_test,
    without_values,
)
from karospace_stream.options.option import option
from karospace_stream.options.readers import (
    read_columns,
    read_group_by,
    read_marker_genes,
    read_reference,
)

_SECTION = "Statistics by group"
_FORMATS = ("karospace", "anndata")


@dataclass(frozen=True, slots=True)
class StatisticsOptions(GeneSetOptions):
    """What is computed of every gene. The declaration of each field documents the option.

    Attributes
    ----------
    compared
        Columns that are compared although nobody named them; None until a plan has chosen them.
    """

    group_by: tuple[str, ...] | None = option(
        None,
        "Column of obs whose groups are compared: markers, means and shares; repeat for several, or none. "
        "Default: karospace, the exported columns of 2 to 200 categories; anndata, none.",
        kind="list",
        section=_SECTION,
        metavar="COLUMN",
        formats=_FORMATS,
        moot=without_values,
        doc="Columns of ``obs``: while genes are written, the cells, mean, variance and share of expressing "
        "cells of each group are computed for every gene, and the groups are compared (``markers``); "
        '``"none"`` compares none. By default, or with ``"auto"``, a KaroSpace bundle takes its exported '
        "columns of 2 to 200 categories, as far as their tables are small; an AnnData store takes none.",
        read=read_group_by,
        names_parts=True,
    )
    markers: Test = option(
        "t-test",
        "How groups are compared: wilcoxon, t-test, t-test_overestim_var or none.",
        kind="choice",
        section=_SECTION,
        metavar="TEST",
        choices=TESTS,
        formats=_FORMATS,
        moot=without_groups,
        doc='``"wilcoxon"``, ``"t-test"``, ``"t-test_overestim_var"`` or ``"none"``: the methods of '
        "``scanpy.tl.rank_genes_groups``, with the same results.",
    )
    reference: tuple[str, ...] = option(
        ("rest",),
        "The group that all others are compared with, as GROUP or COLUMN=GROUP; repeat for several columns. "
        "rest: all cells outside the group.",
        kind="list",
        section=_SECTION,
        metavar="GROUP",
        shown_default="rest",
        type="str, sequence of str, or mapping",
        formats=_FORMATS,
        moot=without_test,
        doc='The group that all others of its column are compared with; ``"rest"`` compares each group '
        'with all cells outside it. ``"GROUP"`` is for all columns that have it; ``"COLUMN=GROUP"``, or a '
        "mapping of columns to groups, for one.",
        read=read_reference,
        names_parts=True,
    )
    marker_genes: int | Literal["all"] | None = option(
        None,
        "Best genes of each group that its ranking keeps, or all. Default: all of columns that you name, and "
        "200 of the others.",
        kind="text",
        section=_SECTION,
        metavar="N",
        formats=_FORMATS,
        moot=without_test,
        type="int or str",
        doc='Best genes of each group that its ranking keeps, or ``"all"``; p-values are adjusted over all '
        "genes in any case. By default all of the columns that ``group_by`` names, and 200 of the others.",
        read=read_marker_genes,
    )
    compared: tuple[str, ...] | None = None
    tie_correct: bool = option(
        False,
        "Correct the variance of rank sums for ties (wilcoxon).",
        kind="switch",
        section=_SECTION,
        formats=_FORMATS,
        moot=without_ranks,
    )
    pseudobulk: tuple[str, ...] | None = option(
        None,
        "Columns of obs, such as sample,cell_type: sum counts over their combinations, into pseudobulk.h5ad.",
        kind="text",
        section=_SECTION,
        metavar="COLUMN,COLUMN",
        formats=_FORMATS,
        moot=without_genes,
        type="str or sequence of str",
        doc='Columns of ``obs``, such as ``["sample", "cell_type"]``: the exported genes are summed over the '
        "cells of each combination, into ``pseudobulk.h5ad`` in the export, as ``scanpy.get.aggregate`` "
        "does. A text has commas between the columns.",
        read=read_columns,
        names_parts=True,
    )
    pseudobulk_layer: str | None = option(
        None,
        "Layer for --pseudobulk, such as counts, or X; default: the exported matrix.",
        kind="text",
        section=_SECTION,
        metavar="NAME",
        formats=_FORMATS,
        moot=without_pseudobulk,
        doc='Layer that ``pseudobulk`` sums, such as ``"counts"``; ``"X"`` for X. By default the exported '
        "matrix, which is summed while it is exported; another one is read by itself.",
        names_parts=True,
    )

    @property
    def summed_matrix(self) -> str:
        """Name of the matrix that pseudobulk sums, in the source."""
        if self.pseudobulk_layer is None:
            return self.matrix
        return "X" if self.pseudobulk_layer == "X" else f"layers/{self.pseudobulk_layer}"
