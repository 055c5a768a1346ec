"""``datasets.json`` for a folder of several exports, so that a page can offer them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from warnings import warn

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.cellucid.layout.datasets import datasets_manifest, listed
from karospace_stream.formats.cellucid.layout.names import DATASETS, IDENTITY
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
    """List the Cellucid exports right below a folder, in a file beside them.

    Parameters
    ----------
    exports_dir
        Folder of several exports.
    output_filename
        Name of the file in it; pages look for ``datasets.json``.
    default_dataset
        id of the data set that is shown first; None for the first one by its folder's name.
    listener
        Told of each folder that is passed over, as it holds no export or a damaged one. Without
        one, that is a warning.

    Returns
    -------
    The file.

    Raises
    ------
    BadInputError
        If there is no such folder, no export in it, or two have the same id.
    BadOptionError
        If no export has the id ``default_dataset``.
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
