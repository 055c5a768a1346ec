"""List what a KaroSpace bundle leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from karospace_stream.formats.genes.file_markers import file_rankings
from karospace_stream.formats.karospace.choices.columns import ResolvedColumn
from karospace_stream.formats.karospace.choices.vectors import Found
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.left_out import Reason, list_left_out
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.selection import Selection
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.obs_columns.ranking import RankedColumn
from karospace_stream.select.relations import choose_graph, choose_vectors

_NO_PLACE = Reason("not part of a KaroSpace bundle")


def left_out(
    catalog: Catalog,
    options: ExportOptions,
    selection: Selection,
    columns: Sequence[ResolvedColumn],
    found: Found,
    ranking: Sequence[RankedColumn],
) -> tuple[LeftOut, ...]:
    """All parts that the bundle leaves out, and embeddings with more columns than are drawn."""
    taken = {*_taken(catalog, options, selection), *(f"obsm:{each.choice.key}" for each in found.vectors)}
    taken |= {f"uns:{each.colors_key}" for each in columns if each.colors_key}
    taken |= {f"uns:{each.key}" for each in file_rankings(catalog, selection)}
    reasons = _reasons(catalog, options, selection, found)
    reasons |= {f"obs:{each.name}": Reason(each.reason, "--anno all takes all") for each in ranking}
    listed = list_left_out(catalog, options, selection, taken, reasons)
    return (*listed, *_undrawn_columns(catalog, selection))


def _reasons(
    catalog: Catalog, options: ExportOptions, selection: Selection, found: Found
) -> dict[str, Reason]:
    by_user = options.of(KarospaceOptions).image is not None
    images = Reason("another image is exported, or none", by_user=by_user)
    reasons = {
        **dict.fromkeys(("var", "varm", "varp", "uns"), _NO_PLACE),
        **({"varm": Reason("it belongs to the genes of X, not of raw")} if options.raw else {}),
        **{f"uns:{image.path}": images for image in catalog.images},
        "obsm": Reason("not an embedding that is drawn", "choose one with --coords obsm:KEY"),
    }
    if options.vectors is not None:
        bases = [choice.key.removeprefix("X_") for choice in selection.embeddings]
        named = Reason("a vector field not named with --vectors", by_user=True)
        reasons |= {f"obsm:{each.key}": named for each in choose_vectors(catalog, None, bases)}
    unplaced = Reason("a vector field that matches no exported embedding")
    return reasons | {f"obsm:{key}": unplaced for key in found.unplaced}


def _taken(catalog: Catalog, options: ExportOptions, selection: Selection) -> Iterator[str]:
    yield from (f"obs:{name}" for name in selection.columns)
    yield f"var:{selection.names_from}"
    if selection.gene_groups is not None:
        yield f"var:{selection.gene_groups.column}"
    if not options.raw:
        yield from (f"varm:{each.key}" for each in catalog.varm if each.table is None and not each.is_text)
    yield from (given.source for given in selection.gene_sets.given)
    yield "uns:default_embedding"  # says which is shown first
    for choice in selection.embeddings:
        kind, *names = choice.source
        yield from (f"{kind}:{name}" for name in names)
    graph = choose_graph(catalog, options.graph)
    if graph is not None:
        yield f"obsp:{graph}"
    if options.of(KarospaceOptions).image is None and selection.images:
        yield "uns:spatial"
        yield from (f"uns:{each.info.path}" for each in selection.images)


def _undrawn_columns(catalog: Catalog, selection: Selection) -> Iterator[LeftOut]:
    widths = {info.key: info.n_columns for info in catalog.obsm}
    for choice in selection.embeddings:
        width = widths.get(choice.key, 0)
        if choice.source[0] == "obsm" and width > choice.n_dims:
            reason = f"only {choice.n_dims} of {width:,} columns are drawn"
            yield LeftOut(f"obsm:{choice.key}", reason)
