"""Which files an older bundle consists of: as its seal lists them, or as those did that had none yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from karospace_stream.formats.cellucid.layout.references import refers as cellucid_refers
from karospace_stream.formats.karospace.layout.names import REPORT
from karospace_stream.formats.karospace.layout.references import refers_before_seals
from karospace_stream.formats.layout.checksums import CHECKSUMS, read_checksums
from karospace_stream.targets.older import Known, Stamp

Read = Callable[[str], bytes]


def known_karospace(read: Read) -> Mapping[str, Stamp]:
    """Of a KaroSpace bundle; one of the earlier exporter by its manifest, which lists all files too."""
    sealed = _sealed(read, "karospace")
    return sealed if sealed is not None else _sized(refers_before_seals(read))


def known_cellucid(read: Read) -> Mapping[str, Stamp]:
    """Of a Cellucid export; one of Cellucid's own exporter by its manifests."""
    sealed = _sealed(read, "cellucid")
    return sealed if sealed is not None else _sized(cellucid_refers(read))


def known_anndata(read: Read) -> Mapping[str, Stamp]:
    """Of a Zarr store: without our seal it is somebody's data, whatever it looks like."""
    sealed = _sealed(read, "anndata")
    if sealed is None:
        raise ValueError(f"a Zarr store without our {CHECKSUMS}")
    return sealed


KNOWN: Mapping[str, Known] = {
    "karospace": known_karospace,
    "cellucid": known_cellucid,
    "anndata": known_anndata,
}


def _sealed(read: Read, format: str) -> dict[str, Stamp] | None:
    """By ``checksums.json``; None where there is none."""
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
    unlisted = (CHECKSUMS, REPORT) if format == "karospace" else (CHECKSUMS,)
    return {**dict.fromkeys(unlisted, (None, None)), **listing.files}


def _sized(files: Mapping[str, int | None]) -> dict[str, Stamp]:
    return {key: (size, None) for key, size in files.items()}
