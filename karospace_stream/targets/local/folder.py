"""A folder on a local disk: staged beside its final path, then renamed to it."""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from isal.isal_zlib import crc32

from karospace_stream.errors import TargetError
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.storage import Location, read_regular
from karospace_stream.targets.document_store import FolderDocuments
from karospace_stream.targets.keys import is_inside
from karospace_stream.targets.local.folder_lock import release
from karospace_stream.targets.local.preflight import check_free, check_local
from karospace_stream.targets.local.staging import (
    BUNDLE,
    LEDGER,
    OLD,
    absolute,
    adopt_partial,
    make_partial,
    partial_of,
    put_back,
    remove_partial,
)
from karospace_stream.targets.older import Known
from karospace_stream.targets.request import TargetRequest

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would turn each \n into \r\n


@dataclass(frozen=True, slots=True)
class LocalTarget:
    """Writes below ``staging``; `seal` renames that to ``final``. Made by `begin_local`.

    Attributes
    ----------
    partial
        The folder that contains ``staging``.
    marks, known
        As of `begin_local`.
    """

    final: str
    partial: str
    sealed_by: str
    overwrite: bool
    marks: tuple[str, ...] = ()
    known: Known | None = None

    @classmethod
    def open(cls, request: TargetRequest, token: str, *, resume: bool = False) -> LocalTarget:
        """Begin or resume an export; see `begin_local`."""
        return begin_local(
            request.path,
            sealed_by=request.layout.sealed_by,
            overwrite=request.overwrite,
            token=token,
            resume=resume,
            marks=request.layout.marks,
            known=request.known,
        )

    @classmethod
    def check(cls, request: TargetRequest) -> None:
        """Check the target; see `check_local`."""
        marks = request.layout.marks or (request.layout.sealed_by,)
        check_local(request.path, marks=marks, overwrite=request.overwrite, known=request.known)

    @classmethod
    def waits(cls, request: TargetRequest, token: str) -> bool:
        """Whether the staged folder of this export is there."""
        return (partial_of(absolute(request.path), token) / BUNDLE).is_dir()

    @property
    def staging(self) -> str:
        """The folder in which files are written."""
        return f"{self.partial}/{BUNDLE}"

    @property
    def location(self) -> str:
        """The folder."""
        return self.final

    @property
    def shared_paths(self) -> tuple[str, ...]:
        """The staged folder."""
        return (self.staging,)

    @property
    def scratch_root(self) -> Location | None:
        """None, since a folder may be on a disk of this machine alone."""
        return None

    def n_objects(self, written: int) -> int:
        """The number of written files, since readers see each of them."""
        return written

    @property
    def prefix(self) -> str:
        """Empty, since the folder is replaced at once."""
        return ""

    @contextmanager
    def batch(self) -> Iterator[LocalTarget]:
        """Write files one by one: a disk gains nothing from several at once."""
        yield self

    def put(self, blob: Blob) -> Receipt:
        """Write one file.

        Raises
        ------
        TargetError
            If the disk is full, or the file cannot be written for another reason.
        """
        return self._put(blob.key, iter((blob.data,)))

    def put_pieces(self, key: str, pieces: Iterable[bytes | memoryview], media_type: str) -> Receipt:
        """Write one file piece by piece; ``media_type`` is for targets that store one.

        Raises
        ------
        TargetError
            As `put`.
        """
        return self._put(key, iter(pieces))

    def seal(self) -> None:
        """Rename the staged folder to the target; then delete an older bundle.

        Raises
        ------
        TargetError
            If the folder cannot be renamed; then the older bundle is restored. Or if
            something else has been put there in the meantime.
        """
        final, staging = Path(self.final), Path(self.staging)
        old = Path(self.partial) / OLD
        check_free(final, self.marks or (self.sealed_by,), self.overwrite, self.known)
        replaced = final.exists()
        try:
            if replaced:
                final.rename(old)
            try:
                staging.rename(final)
            except BaseException:
                if replaced:
                    old.rename(final)
                raise
        except OSError as error:
            raise TargetError(f"{self.final}: could not be published: {error.strerror or error}") from error
        remove_partial(Path(self.partial))

    def abort(self) -> None:
        """Delete all written files."""
        remove_partial(Path(self.partial))

    def keep(self) -> None:
        """Leave the written files for an export that resumes this one."""
        release(Path(self.partial))

    def holds(self) -> Callable[[Receipt], bool]:
        """Returns whether a file exists with the size and the checksum of its receipt."""
        return self._is_true

    def documents(self) -> FolderDocuments:
        """A folder next to the staged one."""
        return FolderDocuments(f"{self.partial}/{LEDGER}")

    def _is_true(self, receipt: Receipt) -> bool:
        try:
            data = read_regular(self._inside(receipt.key), receipt.size)
        except (OSError, TargetError):
            return False
        return len(data) == receipt.size and crc32(data) == receipt.crc32

    def _put(self, key: str, pieces: Iterator[bytes | memoryview]) -> Receipt:
        path = self._inside(key)
        first = next(pieces, b"")  # made before the file is opened, and not twice if a folder is missing
        try:
            try:
                size, check = _write(path, first, pieces)
            except FileNotFoundError:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                size, check = _write(path, first, pieces)
        except OSError as error:
            raise TargetError(
                f"{self.final}: {key} could not be written: {error.strerror or error}; "
                "make room or name another target"
            ) from error
        return Receipt(key, size, check)

    def _inside(self, key: str) -> str:
        if not is_inside(key):
            raise TargetError(f"{key!r} is not a name inside a bundle")
        return f"{self.staging}/{key}"


def _write(path: str, first: bytes | memoryview, pieces: Iterator[bytes | memoryview]) -> tuple[int, int]:
    """Write a file; its size and its CRC-32."""
    # Tens of thousands of small files: plain system calls, no buffer and no path objects.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o666)
    size, check = 0, 0
    try:
        for piece in itertools.chain((first,), pieces):
            size, check = size + len(piece), crc32(piece, check)
            view = memoryview(piece)
            while view:
                view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)
    return size, check


def begin_local(
    path: str | os.PathLike[str],
    *,
    sealed_by: str,
    overwrite: bool,
    token: str | None = None,
    resume: bool = False,
    marks: tuple[str, ...] = (),
    known: Known | None = None,
) -> LocalTarget:
    """Check the target and make the staging folder beside it.

    Parameters
    ----------
    sealed_by
        Name of the file that makes a folder a bundle; only such a folder is ever replaced.
    marks
        Names of which a folder must have one to be replaced, if that is not ``sealed_by``.
    known
        Returns the files of an older bundle; a folder that holds others is not replaced.
    token
        Letters and digits that name this export; by default, new ones.
    resume
        Whether to resume the interrupted export of this token, if there is one.

    Raises
    ------
    TargetError
        If something is there already, or the target cannot be written.
    """
    final = absolute(path)
    put_back(final)
    check_free(final, marks or (sealed_by,), overwrite, known)
    name = token or secrets.token_hex(4)
    partial = (adopt_partial(final, name) if resume else None) or make_partial(final, name)
    return LocalTarget(str(final), str(partial), sealed_by, overwrite, marks, known)
