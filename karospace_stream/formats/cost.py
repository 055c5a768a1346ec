"""Cost of a format, besides transposing the matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from karospace_stream.formats.genes.size import ExportedValues
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.model.plan import StageCost
from karospace_stream.model.side_inputs import SideNeeds
from karospace_stream.model.size import Size


@dataclass(frozen=True, slots=True)
class ValueCost:
    """Cost of writing a stored value, if output grows with stored values and not with cells x genes.

    Attributes
    ----------
    size_of
        Estimates the bytes of all values as written.
    seconds, objects
        Estimated for one value: seconds of one worker, and the share of a file.
    """

    size_of: Callable[[ExportedValues], Size]
    seconds: float
    objects: float


@dataclass(frozen=True, slots=True)
class FormatCost:
    """Cost of a format, besides transposing the matrix.

    Attributes
    ----------
    costs
        Of its own stages.
    objects_per_gene, n_objects
        Files of each gene, and all others.
    part_nbytes
        Bytes of a gene that are compressed at once, at most.
    value_nbytes
        Of one value of a gene as written, before compression.
    n_categories
        Of all exported columns together.
    other_size
        Estimated size of the files that are not genes, without the edges of the graph.
    gene_size
        Estimated size of what these files say about one gene, besides that.
    text_values
        Number of values of all cells written as text.
    held_nbytes
        Memory held from its first task to its last.
    process_nbytes
        Memory that each process holds that writes.
    exact
        Whether gene values must stay unchanged, see `TransposePlan`.
    borders
        Bounds of the genes that lie in one object, see `TransposePlan`; empty if each has objects of its own.
    writing_nbytes
        Memory that a task writing genes holds besides them.
    per_value
        Cost per value of genes written without zeros; None if genes are written with all cells.
    side
        What its writer needs beside the genes.
    edges
        Whether it takes the neighbour graph as edges, instead of unchanged.
    statistics
        Number and size of its files of statistics by group; None if it takes none.
    compared
        Columns whose groups are compared for it if the user names none.
    statistics_row_nbytes
        Memory of a gene and a group while the groups of a column are compared, besides the sums.
    pseudobulk
        Whether it takes a file of sums over combinations of columns.
    tissue_scratch_nbytes
        Bytes that parts of a tissue pass on through scratch.
    tissue_seconds
        What they take one worker.
    """

    costs: tuple[StageCost, ...]
    objects_per_gene: int
    n_objects: int
    part_nbytes: int
    value_nbytes: int
    n_categories: int
    other_size: Size
    gene_size: Size = field(default_factory=Size)
    text_values: int = 0
    held_nbytes: int = 0
    process_nbytes: int = 0
    exact: bool = False
    borders: tuple[int, ...] = ()
    writing_nbytes: int = 0
    edges: bool = True
    statistics: Callable[[StatisticsPlan], tuple[int, Size]] | None = None
    compared: tuple[str, ...] = ()
    statistics_row_nbytes: int = 0
    pseudobulk: bool = False
    per_value: ValueCost | None = None
    tissue_scratch_nbytes: int = 0
    tissue_seconds: float = 0.0
    side: SideNeeds = field(default_factory=SideNeeds)
