"""`karospace_stream.pseudobulk`: sums of genes over combinations of columns, as one AnnData."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from karospace_stream.errors import BadOptionError, KaroSpaceError
from karospace_stream.formats.genes.side_plan import BOOLS
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.formats.genes.statistics.summed import SummedGenes
from karospace_stream.measures.combined import categories_of
from karospace_stream.model.finding import Finding
from karospace_stream.model.plan import Strategy
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.scratch import make_scratch
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.progress.shown import python_progress
from karospace_stream.runtime.events import Listener
from karospace_stream.runtime.run import session
from karospace_stream.tables.options import sum_options
from karospace_stream.tables.out_file import H5AD, check_file
from karospace_stream.tables.plan import plan_tables
from karospace_stream.tables.run import plan_sums, send_findings, sum_genes
from karospace_stream.units import counted

if TYPE_CHECKING:
    import pandas as pd
    from anndata import AnnData

# Of a gene and a combination: the sum, and all sums of a task while they are read.
_ROW_NBYTES = 36
#: That values are counts is as it should be.
_AS_IT_SHOULD_BE = "raw-counts"
N_CELLS = "n_obs_aggregated"


def pseudobulk(
    source: Any,
    by: str | Sequence[str],
    *,
    layer: str | None = None,
    raw: bool = False,
    genes: str | Iterable[str] | Iterable[bool] = "all",
    gene_names: str | None = "index",
    downsample: int | None = None,
    leave_out: str | Sequence[str] = (),
    memory: str | int | None = None,
    workers: int | None = None,
    scheduler: str | Any = "threads",
    strategy: Strategy | None = None,
    scratch: str | os.PathLike[str] | None = None,
    storage_options: Mapping[str, Any] | None = None,
    listener: Listener | None = None,
    progress: bool | None = None,
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
    genes, gene_names, downsample, leave_out
        As for `export`; genes are named by the index of ``var``.
    memory, workers, scheduler, strategy, scratch, storage_options
        As for `export`. The result counts too.
    listener, progress
        As for `export`.

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
    options = _options(
        (by,) if isinstance(by, str) else tuple(by),
        {
            "layer": layer,
            "raw": raw,
            "genes": genes,
            "gene_names": gene_names,
            "downsample": downsample,
            "leave_out": leave_out,
            "memory": memory,
            "workers": workers,
            "scheduler": scheduler,
            "strategy": strategy,
            "scratch": scratch,
            "storage_options": storage_options,
        },
    )
    with _by_in_python(), python_progress(progress, listener) as hear:
        return _sums(source, options, hear, lambda made: None)


def pseudobulk_file(
    source: Any, out: str, by: Sequence[str], *, overwrite: bool, listener: Listener, **keywords: Any
) -> tuple[tuple[int, int], str]:
    """Sum genes into a ``.h5ad``; return its numbers of combinations and genes, and where it is, for people.

    Raises
    ------
    KaroSpaceError
        As `pseudobulk`, or if the file cannot be written or exists already.
    """
    options = _options(tuple(by), {"gene_names": "index"} | keywords)
    file = check_file(out, overwrite=overwrite, endings=(H5AD,), storage_options=options.storage_options)
    options = replace(options, targets=(file.location,))

    def write(made: AnnData) -> None:
        file.write(lambda path: made.write_h5ad(path, compression="gzip"))

    n_rows, n_genes = _sums(source, options, listener, write).shape
    return (n_rows, n_genes), file.shown


def _options(by: tuple[str, ...], keywords: Mapping[str, Any]) -> ExportOptions:
    if not by or not all(by) or len(set(by)) < len(by):
        given = ", ".join(by) or "none"
        error = BadOptionError(
            f"--by must name columns of obs, such as sample and cell_type, each once; got {given}"
        )
        error.in_python = ("--by", "by")
        raise error
    return replace(sum_options(keywords, by), pseudobulk=by)


@contextmanager
def _by_in_python() -> Iterator[None]:
    """``by`` is no option of an export, whose names the door knows."""
    try:
        yield
    except KaroSpaceError as error:
        if str(error).startswith("--by"):
            error.in_python = ("--by", "by")
        raise


def _sums(
    source: Any, options: ExportOptions, listener: Listener, write: Callable[[AnnData], None]
) -> AnnData:
    with session(options.scheduler):
        plan = plan_sums(source, options, listener, partial(plan_tables, row_nbytes=_ROW_NBYTES))
        send_findings(listener, tuple(each for each in plan.findings if each.code != _AS_IT_SHOULD_BE))
        scratch = make_scratch(plan)
        try:
            summed = sum_genes(plan, scratch, listener)
            plan.source.check()
            made = _as_anndata(plan, summed)
            send_findings(listener, (*summed.findings(), *_left_out(options.pseudobulk, plan, made)))
            write(made)
        finally:
            scratch.remove()
    return made


def _as_anndata(plan: ExportPlan, summed: SummedGenes) -> AnnData:
    import pandas as pd
    from anndata import AnnData  # takes its time
    from anndata.utils import make_index_unique

    (grouping,) = summed.plan.request.groupings
    chosen = plan.selection
    sums = np.empty((grouping.n_groups, len(chosen.genes)))
    n_cells = np.zeros(grouping.n_groups, np.int64)
    for part in summed.each_task():
        (groups,) = part.groups
        sums[:, part.genes] = groups.sums[:, 1:].T
        n_cells = groups.n_cells[1:]
    obs = pd.DataFrame(index=make_index_unique(pd.Index(grouping.categories, dtype=object)))
    codes = categories_of(grouping.combinations, grouping.sizes)
    for name, of_rows in zip(grouping.parts, codes, strict=True):
        used, positions = np.unique(of_rows, return_inverse=True)
        obs[name] = _categorical(plan.side_source, summed.plan, name, used, positions)
    obs[N_CELLS] = n_cells
    var = pd.DataFrame(index=list(chosen.labels))
    if chosen.ids:
        var["gene_id"] = list(chosen.ids)
    return AnnData(X=sums, obs=obs, var=var)


def _categorical(
    source: Source, statistics: StatisticsPlan, name: str, used: Any, positions: Any
) -> pd.Categorical:
    """A column of the result, with the type of the input's values, and those categories that there are."""
    import pandas as pd

    kinds = {info.name: info.kind for info in source.catalog.obs}
    if name in statistics.labels:
        values: list[Any] = list(statistics.labels[name])
    elif kinds[name] == "bool":
        values = [each == BOOLS[1] for each in BOOLS]
    else:
        (grouping,) = statistics.request.groupings
        values = list(grouping.names[grouping.parts.index(name)])
    return pd.Categorical.from_codes(positions, pd.Index([values[code] for code in used]))


def _left_out(by: tuple[str, ...], plan: ExportPlan, made: AnnData) -> Iterator[Finding]:
    n_missing = plan.selection.n_cells - int(made.obs[N_CELLS].sum())
    if n_missing:
        text = f"{counted(n_missing, 'cell')} without a value in {' or '.join(map(repr, by))} left out"
        yield Finding("cells-without-group", text)
