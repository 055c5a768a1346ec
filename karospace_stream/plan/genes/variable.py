"""Decide whether highly variable genes are computed, how, and in which batches of cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.formats.columns.number_labels import distinct_numbers
from karospace_stream.formats.genes.side_plan import SidePlan, plan_side_inputs
from karospace_stream.measures.variable.clipped import require_loess
from karospace_stream.measures.variable.columns import columns_of
from karospace_stream.measures.variable.flavors import FEWEST_CELLS, Flavor
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection, VariableGenes
from karospace_stream.model.side_inputs import SideNeeds
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.genes.names import var_of
from karospace_stream.plan.noticed.value_sample import ValueSample
from karospace_stream.select.genes import HIGHLY_VARIABLE, parse_genes
from karospace_stream.select.suggest import not_there
from karospace_stream.units import counted

#: Values above this are no logarithms.
MOST_LOGARITHM = 30.0
MOST_BATCHES = 1_000
_SUMS_NBYTES = 20  # of a gene and a batch: two sums and a count

#: What finds variable genes of counts.
BY_COUNTS = "; seurat_v3 finds variable genes of counts"


@dataclass(frozen=True, slots=True)
class VariablePlan:
    """How the most variable genes are found.

    Attributes
    ----------
    n_top
        Genes wanted.
    batch
        Column of obs; empty for one batch of all cells.
    n_batches
        Its categories.
    labels
        The batch column, if it holds whole numbers, and its values.
    side
        How the batch column is read.
    log_base
        Base of the logarithm of the values; None for the natural one.
    n_genes, n_rows
        Of the matrix.
    """

    flavor: Flavor
    n_top: int
    n_genes: int
    n_rows: int
    log_base: float | None = None
    batch: str = ""
    n_batches: int = 1
    labels: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    side: SidePlan | None = None

    @property
    def sums_nbytes(self) -> int:
        """Size of all sums of one task."""
        return self.n_genes * (self.n_batches * _SUMS_NBYTES + 8)

    def held_nbytes(self, workers: int) -> int:
        """Memory of the pass besides reading the matrix: sums of tasks, those on their way, and batches."""
        on_way = int(np.ceil(np.log2(max(1, -(-self.n_rows // TILE)))))
        codes = self.n_rows if self.side is None else self.side.held_nbytes
        return (3 * workers + on_way + 4) * self.sums_nbytes + codes

    def stand_in(self) -> VariableGenes:
        """Numbers in the place of those that are not computed yet."""
        zeros = np.zeros(self.n_genes)
        names = columns_of(self.flavor, batched=bool(self.batch))
        return VariableGenes(self.flavor, dict.fromkeys(names, zeros), self.batch)

    @property
    def n_passes(self) -> int:
        """How often the matrix is read."""
        return 2 if self.flavor == "seurat_v3" else 1


def asks_to_compute(options: ExportOptions) -> bool:
    """Whether variable genes are computed although var may name them."""
    return options.hvg_flavor not in ("auto", "none") or options.hvg_batch is not None


def plan_variable(
    source: Source, options: ExportOptions, selection: Selection, values: ValueSample | None
) -> tuple[VariablePlan | None, tuple[Finding, ...]]:
    """Decide how the most variable genes are found; None if they are not computed.

    Parameters
    ----------
    values
        A sample of the exported matrix.

    Raises
    ------
    BadOptionError
        If a batch column cannot be used, scikit-misc is needed and not installed, or no flavor suits.
    """
    requested = parse_genes(options.genes)
    if requested.mode != "hvgs" or not selection.matrix:
        return None, ()
    named = HIGHLY_VARIABLE in {column.name for column in var_of(source.catalog, options)}
    if named and not asks_to_compute(options):
        return None, ()
    flavor = _flavor(options, selection, values)
    if flavor is None:
        return None, (_by_mean(options, values),)
    if flavor == "seurat_v3":
        require_loess()
    matrix = source.matrix(selection.matrix)
    n_rows, n_genes = matrix.info.shape
    made = VariablePlan(flavor, requested.count, n_genes, n_rows, source.catalog.log_base)
    if options.hvg_batch is not None:
        made = _in_batches(source, selection, options.hvg_batch, made)
    findings = [_computed(made, named=named)]
    if (text := _unsuited(flavor, options.matrix, values)) is not None:
        findings.append(Finding("variable-genes-values", text, "hvg_flavor"))
    return made, tuple(findings)


def _flavor(options: ExportOptions, selection: Selection, values: ValueSample | None) -> Flavor | None:
    if options.hvg_flavor == "none":
        return None
    if options.hvg_flavor != "auto":
        return options.hvg_flavor
    enough = selection.n_cells >= FEWEST_CELLS or options.hvg_batch is not None
    if enough and (options.log1p if values is None else _are_logarithms(values)):
        return "seurat"
    if options.hvg_batch is not None:
        raise BadOptionError(
            f"--hvg-batch: name --hvg-flavor too, since {_kind(options.matrix, values)}; seurat_v3 takes "
            "counts, seurat and cell_ranger take logarithms"
        )
    return None


def _in_batches(source: Source, selection: Selection, name: str, plan: VariablePlan) -> VariablePlan:
    infos = {info.name: info for info in source.catalog.obs}
    if name not in infos:
        raise BadOptionError(not_there("obs column", [name], list(infos), option="--hvg-batch"))
    labels: dict[str, tuple[int, ...]] = {}
    if infos[name].kind == "integer":
        numbers = distinct_numbers(source, selection, name, MOST_BATCHES)
        labels = {name: numbers or ()}
        source = source.with_labels(labels)
    side = plan_side_inputs(source, selection, [SideNeeds(columns=(name,))])
    assert side is not None
    (column,) = side.columns
    if not 1 <= column.n_categories <= MOST_BATCHES:
        raise BadOptionError(
            f"--hvg-batch: {name!r} must have 1 to {MOST_BATCHES:,} different values, got "
            f"{'more' if labels else f'{column.n_categories:,}'}; name another column"
        )
    return VariablePlan(
        plan.flavor,
        plan.n_top,
        plan.n_genes,
        plan.n_rows,
        plan.log_base,
        batch=name,
        n_batches=column.n_categories,
        labels=labels,
        side=side,
    )


def _computed(plan: VariablePlan, *, named: bool) -> Finding:
    within = f" within the {counted(plan.n_batches, 'batch')} of {plan.batch!r}" if plan.batch else ""
    why = "although var has a highly_variable column" if named else "since var has no highly_variable column"
    text = f"the {counted(plan.n_top, 'most variable gene')} are computed{within} ({plan.flavor}), {why}"
    if plan.n_top == 1:
        text = text.replace("1 most variable gene are", "most variable gene is")
    return Finding("variable-genes", text, "hvg_flavor")


def _by_mean(options: ExportOptions, values: ValueSample | None) -> Finding:
    if options.hvg_flavor == "none":
        why = "var has no highly_variable column"
        return Finding(
            "no-highly-variable", f"{why}: the genes with the highest means are used instead", "genes"
        )
    counts = values is not None and values.kind == "counts"
    return Finding(
        "no-highly-variable",
        f"var has no highly_variable column, and {_kind(options.matrix, values)}: the genes with the highest "
        f"means are used instead{BY_COUNTS if counts else ''}",
        "hvg_flavor",
        "seurat_v3" if counts else None,
    )


def _unsuited(flavor: Flavor, matrix: str, values: ValueSample | None) -> str | None:
    if values is None:
        return None
    if flavor == "seurat_v3":
        return (
            None if values.kind == "counts" else f"seurat_v3 expects raw counts, but {_kind(matrix, values)}"
        )
    if _are_logarithms(values):
        return None
    return f"{flavor} expects logarithms of normalised counts, but {_kind(matrix, values)}"


def _are_logarithms(values: ValueSample) -> bool:
    return values.kind == "normalised" and values.highest <= MOST_LOGARITHM


def _kind(matrix: str, values: ValueSample | None) -> str:
    if values is None:
        return f"{matrix} is not looked at before the export"
    if values.kind == "counts":
        return f"{matrix} holds raw counts"
    if values.kind == "scaled":
        return f"{matrix} holds scaled values"
    if values.highest > MOST_LOGARITHM:
        return f"{matrix} holds values up to {values.highest:,.0f}, which are no logarithms"
    return f"{matrix} holds normalised values"
