"""The format, its plan, its job and its writer."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.cost import FormatCost
from karospace_stream.formats.format import Format, Sealed
from karospace_stream.formats.layout.checksums import CHECKSUMS, checksums_blob
from karospace_stream.formats.layout.listed import Listed
from karospace_stream.formats.recorded import recorded_options
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.model.expected import Find, Read
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.matrix import GeneBand
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.targets import BundleLayout, Sink
from tests.formats.npy_genes.options import NpyOptions

MANIFEST = "npy.json"
BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class NpyJob:
    """Where to write, and how."""

    labels: tuple[str, ...]
    dtype: str
    recorded: Mapping[str, Any]
    target: Sink

    def write_band(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> list[Receipt]:
        """Write whole genes, each by its number in exported order."""
        bounds = zip(pairwise(band.indptr.tolist()), positions.tolist(), strict=True)
        return [self._write(band, begin, end, position) for (begin, end), position in bounds]

    def _write(self, band: GeneBand, begin: int, end: int, position: int) -> Receipt:
        values = np.zeros(band.n_cells, self.dtype)
        values[band.rows[begin:end]] = band.data[begin:end]
        file = io.BytesIO()
        np.save(file, values)
        return self.target.put(Blob(f"genes/{position:05d}.npy", file.getvalue(), BINARY))


@dataclass(frozen=True, slots=True)
class NpyPlan:
    """What is decided for this format."""

    source: Source
    options: ExportOptions
    selection: Selection

    name = "npy"
    layout = BundleLayout((CHECKSUMS, MANIFEST), ("genes/",))
    notes: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def demand(self) -> FormatCost:
        """What it asks for."""
        n_cells = self.selection.n_cells
        return FormatCost((StageCost("seal", 10_000, 1),), 1, 2, 4 * n_cells, 4, 0, 1_000)

    def facts(self) -> dict[str, Any]:
        """What it decided, as plain data."""
        return {"half": self.options.of(NpyOptions).half}

    def begin(self, target: Sink, began_at: datetime) -> NpyJob:
        """What its tasks are given."""
        dtype = "<f2" if self.options.of(NpyOptions).half else "<f4"
        recorded = recorded_options(self.source, self.options, self.selection)
        return NpyJob(self.selection.labels, dtype, recorded, target)

    def writer(self, job: NpyJob) -> NpyJob:
        """Writes its genes."""
        return job

    def stages(self, tasks: Tasks, job: NpyJob, shared: Any, graph: Any | None) -> Any:
        """There is nothing but genes."""
        return tasks.constant(None)

    def finish(self, job: NpyJob, rest: None, genes: Sequence[Receipt]) -> Sealed:
        """Write the list of genes."""
        manifest = json.dumps({"genes": job.labels}).encode()
        receipts = [*genes, job.target.put(Blob(MANIFEST, manifest, "application/json"))]
        receipts.append(job.target.put(checksums_blob("npy", "a test", job.recorded, receipts)))
        return Sealed(len(receipts), sum(each.size for each in receipts))


def plan_npy(source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool) -> NpyPlan:
    """Decide: all is decided already."""
    return NpyPlan(source, options, chosen)


def references(read: Read) -> dict[str, int | None]:
    """The manifest, and a file for each gene that it names."""
    genes = json.loads(read(MANIFEST))["genes"]
    return dict.fromkeys([MANIFEST, *(f"genes/{number:05d}.npy" for number in range(len(genes)))])


def summary(folder: str, find: Find) -> Listed | None:
    """For lists of exports."""
    data = find(MANIFEST)
    return None if data is None else Listed(folder, folder, folder, n_genes=len(json.loads(data)["genes"]))


FORMAT = Format(
    name="npy",
    heads=(MANIFEST,),
    sealed_by=(MANIFEST,),
    owned=("genes/",),
    plan=plan_npy,
    result_types=lambda: (),
    references=references,
    references_before_seals=references,
    summary=summary,
    hosted=(),
)
