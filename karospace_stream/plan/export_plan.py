"""The plan of an export: every decision, and its cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from karospace_stream.formats.cells.edges import GraphPlan
from karospace_stream.formats.format import FormatPlan
from karospace_stream.formats.genes.sample import GeneSample
from karospace_stream.formats.genes.side_plan import SidePlan
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.finding import Finding, texts
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.plan import StageCost, TransposePlan
from karospace_stream.model.selection import Selection
from karospace_stream.model.size import Size
from karospace_stream.model.source import MatrixReader, Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.genes.layer_pass import LayerPass
from karospace_stream.plan.genes.score_memory import scored_nbytes
from karospace_stream.plan.genes.variable import VariablePlan
from karospace_stream.plan.resources.disk import DiskUse
from karospace_stream.units import format_shape


@dataclass(frozen=True, slots=True, repr=False)
class ExportPlan:
    """Everything that an export will do, and its cost. Made by `plan_export`.

    Attributes
    ----------
    source
        The input.
    options
        The options of the export.
    formats
        The plan of each format; all export the same cells and genes.
    transpose
        How the matrix is cut and transposed; its ``strategy`` is ``pass``, ``memory`` or ``spill``.
    graph
        The neighbour graph whose edges are exported, or None.
    side
        Columns, coordinates and graphs that are held in memory beside the genes, or None.
    statistics
        Groups of cells by which genes are summed and compared, or None.
    pseudobulk
        Combinations of columns over which genes are summed, or None.
    layer_pass
        How the layer is read that is summed besides the exported matrix, or None.
    counting
        Whether the genes are chosen by their means or variances. The export then first reads the matrix to
        compute them; until then, ``selection.genes`` holds as many other genes.
    variable
        How the most variable genes are found, or None if they are not computed.
    workers
        Number of tasks that run at once: as requested, or fewer if the budget does not allow more. On a
        cluster, in each worker process.
    n_processes
        Number of worker processes that the cluster has now; 1 without a cluster.
    budget_nbytes, peak_nbytes
        Memory of the whole process tree in bytes: the limit, and the upper bound of the plan. On a cluster,
        of each worker process.
    costs
        Cost of each stage.
    n_objects
        Number of files or objects of the export.
    output
        Estimated size of the export, in bytes: from ``output.low`` to ``output.high``.
    staging_nbytes
        Size in bytes of the files that wait beside a ``.zarr.zip`` to be packed, without the zip; 0 without
        a zip.
    disks
        What the export writes to each local disk, and what is free there; without a target, scratch alone.
    seconds
        Estimated time, in seconds.
    findings
        What the program noticed, each with the option that changes it.
    sample
        A few values of the exported genes, or None.
    """

    source: Source
    options: ExportOptions
    formats: tuple[FormatPlan, ...]
    transpose: TransposePlan
    graph: GraphPlan | None
    side: SidePlan | None
    statistics: StatisticsPlan | None
    pseudobulk: StatisticsPlan | None
    layer_pass: LayerPass | None
    counting: bool
    variable: VariablePlan | None
    workers: int
    n_processes: int
    budget_nbytes: int
    peak_nbytes: int
    costs: tuple[StageCost, ...]
    n_objects: int
    output: Size
    staging_nbytes: int
    disks: tuple[DiskUse, ...]
    seconds: float
    findings: tuple[Finding, ...]
    sample: GeneSample | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        chosen = self.selection
        return f"<ExportPlan of {self.catalog.location}: {format_shape(chosen.n_cells, len(chosen.genes))}>"

    @property
    def catalog(self) -> Catalog:
        """Contents of the source."""
        return self.source.catalog

    @property
    def selection(self) -> Selection:
        """Cells and genes of all formats, columns and embeddings of the first."""
        return self.formats[0].selection

    @property
    def output_nbytes(self) -> int:
        """Estimated size of the export in one number, between the ends of the range."""
        return self.output.middle

    @property
    def output_range_nbytes(self) -> tuple[int, int]:
        """Lowest and highest estimate of the size of the export, in bytes."""
        return self.output.bounds

    @property
    def scratch_nbytes(self) -> int:
        """Largest size of scratch files, in bytes."""
        kept = 0 if self.graph is None else self.graph.edges.scratch_nbytes
        kept += sum(each.scratch_nbytes for each in (self.statistics, self.pseudobulk) if each is not None)
        kept += 0 if self.layer_pass is None else self.layer_pass.transpose.scratch_nbytes
        kept += scored_nbytes(self.selection)
        return self.transpose.scratch_nbytes + kept + self.tissue_scratch_nbytes

    @property
    def tissue_scratch_nbytes(self) -> int:
        """Bytes that parts of a tissue pass on through scratch."""
        return sum(each.demand.tissue_scratch_nbytes for each in self.formats)

    @property
    def side_source(self) -> Source:
        """The source, in which whole numbers that group cells are categories."""
        labels: dict[str, tuple[int, ...]] = {}
        for each in (self.statistics, self.pseudobulk):
            labels |= {} if each is None else each.labels
        return self.source.with_labels(labels) if labels else self.source

    @property
    def graph_key(self) -> str | None:
        """Key in ``obsp`` of the exported graph, or None."""
        if self.graph is not None:
            return self.graph.key
        return next(filter(None, (each.facts().more.get("graph") for each in self.formats)), None)

    @property
    def arranged(self) -> dict[str, Any] | None:
        """The column by which sections are laid out, and the shift of each; None if they are not laid out."""
        made = self.selection.arrangement
        return None if made is None else {"coordinates": made.spelling, **made.to_json()}

    @property
    def left_out(self) -> dict[str, tuple[LeftOut, ...]]:
        """Everything that each format leaves out."""
        return {each.name: each.left_out for each in self.formats}

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences of the findings."""
        return texts(self.findings)

    @property
    def matrix(self) -> MatrixReader:
        """Reader of the exported matrix; there is none if no gene is exported."""
        return self.source.matrix(self.selection.matrix)

    def _pseudobulk(self) -> dict[str, Any] | None:
        if self.pseudobulk is None:
            return None
        (grouping,) = self.pseudobulk.request.groupings
        own = self.layer_pass
        return {
            "columns": list(grouping.parts),
            "matrix": self.options.summed_matrix,
            "n_combinations": grouping.n_groups,
            "own_pass": own is not None,
            "own_pass_values": 0 if own is None else own.transpose.read_values,
            "own_pass_seconds": 0.0 if own is None else round(own.seconds, 1),
        }

    def to_json(self) -> dict[str, Any]:
        """Convert to plain data."""
        chosen, turning = self.selection, self.transpose
        return {
            "input": self.catalog.location,
            "n_cells": chosen.n_cells,
            "n_genes": len(chosen.genes),
            "gene_names": chosen.names_from or "index",
            "matrix": chosen.matrix,
            **({} if chosen.about.changed is None else {"changed": chosen.about.changed.to_json()}),
            "formats": [each.name for each in self.formats],
            **self.formats[0].facts().to_json(),
            "arranged": self.arranged,
            "graph": self.graph_key,
            "strategy": turning.strategy,
            "counting_pass": self.counting,
            "gene_sets": len(chosen.gene_sets.sets),
            "scored_gene_sets": len(chosen.gene_sets.columns),
            "variable_genes": None if self.variable is None else self.variable.flavor,
            "pseudobulk": self._pseudobulk(),
            "row_blocks": max(0, len(turning.row_cuts) - 1),
            "gene_bands": len(turning.gene_cuts) - 1,
            "workers": self.workers,
            "worker_processes": self.n_processes,
            "scheduler": self.options.scheduler,
            "budget_nbytes": self.budget_nbytes,
            "peak_nbytes": self.peak_nbytes,
            "stages": {cost.name: cost.task_nbytes for cost in self.costs},
            "scratch_nbytes": self.scratch_nbytes,
            "side_inputs_nbytes": 0 if self.side is None else self.side.held_nbytes,
            "read_values": turning.read_values,
            "n_objects": self.n_objects,
            "output_nbytes": self.output_nbytes,
            "output_range_nbytes": list(self.output_range_nbytes),
            "staging_nbytes": self.staging_nbytes,
            "disks": [disk.to_json() for disk in self.disks],
            "seconds": round(self.seconds, 1),
            "options": self.options.to_json(),
            "findings": list(map(asdict, self.findings)),
            "left_out": {name: list(map(asdict, each)) for name, each in self.left_out.items()},
        }
