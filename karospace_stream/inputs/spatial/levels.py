"""The folders between what the user gave and the files, and the name of the sample."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from karospace_stream.inputs.folders.folder import InputFolder

OUTS = "outs"
BINNED = "binned_outputs"
#: Folder of one size of bins.
SQUARE = re.compile(r"square_(\d{3})um")


def levels(folder: InputFolder) -> Iterator[InputFolder]:
    """A folder, and the ``outs`` in it."""
    yield folder
    if OUTS in folder.names or any(name.startswith(f"{OUTS}/") for name in folder.names):
        yield inner(folder, OUTS)


def inner(folder: InputFolder, name: str) -> InputFolder:
    """A folder in this one, with the names in it that are known."""
    if folder.listed:
        return folder.folder(name)
    known = {each.removeprefix(f"{name}/") for each in folder.names if each.startswith(f"{name}/")}
    place = folder.place / name if isinstance(folder.place, Path) else folder.place.child(name)
    return InputFolder(place, frozenset(known), listed=False)


def sample_name(folder: InputFolder) -> str:
    """Name of the sample: that of the first folder, from below, which the pipeline did not choose."""
    place = folder.place
    text = str(place.absolute()) if isinstance(place, Path) else place.shown
    parts = [part for part in re.split(r"[/\\]", text) if part]
    size = next((part for part in parts[-1:] if SQUARE.fullmatch(part)), "")
    own = [part for part in parts if part not in (OUTS, BINNED, ".") and not SQUARE.fullmatch(part)]
    return "_".join(filter(None, (own[-1] if own else "sample", size.removeprefix("square_"))))
