"""Compare what an export writes with the free space of the local disks that it writes to."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from karospace_stream.errors import TargetError
from karospace_stream.model.finding import Finding
from karospace_stream.model.size import Size
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.resources.disk import DiskUse, Written
from karospace_stream.storage import is_url, local_path
from karospace_stream.targets import is_archive
from karospace_stream.targets.local.free_space import existing_folder, free_nbytes
from karospace_stream.units import format_nbytes


def find_disks(
    options: ExportOptions,
    *,
    outputs: Sequence[Size],
    scratch: Size,
    stores_scratch: bool,
) -> tuple[DiskUse, ...]:
    """The bytes that an export writes to each local disk; see `written_bundles` and `written_scratch`.

    Parameters
    ----------
    outputs
        Size of each format.
    scratch
        Size of scratch.
    stores_scratch
        Whether scratch goes to an object store.
    """
    local = () if stores_scratch else written_scratch(options, scratch)
    return disks_of([*written_bundles(options, outputs), *local])


def written_bundles(options: ExportOptions, outputs: Sequence[Size]) -> Iterator[Written]:
    """The bytes for local targets; the files of a zip wait beside it until they are packed.

    Parameters
    ----------
    outputs
        Size of each format.
    """
    for target, output in zip(options.targets, outputs, strict=True):
        if target is not None and not is_url(target):
            least, most = (output * (2 if is_archive(target) else 1)).bounds
            yield Written("bundle", str(Path(local_path(target)).absolute()), least, most)


def written_scratch(options: ExportOptions, scratch: Size) -> Iterator[Written]:
    """The bytes for a local scratch folder; nothing if no scratch is needed."""
    least, most = scratch.bounds
    if most == 0:
        return
    try:
        folder = str(Path(local_path(options.scratch or tempfile.gettempdir())).absolute())
    except FileNotFoundError:  # no folder for temporary files: refused when scratch is made
        return
    yield Written("scratch", folder, least, most)


def holds_scratch(options: ExportOptions, nbytes: int) -> bool:
    """Whether there is a local scratch folder that can be written and has room."""
    parts = list(written_scratch(options, Size.exactly(nbytes)))
    try:
        folders = [existing_folder(Path(part.path)) for part in parts]
        return bool(folders) and all(
            os.access(each, os.W_OK) and free_nbytes(each) >= nbytes for each in folders
        )
    except OSError:
        return False


def disks_of(parts: Sequence[Written]) -> tuple[DiskUse, ...]:
    """Group what is written by disk. Leaves out a disk whose free space the system does not tell."""
    found: dict[int, list[Written]] = {}
    free: dict[int, int] = {}
    for part in parts:
        try:
            folder = existing_folder(Path(part.path))
            disk = folder.stat().st_dev
            free[disk] = free_nbytes(folder)
        except OSError:
            continue
        found.setdefault(disk, []).append(part)
    return tuple(DiskUse(tuple(several), free[disk]) for disk, several in found.items())


def notice_disks(disks: Sequence[DiskUse]) -> Iterator[Finding]:
    """Findings about disks that may be too small."""
    for disk in disks:
        free = format_nbytes(disk.free_nbytes)
        option = "scratch" if any(part.what == "scratch" for part in disk.parts) else ""
        if disk.is_too_small:
            text = (
                f"the export needs at least {format_nbytes(disk.least_nbytes)} of disk space at {disk.shown}"
            )
            yield Finding("disk-too-small", f"{text}, but {free} are free", option)
        elif disk.most_nbytes > disk.free_nbytes:
            text = (
                f"the export may need up to {format_nbytes(disk.most_nbytes)} of disk space at {disk.shown}"
            )
            yield Finding("disk-nearly-full", f"{text}, where {free} are free", option)


def refuse_full_disks(disks: Sequence[DiskUse]) -> None:
    """Refuse an export that certainly does not fit.

    Raises
    ------
    TargetError
        Names the locations, what they need, and what is free.
    """
    for disk in filter(lambda each: each.is_too_small, disks):
        kinds = {part.what for part in disk.parts}
        where = f"--scratch {disk.shown}" if kinds == {"scratch"} else disk.shown
        needed, free = format_nbytes(disk.least_nbytes), format_nbytes(disk.free_nbytes)
        another = {
            frozenset({"scratch"}): "name another folder with --scratch",
            frozenset({"bundle"}): "name another target",
        }.get(frozenset(kinds), "name another target, or a folder on another disk with --scratch")
        raise TargetError(
            f"{where}: the export needs at least {needed} of disk space there, but {free} are free; "
            f"make room or {another}"
        )
