"""The tables of numbers of genes, as `karospace_stream.statistics` returns them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from karospace_stream.display.card import Card
from karospace_stream.display.html import card_html
from karospace_stream.errors import BadOptionError
from karospace_stream.measures.request import StatisticsRequest
from karospace_stream.model.finding import Finding, texts
from karospace_stream.options.option import group_name
from karospace_stream.plan.cards.plan_card import count_findings, strategy_text
from karospace_stream.similar.names import did_you_mean, similar_names
from karospace_stream.units import counted, format_nbytes, format_seconds, format_shape
from karospace_stream.words.words import PYTHON, Words

if TYPE_CHECKING:
    import pandas as pd
    from anndata import AnnData


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class GeneStatistics:
    """Numbers of genes, over all cells and by groups of cells.

    Attributes
    ----------
    location
        The input.
    n_cells
        Number of cells.
    genes
        A row for each gene, over all cells: ``n_cells`` that express it (whose value is not 0), their
        ``share``, ``mean``, ``mean_expressing``, ``variance``, ``minimum`` and ``maximum``. Without rows if
        only gene sets are scored.
    groups
        By column of obs, a row for each gene in each group, group after group: ``gene``, ``group``,
        ``n_cells`` of the group, ``share`` of them that express the gene, ``mean``, ``mean_expressing``,
        ``variance``. NaN where there are no cells, and for the variance of one cell.
    markers
        By column of obs, a row for each gene in each group that was compared, by falling score in each
        group: ``group`` and the columns of ``scanpy.get.rank_genes_groups_df``, and ``auc`` if values were
        ranked. Empty without a test.
    neighbours
        By column of obs, with ``neighbourhoods``: a row for each group and each other: ``group``,
        ``neighbour``, ``count`` of entries of the graph, and ``zscore`` beside shuffled groups.
    co_occurrence
        By column of obs, with ``neighbourhoods``, a row for each two groups and each distance: ``group``,
        ``other``, ``distance`` and ``ratio``.
    squidpy
        With ``neighbourhoods``, the same as Squidpy writes it, by its keys of ``uns``: ``moranI``,
        ``gearyC``, ``<column>_nhood_enrichment`` and ``<column>_co_occurrence``.
    scores
        With ``gene_sets``, a row for each cell and a column for each set that has genes, float32, as
        ``scanpy.tl.score_genes`` computes them; otherwise None.
    request
        The columns, their groups, and how they were compared.
    matrix
        The matrix that was read, such as ``X``.
    strategy, workers
        How the matrix was transposed, and the number of tasks that ran at once.
    budget_nbytes, projected_nbytes, peak_nbytes
        Memory of the process tree in bytes: allowed, planned, and measured.
    findings
        What the program noticed.
    seconds
        Wall time, in seconds.
    """

    location: str
    n_cells: int
    genes: pd.DataFrame
    groups: Mapping[str, pd.DataFrame]
    markers: Mapping[str, pd.DataFrame]
    request: StatisticsRequest
    matrix: str
    strategy: str
    workers: int
    budget_nbytes: int
    projected_nbytes: int
    findings: tuple[Finding, ...]
    peak_nbytes: int = 0
    seconds: float = 0.0
    neighbours: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    co_occurrence: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    squidpy: Mapping[str, Any] = field(default_factory=dict)
    scores: pd.DataFrame | None = None

    def __repr__(self) -> str:
        card = statistics_card(self)
        text = Card(card.title, card.rows).text()
        return f"GeneStatistics of {text}{count_findings(len(self.findings))}"

    def _repr_html_(self) -> str:
        return card_html(statistics_card(self))

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences of the findings."""
        return texts(self.findings)

    def rank_genes_groups(self, column: str, group: Any = None) -> pd.DataFrame:
        """The markers of some groups, as ``scanpy.get.rank_genes_groups_df`` returns them.

        Parameters
        ----------
        column
            One of the columns that were compared.
        group
            One group, several, or None for all; a group of a column of true/false or whole numbers also as
            the value itself. Of one group, the column ``group`` is left out.

        Raises
        ------
        BadOptionError
            If the column was not compared, or it has no such group.
        """
        if column not in self.markers:
            raise _unknown("column", column, list(self.markers))
        table = self.markers[column]
        if group is None:
            return table
        one = group_name(group)
        wanted = [str(each) for each in group] if one is None else [one]
        there = list(table["group"].cat.categories[table["group"].cat.codes.unique()])
        for name in wanted:
            if name not in there:
                raise _unknown("group", name, there)
        chosen = table[table["group"].isin(wanted)].reset_index(drop=True)
        return chosen if one is None else chosen.drop(columns="group")

    def to_anndata(self) -> AnnData:
        """All tables as one AnnData: groups x genes, whose X holds the means.

        Returns
        -------
        AnnData
            ``obs`` has ``column``, ``group`` and ``n_cells``, ``var`` the numbers of each gene over all
            cells. Layers: ``share``, ``mean_expressing``, ``variance``, and of markers ``scores``,
            ``log_fold_changes``, ``pvals``, ``pvals_adj``, ``share_reference`` and ``auc``; NaN for groups
            that were not compared. ``uns["rank_genes_groups"]`` is as scanpy writes it, for the first
            column; for another, ``uns["rank_genes_groups_<column>"]``. It lacks ``pts`` and ``pts_rest`` if
            the name of a group has a slash, which files cannot store there. ``uns["gene_set_scores"]`` has
            ``scores``, cells x sets, and the names of ``cells`` and ``sets``. If only gene sets were scored:
            cells x sets, whose X holds the scores.
        """
        from karospace_stream.tables.as_anndata import as_anndata

        return as_anndata(self)

    def to_json(self) -> dict[str, Any]:
        """Facts about the tables, as plain data."""
        request = self.request
        return {
            "input": self.location,
            "matrix": self.matrix,
            "n_cells": self.n_cells,
            "n_genes": len(self.genes),
            "gene_sets": [] if self.scores is None else self.scores.columns.tolist(),
            "groups": {each.column: list(each.categories) for each in request.groupings},
            "markers": request.test,
            "reference": reference_of(request),
            "tie_correct": request.tie_correct,
            "strategy": self.strategy,
            "workers": self.workers,
            "budget_nbytes": self.budget_nbytes,
            "projected_nbytes": self.projected_nbytes,
            "peak_nbytes": self.peak_nbytes,
            "seconds": round(self.seconds, 3),
            "findings": [
                {"code": each.code, "text": each.text, "option": each.option, "value": each.value}
                for each in self.findings
            ],
        }


