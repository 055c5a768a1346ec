"""The nouns of a benchmark: a side, a requirement, a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from benchmarks.data import OUTPUT_VALUE_NBYTES, SCRATCH_VALUE_NBYTES, DataSet

Metric = Literal["wall", "peak", "output", "wall per value"]
GIGABYTE = 1_000_000_000
_EDGE_NBYTES, _EDGE_SCRATCH_NBYTES = 8, 24  # for each neighbour of a cell; to find a place


@dataclass(frozen=True, slots=True)
class Side:
    """One program on one data set.

    Attributes
    ----------
    label
        Unique within its case.
    program
        ``ours``, ``help`` (our ``--help``), ``floor``, ``baseline``, or a key of
        ``benchmarks.peers.environments.PEERS``.
    options
        Added to the command as they are.
    n_genes
        Genes that are exported; None for all. Taken evenly from the file, by name.
    timed_genes
        Of these, those that the gene-at-a-time baseline is timed for.
    formats
        What our export writes; several from one reading of the matrix.
    columns
        ``labels`` for those that an export takes unasked, or ``all``.
    """

    label: str
    program: str
    data: DataSet
    options: tuple[str, ...] = ()
    n_genes: int | None = None
    timed_genes: int = 20
    formats: tuple[str, ...] = ("karospace",)
    columns: Literal["labels", "all"] = "labels"


@dataclass(frozen=True, slots=True)
class Bound:
    """A requirement: the ``metric`` of ``top`` divided by that of ``bottom``.

    Attributes
    ----------
    bottom
        None for the metric itself, in bytes or seconds; of several sides the sum.
    limit, at_most
        The ratio must be at most, or at least, ``limit``; None if no limit is set.
    """

    text: str
    metric: Metric
    top: str
    bottom: str | tuple[str, ...] | None
    limit: float | None
    at_most: bool = True

    @property
    def bottoms(self) -> tuple[str, ...]:
        """Sides that ``top`` is divided by; empty for the metric itself."""
        if isinstance(self.bottom, tuple):
            return self.bottom
        return () if self.bottom is None else (self.bottom,)

    def holds(self, value: float) -> bool | None:
        """Whether the limit is kept; None where there is none."""
        if self.limit is None:
            return None
        return value <= self.limit if self.at_most else value >= self.limit


@dataclass(frozen=True, slots=True)
class Case:
    """Sides that take turns, and what must hold between them.

    Attributes
    ----------
    agree
        Pairs of sides whose outputs are compared.
    warm_up
        Whether the first side runs once untimed: a floor takes its genes from that.
    process_nbytes
        Memory that the most demanding side takes, to find out whether the files fit in RAM too.
    disk_only
        Never on a RAM file system: the sizes that are compared would not both fit there.
    """

    name: str
    title: str
    sides: tuple[Side, ...]
    bounds: tuple[Bound, ...] = ()
    agree: tuple[tuple[str, str], ...] = ()
    rounds: int = 3
    warm_up: bool = True
    process_nbytes: int = 2 * GIGABYTE
    disk_only: bool = False

    def side(self, label: str) -> Side:
        """The side of that name."""
        return next(side for side in self.sides if side.label == label)

    def file_nbytes(self) -> int:
        """Most that lies on the file system at one time, estimated, bytes."""
        kept = {label for pair in self.agree for label in pair}
        inputs = sum(data.input_nbytes() for data in {side.data for side in self.sides})
        outputs = {side.label: _output_nbytes(side) for side in self.sides}
        lying = sum(nbytes for label, nbytes in outputs.items() if label in kept)
        return inputs + lying + max(map(_working_nbytes, self.sides))


def _output_nbytes(side: Side) -> int:
    share = 1.0 if side.n_genes is None else side.n_genes / side.data.n_genes
    cell_nbytes = 200 + _EDGE_NBYTES * side.data.n_neighbors
    one = share * side.data.n_values * OUTPUT_VALUE_NBYTES + side.data.n_cells * cell_nbytes
    return int(one * len(side.formats))


def _working_nbytes(side: Side) -> int:
    scratch = side.data.n_values * SCRATCH_VALUE_NBYTES if side.n_genes is None else 0
    graph = side.data.n_cells * side.data.n_neighbors * _EDGE_SCRATCH_NBYTES
    return int(scratch) + graph + _output_nbytes(side)
