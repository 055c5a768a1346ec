"""Markers that the input has already, as listed in ``atlas.json``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.formats.karospace.layout.manifest import Part, part_entry
from karospace_stream.model.blob import Receipt
from karospace_stream.model.catalog import Parameter

#: Columns of a ranking besides ``gene``: what scanpy calls them, what they are called here, and their type.
COLUMNS = (
    ("scores", "score", "float32"),
    ("logfoldchanges", "log_fold_change", "float32"),
    ("pvals", "p_value", "float64"),
    ("pvals_adj", "adjusted_p_value", "float64"),
    ("pts", "share", "float32"),
    ("pts_rest", "share_outside", "float32"),
)
GENE = ("gene", "uint32")


@dataclass(frozen=True, slots=True)
class AtlasFileRanking:
    """The genes of one group in the order of the file, as written."""

    group: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class AtlasFileMarkers:
    """Markers of one entry of uns, as written.

    Attributes
    ----------
    column
        The obs column; None if the file does not say.
    columns
        Names of `COLUMNS` that there are.
    n_names
        Different genes that are named.
    others
        Names of those that are not exported, and the file that lists them.
    best
        The first genes of every ranking, in one document.
    problem
        Why the entry could not be read; then nothing is written.
    """

    key: str
    column: str | None = None
    parameters: tuple[tuple[str, Parameter], ...] = ()
    columns: tuple[str, ...] = ()
    n_names: int = 0
    others: tuple[str, ...] = ()
    other_genes: Receipt | None = None
    best: Receipt | None = None
    rankings: tuple[AtlasFileRanking, ...] = ()
    problem: str = ""

    def entry(self) -> dict[str, Any]:
        """The entry in ``atlas.json``."""
        told = {name: _plain(value) for name, value in self.parameters}
        entry: dict[str, Any] = {
            "key": self.key,
            "column": self.column,
            "method": _text(told.get("method")),
            "reference": _text(told.get("reference")),
            "params": told,
            "columns": [
                {"name": name, "dtype": dtype}
                for name, dtype in (GENE, *(each[1:] for each in COLUMNS if each[1] in self.columns))
            ],
            "n_named": self.n_names,
            "n_not_exported": len(self.others),
            "rankings": [
                {"group": each.group, "parts": [part_entry(*part) for part in each.parts]}
                for each in self.rankings
            ],
        }
        for name, receipt in (("best", self.best), ("other_genes", self.other_genes)):
            if receipt is not None:
                entry[name] = {"path": receipt.key, "size_bytes": receipt.size}
        return entry

    @property
    def receipts(self) -> list[Receipt]:
        """All of its files."""
        parts = [part[0] for ranking in self.rankings for part in ranking.parts]
        return [*parts, *filter(None, (self.best, self.other_genes))]


def written_only(several: Sequence[AtlasFileMarkers]) -> tuple[AtlasFileMarkers, ...]:
    """Those that could be read."""
    return tuple(each for each in several if not each.problem)


def _plain(value: Parameter) -> Parameter | list[str]:
    if isinstance(value, tuple):
        return list(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