def _unknown(what: str, name: str, there: list[str]) -> BadOptionError:
    hint = did_you_mean(similar_names(name, there))
    listed = f"; compared were {', '.join(map(repr, there))}" if there else "; nothing was compared"
    return BadOptionError(f"no {what} {name!r} was compared{hint or listed}")


def reference_of(request: StatisticsRequest) -> str:
    """The group that all others were compared with; ``"rest"`` for all other cells."""
    for each in request.groupings:
        if each.reference is not None:
            return each.categories[each.reference]
    return "rest"


def statistics_card(made: GeneStatistics, words: Words = PYTHON) -> Card:
    """Format the facts for people."""
    noticed = (f"note: {words.finding(each)}" for each in made.findings)
    size = format_shape(made.n_cells, len(made.genes)) if len(made.genes) else counted(made.n_cells, "cell")
    return Card(f"{made.location}: {size}", tuple(_rows(made)), tuple(noticed))


def _rows(made: GeneStatistics) -> Iterator[tuple[str, str]]:
    for each in made.request.groupings:
        yield each.column, counted(each.n_groups, "group")
    if made.scores is not None:
        yield "scores", counted(made.scores.shape[1], "gene set")
    if made.groups or made.squidpy:
        yield from _rows_of_genes(made)
    yield "time", f"{format_seconds(made.seconds)} with {counted(made.workers, 'worker')}"
    allowed = f"projected {format_nbytes(made.projected_nbytes)}, allowed {format_nbytes(made.budget_nbytes)}"
    yield "memory", f"{format_nbytes(made.peak_nbytes)} at most ({allowed})"


def _rows_of_genes(made: GeneStatistics) -> Iterator[tuple[str, str]]:
    test = made.request.test
    against = reference_of(made.request)
    other = "all other cells" if against == "rest" else against
    ties = ", corrected for ties" if made.request.tie_correct else ""
    yield "markers", test if test == "none" else f"{test}, each group with {other}{ties}"
    yield "strategy", strategy_text(made.strategy, len(made.genes))
