"""Statistics by group, as listed in ``atlas.json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.formats.karospace.layout.manifest import Part, part_entry
from karospace_stream.model.blob import Receipt

#: Columns of a ranking, one after another, each as long as the part has genes. ``auc`` only if values were
#: ranked.
RANKED = (
    ("gene", "uint32"),
    ("score", "float32"),
    ("log_fold_change", "float32"),
    ("mean_outside", "float32"),
    ("share_outside", "float32"),
    ("auc", "float32"),
    ("p_value", "float64"),
    ("adjusted_p_value", "float64"),
)
#: Tables of numbers by gene and group.
TABLES = ("means", "shares", "variances")


def ranked_columns(*, auc: bool) -> tuple[tuple[str, str], ...]:
    """Names and types of the columns of a ranking."""
    return tuple(each for each in RANKED if auc or each[0] != "auc")


@dataclass(frozen=True, slots=True)
class AtlasRanking:
    """The genes of one group by falling score, as written."""

    group: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class AtlasGrouping:
    """The groups of one obs column, as written.

    Attributes
    ----------
    n_cells
        Cells of each group.
    n_without
        Cells without a group.
    reference
        Position of the group that all others are compared with; None for all cells outside a group.
    tables
        Parts of each of `TABLES`, cut by genes.
    best
        The first genes of every ranking, in one document; None without rankings.
    n_ranked
        Genes of each ranking; None for all.
    too_small
        Groups that could not be compared, as they or the others have fewer than two cells.
    """

    column: str
    categories: tuple[str, ...]
    n_cells: tuple[int, ...]
    n_without: int
    reference: int | None
    tables: tuple[tuple[Part, ...], ...]
    best: Receipt | None
    rankings: tuple[AtlasRanking, ...]
    too_small: tuple[int, ...]
    n_ranked: int | None = None

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        entry: dict[str, Any] = {
            "column": self.column,
            "categories": list(self.categories),
            "n_cells": list(self.n_cells),
            "n_without": self.n_without,
            "reference": self.reference,
        }
        for name, parts in zip(TABLES, self.tables, strict=True):
            entry[name] = [part_entry(*part) for part in parts]
        if self.best is not None:
            entry["best"] = {"path": self.best.key, "size_bytes": self.best.size}
            entry["rankings"] = [
                {"group": each.group, "parts": [part_entry(*part) for part in each.parts]}
                for each in self.rankings
            ]
            if self.n_ranked is not None:
                entry["n_ranked"] = self.n_ranked
            entry["too_small"] = list(self.too_small)
        return entry

    @property
    def receipts(self) -> list[Receipt]:
        """All of its files."""
        parts = [part for table in self.tables for part in table]
        parts += [part for ranking in self.rankings for part in ranking.parts]
        return [part[0] for part in parts] + ([] if self.best is None else [self.best])


@dataclass(frozen=True, slots=True)
class AtlasStatistics:
    """All statistics, and how they were computed."""

    test: str
    tie_correct: bool
    log_base: float | None
    groupings: Sequence[AtlasGrouping]

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        entry: dict[str, Any] = {"test": self.test, "groupings": [each.entry() for each in self.groupings]}
        if self.test == "none":
            return entry
        entry["columns"] = [
            {"name": name, "dtype": dtype} for name, dtype in ranked_columns(auc=self.test == "wilcoxon")
        ]
        if self.test == "wilcoxon":
            entry["tie_correct"] = self.tie_correct
        if self.log_base is not None:
            entry["log_base"] = self.log_base
        return entry


@dataclass(frozen=True, slots=True)
class AtlasPseudobulk:
    """The file of sums over combinations of columns.

    Attributes
    ----------
    columns
        Whose combinations group the cells.
    matrix
        The matrix that was summed, in the source.
    """

    receipt: Receipt
    columns: tuple[str, ...]
    matrix: str
    n_combinations: int

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        return {
            "path": self.receipt.key,
            "size_bytes": self.receipt.size,
            "columns": list(self.columns),
            "matrix": self.matrix,
            "n_combinations": self.n_combinations,
        }
