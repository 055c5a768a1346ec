"""What to compute of every gene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Test = Literal["wilcoxon", "t-test", "t-test_overestim_var", "none"]
#: Size of the sums of a gene and a group: count, sum, squares, U.
SUMS_NBYTES = 28
_TOTALS_NBYTES = 88  # of a gene over all cells
TESTS: tuple[Test, ...] = get_args(Test)


@dataclass(frozen=True, slots=True)
class Grouping:
    """An obs column whose categories group the cells, or several whose combinations do.

    Attributes
    ----------
    column
        Its name.
    categories
        In category order.
    reference
        Position of the category that all others are compared with; None for all other cells.
    n_ranked
        Genes that the ranking of a group keeps; None for all.
    parts, names, combinations
        Of several columns: their names, the categories of each, and the combinations that cells have, as
        `measures.combined` numbers them.
    """

    column: str
    categories: tuple[str, ...]
    reference: int | None = None
    n_ranked: int | None = None
    parts: tuple[str, ...] = ()
    names: tuple[tuple[str, ...], ...] = ()
    combinations: tuple[int, ...] = ()

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of categories of several columns."""
        return tuple(map(len, self.names))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read."""
        return self.parts or (self.column,)

    @property
    def n_groups(self) -> int:
        """Number of categories."""
        return len(self.categories)


@dataclass(frozen=True, slots=True)
class StatisticsRequest:
    """Groupings, and the test that compares their groups.

    Attributes
    ----------
    tie_correct
        Whether the variance of rank sums is corrected for ties (Wilcoxon only).
    log_base
        Base of the logarithm of the values, for fold changes; None for the natural one.
    graph
        Key in obsp of the graph on which Moran's I and Geary's C are computed; None for neither.
    """

    groupings: tuple[Grouping, ...]
    test: Test = "none"
    tie_correct: bool = False
    log_base: float | None = None
    graph: str | None = None

    @property
    def gene_nbytes(self) -> int:
        """Size of the sums of a gene."""
        n_columns = sum(1 + each.n_groups for each in self.groupings)
        return n_columns * (SUMS_NBYTES + 8 * self.tie_correct) + _TOTALS_NBYTES

    @property
    def ranks(self) -> bool:
        """Whether values are ranked."""
        return self.test == "wilcoxon"
