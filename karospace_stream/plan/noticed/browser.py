"""Output that a browser or a host will struggle with."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.formats.cells.edges import GraphPlan
from karospace_stream.formats.format import FormatPlan
from karospace_stream.model.finding import Finding
from karospace_stream.model.source import Source
from karospace_stream.plan.cost import PlanCost
from karospace_stream.units import format_range

_SLOW_CELLS, _MOST_CELLS = 2_000_000, 10_000_000
_MANY_CATEGORIES = 500
_MANY_FILES = 100_000
_MANY_EDGES = 30_000_000
_MANY_NBYTES = 50e9


def large_output(
    source: Source, formats: tuple[FormatPlan, ...], graph: GraphPlan | None, cost: PlanCost
) -> Iterator[Finding]:
    """Findings about the planned output."""
    n_cells = formats[0].selection.n_cells
    if n_cells > _MOST_CELLS:
        text = f"{n_cells:,} cells are more than most browsers can draw"
        yield Finding("many-cells", text, "downsample", _SLOW_CELLS)
    elif n_cells > _SLOW_CELLS:
        text = f"{n_cells:,} cells need a computer with a good graphics card; a phone cannot open them"
        yield Finding("many-cells", text, "downsample", _SLOW_CELLS)
    chosen = {name for each in formats for name in each.selection.columns}
    for info in source.catalog.obs:
        if info.name in chosen and (info.n_categories or 0) > _MANY_CATEGORIES:
            text = f"{info.name} has {info.n_categories:,} categories: too many colours to tell apart"
            yield Finding("many-categories", text)
    if cost.n_objects > _MANY_FILES:
        text = f"{cost.n_objects:,} files take long to copy to some hosts; fewer genes make fewer files"
        yield Finding("many-files", text, "genes")
    nnz = 0 if graph is None else source.matrix(f"obsp/{graph.key}").info.nnz or 0
    if nnz > _MANY_EDGES:
        text = f"the graph has about {nnz // 2:,} edges: a browser draws only the neighbours of one cell"
        yield Finding("many-edges", text, "graph", "none")
    if cost.output.middle > _MANY_NBYTES:
        yield Finding("large-output", f"{format_range(*cost.output.bounds)} will be written")
