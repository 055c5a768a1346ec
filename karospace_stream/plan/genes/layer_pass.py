"""Plan the reading of a layer whose genes are summed before the exported ones are written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from karospace_stream.formats.cost import FormatCost, ValueCost
from karospace_stream.formats.genes.pseudobulk.plan import layer_to_read
from karospace_stream.formats.genes.size import ExportedValues
from karospace_stream.model.finding import Finding
from karospace_stream.model.plan import TransposePlan
from karospace_stream.model.size import Size
from karospace_stream.model.source import MatrixReader, Source, stored_name
from karospace_stream.plan.cost import CostInputs, PlanCost, find_cost
from karospace_stream.transpose.exact import is_wide
from karospace_stream.units import format_seconds

#: Stages of the exported matrix, which begin when those of the layer are done.
_OF_GENES = ("scatter", "gather")


@dataclass(frozen=True, slots=True)
class LayerPass:
    """How the layer is read.

    Attributes
    ----------
    matrix, shown
        Its name in the source, and as people call it.
    scratch
        Size of its fragments and sums.
    seconds
        Estimated.
    """

    matrix: str
    shown: str
    transpose: TransposePlan
    workers: int
    peak_nbytes: int
    scratch: Size
    seconds: float

    def finding(self, exported: str) -> Finding:
        """What the user should know about the price."""
        again = self.shown == exported
        what = f"{exported} again, as it is stored" if again else f"{self.shown} besides {exported}"
        text = (
            f"pseudobulk reads {what}: about "
            f"{self.transpose.read_values:,} values more, in about {format_seconds(self.seconds)}"
        )
        return Finding("second-matrix", text, "pseudobulk_layer")


def plan_layer_pass(source: Source, asked: CostInputs, cost: PlanCost) -> LayerPass | None:
    """Plan the reading; None if the exported matrix is summed, or none.

    Parameters
    ----------
    asked, cost
        Of the exported matrix.

    Raises
    ------
    BadInputError, BadOptionError
        If there is no such layer.
    BudgetError
        If the memory budget is too small for it.
    """
    if asked.pseudobulk is None:
        return None
    layer = layer_to_read(source, asked.selection, asked.options)
    if layer is None:
        return None
    # Other tasks of the export may run at the same time, and what they share is held already.
    others = tuple(each for each in cost.costs if each.name not in _OF_GENES)
    held = sum(demand.held_nbytes for demand in asked.demands)
    shown = layer.info.name
    name = stored_name(shown) if shown == asked.selection.matrix else shown
    found = find_cost(
        replace(
            asked,
            options=replace(asked.options, strategy=None, targets=(None,)),
            selection=replace(asked.selection, matrix=name),
            demands=(replace(_demand(layer), costs=others, held_nbytes=held),),
            statistics=None,
            variable=None,
            matrix=layer,
            sample=None,
        )
    )
    return LayerPass(
        name, shown, found.transpose, found.workers, found.peak_nbytes, found.scratch, found.seconds
    )


def _demand(layer: MatrixReader) -> FormatCost:
    """Nothing is written of the genes but their sums."""
    return FormatCost(
        costs=(),
        objects_per_gene=0,
        n_objects=0,
        part_nbytes=1,
        value_nbytes=0,
        n_categories=0,
        other_size=Size(),
        per_value=ValueCost(_nothing, seconds=0, objects=0),
        edges=False,
        exact=is_wide(layer.info.dtype),
    )


def _nothing(values: ExportedValues) -> Size:
    return Size()
