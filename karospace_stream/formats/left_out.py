"""List everything that an export leaves out: the contents of the input, less what a format takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from karospace_stream.errors import BadOptionError
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import (
    TURNED_IF_CHOSEN,
    LeftOut,
    is_within,
    kind_of,
    parts_of,
    removable_parts,
    spell,
)
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.suggest import not_there

_NAMED = 5  # parts that a note names


@dataclass(frozen=True, slots=True)
class Reason:
    """Why parts are left out; see `LeftOut`."""

    text: str
    way_out: str = ""
    by_user: bool = False


def take_out(source: Source, wanted: Sequence[str]) -> Source:
    """Resolve ``--leave-out``.

    Raises
    ------
    BadOptionError
        If a part is missing.
    """
    there = removable_parts(source.catalog)
    known = (*there, *source.catalog.left_out)  # of an input that is prepared, they are left out already
    missing = [each for each in wanted if not any(is_within(part, each) for part in known)]
    if missing:
        raise BadOptionError(not_there("part", missing, there, option="--leave-out"))
    return source.without(wanted) if wanted else source


def list_left_out(
    catalog: Catalog,
    options: ExportOptions,
    selection: Selection,
    taken: Iterable[str],
    reasons: Mapping[str, Reason],
) -> tuple[LeftOut, ...]:
    """All parts that a format leaves out.

    Parameters
    ----------
    taken
        Parts that the format takes, besides the matrix.
    reasons
        Of parts, and of entire kinds such as ``varm``; a part's own takes precedence.
    """
    kept = {spell(selection.matrix), *taken, *(f"uns:{key}" for key in selection.about.from_uns)}
    common = _common_reasons(catalog, options) | dict(reasons)
    return (
        *_fewer(catalog, options, selection),
        *(LeftOut(part, "named with --leave-out", by_user=True) for part in catalog.left_out),
        *(_unreadable(spell(key), why, common) for key, why in catalog.unreadable),
        *(_left_out(part, _reason(part, common)) for part in parts_of(catalog) if part not in kept),
    )


def unreadable_findings(catalog: Catalog, lists: Iterable[Sequence[LeftOut]]) -> Iterator[Finding]:
    """Findings before the run: parts that would be exported if they could be read."""
    unreadable = {spell(key) for key, _ in catalog.unreadable}
    found: dict[str, dict[str, None]] = {}
    for each in (each for several in lists for each in several):
        if each.part in unreadable and not each.by_user:
            found.setdefault(each.reason, {})[each.part] = None
    for reason, parts in found.items():
        are = "are" if len(parts) > 1 else "is"
        text = f"{name_some(list(parts), _NAMED)} {are} left out: {reason}"
        layers = [part.partition(":")[2] for part in parts if part.startswith("layers:")]
        if reason.endswith(TURNED_IF_CHOSEN):
            yield Finding("unreadable", text, *(("layer", layers[0]) if layers else ("raw", True)))
        else:
            yield Finding("unreadable", text)


def name_some(names: Sequence[str], most: int) -> str:
    """The first names, and the number of further ones."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def _common_reasons(catalog: Catalog, options: ExportOptions) -> dict[str, Reason]:
    by_user = options.anno not in (None, ("all",))
    another = Reason("another matrix is exported", "choose another with --layer NAME or --raw")
    if options.genes == "none" or options.layer is not None or options.raw:
        another = Reason("not the chosen matrix", by_user=True)
    graph = Reason("another graph is exported, or none", "choose it with --graph KEY")
    if options.graph != "auto":
        graph = Reason(f"--graph {options.graph} was asked for", by_user=True)
    return {
        **dict.fromkeys(("X", "layers", "raw"), another),
        "obs": Reason("not chosen", "choose all with --anno all", by_user),
        "obsp": graph,
        **{spell(info.name): Reason("sparse, so not an embedding") for info in catalog.sparse},
    }


def _reason(part: str, reasons: Mapping[str, Reason]) -> Reason:
    return reasons.get(part) or reasons.get(kind_of(part)) or Reason("not part of an export")


def _left_out(part: str, why: Reason) -> LeftOut:
    return LeftOut(part, why.text, why.way_out, why.by_user)


def _unreadable(part: str, why: str, reasons: Mapping[str, Reason]) -> LeftOut:
    if why == TURNED_IF_CHOSEN:
        return LeftOut(part, why, "choose it with --layer NAME or --raw", _reason(part, reasons).by_user)
    return LeftOut(part, f"cannot be read: {why}", by_user=_reason(part, reasons).by_user)


def _fewer(catalog: Catalog, options: ExportOptions, selection: Selection) -> Iterator[LeftOut]:
    """Cells and genes that were not chosen."""
    if selection.n_cells < catalog.n_cells:
        wanted = f"{selection.n_cells:,} of {catalog.n_cells:,} are exported: --downsample"
        yield LeftOut("cells", wanted, by_user=True)
    infos = (catalog.matrix, *catalog.layers, catalog.raw)
    n_genes = next((each.shape[1] for each in infos if each is not None and each.name == selection.matrix), 0)
    if len(selection.genes) < n_genes:
        mode = options.genes.partition(":")[0] if isinstance(options.genes, str) else "by name"
        wanted = f"{len(selection.genes):,} of {n_genes:,} are exported: --genes {mode}"
        yield LeftOut("genes", wanted, by_user=True)
