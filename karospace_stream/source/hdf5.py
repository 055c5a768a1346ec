"""Opening an HDF5 file: for metadata, and for what only HDF5 can decode."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import h5py

from karospace_stream.source.ranges import LocalFile
from karospace_stream.source.refuse import open_failure


@contextmanager
def open_hdf5(file: LocalFile) -> Iterator[h5py.File]:
    """Open for a moment, so that the user may still write to, or remove, the file afterwards.

    Raises
    ------
    BadInputError
        If the file has changed since the source was opened.
    """
    with file.open():  # the check for a changed file
        pass
    root = _open(file.path)
    try:
        yield root
    finally:
        root.close()


def _open(path: str) -> h5py.File:
    try:
        return h5py.File(path, "r")
    except OSError as error:
        if "unable to lock" not in str(error):
            raise open_failure(path, error) from error
    # Read-only and network folders often cannot lock; a reader does not need to.
    return h5py.File(path, "r", locking=False)
