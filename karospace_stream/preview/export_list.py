"""The exports of every format in a folder, with the facts that a page shows in a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.formats.karospace.layout.names import PAGE, PREVIEW
from karospace_stream.formats.registry import all_formats
from karospace_stream.preview.listing import local_reader
from karospace_stream.runtime.events import Listener, Note


@dataclass(frozen=True, slots=True)
class ListedExport:
    """One export.

    Attributes
    ----------
    title
        As people read it; the name where there is no other.
    page, picture
        Paths below the listed folder; None for an export without them.
    picture_y_up
        Whether the page draws its cells the other way up: then turn the picture as well.
    """

    folder: str
    format: str
    name: str
    title: str
    description: str
    n_cells: int
    n_genes: int
    page: str | None
    picture: str | None
    picture_y_up: bool

    def to_json(self) -> dict[str, Any]:
        """Convert to plain data."""
        return asdict(self)


def exports_in(folder: Path, listener: Listener) -> list[ListedExport]:
    """The exports right below a folder, ordered by their folders' names; the listener hears what is skipped.

    Raises
    ------
    BadInputError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise BadInputError(
            f"{folder} must be a folder of exports, but does not exist (looked from {Path.cwd()})"
        )
    return list(_exports(folder, listener))


def _exports(root: Path, listener: Listener) -> Iterator[ListedExport]:
    for entry in sorted(root.iterdir()):
        if not entry.is_dir() or entry.name.startswith("."):
            continue
        try:
            found = _read(entry)
        except BadInputError as error:
            listener(Note(f"{entry.name} is skipped: {error}"))
            continue
        if found is None:
            listener(Note(f"{entry.name} is skipped: it is not an export"))
        else:
            yield found


def _read(entry: Path) -> ListedExport | None:
    for format in all_formats():
        one = format.summary(entry.name, local_reader(entry))
        if one is not None:
            return ListedExport(
                folder=entry.name,
                format=format.name,
                name=one.name,
                title=one.title or one.name,
                description=one.description,
                n_cells=one.n_cells,
                n_genes=one.n_genes,
                page=_there(entry, PAGE),
                picture=_there(entry, PREVIEW),
                picture_y_up=one.y_up,
            )
    return None


def _there(entry: Path, name: str) -> str | None:
    return f"{entry.name}/{name}" if (entry / name).is_file() else None
