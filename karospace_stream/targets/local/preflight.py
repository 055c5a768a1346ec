"""Check whether a bundle may be put at a local path."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from karospace_stream.errors import TargetError
from karospace_stream.targets.local.staging import absolute
from karospace_stream.targets.older import Known, refuse_foreign_folder


def check_free(final: Path, marks: Sequence[str], overwrite: bool, known: Known | None = None) -> None:
    """Check whether a bundle may be put at a path.

    Parameters
    ----------
    marks
        Names of files of which every bundle has one; only such a folder is ever replaced.
    known
        Returns the files of the existing bundle; only a folder that holds nothing else is replaced.

    Raises
    ------
    TargetError
        If something is there that stays.
    """
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        if final.is_symlink() or not final.is_dir():
            if os.path.lexists(final):
                raise TargetError(
                    f"{final}: the target must be a folder, but is a file or a link; name another"
                )
            return
        there = {entry.name for entry in final.iterdir()}
        is_bundle = not there.isdisjoint(marks)
        if is_bundle and known is not None:  # first, so that we never suggest to overwrite foreign files
            refuse_foreign_folder(final, known)
        if is_bundle and not overwrite:
            raise TargetError(f"{final}: a bundle already exists; add --overwrite to replace it")
        if there and not is_bundle:
            raise TargetError(
                f"{final}: the folder has other files and no {' or '.join(marks)}, so it is not a bundle "
                "and will not be replaced; name an empty or a new folder"
            )
        if os.path.ismount(final):  # fail now, and not when everything is written
            raise TargetError(f"{final}: a bundle cannot replace a mounted folder; name a new folder in it")
        if final.samefile(Path.cwd()):
            raise TargetError(f"{final}: a bundle cannot replace the current folder; name another")


def check_local(
    path: str | os.PathLike[str],
    *,
    marks: Sequence[str],
    overwrite: bool,
    known: Known | None = None,
) -> None:
    """Look whether `begin_local` would work. Writes nothing.

    Raises
    ------
    TargetError
        If something is there already, or the path may not be written.
    """
    final = absolute(path)
    check_free(final, marks, overwrite, known)
    check_writable(final)


def check_writable(final: Path) -> None:
    """Check whether the path may be written. Writes nothing.

    Raises
    ------
    TargetError
        If not.
    """
    above = next(folder for folder in final.parents if os.path.lexists(folder))
    if not above.is_dir():
        raise TargetError(f"{final}: {above} is a file, so it cannot contain a folder; name another target")
    if not os.access(above, os.W_OK | os.X_OK):
        raise TargetError(f"{final}: {above} is not writable; name another target")
