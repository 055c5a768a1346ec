"""Markers that the input has already, matched with the exported genes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import DamagedError
from karospace_stream.model.catalog import Catalog, RankingInfo
from karospace_stream.model.column import GeneShares, RankedNames
from karospace_stream.model.finding import Finding
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source

_RANK_NBYTES = 80  # of one rank: numbers as read and as written, and the number of its name
_SLACK = 16 << 20
_NAME_NBYTES = 200  # of a gene's name, in Python, and in two dictionaries
_NAMED = 3


@dataclass(frozen=True, slots=True, eq=False)
class FileMarkers:
    """Markers of one entry of uns.

    Attributes
    ----------
    genes
        For each of ``found.names``: its position among the exported genes; those that are not exported are
        numbered after them, in the order of ``others``.
    others
        Names of genes that are not exported.
    shares
        ``pts`` and ``pts_rest``, those that there are.
    """

    info: RankingInfo
    found: RankedNames
    genes: npt.NDArray[np.int64]
    others: tuple[str, ...]
    shares: Mapping[str, GeneShares]

    def ranks(self, group: int) -> npt.NDArray[np.intp]:
        """The ranks of a group at which a gene is named."""
        return np.flatnonzero(self.found.codes[group] >= 0)

    def shares_of(self, name: str, group: int) -> npt.NDArray[np.float64]:
        """The shares of the genes of a group, by rank; NaN where the file has none."""
        frame, codes = self.shares[name], self.found.codes[group][self.ranks(group)]
        if self.info.groups[group] not in frame.groups:
            return np.full(len(codes), np.nan)
        rows = {gene: row for row, gene in enumerate(frame.names.tolist())}
        at = np.array([rows.get(gene, -1) for gene in self.found.names], np.int64)
        values = np.append(frame.values[:, frame.groups.index(self.info.groups[group])], np.nan)
        picked: npt.NDArray[np.float64] = values[at][codes]
        return picked


def file_rankings(catalog: Catalog, selection: Selection) -> tuple[RankingInfo, ...]:
    """The markers that an export takes along: all, if there are genes."""
    return catalog.rankings if len(selection.genes) else ()


def file_markers_cost(several: Sequence[RankingInfo], n_genes: int) -> list[StageCost]:
    """Memory of reading and writing them."""
    most = max((each.n_values for each in several), default=0)
    if not several:
        return []
    return [StageCost("markers", _SLACK + _RANK_NBYTES * most + 2 * _NAME_NBYTES * n_genes, len(several))]


def read_markers(source: Source, selection: Selection, info: RankingInfo) -> FileMarkers | Finding:
    """Read markers, and match their names with the exported genes; a finding if they are damaged."""
    try:
        found = source.ranking(info.key)
        shares = {name: source.ranking_shares(info.key, name) for name in info.shares}
    except DamagedError as error:
        return Finding("unreadable", f"uns:{info.key} is left out: cannot be read: {error.why}")
    genes, others = match_genes(source, selection, found.names)
    return FileMarkers(info, found, genes, others, shares)


def match_genes(
    source: Source, selection: Selection, names: tuple[str, ...]
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Positions of names among the exported genes, and the names that are not exported, numbered after them.

    Names are those of the index, as scanpy takes them, or the labels of the genes.
    """
    index = source.var_names(raw=selection.matrix == "raw")[selection.genes]
    known: dict[str, int] = {}
    for each in (index.tolist(), selection.ids, selection.labels):
        for position, name in enumerate(each):
            known.setdefault(name, position)
    others: dict[str, int] = {}
    first = len(selection.genes)
    genes = [known[name] if name in known else first + others.setdefault(name, len(others)) for name in names]
    return np.array(genes, np.int64), tuple(others)


def not_exported(info: RankingInfo, others: tuple[str, ...], n_names: int) -> Finding | None:
    """What to say of genes that markers name, but that are not exported."""
    if not others:
        return None
    are = "are" if len(others) > 1 else "is"
    named = ", ".join(others[:_NAMED]) + (", …" if len(others) > _NAMED else "")
    text = f"{len(others):,} of {n_names:,} genes in uns[{info.key!r}] {are} not exported: {named}"
    return Finding("markers-not-exported", text, "genes")
