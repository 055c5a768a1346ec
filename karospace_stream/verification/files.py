"""Check that every object exists, with the right size and checksum, and matches the manifests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from karospace_stream.encode.checks import checksum
from karospace_stream.formats.layout.checksums import CHECKSUMS, Listing
from karospace_stream.formats.layout.documents import MOST_DOCUMENT_NBYTES
from karospace_stream.formats.registry import format_of
from karospace_stream.units import counted
from karospace_stream.verification.bundles import Files
from karospace_stream.verification.faults import Fault

_GROUP_NBYTES = 32 << 20
_GROUP_OBJECTS = 256
_PIECE_NBYTES = 8 << 20


def check_files(files: Files, listing: Listing, note: Callable[[int], None]) -> list[Fault]:
    """Read every listed object once.

    Parameters
    ----------
    note
        Called repeatedly with the number of objects read.
    """
    faults: list[Fault] = []
    with ThreadPoolExecutor(1, thread_name_prefix="verify") as ahead:
        groups = list(_groups(listing))
        coming = [ahead.submit(_read, files, group, listing) for group in groups[:1]]
        for number, group in enumerate(groups):
            if number + 1 < len(groups):  # fetch the next while summing this one
                coming.append(ahead.submit(_read, files, groups[number + 1], listing))
            faults += filter(None, map(_check, group, coming.pop(0).result(), _wanted(group, listing)))
            note(len(group))
    for key in filter(lambda key: _is_large(key, listing), listing.files):
        faults += filter(None, [_check_large(files, key, listing.files[key])])
        note(1)
    return faults


def _read(files: Files, group: list[str], listing: Listing) -> list[bytes | None]:
    """Read the objects of a group, each up to one byte beyond its listed size."""
    return files.read_up_to(group, [size + 1 for size, _ in _wanted(group, listing)])


def _is_large(key: str, listing: Listing) -> bool:
    return listing.files[key][0] > _GROUP_NBYTES


def check_manifests(files: Files, listing: Listing) -> list[Fault]:
    """Check that the manifests refer to exactly the listed objects."""
    documents: dict[str, bytes] = {}

    def read(key: str) -> bytes:
        documents[key] = b""
        if key not in listing.files and key != CHECKSUMS:
            raise ValueError(f"it is not in {CHECKSUMS}")
        documents[key] = files.read_up_to([key], [MOST_DOCUMENT_NBYTES + 1])[0] or b""
        return documents[key]

    try:
        named = format_of(listing.format).references(read)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        key = list(documents)[-1] if documents else CHECKSUMS
        return [Fault(key, "manifest", f"cannot be read ({type(error).__name__}: {error})")]
    return [*_unlisted(named, listing), *_unnamed(named, listing), *_other_sizes(named, listing)]


def _unlisted(named: Mapping[str, int | None], listing: Listing) -> Iterator[Fault]:
    for key in named.keys() - listing.files.keys():
        yield Fault(key, "manifest", f"is named by a manifest but not in {CHECKSUMS}")


def _unnamed(named: Mapping[str, int | None], listing: Listing) -> Iterator[Fault]:
    for key in listing.files.keys() - named.keys():
        yield Fault(key, "manifest", f"is in {CHECKSUMS} but not named by any manifest")


def _other_sizes(named: Mapping[str, int | None], listing: Listing) -> Iterator[Fault]:
    for key, size in named.items():
        listed = listing.files.get(key)
        if listed is not None and size not in (None, listed[0]):
            yield Fault(
                key,
                "manifest",
                f"has {counted(size, 'byte')} in its manifest but {listed[0]:,} in {CHECKSUMS}",
            )


def _check(key: str, data: bytes | None, wanted: tuple[int, int]) -> Fault | None:
    if data is None:
        return Fault(key, "missing", "is missing")
    if len(data) > wanted[0]:
        return Fault(key, "size", f"must have {counted(wanted[0], 'byte')}, but is larger")
    if len(data) < wanted[0]:
        return Fault(key, "size", f"must have {counted(wanted[0], 'byte')}, got {len(data):,}")
    found = checksum(data)
    if found != wanted[1]:
        return Fault(key, "checksum", f"must have the CRC-32 {wanted[1]:08x}, got {found:08x}")
    return None


def _check_large(files: Files, key: str, wanted: tuple[int, int]) -> Fault | None:
    """Check a large object piece by piece."""
    about = files.info(key)
    if about is None:
        return Fault(key, "missing", "is missing")
    if about.size != wanted[0]:
        return Fault(key, "size", f"must have {counted(wanted[0], 'byte')}, got {about.size:,}")
    found = 0
    for start in range(0, about.size, _PIECE_NBYTES):
        found = checksum(files.read_range(key, start, min(start + _PIECE_NBYTES, about.size)), found)
    if found != wanted[1]:
        return Fault(key, "checksum", f"must have the CRC-32 {wanted[1]:08x}, got {found:08x}")
    return None


def _wanted(group: Iterable[str], listing: Listing) -> Iterator[tuple[int, int]]:
    return (listing.files[key] for key in group)


def _groups(listing: Listing) -> Iterator[list[str]]:
    """Group keys to read together, within a limit of bytes. Large objects are in no group."""
    group: list[str] = []
    nbytes = 0
    for key, (size, _) in listing.files.items():
        if _is_large(key, listing):
            continue
        if group and (nbytes + size > _GROUP_NBYTES or len(group) == _GROUP_OBJECTS):
            yield group
            group, nbytes = [], 0
        group.append(key)
        nbytes += size
    if group:
        yield group
