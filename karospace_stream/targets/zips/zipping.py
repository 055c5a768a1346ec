"""Write many files as one zip, from its first byte to its last, reading no file twice.

Entries are stored uncompressed, and look like plain files of 1980 packed on Unix, so that the bytes
depend on the entries alone.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from karospace_stream.errors import TargetError
from karospace_stream.model.blob import Receipt
from karospace_stream.targets.older import named_some

#: How the name of a store in one file ends, in any spelling.
ENDING = ".zarr.zip"
MEDIA_TYPE = "application/zip"
#: How the comment of a zip that an export has packed begins, and how all of it looks.
OURS = b"karospace-stream "
COMMENT = re.compile(re.escape(OURS) + b"[0-9a-f]{32}")

_PIECE_NBYTES = 1 << 20
_THEN = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can record
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


def no_comment(listing: bytes) -> bytes:
    """Return no comment. A named function, since targets are pickled."""
    return b""


@dataclass(frozen=True, slots=True)
class Packing:
    """A zip target's knowledge of the format that is packed.

    Attributes
    ----------
    listing
        Key of the document that lists all others; it is not packed itself.
    entries
        Reads it; returns the entries to pack, in order. Raises ``ValueError`` if it is damaged.
    marks
        Names of which a zip of this format has one, at its root.
    records
        Names of which every exported zip has one; empty if no name identifies it.
    comment
        Makes the comment of the zip from the document that lists all others.
    """

    listing: str
    entries: Callable[[bytes], list[Receipt]]
    marks: tuple[str, ...]
    records: tuple[str, ...] = ()
    comment: Callable[[bytes], bytes] = no_comment


def is_archive(location: str) -> bool:
    """Whether a path or a URL names a store in one file."""
    path = location.partition("?")[0] if location.startswith(("http://", "https://")) else location
    above, _, name = path.replace("\\", "/").rpartition("/")
    return name.lower().endswith(ENDING) and not above.endswith(":/")  # that would be a bucket


def read_listing(packing: Packing, listing: bytes, where: str) -> list[Receipt]:
    """The entries to pack, in order.

    Parameters
    ----------
    where
        Of the zip, for people.

    Raises
    ------
    TargetError
        If the list of it is damaged.
    """
    try:
        return packing.entries(listing)
    except ValueError as error:
        raise TargetError(f"{where}: the list of files to pack is damaged ({error}); export again") from error


def entries_of(archive: zipfile.ZipFile) -> tuple[list[Receipt], list[str]]:
    """The entries of a zip, in its order; and the names of those not written the way we write them."""
    listed = archive.infolist()
    foreign = [each.filename for each in listed if not _is_ours(each)]
    return [Receipt(each.filename, each.file_size, each.CRC) for each in listed], foreign


def refuse_foreign_zip(packing: Packing, found: tuple[list[Receipt], list[str]], where: str) -> None:
    """Refuse to replace a zip that no export has packed, or that somebody has changed.

    Parameters
    ----------
    found
        As `entries_of` gave it.
    where
        Of the zip, for people.

    Raises
    ------
    TargetError
        The message says how we can tell.
    """
    entries, foreign = found
    names = [each.key for each in entries]
    if not set(packing.marks) & set(names):
        raise TargetError(
            f"{where}: the existing file is not a Zarr store in a zip and will not be replaced; name a "
            "new file"
        )
    if foreign or len(set(names)) < len(names):
        shown = named_some(foreign or (name for name, n in Counter(names).items() if n > 1))
        raise TargetError(
            f"{where}: the existing zip has entries that no export packed: {shown}; it is not replaced: "
            "move it elsewhere, or name a new file"
        )
    if packing.records and not set(packing.records) & set(names):
        raise TargetError(
            f"{where}: the Zarr store in the existing zip was not made by an export (it has no "
            "uns/cellucid), so it is not replaced; move it elsewhere, or name a new file"
        )


def zip_pieces(
    entries: Iterable[Receipt],
    read: Callable[[Receipt], Iterable[bytes]],
    where: str,
    comment: bytes = b"",
) -> Iterator[bytes]:
    """The bytes of a zip, piece by piece.

    Parameters
    ----------
    read
        Returns the bytes of one entry; called in the order of the entries.
    where
        Of the zip, for people.
    comment
        Of the zip, for this program.

    Raises
    ------
    TargetError
        If the bytes read do not match their receipt.
    """
    file = _Forward()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = comment
        for receipt in entries:
            file.announce(_header(receipt))
            with archive.open(_about(receipt), "w") as entry:
                for piece in read(receipt):
                    entry.write(piece)
                    yield from file.taken(_PIECE_NBYTES)
            if not file.as_foretold:
                raise TargetError(
                    f"{where}: {receipt.key} has changed since it was written, so nothing was published; "
                    "export again"
                )
    yield from file.taken(1)


class _Forward(io.RawIOBase):
    """A file that only grows. Of an entry's header, its true bytes must be foretold.

    A zip's writer begins an entry with a header that lacks checksum and size, and comes back to it in the
    end. Here the announced one is written at once, and compared when the writer comes back.
    """

    def __init__(self) -> None:
        self._at = self._end = 0
        self._waiting = bytearray()
        self._foretold: bytes | None = None
        self._header = b""
        self.as_foretold = True

    def announce(self, header: bytes) -> None:
        """Announce the header of the next entry."""
        self._foretold, self.as_foretold = header, False

    def taken(self, least: int) -> Iterator[bytes]:
        """Yield written bytes that were not yielded before, if there are at least that many."""
        if len(self._waiting) >= least:
            piece, self._waiting = bytes(self._waiting), bytearray()
            yield piece

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        """Write at the end, or compare with the bytes there."""
        if self._at < self._end:
            self.as_foretold = bytes(data) == self._header
        else:
            if self._foretold is not None:
                data, self._header, self._foretold = self._foretold, self._foretold, None
            self._waiting += data
            self._end += len(data)
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go back to a header, or to the end again."""
        self._at = offset
        return offset

    def tell(self) -> int:
        """Position of the next byte."""
        return self._at


def _is_ours(about: zipfile.ZipInfo) -> bool:
    own = about.date_time == _THEN and about.external_attr == _PLAIN_FILE and about.create_system == _UNIX
    return own and about.compress_type == zipfile.ZIP_STORED and not about.comment


def _about(receipt: Receipt) -> zipfile.ZipInfo:
    about = zipfile.ZipInfo(receipt.key, _THEN)
    about.create_system, about.external_attr = _UNIX, _PLAIN_FILE
    about.file_size = receipt.size
    return about


def _header(receipt: Receipt) -> bytes:
    about = _about(receipt)
    about.CRC, about.compress_size = receipt.crc32, receipt.size
    # As the writer decides it, before it knows the size.
    return about.FileHeader(zip64=receipt.size * 1.05 > zipfile.ZIP64_LIMIT)
