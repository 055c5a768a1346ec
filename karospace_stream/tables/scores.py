"""Scores of gene sets, beside the numbers of genes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cells.tiles import read_column, read_names
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.genes.sets import MOST_SCORED

if TYPE_CHECKING:
    from anndata import AnnData

#: Key of uns, in an AnnData of groups x genes.
KEY = "gene_set_scores"
#: What numbers of genes depend on, and scores do not; and its default.
_OF_GENES = {
    "markers": "wilcoxon",
    "reference": "rest",
    "tie_correct": False,
    "genes": "all",
    "hvg_flavor": "auto",
    "hvg_batch": None,
}


def refuse_options_of_genes(keywords: Mapping[str, Any]) -> dict[str, Any]:
    """The options of scores alone, without those of genes.

    Raises
    ------
    BadOptionError
        If one of genes is given, since it would have no effect.
    """
    for name, default in _OF_GENES.items():
        value = keywords.get(name, default)
        same = value is None or (isinstance(value, (str, bool)) and value == default)
        if not same and (name, value) != ("markers", "none"):
            raise BadOptionError(
                f"--{name.replace('_', '-')} would have no effect, since only gene sets are scored, from all "
                "genes; name a column of obs with --group-by too, or leave it out"
            )
    return {name: value for name, value in keywords.items() if name not in _OF_GENES}


def check_scored(selection: Selection) -> None:
    """Check that sets are scored if there are any.

    Raises
    ------
    BadOptionError
        If there are too many.
    """
    sets = selection.gene_sets
    if sets.sets and not sets.scored:
        raise BadOptionError(
            f"--gene-sets: at most {MOST_SCORED} sets can be scored, got {len(sets.sets):,}; give fewer"
        )


def scores_frame(plan: ExportPlan) -> pd.DataFrame | None:
    """The scores, cells x sets, from scratch; None without sets."""
    sets, selection = plan.selection.gene_sets.scored, plan.selection
    if not sets:
        return None
    n_cells = selection.n_cells
    values = np.empty((n_cells, len(sets)), np.float32, order="F")
    for number, each in enumerate(sets):
        pieces = read_column(plan.source, selection, each.column, 0, n_cells)
        values[:, number] = np.concatenate([np.zeros(0, np.float32), *(piece.values for piece in pieces)])
    names = [name for several in read_names(plan.source, selection, 0, n_cells) for name in several]
    columns = pd.Index([each.name for each in sets], dtype=object)
    return pd.DataFrame(values, pd.Index(names, dtype=object, name="cell"), columns, copy=False)


def findings_of_tables(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What an export notices of scores, in the words of tables: they are not columns of obs."""
    for each in findings:
        if each.code == "scores-of-all-genes":
            text = "scores of gene sets use all genes of the matrix, also those that are not in the tables"
            yield replace(each, text=text, option="genes")
        elif each.code != "score-renamed":
            yield each


def as_entry(scores: pd.DataFrame) -> dict[str, Any]:
    """Scores as arrays, since names of sets may have slashes, which no key of a file may have."""
    names = {"cells": scores.index, "sets": scores.columns}
    return {
        "scores": np.ascontiguousarray(scores.to_numpy()),
        **{key: each.to_numpy(dtype=object) for key, each in names.items()},
    }


def scores_as_anndata(scores: pd.DataFrame) -> AnnData:
    """Cells x sets."""
    from anndata import AnnData  # takes its time

    return AnnData(
        np.ascontiguousarray(scores.to_numpy()),
        obs=pd.DataFrame(index=pd.Index(scores.index, name=None)),
        var=pd.DataFrame(index=scores.columns),
    )
