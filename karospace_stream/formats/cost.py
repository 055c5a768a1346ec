"""Cost of a format, besides transposing the matrix."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.model.plan import StageCost


@dataclass(frozen=True, slots=True)
class ValueCost:
    """What writing a stored value takes, where what is written grows with them and not with cells x genes.

    Attributes
    ----------
    nbytes, seconds, objects
        Estimated: as written, of one worker, and the share of a file.
    """

    nbytes: float
    seconds: float
    objects: float


@dataclass(frozen=True, slots=True)
class FormatCost:
    """What a format asks for, besides turning the matrix.

    Attributes
    ----------
    costs
        Of its own stages.
    objects_per_gene, n_objects
        Files of each gene, and all others.
    part_nbytes
        Most of a gene that is compressed at once, bytes.
    value_nbytes
        Of one value of a gene as written, before compression.
    n_categories
        Of all exported columns together.
    other_nbytes
        Estimated size of the files that are not genes.
    text_values
        Of all cells, written as text.
    held_nbytes
        What is in memory from its first task to its last.
    exact
        Whether values of genes are wanted as they are, see `TransposePlan`.
    writing_nbytes
        What a task that writes genes holds besides them.
    per_value
        Of genes that are written without their zeros; None where all cells of a gene are.
    edges
        Whether it takes the neighbour graph as edges, and not as it is.
    """

    costs: tuple[StageCost, ...]
    objects_per_gene: int
    n_objects: int
    part_nbytes: int
    value_nbytes: int
    n_categories: int
    other_nbytes: int
    text_values: int = 0
    held_nbytes: int = 0
    exact: bool = False
    writing_nbytes: int = 0
    edges: bool = True
    per_value: ValueCost | None = None
