"""`karospace_stream.pseudobulk`: sums of genes over combinations of columns, as one AnnData."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from karospace_stream.errors import KaroSpaceError
from karospace_stream.formats.genes.pseudobulk.plan import ROW_NBYTES
from karospace_stream.formats.genes.pseudobulk.result import sums_as_anndata
from karospace_stream.formats.genes.pseudobulk.write import faulty_values
from karospace_stream.model.finding import Finding
from karospace_stream.model.plan import Strategy
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.general.inputs import WHEN_PLANNED, InputOptions
from karospace_stream.pipeline.scratch import make_scratch
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.genes.variable import BY_COUNTS
from karospace_stream.plan.noticed.values import BY_COMMAND
from karospace_stream.progress.shown import python_progress
from karospace_stream.runtime.events import Listener
from karospace_stream.runtime.run import session
from karospace_stream.tables.options import input_keywords, sum_options
from karospace_stream.tables.out_file import H5AD, check_file
from karospace_stream.tables.plan import plan_tables
from karospace_stream.tables.run import planned_sums, send_findings, sum_genes
from karospace_stream.words.signature import with_keywords

if TYPE_CHECKING:
    from anndata import AnnData

#: What exports call ``by``.
_OPTION = "--pseudobulk"
#: What is said of values that are looked at in a page.
_ABOUT_VALUES = ("raw-counts", "scaled-values", "counts-elsewhere")


@with_keywords(of=InputOptions, without=WHEN_PLANNED)
def pseudobulk(
    source: Any,
    by: str | Sequence[str],
    *,
    layer: str | None = None,
    raw: bool = False,
    genes: str | Iterable[str] | Iterable[bool] = "all",
    gene_names: str | None = "index",
    where: str | None = None,
    downsample: int | None = None,
    downsample_by: str | None = None,
    leave_out: str | Sequence[str] = (),
    memory: str | int | None = None,
    workers: int | None = None,
    scheduler: str | Any = "threads",
    strategy: Strategy | None = None,
    scratch: str | os.PathLike[str] | None = None,
    storage_options: Mapping[str, Any] | None = None,
    listener: Listener | None = None,
    progress: bool | None = None,
    **options: Any,
) -> AnnData:
    """Sum genes over the cells of each combination of columns, within a memory budget.

    The matrix is read once and never held. The result is that of
    ``scanpy.get.aggregate(adata, by=by, func="sum")``, for PyDESeq2, edgeR, decoupler and others.

    Parameters
    ----------
    source
        As for `export`.
    by
        Columns of ``obs``: categories, text, whole numbers or true/false. Cells that lack a value in one of
        them are left out, and a note says how many.
    layer, raw
        The matrix with the counts, such as ``layer="counts"``; by default ``X``.
    genes, gene_names, where, downsample, downsample_by, leave_out
        As for `export`; genes are named by the index of ``var``.
    memory, workers, scheduler, strategy, scratch, storage_options
        As for `export`. The result counts too.
    listener, progress
        As for `export`.
    **options
        Options of `export` that say how the input is read.

    Returns
    -------
    AnnData
        Combinations x genes, of the combinations that cells have. ``X`` holds the sums, float64; ``obs`` the
        columns of ``by`` and the number of cells, ``n_obs_aggregated``.

    Raises
    ------
    BadInputError
        If the input cannot be read, or a column cannot group cells.
    BadOptionError
        If an option is invalid, or names something that is not in the input.
    BudgetError
        If the memory budget is too small. The error names the smallest budget that works.
    TargetError
        If scratch cannot be written.
    WorkerError
        If a worker process ends before its task is done.

    Examples
    --------
    >>> sums = pseudobulk("atlas.h5ad", ["sample", "cell_type"], layer="counts")  # doctest: +SKIP
    """
    keywords = {
        **input_keywords(options, "pseudobulk", without=WHEN_PLANNED),
        "layer": layer,
        "raw": raw,
        "genes": genes,
        "gene_names": gene_names,
        "where": where,
        "downsample": downsample,
        "downsample_by": downsample_by,
        "leave_out": leave_out,
        "memory": memory,
        "workers": workers,
        "scheduler": scheduler,
        "strategy": strategy,
        "scratch": scratch,
        "storage_options": storage_options,
    }
    with _called_by(), python_progress(progress, listener) as hear:
        made = _options((by,) if isinstance(by, str) else tuple(by), keywords)
        return _sums(source, made, hear, lambda made: None)


def pseudobulk_file(
    source: Any, out: str, by: Sequence[str], *, overwrite: bool, listener: Listener, **keywords: Any
) -> tuple[tuple[int, int], str]:
    """Sum genes into a ``.h5ad``; return its numbers of combinations and genes, and where it is, for people.

    Raises
    ------
    KaroSpaceError
        As `pseudobulk`, or if the file cannot be written or exists already.
    """
    with _called_by():
        return _write_file(
            source, out, _options(tuple(by), {"gene_names": "index"} | keywords), overwrite, listener
        )


def _write_file(
    source: Any, out: str, options: ExportOptions, overwrite: bool, listener: Listener
) -> tuple[tuple[int, int], str]:
    file = check_file(out, overwrite=overwrite, endings=(H5AD,), storage_options=options.storage_options)
    options = replace(options, targets=(file.location,))

    def write(made: AnnData) -> None:
        file.write(lambda path: made.write_h5ad(path, compression="gzip"))

    n_rows, n_genes = _sums(source, options, listener, write).shape
    return (n_rows, n_genes), file.shown


def _options(by: tuple[str, ...], keywords: Mapping[str, Any]) -> ExportOptions:
    return sum_options({**keywords, "pseudobulk": by}, by)


@contextmanager
def _called_by() -> Iterator[None]:
    """Here the columns are called ``by``."""
    try:
        yield
    except KaroSpaceError as error:
        if str(error).startswith(_OPTION):
            error.args = (str(error).replace(_OPTION, "--by", 1),)
            error.in_python = ("--by", "by")
        raise


def _sums(
    source: Any, options: ExportOptions, listener: Listener, write: Callable[[AnnData], None]
) -> AnnData:
    planner = partial(plan_tables, row_nbytes=ROW_NBYTES)
    with session(options.scheduler), planned_sums(source, options, listener, planner) as plan:
        send_findings(listener, tuple(_findings(plan)))
        scratch = make_scratch(plan)
        try:
            summed = sum_genes(plan, scratch, listener)
            plan.source.check()
            made = sums_as_anndata(plan.source, plan.selection, summed, plan.selection.matrix)
            send_findings(listener, tuple(faulty_values(summed, plan.selection.matrix)))
            write(made)
        finally:
            scratch.remove()
    return made


def _findings(plan: ExportPlan) -> Iterator[Finding]:
    """What an export notices, in the words of this function: the exported matrix is the summed one."""
    for each in plan.findings:
        if each.code == "cells-without-group":
            yield replace(each, option="")
        elif each.code == "summed-values" and each.value == "raw":
            yield replace(each, text=each.text.removesuffix(BY_COMMAND), option="raw", value=True)
        elif each.code == "summed-values":
            yield replace(each, option="layer" if each.option and each.value != "X" else "")
        elif each.option == "hvg_flavor":  # which is no option here
            yield replace(each, text=each.text.removesuffix(BY_COUNTS), option="", value=None)
        elif each.code not in _ABOUT_VALUES:
            yield each
