"""The Cellucid export as a `Format`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from karospace_stream.formats.cellucid.layout import expected
from karospace_stream.formats.cellucid.layout.datasets import listed
from karospace_stream.formats.cellucid.layout.names import IDENTITY, Layout
from karospace_stream.formats.cellucid.layout.references import references
from karospace_stream.formats.cellucid.layout.stored import WITHOUT_COORDINATES
from karospace_stream.formats.format import Format
from karospace_stream.formats.layout.checksums import CHECKSUMS, read_checksums
from karospace_stream.formats.layout.listed import Listed
from karospace_stream.model.expected import Contents, Find, Hosted, Read

if TYPE_CHECKING:
    from karospace_stream.formats.cellucid.genes import GeneWritten
    from karospace_stream.formats.cellucid.job import CellucidJob
    from karospace_stream.formats.cellucid.plan import CellucidPlan
    from karospace_stream.formats.cellucid.seal import Written
    from karospace_stream.formats.cellucid.stages import CellucidRun
    from karospace_stream.model.selection import Selection
    from karospace_stream.model.source import Source
    from karospace_stream.options.export_options import ExportOptions

_LAYOUT = Layout(gzip=True)


def _plan(source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool) -> CellucidPlan:
    from karospace_stream.formats.cellucid.plan import plan_cellucid

    return plan_cellucid(source, options, chosen, genes_known=genes_known)


def _run() -> CellucidRun:
    from karospace_stream.formats.cellucid.stages import CellucidRun

    return CellucidRun()


def _result_types() -> tuple[type, ...]:
    from karospace_stream.formats.cellucid.columns import FieldWritten
    from karospace_stream.formats.cellucid.genes import GeneWritten
    from karospace_stream.formats.cellucid.layout.obs import CategoricalField, ContinuousField, Label
    from karospace_stream.formats.cellucid.layout.stored import CodesDtype

    return GeneWritten, FieldWritten, CategoricalField, ContinuousField, CodesDtype, Label


def _describe(identity: bytes, read: Read, find: Find) -> Contents:
    contents = expected.contents(identity, read)
    listing = find(CHECKSUMS)
    if listing is None:
        return contents
    try:
        sizes = {key: size for key, (size, _) in read_checksums(listing).files.items()}
    except ValueError:
        return contents
    # This format's manifests do not give sizes.
    files = (replace(each, size=sizes.get(each.key, each.size)) for each in contents.files)
    return replace(contents, files=tuple(files))


def _summary(folder: str, find: Find) -> Listed | None:
    data = find(IDENTITY)
    return None if data is None else listed(folder, data)


FORMAT: Format[CellucidPlan, CellucidJob, Written, GeneWritten] = Format(
    name="cellucid",
    heads=(IDENTITY,),
    sealed_by=(_LAYOUT.entries[-1],),
    owned=_LAYOUT.owned,
    dated=_LAYOUT.entries,
    without_coordinates=WITHOUT_COORDINATES,
    plan=_plan,
    run=_run,
    result_types=_result_types,
    references=references,
    references_before_seals=references,
    summary=_summary,
    hosted=(Hosted("Cellucid", IDENTITY, None, by_name=True, describe=_describe),),
)
