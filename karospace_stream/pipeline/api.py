"""Public functions for exporting: thin, typed wrappers around the plan and the run."""

from __future__ import annotations

import os
from dataclasses import fields
from typing import Any, Unpack

from karospace_stream.display.html import card_html
from karospace_stream.formats.options import read_options, with_options
from karospace_stream.options.keywords import ExportKeywords
from karospace_stream.pipeline.report import Report
from karospace_stream.pipeline.run import lazy_export, run_export
from karospace_stream.pipeline.targets import with_targets
from karospace_stream.plan.cards.plan_card import plan_card, short_plan
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.planning import plan_export as plan
from karospace_stream.progress.shown import python_progress
from karospace_stream.runtime.events import Listener
from karospace_stream.words.signature import with_keywords
from karospace_stream.words.words import errors_in_python


class Plan(ExportPlan):
    """An `ExportPlan` that can build its Dask graph."""

    __slots__ = ()

    def __repr__(self) -> str:
        return short_plan(self)

    def _repr_html_(self) -> str:
        return card_html(plan_card(self))

    def to_dask(self, target: str | os.PathLike[str]) -> Any:
        """Build the export as one lazy Dask task. Computing it writes the whole export.

        If the genes are chosen by their means, this call reads the matrix once to compute the means.

        Parameters
        ----------
        target
            Folder or URL to write, as for `export`.

        Returns
        -------
        dask.delayed.Delayed
            The task.

        Raises
        ------
        KaroSpaceError
            As for `export`.
        """
        with errors_in_python():
            return lazy_export(self, target)


@with_keywords()
def export(
    source: Any,
    target: str | os.PathLike[str],
    *,
    listener: Listener | None = None,
    progress: bool | None = None,
    **options: Unpack[ExportKeywords],
) -> Report:
    """Export an AnnData, within a memory budget, to a bundle that people explore in a browser.

    Parameters
    ----------
    source
        Path or URL of a ``.h5ad`` file, a ``.zarr`` store or another input; an ``AnnData`` (in memory, backed
        or lazy); or the result of `open_source`. Or several that are read as one: a list, a dictionary of
        names and inputs, a folder of inputs, a pattern such as ``"samples/*.h5ad"``, or a file with a list
        of paths (``.txt``, ``.csv``, ``.tsv``).
    target
        Folder or URL to write. The export appears there when it is complete. If there are several formats,
        each is written to a subfolder with its name.
    listener
        Called with each progress event.
    progress
        Whether to show progress. By default it is shown in a notebook and on a terminal, unless there is a
        listener. False shows none; True writes lines to stderr if there is neither.
    **options
        Options of the export, listed below.

    Other Parameters
    ----------------
    {options}

    Returns
    -------
    Report
        Size (bytes), time (seconds) and memory (bytes) of the export, and the findings.

    Raises
    ------
    BadInputError
        If the input cannot be read, or cannot be exported with these options.
    BadOptionError
        If an option is invalid, or names something that is not in the input.
    BudgetError
        If the memory budget is too small. The error names the smallest budget that works. It is raised
        before the matrix is read.
    TargetError
        If the target cannot be written, or already holds an export and ``overwrite`` is False.
    WorkerError
        If a worker process ends before its task is done.

    Examples
    --------
    >>> report = export("atlas.h5ad", "bundle", genes="hvgs:500", memory="2GB")  # doctest: +SKIP
    >>> report = export(
    ...     "atlas.h5ad", "exports/atlas", format="cellucid", var_quantization=8, memory="2GB"
    ... )  # doctest: +SKIP
    """
    export_options = read_options(options)
    with python_progress(progress, listener) as hear:
        return run_export(source, target, export_options, hear)


export.__doc__ = with_options(export.__doc__)


@with_keywords()
def plan_export(
    source: Any, target: str | os.PathLike[str] | None = None, **options: Unpack[ExportKeywords]
) -> Plan:
    """Plan an export: decide everything and compute its cost, without writing anything.

    Parameters
    ----------
    source
        As for `export`.
    target
        As for `export`, if it is known: writing to a store takes more memory. The target is not accessed.
    **options
        As for `export`.

    Returns
    -------
    Plan
        An `ExportPlan` with strategy, memory, scratch space (bytes) and number of objects. Its method
        ``to_dask(target)`` builds the export as a lazy Dask task.

    Raises
    ------
    KaroSpaceError
        As for `export`, except errors about the target.

    Examples
    --------
    >>> plan = plan_export("atlas.h5ad", genes="all", memory="2GB")  # doctest: +SKIP
    >>> plan.transpose.strategy, plan.peak_nbytes, plan.n_objects  # doctest: +SKIP
    """
    export_options = read_options(options, function="plan_export")
    made = plan(source, export_options if target is None else with_targets(export_options, target))
    return Plan(**{field.name: getattr(made, field.name) for field in fields(made)})
