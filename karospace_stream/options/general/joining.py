"""Options that decide how several inputs become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from karospace_stream.options.option import option

_SECTION = "How the input is read"
Join = Literal["inner", "outer"]
Merge = Literal["same", "unique", "first", "only", "none"]
Arrange = Literal["none", "grid"]
#: Column that says which input a cell is from, if the user names none and it is needed.
BATCH = "batch"


@dataclass(frozen=True, slots=True)
class JoinOptions:
    """How several inputs are joined. The declaration of each field documents the option."""

    join: Join = option(
        "inner",
        "Of several inputs, the genes and columns that all have (inner), or all that any has (outer).",
        kind="choice",
        section=_SECTION,
        metavar="HOW",
        choices=get_args(Join),
        doc='Of several inputs, the genes, columns and embeddings that all have (``"inner"``), or all that '
        'any of them has (``"outer"``), as ``anndata.concat`` joins them. Genes are matched by the index of '
        "``var``.",
    )
    merge: Merge = option(
        "unique",
        "Of several inputs, columns of var and entries of uns with one value (unique), that all have (same), "
        "of the first (first), of a single one (only), or none.",
        kind="choice",
        section=_SECTION,
        metavar="HOW",
        choices=get_args(Merge),
        doc="Which columns of ``var`` and entries of ``uns`` stay if there are several inputs, as ``merge`` "
        'of ``anndata.concat``: those with one value (``"unique"``), with one value in all inputs '
        '(``"same"``), the first value of each (``"first"``), those of a single input (``"only"``), or '
        '``"none"``.',
        read=lambda value: "none" if value is None else value,
    )
    batch_column: str | None = option(
        None,
        "Column of obs to say which of several inputs a cell is from.",
        kind="text",
        section=_SECTION,
        metavar="NAME",
        doc="Name of a new column of ``obs`` that says which of several inputs a cell is from: the name of "
        "its file, or its key in a dictionary.",
    )
    index_unique: str | None = option(
        None,
        "Append the input's name to the names of its cells, after this separator, such as -.",
        kind="text",
        section=_SECTION,
        metavar="SEP",
        doc='Separator, such as ``"-"``, after which the name of the input is appended to the names of its '
        "cells, so that those of several inputs differ. By default names stay as they are.",
    )
    arrange: Arrange = option(
        "none",
        "grid lays out the coordinates of several inputs side by side, where each has its own.",
        kind="choice",
        section=_SECTION,
        metavar="HOW",
        choices=get_args(Arrange),
        doc='``"grid"`` lays out the tissues of several inputs side by side, as ``arrange_by`` does with the '
        "sections of one, where each input has coordinates of its own. Cells then have a column that says "
        "which input they are from: ``batch_column``, or ``batch``.",
    )

    @property
    def labels(self) -> str | None:
        """The column that says which input a cell is from; None for none."""
        return self.batch_column or (BATCH if self.arrange == "grid" else None)
