"""Open an HDF5 file, for metadata and for data that only HDF5 can decode.

All reading through HDF5 goes through `open_hdf5`, one thread at a time; `docs/design/hdf5.md` says why.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass

import h5py

from karospace_stream.source.files.page_cache import PagedReader, for_hdf5
from karospace_stream.source.files.ranges import RangedFile
from karospace_stream.source.files.remote_file import RemoteFile
from karospace_stream.source.hdf5.gc_pause import not_collecting
from karospace_stream.source.problems.diagnose import open_failure

# Of the process: two handles of one file share the objects in it, and one that closes takes along what the
# other reads. A thread may open again what it has open: the inner handle closes first.
_LOCK = threading.RLock()
# A fork waits for the reader, so that no child inherits a lock that nobody will release.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_LOCK.release)

# HDF5 shares objects between handles of the same driver only. The user's own are of the default one, so
# that theirs and ours do not meet.
_OUR_OWN = "stdio"

# Handles of `keep_open`, of the thread that has the lock.
_KEPT: dict[RangedFile, h5py.File] = {}


@contextmanager
def open_hdf5(file: RangedFile) -> Iterator[h5py.File]:
    """Open for a moment, so that the user may still write to, or remove, the file afterwards.

    Other threads wait meanwhile: read only what you need, and leave.

    Raises
    ------
    BadInputError
        If the file has changed since the source was opened, or its store does not answer.
    """
    with _LOCK:
        with file.open():  # the check for a changed file
            pass
        if file in _KEPT:
            yield _KEPT[file]
            return
        handle = for_hdf5(file)
        if isinstance(handle, PagedReader):
            with not_collecting(handle.settle), _open_paged(file.path, handle) as root:
                yield root
            return
        root = _open(handle)
        try:
            yield root
        finally:
            root.close()


@contextmanager
def keep_open(file: RangedFile) -> Iterator[None]:
    """Keep open the file that `open_hdf5` opens meanwhile, for many small reads in a row.

    Other threads wait until the end. A remote file is opened each time: nobody should wait for a store that
    long.

    Raises
    ------
    BadInputError
        As `open_hdf5`.
    """
    if isinstance(file, RemoteFile):
        yield
        return
    with open_hdf5(file) as root:
        outermost = file not in _KEPT
        _KEPT[file] = root
        try:
            yield
        finally:
            if outermost:
                del _KEPT[file]


@dataclass(frozen=True, slots=True)
class H5Origin:
    """The file that a source was opened from."""

    file: RangedFile

    def check(self) -> None:
        """Raise BadInputError if it has changed since."""
        self.file.check()

    def kept_open(self) -> AbstractContextManager[None]:
        """See `keep_open`."""
        return keep_open(self.file)


def external_links(root: h5py.File) -> Iterator[tuple[str, str]]:
    """Links to other files, of the root and of the groups right below it: their paths, and the files."""
    for name in root:
        link = root.get(name, getlink=True)
        if isinstance(link, h5py.ExternalLink):
            yield name, link.filename
            continue
        group = root.get(name)  # None for a dangling link
        for inner in group if isinstance(group, h5py.Group) else ():
            link = group.get(inner, getlink=True)
            if isinstance(link, h5py.ExternalLink):
                yield f"{name}/{inner}", link.filename


def _open(path: str) -> h5py.File:
    with suppress(OSError):
        return h5py.File(path, "r", driver=_OUR_OWN)
    # Read-only and network folders often cannot lock; a reader does not need to.
    with suppress(OSError):
        return h5py.File(path, "r", driver=_OUR_OWN, locking=False)
    try:  # This driver opens files that this process itself writes to, and has the best errors.
        return h5py.File(path, "r")
    except OSError as error:
        raise open_failure(path, error) from error


@contextmanager
def _open_paged(path: str, handle: PagedReader) -> Iterator[h5py.File]:
    root = None
    try:
        root = h5py.File(handle, "r")
        yield root
    except OSError as error:
        if root is None and handle.error is None:
            raise open_failure(path, error) from error
        raise
    finally:
        if root is not None:
            root.close()
        # A failure of the store is no damage of the file, and must not be skipped.
        if handle.error is not None:
            raise handle.error
