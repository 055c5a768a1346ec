"""The interface of a format: what code that loops over formats needs, and how to build its tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from karospace_stream.formats.layout.checksums import CHECKSUMS
from karospace_stream.formats.layout.listed import Listed
from karospace_stream.model.blob import Blob
from karospace_stream.model.expected import Find, Hosted, Read
from karospace_stream.model.finding import Finding

if TYPE_CHECKING:  # the preview server imports this module, and needs nothing of the exporter
    import numpy as np
    import numpy.typing as npt

    from karospace_stream.formats.cost import FormatCost
    from karospace_stream.formats.facts import PlanFacts
    from karospace_stream.formats.genes.shared_tasks import SharedTasks
    from karospace_stream.formats.genes.statistics.summed import SummedGenes
    from karospace_stream.formats.genes.writers import GeneWriter
    from karospace_stream.model.left_out import LeftOut
    from karospace_stream.model.selection import EmbeddingChoice, Selection
    from karospace_stream.model.source import Source
    from karospace_stream.options.export_options import ExportOptions
    from karospace_stream.runtime.events import Listener
    from karospace_stream.runtime.task import Task
    from karospace_stream.runtime.tasks import Tasks
    from karospace_stream.targets import BundleLayout, Packing, Sink

PlanT = TypeVar("PlanT", bound="FormatPlan")
PlanIn = TypeVar("PlanIn", bound="FormatPlan", contravariant=True)
Planned = TypeVar("Planned", bound="FormatPlan", covariant=True)
Job = TypeVar("Job")
Rest = TypeVar("Rest")
Gene = TypeVar("Gene")

#: Files that an export names, and their sizes in bytes; None if not given.
References = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Sealed:
    """Facts about one finished export. A few bytes, whatever its size.

    Attributes
    ----------
    n_objects, nbytes
        Files, and their bytes as stored.
    findings
        What the user should know about the values.
    """

    n_objects: int
    nbytes: int
    findings: tuple[Finding, ...] = ()


class FormatPlan(Protocol):
    """Everything decided for one format. Picklable; no data."""

    @property
    def name(self) -> str:
        """Name of the format, as in ``--format``."""
        ...

    @property
    def source(self) -> Source:
        """The source of the export."""
        ...

    @property
    def options(self) -> ExportOptions:
        """The options of the user."""
        ...

    @property
    def layout(self) -> BundleLayout:
        """The names that a target needs: fixed names, and the format's own prefixes."""
        ...

    @property
    def selection(self) -> Selection:
        """Cells and genes of all formats, columns and embeddings of this one."""
        ...

    @property
    def points(self) -> tuple[EmbeddingChoice, ...]:
        """The coordinates that it shows first: of several dimensions, one each."""
        ...

    @property
    def demand(self) -> FormatCost:
        """The cost of the export."""
        ...

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings for the user."""
        ...

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Everything of the source that it leaves out."""
        ...

    def facts(self) -> PlanFacts:
        """The decisions of the plan, as plain data."""
        ...


class FirstFiles(Protocol[PlanIn]):
    """Writes the files that a page needs first, before the stages of the export run."""

    def __call__(self, plan: PlanIn, target: Sink, *, workers: int, listener: Listener) -> None:
        """Write them. The stages write all of them again."""
        ...


class CompareSome(Protocol):
    """Compares the statistics in an export with sums of some of its genes."""

    def __call__(
        self, read: Read, summed: SummedGenes, positions: npt.NDArray[np.int64], labels: Sequence[str]
    ) -> Iterator[tuple[str, str]]:
        """Files that differ, and how; ``labels`` are those of all genes."""
        ...


