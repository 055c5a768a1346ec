"""Options of statistics by groups of cells."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.measures.request import TESTS, Test
from karospace_stream.options.general.gene_sets import GeneSetOptions
from karospace_stream.options.moot_reasons import (
    without_genes,
    without_groups,
    without_pseudobulk,
    without_ranks,
    without_test,
)
from karospace_stream.options.option import names, option
from karospace_stream.options.readers import read_columns

_SECTION = "Statistics by group"
_FORMATS = ("karospace", "anndata")


@dataclass(frozen=True, slots=True)
class StatisticsOptions(GeneSetOptions):
    """What is computed of every gene. The declaration of each field documents the option."""

    group_by: tuple[str, ...] | None = option(
        None,
        "Column of obs whose groups are compared: markers, means and shares; repeat for several.",
        kind="list",
        section=_SECTION,
        metavar="COLUMN",
        formats=_FORMATS,
        moot=without_genes,
        doc="Columns of ``obs``: while genes are written, the cells, mean, variance and share of expressing "
        "cells of each group are computed for every gene, and the groups are compared (``markers``).",
        read=names,
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
    reference: str = option(
        "rest",
        "The group that all others are compared with; rest: all cells outside the group.",
        kind="text",
        section=_SECTION,
        metavar="GROUP",
        formats=_FORMATS,
        moot=without_test,
        doc='The group of ``group_by`` that all others are compared with; ``"rest"`` compares each group '
        "with all cells outside it.",
        names_parts=True,
    )
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
