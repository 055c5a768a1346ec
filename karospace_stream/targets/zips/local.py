"""A zip on a local disk: its entries are staged beside it, packed, and published by one rename."""

from __future__ import annotations

import os
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from karospace_stream.errors import TargetError
from karospace_stream.model.blob import Receipt
from karospace_stream.targets.local.folder import LocalTarget
from karospace_stream.targets.local.preflight import check_writable
from karospace_stream.targets.local.staging import absolute, adopt_partial, make_partial, remove_partial
from karospace_stream.targets.request import TargetRequest, packing_of
from karospace_stream.targets.zips.zipping import (
    Packing,
    entries_of,
    read_listing,
    refuse_foreign_zip,
    zip_pieces,
)

_ARCHIVE = "archive"
_PACKED = "packed"
_PIECE_NBYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class LocalZip(LocalTarget):
    """Writes below ``staging``; `seal` packs that into the file ``final``. Made by `begin_local_zip`."""

    packing: Packing = field(kw_only=True)

    @classmethod
    def open(cls, request: TargetRequest, token: str, *, resume: bool = False) -> LocalZip:
        """Begin or resume an export; see `begin_local_zip`."""
        return begin_local_zip(
            request.path,
            packing=packing_of(request),
            overwrite=request.overwrite,
            token=token,
            resume=resume,
        )

    @classmethod
    def check(cls, request: TargetRequest) -> None:
        """Check the target; see `check_local_zip`."""
        check_local_zip(request.path, packing=packing_of(request), overwrite=request.overwrite)

    def n_objects(self, written: int) -> int:
        """The zip."""
        return 1

    def seal(self) -> None:
        """Pack the staged files, and publish the zip in one step. An older zip stays until then.

        Raises
        ------
        TargetError
            If the disk is full, or staged files are damaged: then nothing is published. If something
            else has been put there in the meantime.
        """
        final, partial = Path(self.final), Path(self.partial)
        try:
            listing = Path(self._inside(self.packing.listing)).read_bytes()
            entries = read_listing(self.packing, listing, self.final)
            if not _holds(final, entries):  # else this was interrupted just before the end
                check_free_zip(final, self.packing, self.overwrite)
                self._pack(entries, partial / _ARCHIVE, self.packing.comment(listing))
                (partial / _ARCHIVE).replace(final)
            # From here on nobody takes it for a resumable export.
            Path(self.staging).rename(partial / _PACKED)
        except OSError as error:
            raise TargetError(
                f"{self.final}: could not be published: {error.strerror or error}; make room or name "
                "another target"
            ) from error
        remove_partial(partial)

    def _pack(self, entries: list[Receipt], path: Path, comment: bytes) -> None:
        try:
            with path.open("wb", buffering=0) as file:
                for piece in zip_pieces(entries, self._pieces, self.final, comment):
                    view = memoryview(piece)
                    while view:
                        view = view[file.write(view) :]
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def _pieces(self, receipt: Receipt) -> Iterator[bytes]:
        with Path(self._inside(receipt.key)).open("rb", buffering=0) as file:
            while piece := file.read(_PIECE_NBYTES):
                yield piece


def begin_local_zip(
    path: str | os.PathLike[str],
    *,
    packing: Packing,
    overwrite: bool,
    token: str | None = None,
    resume: bool = False,
) -> LocalZip:
    """Check the target and make the staging folder beside it.

    Parameters
    ----------
    token, resume
        As of `begin_local`.

    Raises
    ------
    TargetError
        If something is there already, or the target cannot be written.
    """
    final = absolute(path)
    name = token or secrets.token_hex(4)
    partial = adopt_partial(final, name) if resume else None
    if partial is None:  # else the seal checks
        check_free_zip(final, packing, overwrite)
        partial = make_partial(final, name)
    return LocalZip(str(final), str(partial), "", overwrite, packing=packing)


def check_local_zip(path: str | os.PathLike[str], *, packing: Packing, overwrite: bool) -> None:
    """Look whether `begin_local_zip` would work. Writes nothing.

    Raises
    ------
    TargetError
        If something is there already, or the path may not be written.
    """
    final = absolute(path)
    check_free_zip(final, packing, overwrite)
    check_writable(final)


def check_free_zip(final: Path, packing: Packing, overwrite: bool) -> None:
    """Check whether a zip may be put at a path.

    Raises
    ------
    TargetError
        If something is there that stays.
    """
    if not os.path.lexists(final):
        return
    if final.is_symlink() or not final.is_file():
        raise TargetError(f"{final}: the target must be a file, but is a folder or a link; name another")
    refuse_foreign_zip(packing, _entries(final), str(final))
    if not overwrite:
        raise TargetError(f"{final}: a bundle already exists; add --overwrite to replace it")


def _holds(final: Path, entries: list[Receipt]) -> bool:
    return final.is_file() and not final.is_symlink() and _entries(final)[0] == entries


def _entries(final: Path) -> tuple[list[Receipt], list[str]]:
    """Entries that the directory of a zip lists, and the foreign ones; nothing if it is no zip."""
    try:
        with zipfile.ZipFile(final) as archive:
            return entries_of(archive)
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return [], []
