"""``datasets.json`` for a folder of several exports, so that a page can offer them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from warnings import warn

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.cellucid.layout.datasets import listed
from karospace_stream.formats.cellucid.layout.names import IDENTITY
from karospace_stream.formats.layout.datasets import DATASETS, datasets_manifest
from karospace_stream.formats.layout.documents import MOST_DOCUMENT_NBYTES
from karospace_stream.formats.layout.listed import Listed
from karospace_stream.runtime.events import Event, Listener, Note
from karospace_stream.storage import read_regular
from karospace_stream.targets.single import put_single


def generate_datasets_manifest(
    exports_dir: str | os.PathLike[str] = "exports",
    output_filename: str = DATASETS,
    default_dataset: str | None = None,
    *,
    listener: Listener | None = None,
) -> Path:
    """Write a list of the Cellucid exports in a folder, so that a page can offer them.

    Parameters
    ----------
    exports_dir
        Folder with several exports, each in a subfolder.
    output_filename
        Name of the list in that folder. Pages look for ``datasets.json``.
    default_dataset
        Id of the data set to show first; None for the first one by the name of its folder.
    listener
        Called with a note for each folder that is skipped because it holds no export or a damaged one.
        Without a listener, a warning is issued instead.

    Returns
    -------
    Path
        The written file.

    Raises
    ------
    BadInputError
        If the folder does not exist, holds no export, or holds two exports with the same id.
    BadOptionError
        If no export has the id ``default_dataset``, or ``output_filename`` is not the name of a file.
    TargetError
        If the file cannot be written.
    """
    folder = Path(exports_dir).expanduser()
    if not folder.is_dir():
        raise BadInputError(
            f"{folder} must be a folder of exports, but does not exist (looked from {Path.cwd()})"
        )
    if Path(output_filename).name != output_filename:
        raise BadOptionError(
            f"output_filename must be the name of a file in {folder}, got {output_filename!r}"
        )
    blob = datasets_manifest(_found(folder, _warn if listener is None else listener), default_dataset)
    put_single(folder, replace(blob, key=output_filename))
    return folder / output_filename


def _warn(event: Event) -> None:
    if isinstance(event, Note):
        warn(event.text, stacklevel=5)


def _found(folder: Path, listener: Listener) -> list[Listed]:
    found = []
    for entry in sorted(folder.iterdir()):
        if not entry.is_dir() or entry.name.startswith("."):
            continue
        try:
            found.append(listed(entry.name, read_regular(entry / IDENTITY, MOST_DOCUMENT_NBYTES)))
        except (FileNotFoundError, IsADirectoryError):
            listener(Note(f"{entry.name} is skipped: it has no {IDENTITY}"))
        except (BadInputError, OSError) as error:
            listener(Note(f"{entry.name} is skipped: {error}"))
    return found
