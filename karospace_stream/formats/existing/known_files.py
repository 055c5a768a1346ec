"""The files of an older export, as listed by its seal or named by its manifests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from karospace_stream.formats.layout.checksums import CHECKSUMS, read_checksums
from karospace_stream.formats.registry import format_of
from karospace_stream.targets.older import Known, Stamp

Read = Callable[[str], bytes]


def known_files(format: str) -> Known:
    """Lists the files of an export of a format. Picklable."""
    return partial(_known_files, format)


def _known_files(name: str, read: Read) -> Mapping[str, Stamp]:
    format = format_of(name)
    sealed = _sealed(read, name, format.unlisted)
    if sealed is not None:
        return sealed
    if format.references_before_seals is None:
        raise ValueError(
            f"its {CHECKSUMS} is not one of karospace-stream"
        )  # somebody else's data, even if it looks like ours
    return {key: (size, None) for key, size in format.references_before_seals(read).items()}


def _sealed(read: Read, format: str, unlisted: tuple[str, ...]) -> dict[str, Stamp] | None:
    """Files by ``checksums.json``; None if there is none."""
    try:
        data = read(CHECKSUMS)
    except FileNotFoundError:
        return None
    try:
        listing = read_checksums(data)
    except ValueError as error:
        raise ValueError(f"its {CHECKSUMS} is damaged or of a later version") from error
    if listing.format != format:
        raise ValueError(f"its {CHECKSUMS} is of the format {listing.format[:40]}")
    return {**dict.fromkeys(unlisted, (None, None)), **listing.files}
