"""What every format of an export decides, and how its tasks come about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from karospace_stream.formats.gene_writers import BandWriter, MatrixWriter
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import Selection
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.targets import BundleLayout, Sink


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
    held_nbytes: int = 0
    exact: bool = False
    writing_nbytes: int = 0
    edges: bool = True
    per_value: ValueCost | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is known of one finished export. Few bytes, whatever its size.

    Attributes
    ----------
    n_objects, nbytes
        Files, and their bytes as stored.
    notes
        What the user should know of the values.
    """

    n_objects: int
    nbytes: int
    notes: tuple[str, ...] = ()


class FormatPlan(Protocol):
    """Everything decided for one format. Picklable; no data."""

    @property
    def name(self) -> str:
        """As in ``--format``."""
        ...

    @property
    def layout(self) -> BundleLayout:
        """What a target knows of it: names that are fixed, names that are its own."""
        ...

    @property
    def selection(self) -> Selection:
        """Cells and genes as for all formats, columns and embeddings of this one."""
        ...

    @property
    def demand(self) -> FormatCost:
        """What it asks for."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know."""
        ...

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Everything of the source that it leaves out."""
        ...

    def facts(self) -> dict[str, Any]:
        """What it decided, as plain data."""
        ...

    def begin(self, target: Sink, began_at: datetime) -> Any:
        """What its tasks are given."""
        ...

    def writer(self, job: Any) -> BandWriter | MatrixWriter:
        """Writes its genes."""
        ...

    def stages(self, tasks: Tasks, job: Any, shared: Any, graph: Any | None) -> Any:
        """A lazy task of all that is not genes.

        ``shared`` is ``job`` as a task, ``graph`` a task that gives the `TurnedGraph`.
        """
        ...

    def finish(self, job: Any, rest: Any, genes: Sequence[Any]) -> Sealed:
        """Write the manifests; the export is whole, and waits to be shown."""
        ...
