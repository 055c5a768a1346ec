"""Plan the statistics of genes: their groups, and their memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.cells.tiles import read_column
from karospace_stream.formats.columns.codes import codes_of, distinct
from karospace_stream.formats.columns.number_labels import distinct_numbers
from karospace_stream.formats.genes.side_plan import BOOLS
from karospace_stream.formats.genes.statistics.neighbourhoods import NeighbourhoodsPlan
from karospace_stream.formats.genes.statistics.references import find_references, without_reference
from karospace_stream.formats.genes.statistics.stored_sums import HELD_NBYTES
from karospace_stream.measures.looks import CELL_NBYTES
from karospace_stream.measures.pieces import PIECE
from karospace_stream.measures.request import SUMS_NBYTES, Grouping, StatisticsRequest
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import Selection
from karospace_stream.model.side_inputs import SideNeeds
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.option import names_or_none
from karospace_stream.select.relations import choose_neighbourhoods, choose_tissue
from karospace_stream.select.suggest import not_there

#: The most groups of one column. All sums of a column are held at once when its groups are compared.
MOST_GROUPS = 1_000
_FEWEST_GROUPS = 2
# Measured: bytes of temporaries for each value of a piece, and for each value of one long gene, which is
# sorted as a whole; with a reference, runs are counted for all of it, and with ties once more by group.
_PIECE_NBYTES = 90
_SORTED_NBYTES, _REFERENCE_NBYTES, _TIES_NBYTES = 24, 100, 70
_LOOK_NBYTES = 24  # of a number of the widest table of a piece: count, sum, squares
_COMPARED_NBYTES = 160  # of a gene, while one group is compared
# Of an entry of a graph: its normalised weight, and once more turned around while they are summed; of a cell.
_ENTRY_NBYTES, _CROSSED_NBYTES = 52, 40
_CODE_NBYTES = 4  # of a cell: its combination of several columns
#: Arrays of one grouping in a file of sums, or of all cells, at most; and bytes of the head of each, at most.
ARRAYS, ARRAY_HEAD_NBYTES = 8, 400
_SLACK = 8 << 20
_CROSSED_SECONDS = 1e-9  # of a gene and an entry of a graph, where few cells have a value
# Of the memory, for the sums of columns that nobody named; and how many times the sums a comparison holds.
_SUMS_SHARE, _COMPARED_WIDTHS = 8, 3


@dataclass(frozen=True, slots=True)
class StatisticsPlan:
    """What to compute of every exported gene.

    Attributes
    ----------
    n_cells, n_genes
        Of the export.
    neighbours
        Which neighbours are counted; None for none.
    labels
        Columns of whole numbers among the groupings, and their values.
    """

    request: StatisticsRequest
    n_cells: int
    n_genes: int
    neighbours: NeighbourhoodsPlan | None = None
    labels: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def side(self) -> SideNeeds:
        """The columns that a task needs beside its genes."""
        columns = tuple(name for each in self.request.groupings for name in each.columns)
        near = self.neighbours
        if near is None:
            return SideNeeds(columns)
        coords = () if near.coords is None or not near.paired else (near.coords,)
        return SideNeeds(columns, embeddings=coords, graphs=(near.key,))

    @property
    def widths(self) -> list[int]:
        """Columns of the sums of each grouping."""
        return [1 + each.n_groups for each in self.request.groupings]

    def fits(self, budget_nbytes: int) -> bool:
        """Whether the sums are a small part of the memory, and those of each column besides."""
        widest = max(self.widths, default=0) * _COMPARED_WIDTHS
        return self.n_genes * SUMS_NBYTES * max(sum(self.widths), widest) <= budget_nbytes // _SUMS_SHARE

    @property
    def scratch_nbytes(self) -> int:
        """Size of the sums of all genes."""
        return self.n_genes * self.request.gene_nbytes

    @property
    def head_nbytes(self) -> int:
        """What a file of sums has besides them, at most: the heads of its arrays."""
        return (ARRAYS + ARRAYS * len(self.request.groupings)) * ARRAY_HEAD_NBYTES

    @property
    def writing_nbytes(self) -> int:
        """Memory of a task that sums genes, besides the genes."""
        longest = max(0, self.n_cells - PIECE)
        one_gene = 0
        if self.request.ranks:
            referred = any(each.reference is not None for each in self.request.groupings)
            value_nbytes = _REFERENCE_NBYTES if referred else _SORTED_NBYTES
            value_nbytes += _TIES_NBYTES if referred and self.request.tie_correct else 0
            one_gene = longest * value_nbytes
        # A piece of short genes has a table for each look, and the sums of each grouping.
        groupings = self.request.groupings
        looked = (PIECE * _LOOK_NBYTES + self.n_cells * CELL_NBYTES) * len(groupings)
        rows = min(self.n_genes, PIECE // max(self.widths, default=1)) * self.request.gene_nbytes
        # Sums of several pieces are joined, and then encoded.
        summed = min(HELD_NBYTES + rows, self.scratch_nbytes) * 2
        crossing = 0
        if self.neighbours is not None:
            crossing = self.neighbours.n_entries * _ENTRY_NBYTES + self.n_cells * _CROSSED_NBYTES
        combined = _CODE_NBYTES * self.n_cells if self._is_combined else 0
        held = combined + one_gene + crossing + looked + rows + summed
        return _SLACK + PIECE * _PIECE_NBYTES + held

    @property
    def neighbours_seconds(self) -> float:
        """Time of one worker for what is computed on the graph."""
        near = self.neighbours
        return 0.0 if near is None else near.seconds + _CROSSED_SECONDS * self.n_genes * near.n_entries

    @property
    def _is_combined(self) -> bool:
        return any(each.parts for each in self.request.groupings)

    def cost(self, row_nbytes: int) -> StageCost:
        """Cost of the tasks that compare the groups of one column each.

        Parameters
        ----------
        row_nbytes
            Memory of a gene and a group, besides the sums.
        """
        widest = max(self.widths, default=1)
        held = (SUMS_NBYTES + max(SUMS_NBYTES, row_nbytes)) * widest + _COMPARED_NBYTES + 64
        return StageCost("statistics", _SLACK + self.n_genes * held, len(self.request.groupings))


def plan_statistics(
    source: Source, selection: Selection, options: ExportOptions, columns: Sequence[str] = ()
) -> StatisticsPlan | None:
    """Resolve groupings, and what they are compared with; None if none is wanted. Reads columns of text.

    Parameters
    ----------
    columns
        Those that are compared although the user names none.

    Raises
    ------
    BadInputError, BadOptionError
        If a column does not exist or cannot group cells, or the reference is none of its groups.
    """
    wanted = () if options.group_by in (None, ("none",)) else options.group_by or ()
    graph = choose_neighbourhoods(source.catalog, options.neighbourhoods)
    named, wanted = bool(wanted), wanted or tuple(columns)
    if not (wanted or graph) or not selection.matrix or not len(selection.genes):
        return None
    infos = {info.name: info for info in source.catalog.obs}
    missing = [name for name in wanted if name not in infos]
    if missing:
        raise BadOptionError(not_there("obs column", missing, list(infos), option="--group-by"))
    wanted = tuple(dict.fromkeys(wanted))
    integers = [name for name in wanted if infos[name].kind == "integer"]
    numbers = labels_of(source, selection, integers, "--group-by")
    source = source.with_labels(numbers) if numbers else source
    infos = {info.name: info for info in source.catalog.obs}
    groups = {name: _groups(source, selection, infos[name]) for name in wanted}
    if named and selection.n_cells:
        _check_values(source, selection, groups)
    given = () if options.markers == "none" else names_or_none(options.reference)
    references = find_references(groups, given)
    n_ranked = None if options.marker_genes == "all" else options.marker_genes
    groupings = tuple(
        Grouping(name, categories, references[name], n_ranked=n_ranked) for name, categories in groups.items()
    )
    request = StatisticsRequest(
        groupings,
        test=options.markers,
        tie_correct=options.tie_correct,
        log_base=source.catalog.log_base,
        graph=graph,
    )
    neighbours = None if graph is None else _neighbours(source, selection, options, graph, groupings)
    return StatisticsPlan(
        request,
        selection.n_cells,
        len(selection.genes),
        neighbours=neighbours,
        labels=numbers,
        findings=(
            *_findings(request),
            *without_reference(groups, given),
            *(neighbours.findings() if neighbours is not None else ()),
        ),
    )


def _neighbours(
    source: Source, selection: Selection, options: ExportOptions, key: str, groupings: tuple[Grouping, ...]
) -> NeighbourhoodsPlan:
    reader = source.matrix(f"obsp/{key}")
    n_lines = reader.info.shape[1] if reader.info.layout == "csc" else reader.info.shape[0]
    n_entries = int(reader.count_before(np.array([0, n_lines]))[-1])
    if not n_entries:
        raise BadInputError(
            f"--neighbourhoods: obsp[{key!r}] must have entries, got none, so no cell has a neighbour; name "
            "another graph, or leave it out"
        )
    coords = choose_tissue(source.catalog) if groupings else None
    laid, overlap = selection.arrangement, selection.overlap
    laid_out = coords is not None and laid is not None and laid.source == coords.source
    sections = overlap.overlapping if overlap is not None else ""
    if laid is not None and laid_out:
        sections = laid.column
    return NeighbourhoodsPlan(
        key=key,
        coords=coords,
        groupings=groupings,
        n_cells=selection.n_cells,
        n_entries=n_entries,
        permutations=options.permutations,
        seed=options.seed,
        sections=sections,
        laid_out=laid_out,
    )


def labels_of(
    source: Source, selection: Selection, names: Sequence[str], flag: str
) -> dict[str, tuple[int, ...]]:
    """The values of columns of whole numbers, which are their groups. Reads them.

    Raises
    ------
    BadOptionError
        If one of them has more than `MOST_GROUPS`.
    """
    found = {}
    for name in names:
        labels = distinct_numbers(source, selection, name, MOST_GROUPS)
        if labels is None:
            raise BadOptionError(
                f"{flag}: {name!r} must have at most {MOST_GROUPS:,} different values, got more; name "
                "another column"
            )
        found[name] = labels
    return found


def _groups(source: Source, selection: Selection, info: ColumnInfo) -> tuple[str, ...]:
    categories = categories_of(source, selection, info, "--group-by")
    if len(categories) > MOST_GROUPS:
        raise BadOptionError(
            f"--group-by: {info.name!r} must have at most {MOST_GROUPS:,} groups, got {len(categories):,}; "
            "name another column"
        )
    return categories


def _check_values(source: Source, selection: Selection, groups: Mapping[str, tuple[str, ...]]) -> None:
    """Check that some exported cell has a group. Reads each column up to the first cell that has one."""
    for name, categories in groups.items():
        columns = read_column(source, selection, name, 0, selection.n_cells)
        if not categories or not any((codes_of(each, categories) >= 0).any() for each in columns):
            raise BadOptionError(f"--group-by: no cell has a value in {name!r}; name another column")


def categories_of(source: Source, selection: Selection, info: ColumnInfo, flag: str) -> tuple[str, ...]:
    """The groups of a column. Reads a column of text.

    Raises
    ------
    BadInputError, BadOptionError
        If it cannot group cells, or has too many groups.
    """
    if info.kind == "category":
        return tuple(map(str, source.obs_categories(info.name).values.tolist()))
    if info.kind == "bool":
        return BOOLS
    if info.kind != "string":
        raise BadInputError(
            f"{flag}: {info.name!r} must hold categories, text, whole numbers or true/false, got "
            f"{info.dtype}; name another column"
        )
    texts = distinct(source, selection, info.name, MOST_GROUPS)
    if texts is None:
        raise BadOptionError(
            f"{flag}: {info.name!r} must have at most {MOST_GROUPS:,} groups, got more; name another column"
        )
    return texts


def _findings(request: StatisticsRequest) -> Iterator[Finding]:
    for each in request.groupings:
        if each.n_groups < _FEWEST_GROUPS and request.test != "none":
            text = f"{each.column!r} has one group, so there is nothing to compare it with"
            yield Finding("one-group", text, "group_by")