class FormatRun(Protocol[PlanIn, Job, Rest, Gene]):
    """How a format carries out its plan. Decides nothing; picklable.

    A format is free in the types of its job, of the result of its stages and of its result for each gene.
    That it fits together, such as that the manifests are made from the results that the stages give, is
    checked by mypy alone.
    """

    def begin(self, plan: PlanIn, target: Sink, began_at: datetime) -> Job:
        """Make the input of its tasks. Called in the process that exports."""
        ...

    def writer(self, job: Job) -> GeneWriter[Gene]:
        """The writer of its genes."""
        ...

    def stages(self, tasks: Tasks, job: Job, shared: Task[Job], common: SharedTasks) -> Task[Rest]:
        """A lazy task that writes everything except genes; ``shared`` is ``job`` as a task."""
        ...

    def finish(self, job: Job, rest: Rest, genes: Sequence[Gene]) -> Sealed:
        """Write the manifests; the export is then complete, and waits to be published."""
        ...


class Planner(Protocol[Planned]):
    """Decides what a format exports for the chosen cells and genes."""

    def __call__(
        self, source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool
    ) -> Planned:
        """``genes_known`` tells whether the genes are final, or stand in for those the means will choose."""
        ...


@dataclass(frozen=True, slots=True)
class Format(Generic[PlanT, Job, Rest, Gene]):
    """One format. Slow modules, such as zarr, are imported only when needed.

    Attributes
    ----------
    name
        As in ``--format``.
    heads
        Documents at the root by which readers recognise an export: each export has one of them.
    head_suffices
        Whether such a document alone shows that a folder is an export of this format. Otherwise
        ``summary`` decides.
    all_columns
        Whether it takes every obs column where none is named.
    keeps_var
        Whether it keeps the columns of var, and the data frames of obsm.
    relabels_genes
        Whether genes with an empty or repeated name get one of their own, which the user should know.
    sealed_by
        The documents that are written last; each export has one of them.
    owned
        Key prefixes of all other objects.
    dated
        Documents with a time stamp, or that name one with it.
    unlisted
        Objects that ``checksums.json`` does not list.
    plan
        Makes the `FormatPlan`.
    run
        Loads what carries it out.
    result_types
        Dataclasses that its tasks return, which a ledger may hold.
    references
        Files that the manifests of an export name. Raises ValueError, KeyError, TypeError, AttributeError or
        IndexError if a manifest is damaged.
    references_before_seals
        The same for an export without ``checksums.json``; None if such a folder is never ours.
    summary
        Name and size of the export in a folder, for lists of exports; None if there is none that the page
        opens. Raises BadInputError if its head is damaged.
    hosted
        What a host must serve, for each kind of export.
    draws_images
        Whether tissue images are part of it.
    needs_coordinates
        Whether an export in which no cell has coordinates is refused.
    without_coordinates
        What becomes of cells without finite coordinates, as the end of a sentence about them.
    packing
        How an export becomes one zip; None if it cannot.
    report
        Encodes how an export was made; None if the format does not store that.
    first_files
        Writes what a page needs to open an export while it runs; None if pages open only complete ones.
    statistics_of_some
        Loads what compares statistics in an export with sums of some genes; None if they are one array,
        or none.
    """

    name: str
    heads: tuple[str, ...]
    sealed_by: tuple[str, ...]
    owned: tuple[str, ...]
    plan: Planner[PlanT]
    run: Callable[[], FormatRun[PlanT, Job, Rest, Gene]]
    result_types: Callable[[], tuple[type, ...]]
    references: Callable[[Read], References]
    summary: Callable[[str, Find], Listed | None]
    hosted: tuple[Hosted, ...]
    head_suffices: bool = True
    all_columns: bool = True
    keeps_var: bool = False
    relabels_genes: bool = False
    draws_images: bool = False
    needs_coordinates: bool = True
    without_coordinates: str = "are not drawn"
    dated: tuple[str, ...] = (CHECKSUMS,)
    unlisted: tuple[str, ...] = (CHECKSUMS,)
    references_before_seals: Callable[[Read], References] | None = None
    packing: Callable[[], Packing] | None = None
    report: Callable[[Mapping[str, Any]], Blob] | None = None
    first_files: FirstFiles[PlanT] | None = None
    statistics_of_some: Callable[[], CompareSome] | None = None
