"""The gene-major AnnData store as a `Format`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from karospace_stream.formats.anndata.layout import expected
from karospace_stream.formats.anndata.layout.archive import RECORDS, ROOTS, archive_comment, archive_entries
from karospace_stream.formats.anndata.layout.names import OWNED, SEALED_BY
from karospace_stream.formats.anndata.layout.references import references
from karospace_stream.formats.anndata.layout.viewable import HEADS, viewable
from karospace_stream.formats.format import Format
from karospace_stream.formats.layout.checksums import CHECKSUMS
from karospace_stream.formats.layout.listed import Listed
from karospace_stream.model.expected import Contents, Find, Hosted, Read

if TYPE_CHECKING:
    from karospace_stream.formats.anndata.arrays.results import MatrixWritten
    from karospace_stream.formats.anndata.job import AnnDataJob
    from karospace_stream.formats.anndata.plan import AnnDataPlan
    from karospace_stream.formats.anndata.seal import Rest
    from karospace_stream.formats.anndata.stages import AnnDataRun
    from karospace_stream.model.selection import Selection
    from karospace_stream.model.source import Source
    from karospace_stream.options.export_options import ExportOptions
    from karospace_stream.targets import Packing


def _plan(source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool) -> AnnDataPlan:
    from karospace_stream.formats.anndata.plan import plan_anndata

    return plan_anndata(source, options, chosen, genes_known=genes_known)


def _run() -> AnnDataRun:
    from karospace_stream.formats.anndata.stages import AnnDataRun

    return AnnDataRun()


def _result_types() -> tuple[type, ...]:
    from karospace_stream.formats.anndata.arrays.results import MatrixWritten, Written
    from karospace_stream.formats.anndata.layout.arrays import ArraySpec
    from karospace_stream.formats.anndata.layout.groups import GroupSpec
    from karospace_stream.formats.anndata.tables.statistics import ComparisonWritten

    return MatrixWritten, Written, ComparisonWritten, ArraySpec, GroupSpec


def _describe(head: str, document: bytes, read: Read, find: Find) -> Contents:
    return expected.contents(head, document, find(CHECKSUMS))


def _summary(folder: str, find: Find) -> Listed | None:
    data = next(filter(None, map(find, HEADS)), None)
    store = None if data is None else viewable(data)
    if data is None or store is None:
        return None
    from karospace_stream.formats.anndata.arrays import stored_texts as texts

    return Listed(
        folder,
        id=folder,
        name=texts.first_text(data, find, texts.NAME) or folder.removesuffix(".zarr"),
        n_cells=store.n_cells,
        n_genes=store.n_genes,
        format="anndata",
        description=texts.first_text(data, find, texts.DESCRIPTION),
        title=texts.first_text(data, find, texts.TITLE),
    )


def _packing() -> Packing:
    from karospace_stream.targets import Packing

    return Packing(CHECKSUMS, archive_entries, ROOTS, RECORDS, archive_comment)


FORMAT: Format[AnnDataPlan, AnnDataJob, Rest, MatrixWritten] = Format(
    name="anndata",
    keeps_var=True,
    needs_coordinates=False,
    heads=HEADS,
    head_suffices=False,
    sealed_by=tuple(SEALED_BY.values()),
    owned=OWNED,
    plan=_plan,
    run=_run,
    result_types=_result_types,
    references=references,
    summary=_summary,
    hosted=tuple(
        Hosted("AnnData", head, None, by_name=False, describe=partial(_describe, head))
        for head in SEALED_BY.values()
    ),
    packing=_packing,
)
