"""Opening an HDF5 file: for metadata, and for what only HDF5 can decode."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import h5py

from karospace_stream.source.collecting import not_collecting
from karospace_stream.source.pages import PagedReader
from karospace_stream.source.ranges import RangedFile
from karospace_stream.source.refuse import open_failure


@contextmanager
def open_hdf5(file: RangedFile) -> Iterator[h5py.File]:
    """Open for a moment, so that the user may still write to, or remove, the file afterwards.

    Raises
    ------
    BadInputError
        If the file has changed since the source was opened, or its store does not answer.
    """
    with file.open():  # the check for a changed file
        pass
    handle = file.for_hdf5()
    if isinstance(handle, PagedReader):
        with not_collecting(handle.settle), _open_paged(file.path, handle) as root:
            yield root
        return
    root = _open(handle)
    try:
        yield root
    finally:
        root.close()


def external_links(root: h5py.File) -> Iterator[tuple[str, str]]:
    """Links to other files, of the root and of the groups right below it: their paths, and the files."""
    for name in root:
        link = root.get(name, getlink=True)
        if isinstance(link, h5py.ExternalLink):
            yield name, link.filename
            continue
        group = root.get(name)  # None where a link leads nowhere
        for inner in group if isinstance(group, h5py.Group) else ():
            link = group.get(inner, getlink=True)
            if isinstance(link, h5py.ExternalLink):
                yield f"{name}/{inner}", link.filename


def _open(path: str) -> h5py.File:
    try:
        return h5py.File(path, "r")
    except OSError as error:
        if "unable to lock" not in str(error):
            raise open_failure(path, error) from error
    # Read-only and network folders often cannot lock; a reader does not need to.
    return h5py.File(path, "r", locking=False)


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
        # What the store could not do is neither damage of the file nor something to be passed over.
        if handle.error is not None:
            raise handle.error
