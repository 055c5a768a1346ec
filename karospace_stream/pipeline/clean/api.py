"""`karospace_stream.clean`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from karospace_stream.errors import TargetError
from karospace_stream.formats.registry import FORMATS
from karospace_stream.pipeline.clean.folders import left_in_folders, refuse_running
from karospace_stream.pipeline.clean.orphan import Orphan
from karospace_stream.pipeline.clean.stores import left_on_store
from karospace_stream.storage import Store, is_url, local_path, location_of
from karospace_stream.targets import claim_location, is_archive
from karospace_stream.targets.local.staging import absolute, put_back


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Result of `karospace_stream.clean`.

    Attributes
    ----------
    target
        Folder or URL that was cleaned.
    leftovers
        The removed leftovers, in the order in which they were removed.
    """

    target: str
    leftovers: tuple[Orphan, ...]

    @property
    def nbytes(self) -> int:
        """Size of all removed leftovers, in bytes."""
        return sum(each.nbytes for each in self.leftovers)

    def to_json(self) -> dict[str, Any]:
        """Convert to plain data."""
        return {
            "target": self.target,
            "nbytes": self.nbytes,
            "removed": [each.to_json() for each in self.leftovers],
        }


def clean(
    target: str | os.PathLike[str],
    *,
    storage_options: Mapping[str, Any] | None = None,
    confirm: Callable[[tuple[Orphan, ...]], None] = lambda leftovers: None,
) -> Cleaned:
    """Remove leftovers of interrupted exports to a target: partial files, ledgers, scratch.

    A complete export is never touched. If an export was interrupted while it replaced an older one, the
    replacement is completed. The subfolders of exports in several formats, such as ``target/cellucid``, are
    cleaned too.

    Parameters
    ----------
    target
        Folder or URL, as for `export`.
    storage_options
        As for `export`.
    confirm
        Called with the leftovers before they are removed. If it raises, nothing is removed.

    Returns
    -------
    Cleaned
        The removed leftovers and their size in bytes.

    Raises
    ------
    TargetError
        If an export to the target is running, or a leftover cannot be removed. On an object store, running
        exports cannot be detected: make sure yourself that there is none.

    Examples
    --------
    >>> clean("s3://bucket/atlas").nbytes  # doctest: +SKIP
    """
    root = os.fspath(target)
    with _as_target_error(root):
        found = tuple(
            _on_stores(root, storage_options) if is_url(root) else _in_folders(root, storage_options)
        )
        if found:
            confirm(found)
        for each in found:
            each.remove()
    shown = location_of(root).shown if is_url(root) else root
    return Cleaned(shown, found)


def _in_folders(root: str, storage_options: Mapping[str, Any] | None) -> Iterator[Orphan]:
    final = absolute(local_path(root))
    finals = [final, *(final / name for name in FORMATS)]
    for final in finals:
        refuse_running(final)
    for final in finals:
        put_back(final)
        yield from left_in_folders(final, storage_options)


def _on_stores(root: str, storage_options: Mapping[str, Any] | None) -> Iterator[Orphan]:
    location = location_of(root, storage_options)
    for each in (location, *map(location.child, FORMATS)):
        yield from left_on_store(Store(each), storage_options)
    if is_archive(location.url):
        yield from left_on_store(Store(claim_location(location)), storage_options, of=location.shown)


@contextmanager
def _as_target_error(where: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TargetError(f"{error}; the remaining files there were not removed") from error
