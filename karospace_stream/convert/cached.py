"""Export what is no export yet into the cache, or find it there from an earlier time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Unpack

from karospace_stream.convert.export import run_export
from karospace_stream.convert.fingerprint import cache_key
from karospace_stream.convert.opened import OpenedSource, open_source
from karospace_stream.convert.options import ExportOptions, Wishes, read_options
from karospace_stream.convert.plan import plan_export
from karospace_stream.errors import BadOptionError
from karospace_stream.runtime.events import Listener, Note, ignore
from karospace_stream.target.cache import Cache, open_cache

__all__ = ["Kept", "cached_export", "open_cache"]


@dataclass(frozen=True, slots=True)
class Kept:
    """An export in the cache, in use until `release`."""

    folder: Path
    release: Callable[[], None]


def cached_export(source: Any, *, listener: Listener = ignore, **options: Unpack[Wishes]) -> Kept:
    """Export into the cache, unless the same input was exported with the same options before.

    Parameters
    ----------
    source, **options
        As for `karospace_stream.export`.

    Returns
    -------
    Where the export is. It is not deleted before ``release`` is called or the process ends.

    Raises
    ------
    BadOptionError
        If several formats, or a target of its own, were wished.
    KaroSpaceError
        As `karospace_stream.export`.
    """
    wishes = read_options(options)
    if len(wishes.formats) > 1 or any(wishes.places):
        raise BadOptionError("--format wants one format without a path here, since the cache is the target")
    opened = source if isinstance(source, OpenedSource) else open_source(source)
    cache, key = open_cache(), cache_key(source, opened, wishes)
    mark = cache.enter(key)
    try:
        with cache.building(key):
            if not cache.is_whole(key):
                _export(opened, cache, key, wishes, listener)
    except BaseException:
        mark.unlink(missing_ok=True)
        raise
    return Kept(cache.place(key), lambda: mark.unlink(missing_ok=True))


def _export(opened: OpenedSource, cache: Cache, key: str, options: ExportOptions, listener: Listener) -> None:
    plan = plan_export(opened, options)
    place = cache.place(key)
    listener(Note(f"exporting into the cache ({place}); next time it opens at once"))
    cache.make_room(plan.output_nbytes)
    report = run_export(opened, place, options, listener)
    cache.finish(key, source=opened.catalog.location, nbytes=report.nbytes)
