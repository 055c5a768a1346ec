"""Find leftovers of exports to a local folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from karospace_stream.errors import TargetError
from karospace_stream.pipeline.clean.orphan import Orphan, folder_size
from karospace_stream.pipeline.clean.scratch import named, on_stores, orphaned_scratch
from karospace_stream.pipeline.resume.header import read_head, scratch_root
from karospace_stream.pipeline.scratch_owner import Owner
from karospace_stream.targets.document_store import FolderDocuments
from karospace_stream.targets.local.folder_lock import hold
from karospace_stream.targets.local.staging import (
    LEDGER,
    cut_off_partials,
    held_partials,
    remove_partial,
    token_of,
)


def refuse_running(final: Path) -> None:
    """Refuse to clean a folder that an export is using.

    Raises
    ------
    TargetError
        If an export to this folder runs.
    """
    if held_partials(final):
        raise TargetError(f"{final}: an export to it is running; wait until it ends, or stop it first")


def left_in_folders(
    final: Path, storage_options: Mapping[str, Any] | None = None, scratch: Iterable[str] = ()
) -> Iterator[Orphan]:
    """Find all leftovers of dead exports to one folder; skip those in use.

    Parameters
    ----------
    scratch
        Folders where scratch may lie, besides those that ledgers name.
    """
    seen: set[str] = set()
    folders = cut_off_partials(final)
    dead = [token_of(folder) for folder in folders]
    roots = [root for folder in folders for root in _roots(folder)]
    # Scratch before the ledgers that locate it: cleaning may be interrupted too.
    for folder in folders:
        owner = Owner(token_of(folder), str(final))
        for where in _scratch_of(folder, final):
            for each in named(where, owner, storage_options):
                seen.add(each.where)
                yield each
        for each in on_stores(_roots(folder), owner, storage_options):
            if each.where not in seen:
                yield each
    for each in orphaned_scratch(str(final), (*scratch, *roots), dead):
        if each.where not in seen:
            yield each
    for folder in folders:
        yield Orphan("unfinished export", str(folder), *folder_size(folder), partial(_remove_partial, folder))


def _roots(folder: Path) -> list[str]:
    try:
        return scratch_root(FolderDocuments(str(folder / LEDGER)))
    except TargetError:  # also if damaged: it must not prevent cleaning the rest
        return []


def _scratch_of(folder: Path, final: Path) -> list[str]:
    try:
        head = read_head(FolderDocuments(str(folder / LEDGER)), str(final))
    except TargetError:  # damaged, so nobody can resume it: clean it
        return []
    return [] if head is None else list(head.scratch.values())


def _remove_partial(folder: Path) -> None:
    if not hold(folder, wait_s=0):
        raise TargetError(f"{folder}: another process is using it; wait until it ends")
    remove_partial(folder)
    if folder.exists():
        raise TargetError(f"{folder} could not be deleted completely; delete it yourself")
