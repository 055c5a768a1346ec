"""The KaroSpace bundle as a `Format`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.formats.format import Format
from karospace_stream.formats.karospace.layout import expected, names
from karospace_stream.formats.karospace.layout.references import refers, refers_before_seals
from karospace_stream.formats.karospace.layout.summary import summary
from karospace_stream.formats.layout.checksums import CHECKSUMS
from karospace_stream.formats.layout.listed import Listed
from karospace_stream.model.blob import Blob
from karospace_stream.model.expected import Contents, Find, Hosted, Read


def _plan(*args: Any, **options: Any) -> Any:
    from karospace_stream.formats.karospace.plan import plan_karospace

    return plan_karospace(*args, **options)


def _result_types() -> tuple[type, ...]:
    from karospace_stream.derive.bounds import Bounds
    from karospace_stream.derive.genes import GeneSummary
    from karospace_stream.formats.karospace.arrays import ColumnPart
    from karospace_stream.formats.karospace.genes import GeneWritten
    from karospace_stream.formats.karospace.layout.manifest import PlacedImage

    return GeneWritten, GeneSummary, ColumnPart, Bounds, PlacedImage


def _report(facts: Mapping[str, Any]) -> Blob:
    from karospace_stream.formats.karospace.layout.report import report_blob

    return report_blob(facts)


def _describe(manifest: bytes, read: Read, find: Find) -> Contents:
    contents = expected.contents(manifest)
    atlas = expected.atlas_path(manifest)
    if atlas is not None:
        expected.check_atlas(read(atlas))
    return contents


def _summary(folder: str, find: Find) -> Listed | None:
    for head in (names.ATLAS, names.MANIFEST):
        if (data := find(head)) is not None:
            known = summary(folder, data)
            return Listed(folder, folder, known.name, known.n_cells, known.n_genes)
    return None


FORMAT = Format(
    name="karospace",
    all_columns=False,
    relabels_genes=True,
    heads=(names.ATLAS, names.MANIFEST),
    sealed_by=(names.ENTRIES[-1],),
    owned=names.OWNED,
    # The atlas lies under the prefix of a run, so that its name alone is not enough there.
    dated=(*names.ENTRIES, names.ATLAS),
    unlisted=(CHECKSUMS, names.REPORT),
    plan=_plan,
    result_types=_result_types,
    references=refers,
    references_before_seals=refers_before_seals,
    summary=_summary,
    hosted=(Hosted("KaroSpace", names.MANIFEST, names.PAGE, by_name=False, describe=_describe),),
    report=_report,
)
