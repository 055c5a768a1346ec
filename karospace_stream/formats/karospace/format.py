"""The KaroSpace bundle as a `Format`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from karospace_stream.formats.format import CompareSome, Format
from karospace_stream.formats.karospace.layout import expected, names
from karospace_stream.formats.karospace.layout.references import references, references_before_seals
from karospace_stream.formats.karospace.layout.summary import summary
from karospace_stream.formats.layout.checksums import CHECKSUMS
from karospace_stream.formats.layout.listed import Listed
from karospace_stream.model.blob import Blob
from karospace_stream.model.expected import Contents, Find, Hosted, Read

if TYPE_CHECKING:
    from karospace_stream.formats.karospace.genes.listed import Gene
    from karospace_stream.formats.karospace.job import KarospaceJob
    from karospace_stream.formats.karospace.plan import KarospacePlan
    from karospace_stream.formats.karospace.seal import Written
    from karospace_stream.formats.karospace.stages import KarospaceRun
    from karospace_stream.model.selection import Selection
    from karospace_stream.model.source import Source
    from karospace_stream.options.export_options import ExportOptions
    from karospace_stream.runtime.events import Listener
    from karospace_stream.targets import Sink


def _plan(source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool) -> KarospacePlan:
    from karospace_stream.formats.karospace.plan import plan_karospace

    return plan_karospace(source, options, chosen, genes_known=genes_known)


def _run() -> KarospaceRun:
    from karospace_stream.formats.karospace.stages import KarospaceRun

    return KarospaceRun()


def _result_types() -> tuple[type, ...]:
    from karospace_stream.derive.bounds import Bounds
    from karospace_stream.derive.genes import GeneSummary
    from karospace_stream.formats.karospace.cells.arrays import ColumnPart
    from karospace_stream.formats.karospace.cells.ordered import OrderWritten
    from karospace_stream.formats.karospace.genes.blocks import GenePacked
    from karospace_stream.formats.karospace.genes.files import GeneWritten
    from karospace_stream.formats.karospace.images import WrittenImage
    from karospace_stream.formats.karospace.layout.file_markers import AtlasFileMarkers, AtlasFileRanking
    from karospace_stream.formats.karospace.layout.genes.facts import AtlasSets, AtlasVarm
    from karospace_stream.formats.karospace.layout.neighbourhoods import (
        AtlasNeighbourGenes,
        AtlasNeighbourGroups,
    )
    from karospace_stream.formats.karospace.layout.statistics import AtlasGrouping, AtlasRanking
    from karospace_stream.formats.karospace.tissue.part import TissueWritten
    from karospace_stream.formats.karospace.tissue.sections.write import SectionWritten
    from karospace_stream.formats.karospace.tissue.shapes.pack import ShapePack, ShapeTile
    from karospace_stream.formats.karospace.tissue.shapes.stages import ShapesIndex
    from karospace_stream.formats.karospace.tissue.shapes.survey import ShapesSurvey
    from karospace_stream.formats.karospace.tissue.slides.tiles import PassedOn, WindowWritten
    from karospace_stream.formats.karospace.tissue.transcripts.write import PacksWritten

    statistics = (AtlasGrouping, AtlasRanking, AtlasFileMarkers, AtlasFileRanking)
    neighbours = (AtlasNeighbourGenes, AtlasNeighbourGroups)
    beside = (AtlasSets, AtlasVarm)
    written = (GeneWritten, GenePacked, GeneSummary, ColumnPart, OrderWritten, Bounds, WrittenImage)
    tissue = (TissueWritten, SectionWritten, PacksWritten, PassedOn, WindowWritten)
    shapes = (ShapesSurvey, ShapePack, ShapeTile, ShapesIndex)
    return (*written, *statistics, *neighbours, *beside, *tissue, *shapes)


def _report(facts: Mapping[str, Any]) -> Blob:
    from karospace_stream.formats.karospace.layout.report import report_blob

    return report_blob(facts)


def _first_files(plan: KarospacePlan, target: Sink, *, workers: int, listener: Listener) -> None:
    from karospace_stream.formats.karospace.first_files import write_first_files

    write_first_files(plan, target, workers=workers, listener=listener)


def _compare_some() -> CompareSome:
    from karospace_stream.formats.karospace.statistics.compare import differences

    return differences


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
            return Listed(
                folder,
                id=folder,
                name=known.name,
                n_cells=known.n_cells,
                n_genes=known.n_genes,
                description=known.description,
                y_up=known.y_up,
                title=known.title,
                picture=known.picture,
            )
    return None


FORMAT: Format[KarospacePlan, KarospaceJob, Written, Gene] = Format(
    name="karospace",
    all_columns=False,
    relabels_genes=True,
    draws_images=True,
    heads=(names.ATLAS, names.MANIFEST),
    sealed_by=(names.ENTRIES[-1],),
    owned=names.OWNED,
    # The atlas lies under the prefix of a run, so that its name alone is not enough there.
    dated=(*names.ENTRIES, names.ATLAS),
    unlisted=(CHECKSUMS, names.REPORT),
    plan=_plan,
    run=_run,
    result_types=_result_types,
    references=references,
    references_before_seals=references_before_seals,
    summary=_summary,
    hosted=(Hosted("KaroSpace", names.MANIFEST, names.PAGE, by_name=False, describe=_describe),),
    report=_report,
    first_files=_first_files,
    statistics_of_some=_compare_some,
)
