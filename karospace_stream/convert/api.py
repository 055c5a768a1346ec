"""The Python surface of exporting: thin, typed doors to the plan and the run."""

from __future__ import annotations

import os
from dataclasses import fields
from typing import Any, Unpack

from karospace_stream.convert.export import lazy_export, run_export
from karospace_stream.convert.options import Wishes, read_options
from karospace_stream.convert.plan import ExportPlan
from karospace_stream.convert.plan import plan_export as plan
from karospace_stream.convert.report import Report
from karospace_stream.runtime.events import Listener, ignore


class Plan(ExportPlan):
    """An `ExportPlan` that knows the way to Dask."""

    __slots__ = ()

    def to_dask(self, target: str | os.PathLike[str]) -> Any:
        """The whole export as one lazy Dask task; computing it writes and seals the bundle.

        A plan that counts means first does so now.
        """
        return lazy_export(self, target)


def export(
    source: Any, target: str | os.PathLike[str], *, listener: Listener = ignore, **options: Unpack[Wishes]
) -> Report:
    """Export an AnnData into a bundle that a browser explores, within a memory budget.

    Parameters
    ----------
    source
        Path of a ``.h5ad`` file or ``.zarr`` store, an ``AnnData`` (in memory, backed or lazy),
        or what `open_source` gave.
    target
        Folder to write. It appears when the bundle is whole.
    listener
        Called with progress events.
    **options
        As fields of `ExportOptions`; ``memory`` may be text such as ``"2GB"``, ``anno`` one name
        or several.

    Returns
    -------
    Sizes, time and memory of the run.

    Raises
    ------
    KaroSpaceError
        If the input, an option, the target or the budget does not allow the export.

    Examples
    --------
    >>> report = export("atlas.h5ad", "bundle", genes="hvgs:500", memory="2GB")  # doctest: +SKIP
    """
    return run_export(source, target, read_options(options), listener)


def plan_export(source: Any, **options: Unpack[Wishes]) -> Plan:
    """Decide everything about an export, and write nothing.

    Parameters
    ----------
    source
        As for `export`.
    **options
        As for `export`.

    Returns
    -------
    The plan: strategy, memory, scratch, objects. Its ``to_dask(target)`` is the lazy graph.

    Raises
    ------
    KaroSpaceError
        As `export`, before anything is written.
    """
    made = plan(source, read_options(options))
    return Plan(**{field.name: getattr(made, field.name) for field in fields(made)})
