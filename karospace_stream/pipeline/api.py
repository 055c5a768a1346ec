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
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.export_plan import plan_export as plan
from karospace_stream.plan.plan_card import plan_card, short_plan
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
        """The entire export as one lazy Dask task; computing it writes and seals the bundle.

        A plan that needs gene means counts them now.
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
    """Export an AnnData into a bundle that a browser explores, within a memory budget.

    Parameters
    ----------
    source
        Path of a ``.h5ad`` file or ``.zarr`` store, an ``AnnData`` (in memory, backed or lazy),
        or what `open_source` gave.
    target
        Folder or URL to write. The export appears when it is whole. Several formats go into folders of it
        that are named after them.
    listener
        Called with progress events.
    progress
        Whether to show progress. By default it is shown in a notebook and on a terminal, unless there is a
        listener; False shows none, True writes lines to stderr where there is neither.
    **options
        All of the following, by name.

    Other Parameters
    ----------------
    {options}

    Returns
    -------
    Report
        Sizes, time and memory of the run.

    Raises
    ------
    BadInputError
        If the input cannot be read, or not exported as wished.
    BadOptionError
        If an option is wrong, or names what is not in the input.
    BudgetError
        If the budget is too small; says the smallest that works. Nothing was read then.
    TargetError
        If the target cannot be written, or there is an export already.

    Examples
    --------
    >>> report = export("atlas.h5ad", "bundle", genes="hvgs:500", memory="2GB")  # doctest: +SKIP
    >>> report = export(
    ...     "atlas.h5ad", "exports/atlas", format="cellucid", var_quantization=8, memory="2GB"
    ... )  # doctest: +SKIP
    """
    wishes = read_options(options)
    with python_progress(progress, listener) as hear:
        return run_export(source, target, wishes, hear)


export.__doc__ = with_options(export.__doc__)


@with_keywords()
def plan_export(
    source: Any, target: str | os.PathLike[str] | None = None, **options: Unpack[ExportKeywords]
) -> Plan:
    """Decide everything about an export, and write nothing.

    Parameters
    ----------
    source
        As for `export`.
    target
        As for `export`, where it is known: writing to a store takes more memory. Nothing is looked up there.
    **options
        As for `export`.

    Returns
    -------
    Plan
        An `ExportPlan`: strategy, memory, scratch, objects. Its ``to_dask(target)`` is the lazy graph.

    Raises
    ------
    KaroSpaceError
        As `export`, but for what concerns the target.

    Examples
    --------
    >>> plan = plan_export("atlas.h5ad", genes="all", memory="2GB")  # doctest: +SKIP
    >>> plan.transpose.strategy, plan.peak_nbytes, plan.n_objects  # doctest: +SKIP
    """
    wishes = read_options(options, function="plan_export")
    made = plan(source, wishes if target is None else with_targets(wishes, target))
    return Plan(**{field.name: getattr(made, field.name) for field in fields(made)})
