"""What our AnnData stores hold, and those of the other program do not."""

from __future__ import annotations

from karospace_stream.formats.anndata.plan import AnnDataPlan
from karospace_stream.plan.export_plan import ExportPlan


def not_of_the_peer(plan: ExportPlan) -> list[str]:
    """Parts to leave out of an AnnData store: entries of uns, and arrays of varm."""
    (planned,) = plan.formats
    assert isinstance(planned, AnnDataPlan)
    entries = [*planned.uns, *(each.key for each in planned.rankings)]
    return [*(f"uns:{key}" for key in entries), *(f"varm:{each.key}" for each in planned.varm)]
