"""Export into the cache, or reuse a cached export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Unpack

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.options import read_options
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.keywords import ExportKeywords
from karospace_stream.pipeline.run import BeforeRun, run_export
from karospace_stream.pipeline.targets import check_store_options
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.genes.missing import to_look_at
from karospace_stream.plan.lazy_source import OpenedSource, open_with
from karospace_stream.plan.planning import plan_export
from karospace_stream.preview.cache_key import cache_key
from karospace_stream.runtime.events import Listener, Note, ignore
from karospace_stream.targets.local.cache import Cache, open_cache

__all__ = ["CacheEntry", "cached_export", "export_into", "find_entry", "open_cache", "send_note"]


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """An export in the cache, finished or planned. It is not deleted before `release`.

    Attributes
    ----------
    plan
        How to make it; None if it exists.
    note
        How the export differs from the request; may be empty.
    """

    cache: Cache
    key: str
    opened: OpenedSource
    options: ExportOptions
    plan: ExportPlan | None
    mark: Path
    note: str = ""

    @property
    def folder(self) -> Path:
        """The folder of the export."""
        return self.cache.folder(self.key)

    def release(self) -> None:
        """Allow deleting it when room is needed."""
        self.mark.unlink(missing_ok=True)


def find_entry(source: Any, **options: Unpack[ExportKeywords]) -> CacheEntry:
    """Look up an export in the cache, and plan it if it is missing.

    Raises
    ------
    BadOptionError
        If several formats, or a separate target, were requested.
    KaroSpaceError
        As `karospace_stream.plan_export`.
    """
    export_options = read_options(options)
    if len(export_options.formats) > 1 or any(export_options.targets):
        raise BadOptionError("--format must be one format without a path, because the cache is the target")
    check_store_options(export_options, ["the cache"])
    opened = source if isinstance(source, OpenedSource) else open_with(source, export_options)
    if "genes" not in options:
        export_options, note = to_look_at(opened.catalog, export_options)
    else:
        note = ""
    cache, key = open_cache(), cache_key(source, opened, export_options)
    mark = cache.enter(key)
    try:
        plan = None if cache.is_whole(key) else plan_export(opened, export_options)
    except BaseException:
        mark.unlink(missing_ok=True)
        raise
    return CacheEntry(cache, key, opened, export_options, plan, mark, note)


def send_note(entry: CacheEntry, listener: Listener) -> None:
    """Report how the export differs from the request, even if it already exists."""
    if entry.note:
        listener(Note(entry.note))


def export_into(
    entry: CacheEntry,
    listener: Listener,
    *,
    before_run: BeforeRun | None = None,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Make the export of a cache entry, unless another process does so meanwhile.

    Parameters
    ----------
    check
        Called now and then while another process makes it; an exception from it ends the wait.
    """
    cache, key = entry.cache, entry.key
    with cache.building(key, check):
        if entry.plan is None or cache.is_whole(key):
            return
        listener(Note(f"exporting into the cache ({entry.folder}); the next start is immediate"))
        cache.make_room(entry.plan.output_nbytes)
        report = run_export(entry.opened, entry.folder, entry.options, listener, before_run)
        cache.finish(key, source=entry.opened.catalog.location, nbytes=report.nbytes)


def cached_export(
    source: Any, *, listener: Listener = ignore, **options: Unpack[ExportKeywords]
) -> CacheEntry:
    """Export into the cache, unless the same input was exported with the same options before.

    Parameters
    ----------
    source, **options
        As for `karospace_stream.export`.

    Returns
    -------
    The cached export. It is not deleted before ``release`` is called or the process ends.

    Raises
    ------
    KaroSpaceError
        As `find_entry` and `karospace_stream.export`.
    """
    entry = find_entry(source, **options)
    send_note(entry, listener)
    try:
        export_into(entry, listener)
    except BaseException:
        entry.release()
        raise
    return entry
