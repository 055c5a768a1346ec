"""List what an AnnData store leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from karospace_stream.formats.anndata.options import AnnDataOptions
from karospace_stream.formats.left_out import Reason, list_left_out
from karospace_stream.model.catalog import Catalog, ColumnInfo
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.selection import Selection
from karospace_stream.options.export_options import ExportOptions

_NO_PLACE = Reason(
    "the store takes arrays and markers of uns, and arrays of varm, from the input, but no other groups of "
    "uns, nor varp"
)


def left_out(
    catalog: Catalog,
    options: ExportOptions,
    selection: Selection,
    *,
    var: Sequence[ColumnInfo],
    entries: Iterable[str],
    graph: str | None,
    uns: Iterable[str],
    varm: Iterable[str],
) -> tuple[LeftOut, ...]:
    """All parts that the store leaves out."""
    taken = {f"obs:{name}" for name in selection.columns}
    taken |= {f"var:{info.name}" for info in var}
    taken |= {f"obsm:{key}" for key in entries}
    taken |= {f"varm:{key}" for key in varm} | {given.source for given in selection.gene_sets.given}
    taken |= {f"uns:{key}" for key in uns} | {f"obsp:{graph}"}
    arrays = Reason("not chosen", "--uns all keeps arrays", bool(options.of(AnnDataOptions).uns))
    reasons = {
        **dict.fromkeys(("varm", "varp", "uns"), _NO_PLACE),
        **{f"uns:{key}": arrays for key, _ in catalog.uns},
        **({"varm": Reason("it belongs to the genes of X, not of raw")} if options.raw else {}),
        "var": Reason("columns of genes that are not exported", by_user=True),
        "obsm": Reason("not stored", by_user=options.vectors is not None),
    }
    return list_left_out(catalog, options, selection, taken, reasons)
