"""Other files that an HDF5 file refers to: HDF5 opens them itself, and would wait for a pipe forever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
from h5py import h5l

from karospace_stream.errors import BadInputError
from karospace_stream.storage import UnreadableFileError, check_regular


def check_linked(root: h5py.File) -> None:
    """Check the files that this file links to, at any depth.

    Raises
    ------
    BadInputError
        If one is no regular file. One that is not there is no error yet: its part may not be needed.
    """
    found: list[bytes] = []

    def note(name: bytes, info: Any) -> None:
        if info.type == h5l.TYPE_EXTERNAL:
            found.append(name)

    root.id.links.visit(note, info=True)
    targets = (root.get(_text(name), getlink=True) for name in found)
    for name in sorted({link.filename for link in targets}):
        _check(root.filename, name)


def check_stored_elsewhere(dataset: h5py.Dataset) -> None:
    """Check the files that hold the values of a dataset.

    Raises
    ------
    BadInputError
        If one is no regular file, or not there: HDF5 would make up values.
    """
    for name in sorted(set(_elsewhere(dataset))):
        if not _check(dataset.file.filename, name) and "%" not in name:  # a placeholder for a number
            raise BadInputError(f"its values are in the file {name}, which does not exist")


def files_of(dataset: h5py.Dataset, own: str) -> list[str]:
    """Other files that the values of a dataset are in, as the input names them.

    Parameters
    ----------
    own
        Path of the input.
    """
    linked = [dataset.file.filename] if dataset.file.filename != own else []
    names = {*linked, *_elsewhere(dataset)}
    return sorted(name.encode("utf-8", "replace").decode() for name in names)


def _elsewhere(dataset: h5py.Dataset) -> Iterator[str]:
    if dataset.is_virtual:
        yield from (source.file_name for source in dataset.virtual_sources() if source.file_name != ".")
    plist = dataset.id.get_create_plist()
    yield from (_text(plist.get_external(index)[0]) for index in range(plist.get_external_count()))


def _check(where: str, name: str) -> bool:
    """Whether there is such a file, a regular one."""
    found = False
    folder = Path(where).parent
    # HDF5 searches the folder of the file, and that of the process.
    for path in {folder / name, Path(name), folder / Path(name).name}:
        try:
            check_regular(path)
            found = True
        except UnreadableFileError as error:
            raise BadInputError(f"{where} names the file {name}: {error.strerror}") from error
        except OSError:
            continue
    return found


def _text(name: bytes | str) -> str:
    return name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name
