"""The inputs in a folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.mtx.names import is_matrix
from karospace_stream.inputs.listing.looks import goes_with_one, is_one, is_store, is_vendor_folder, naturally
from karospace_stream.model.finding import Finding
from karospace_stream.units import counted

_NAMED = 3


def inputs_in(folder: Path) -> tuple[list[Path], tuple[Finding, ...]] | None:
    """The inputs in a folder, sorted as people sort them, and what was passed over.

    None if the folder is one input itself, or holds none: whoever opens it then says what it is.

    Raises
    ------
    BadInputError
        If it cannot be listed.
    """
    try:
        if is_store(folder) or is_vendor_folder(folder):
            return None
        entries = sorted(folder.iterdir(), key=lambda each: naturally(each.name))
        seen = [each for each in entries if not each.name.startswith(".")]
        found, rest = sort_out(seen)
    except OSError as error:
        raise BadInputError(f"{folder} cannot be listed: {error.strerror or error}") from error
    return (found, passed_over(str(folder), rest)) if found else None


def sort_out(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Those that are inputs, and the rest; without what goes with an input."""
    found: list[Path] = []
    rest: list[Path] = []
    for each in paths:
        (found if is_one(each) else rest).append(each)
    if any(is_matrix(each.name) for each in found):
        rest = [each for each in rest if not goes_with_one(each.name)]
    return found, rest


def passed_over(where: str, rest: Iterable[object]) -> tuple[Finding, ...]:
    """What to say about entries that are no inputs."""
    names = [str(each).rstrip("/").rpartition("/")[2] for each in rest]
    if not names:
        return ()
    shown = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    n_entries = counted(len(names), "entry") if len(names) == 1 else f"{len(names):,} entries"
    verb = "is no input and was" if len(names) == 1 else "are no inputs and were"
    return (Finding("entries-passed-over", f"{n_entries} of {where} {verb} passed over: {shown}"),)
