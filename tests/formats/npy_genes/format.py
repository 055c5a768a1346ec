"""The format, its plan, its job, its writer and its run."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.cost import FormatCost
from karospace_stream.formats.facts import PlanFacts
from karospace_stream.formats.format import Format, Sealed
from karospace_stream.formats.genes.shared_tasks import SharedTasks
from karospace_stream.formats.genes.writers import BandWriter
from karospace_stream.formats.job import FormatJob
from karospace_stream.formats.layout.checksums import CHECKSUMS, checksums_blob
from karospace_stream.formats.layout.listed import Listed
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.model.expected import Find, Read
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.matrix import GeneBand
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.side_inputs import SideInputs, SideNeeds
from karospace_stream.model.size import Size
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.targets import BundleLayout, Sink
from tests.formats.npy_genes.beside import beside, needs_of
from tests.formats.npy_genes.options import NpyOptions

MANIFEST = "npy.json"
BINARY = "application/octet-stream"
_COPIES = 8  # of a gene in float64, while more is found out about it


@dataclass(frozen=True, slots=True)
class NpyPlan:
    """What is decided for this format."""

    source: Source
    options: ExportOptions
    selection: Selection

    name = "npy"
    layout = BundleLayout((CHECKSUMS, MANIFEST), ("genes/",))
    findings: tuple[Finding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def demand(self) -> FormatCost:
        """What it asks for."""
        n_cells = self.selection.n_cells
        return FormatCost(
            costs=(StageCost("seal", 10_000, 1),),
            objects_per_gene=1 + self.beside,
            n_objects=2,
            part_nbytes=4 * n_cells,
            value_nbytes=4,
            n_categories=0,
            other_size=Size.exactly(1_000),
            writing_nbytes=_COPIES * 8 * n_cells if self.beside else 0,
            edges=False,
            side=needs_of(self.source.catalog) if self.beside else SideNeeds(),
        )

    @property
    def points(self) -> tuple[EmbeddingChoice, ...]:
        """It has no coordinates."""
        return ()

    @property
    def beside(self) -> bool:
        """Whether more is written of each gene."""
        return self.options.of(NpyOptions).beside

    def facts(self) -> PlanFacts:
        """What it decided."""
        return PlanFacts(more={"half": self.options.of(NpyOptions).half, "beside": self.beside})


@dataclass(frozen=True, slots=True)
class NpyJob(FormatJob[NpyPlan]):
    """What its tasks are given."""


@dataclass(frozen=True, slots=True)
class NpyGenes(BandWriter[Receipt]):
    """Writes genes, each into a file of its own."""

    job: NpyJob

    def write_band(self, band: GeneBand, positions: npt.NDArray[np.int64], side: SideInputs) -> list[Receipt]:
        """Write whole genes, each by its number in exported order."""
        plan, receipts = self.job.plan, []
        for (begin, end), position in zip(pairwise(band.indptr.tolist()), positions.tolist(), strict=True):
            values = np.zeros(band.n_cells)
            values[band.rows[begin:end]] = band.data[begin:end]
            dtype = "<f2" if plan.options.of(NpyOptions).half else "<f4"
            receipts.append(self._put(f"genes/{position:05d}.npy", values.astype(dtype)))
            if plan.beside:
                receipts.append(self._put(f"genes/{position:05d}.beside.npy", beside(values, side)))
        return receipts

    def _put(self, key: str, values: npt.NDArray[np.floating]) -> Receipt:
        file = io.BytesIO()
        np.save(file, values)
        return self.job.target.put(Blob(key, file.getvalue(), BINARY))


@dataclass(frozen=True, slots=True)
class NpyRun:
    """Its run time."""

    def begin(self, plan: NpyPlan, target: Sink, began_at: datetime) -> NpyJob:
        """What its tasks are given."""
        return NpyJob.of(plan, target, began_at)

    def writer(self, job: NpyJob) -> NpyGenes:
        """Writes its genes."""
        return NpyGenes(job)

    def stages(self, tasks: Tasks, job: NpyJob, shared: Task[NpyJob], common: SharedTasks) -> Task[None]:
        """There is nothing but genes."""
        return tasks.constant(None)

    def finish(self, job: NpyJob, rest: None, genes: Sequence[Receipt]) -> Sealed:
        """Write the list of genes."""
        facts = {"n_cells": job.selection.n_cells, "genes": job.selection.labels, "beside": job.plan.beside}
        manifest = json.dumps(facts).encode()
        receipts = [*genes, job.target.put(Blob(MANIFEST, manifest, "application/json"))]
        receipts.append(job.target.put(checksums_blob("npy", job.generator, job.recorded, receipts)))
        return Sealed(len(receipts), sum(each.size for each in receipts))


def plan_npy(source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool) -> NpyPlan:
    """Decide: all is decided already."""
    return NpyPlan(source, options, chosen)


def references(read: Read) -> dict[str, int | None]:
    """The manifest, and a file for each gene that it names."""
    manifest = json.loads(read(MANIFEST))
    endings = [".npy", ".beside.npy"] if manifest["beside"] else [".npy"]
    numbers = range(len(manifest["genes"]))
    return dict.fromkeys([MANIFEST, *(f"genes/{each:05d}{ending}" for each in numbers for ending in endings)])


def summary(folder: str, find: Find) -> Listed | None:
    """For lists of exports."""
    data = find(MANIFEST)
    if data is None:
        return None
    facts = json.loads(data)
    return Listed(folder, folder, folder, n_cells=facts["n_cells"], n_genes=len(facts["genes"]))


FORMAT: Format[NpyPlan, NpyJob, None, Receipt] = Format(
    name="npy",
    heads=(MANIFEST,),
    sealed_by=(MANIFEST,),
    owned=("genes/",),
    plan=plan_npy,
    run=NpyRun,
    result_types=lambda: (),
    references=references,
    references_before_seals=references,
    summary=summary,
    hosted=(),
)
