"""Which formats there are."""

from __future__ import annotations

from typing import Protocol

from karospace_stream.formats.format import FormatPlan
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions


class _Planner(Protocol):
    def __call__(
        self, source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool
    ) -> FormatPlan: ...


def plan_formats(
    source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool
) -> tuple[FormatPlan, ...]:
    """Decide what each wished format takes of the chosen cells and genes.

    Parameters
    ----------
    settled
        Whether the genes are final, or stand in for those that the means will choose.
    """
    return tuple(_planner(name)(source, options, chosen, genes_known=genes_known) for name in options.formats)


def _planner(name: str) -> _Planner:
    # Late, each by itself: what one format needs, such as zarr, takes its time to load.
    if name == "karospace":
        from karospace_stream.formats.karospace.plan import plan_karospace

        return plan_karospace
    if name == "cellucid":
        from karospace_stream.formats.cellucid.plan import plan_cellucid

        return plan_cellucid
    from karospace_stream.formats.anndata.plan import plan_anndata

    return plan_anndata
