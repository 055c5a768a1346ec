"""Plan statistics without an export: what takes the genes, and its memory."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cost import FormatCost, ValueCost
from karospace_stream.formats.facts import PlanFacts
from karospace_stream.formats.genes.pseudobulk.plan import plan_pseudobulk
from karospace_stream.formats.genes.size import ExportedValues
from karospace_stream.formats.genes.statistics.plan import plan_statistics
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.size import Size
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.tables.scores import check_scored
from karospace_stream.targets import BundleLayout
from karospace_stream.transpose.exact import is_wide

# Bytes of the data frames, measured: of a gene and a group, and of a gene.
ROW_NBYTES, _GENE_NBYTES = 130, 400
#: The same while they are written to a file, as one table.
WRITTEN_ROW_NBYTES = 320
#: Bytes of a score, and while it is written.
SCORE_NBYTES, WRITTEN_SCORE_NBYTES = 4, 12
_CELL_NBYTES = 200  # the name of a cell, and a column of scores while it is read
_PAIR_NBYTES = 2_500  # of two groups: their co-occurrence at 50 distances
_MEANS_NBYTES = 40  # of a gene and a group, until they are in a data frame


@dataclass(frozen=True, slots=True)
class TablesPlan:
    """The data frames of all groupings, which take the place of a format's files.

    Attributes
    ----------
    n_rows
        Of the table of every grouping together: genes times groups.
    row_nbytes
        Memory of each.
    pairs_nbytes
        Memory of the tables of neighbouring groups.
    scores_nbytes
        Memory of the table of scores.
    """

    source: Source
    options: ExportOptions
    selection: Selection
    n_rows: int
    row_nbytes: int
    pairs_nbytes: int = 0
    scores_nbytes: int = 0

    name = "tables"
    layout = BundleLayout((), ())
    points: tuple[EmbeddingChoice, ...] = ()
    findings: tuple[Finding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def demand(self) -> FormatCost:
        """The memory of the tables: there are no files."""
        n_genes = len(self.selection.genes)
        return FormatCost(
            costs=(StageCost("tables", 0, 1),),
            objects_per_gene=0,
            n_objects=0,
            part_nbytes=1,
            value_nbytes=0,
            n_categories=0,
            other_size=Size(),
            per_value=ValueCost(_nothing, seconds=0, objects=0),
            held_nbytes=self.n_rows * self.row_nbytes
            + n_genes * _GENE_NBYTES
            + self.pairs_nbytes
            + self.scores_nbytes,
            statistics_row_nbytes=_MEANS_NBYTES,
            edges=False,
            exact=is_wide(self.source.matrix(self.selection.matrix).info.dtype),
        )

    def facts(self) -> PlanFacts:
        """The grouping columns."""
        return PlanFacts(columns=self.options.pseudobulk or self.options.group_by or ())


def plan_tables(
    source: Source,
    options: ExportOptions,
    chosen: Selection,
    *,
    genes_known: bool,
    row_nbytes: int = ROW_NBYTES,
    score_nbytes: int = SCORE_NBYTES,
) -> tuple[TablesPlan]:
    """Plan the tables of the chosen cells and genes; ``genes_known`` does not matter here.

    Raises
    ------
    BadInputError, BadOptionError
        If a column cannot group cells, or no gene set can be scored.
    """
    check_scored(chosen)
    n_sets = len(chosen.gene_sets.scored)
    scores_nbytes = chosen.n_cells * (_CELL_NBYTES + n_sets * score_nbytes) if n_sets else 0
    plan = plan_pseudobulk if options.pseudobulk else plan_statistics
    statistics = plan(source, chosen, options)
    if statistics is None and n_sets:
        return (TablesPlan(source, options, chosen, 0, row_nbytes, scores_nbytes=scores_nbytes),)
    if statistics is None:
        raise BadOptionError(
            "--group-by must name a column of obs whose groups are compared, got 'none'; or name a graph "
            "with --neighbourhoods"
        )
    n_groups = sum(each.n_groups for each in statistics.request.groupings)
    pairs_nbytes = 0
    if statistics.neighbours is not None:
        pairs_nbytes = _PAIR_NBYTES * sum(each.n_groups**2 for each in statistics.request.groupings)
    n_rows = n_groups * len(chosen.genes)
    return (TablesPlan(source, options, chosen, n_rows, row_nbytes, pairs_nbytes, scores_nbytes),)


def _nothing(values: ExportedValues) -> Size:
    return Size()
