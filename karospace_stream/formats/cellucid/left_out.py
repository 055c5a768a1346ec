"""List what a Cellucid export leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from karospace_stream.formats.cellucid.fields import Field
from karospace_stream.formats.cellucid.layout.vectors import VectorField
from karospace_stream.formats.cellucid.options import CellucidOptions
from karospace_stream.formats.left_out import Reason, list_left_out
from karospace_stream.model.catalog import Catalog, EmbeddingInfo
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.points import DIMS
from karospace_stream.select.relations import choose_graph

_NO_PLACE = Reason("not part of a Cellucid export")


def left_out(
    catalog: Catalog,
    options: ExportOptions,
    selection: Selection,
    *,
    fields: Sequence[Field],
    points: Iterable[EmbeddingChoice],
    vectors: Iterable[VectorField],
    why: Mapping[str, str],
) -> tuple[LeftOut, ...]:
    """All parts that the export leaves out.

    Parameters
    ----------
    points
        Embeddings, and the latent space.
    why
        Reasons of parts that have their own.
    """
    taken = {f"obs:{field.column}" for field in fields} | {f"obsm:{field.key}" for field in vectors}
    for choice in points:
        kind, *names = choice.source
        taken |= {f"{kind}:{name}" for name in names}
    graph = choose_graph(catalog, options.graph)
    taken.add(f"obsp:{graph}")
    taken.add(f"var:{selection.names_from}")
    reasons = {
        **dict.fromkeys(("var", "varm", "varp", "uns"), _NO_PLACE),
        **{f"obsm:{info.key}": _reason(info, options) for info in catalog.obsm},
        **{part: Reason(text) for part, text in why.items()},
    }
    return list_left_out(catalog, options, selection, taken, reasons)


def _reason(info: EmbeddingInfo, options: ExportOptions) -> Reason:
    by_user = options.of(CellucidOptions).points is not None
    if info.n_columns in DIMS:
        return Reason(
            "another embedding gives the points of that dimension", "choose it with --points KEY", by_user
        )
    return Reason("no points: it has more than 3 columns", "choose two of them with --points KEY=2", by_user)
