"""Read a zip written by `zipping` back by ranges: its directory, and its entries as stored."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from karospace_stream.model.blob import Receipt
from karospace_stream.storage import Store
from karospace_stream.targets.zips.zipping import COMMENT, OURS, entries_of

_BEGINNING = struct.Struct("<4s22sHH")  # of a local header, up to the name
_LONGEST_HEADER = _BEGINNING.size + 2 * 0xFFFF
_SIGNATURE = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Archive:
    """Stored entries of one zip. Made by `open_archive`.

    Attributes
    ----------
    entries
        As the directory lists them, in its order.
    spans
        Span of each entry, from its header to that of the next one.
    foreign
        Names of entries that were not written by `zipping`.
    comment
        Of the complete zip.
    """

    store: Store
    entries: tuple[Receipt, ...]
    spans: Mapping[str, tuple[int, int]]
    foreign: tuple[str, ...] = ()
    comment: bytes = b""

    def read_whole(self, keys: Sequence[str]) -> list[bytes | None]:
        """Read several whole entries at the same time; None for each that does not exist."""
        return self.read_up_to(keys, [self.sizes.get(key, 0) for key in keys])

    def read_up_to(self, keys: Sequence[str], most: Sequence[int]) -> list[bytes | None]:
        """Several entries at the same time, each cut after so many bytes; None for a missing one."""
        wanted = {
            key: min(nbytes, self.sizes[key])
            for key, nbytes in zip(keys, most, strict=True)
            if key in self.sizes
        }
        found = self.store.read_ranges([("", *self._span(key, nbytes)) for key, nbytes in wanted.items()])
        contents = {
            key: _content(key, data, nbytes)
            for (key, nbytes), data in zip(wanted.items(), found, strict=True)
        }
        return [contents.get(key) for key in keys]

    @property
    def sizes(self) -> Mapping[str, int]:
        """Bytes of each entry."""
        return {entry.key: entry.size for entry in self.entries}

    def _span(self, key: str, nbytes: int) -> tuple[int, int]:
        """The bytes from an entry's header to ``nbytes`` of its content, but not up to the next header."""
        start, stop = self.spans[key]
        return start, min(stop, start + _LONGEST_HEADER + nbytes)

    def content_start(self, key: str) -> int:
        """The start of an entry's content, which only its own header gives.

        Raises
        ------
        OSError
            If there is no header: the zip is damaged, or was replaced.
        """
        start, _ = self.spans[key]
        header = self.store.read_range("", start, start + _BEGINNING.size)
        if len(header) < _BEGINNING.size or not header.startswith(_SIGNATURE):
            raise OSError(f"{key} does not begin at the offset that the list of {self.store.shown} gives")
        _, _, n_name, n_extra = _BEGINNING.unpack(header)
        return int(start + _BEGINNING.size + n_name + n_extra)


def open_archive(store: Store) -> Archive:
    """Read the directory of a zip.

    Parameters
    ----------
    store
        Store whose location is the zip itself.

    Raises
    ------
    ValueError
        If it is no zip, or one with compressed entries.
    FileNotFoundError, StorageError
        If it is not there, or cannot be read.
    """
    about = store.info("")
    if about is None:
        raise FileNotFoundError(f"{store.shown} does not exist")
    try:
        with zipfile.ZipFile(io.BufferedReader(_Ranges(store, about.size), 1 << 16)) as archive:
            listed, end, comment = archive.infolist(), archive.start_dir, archive.comment
            entries, foreign = entries_of(archive)
            if not _ends_with(archive, about.size):
                raise zipfile.BadZipFile("its end is missing, or was changed")
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise ValueError(f"it is not a zip, or a damaged one ({error})") from error
    if any(each.compress_type != zipfile.ZIP_STORED or each.flag_bits & 1 for each in listed):
        raise ValueError("its entries are compressed or encrypted, unlike those of an export")
    starts = sorted(each.header_offset for each in listed)
    ends = dict(zip(starts, (*starts[1:], end), strict=True))
    return Archive(
        store,
        tuple(entries),
        {each.filename: (each.header_offset, ends[each.header_offset]) for each in listed},
        tuple(foreign),
        comment,
    )


def _ends_with(archive: zipfile.ZipFile, nbytes: int) -> bool:
    """Whether the comment at the end of a zip has its declared length, which zipfile does not check.

    A comment that begins like ours must continue like ours.
    """
    assert archive.fp is not None, "it is open"
    comment = archive.comment
    archive.fp.seek(nbytes - len(comment) - 2)
    as_said = int.from_bytes(archive.fp.read(2), "little") == len(comment)
    return as_said and (not comment.startswith(OURS) or COMMENT.fullmatch(comment) is not None)


def _content(key: str, data: bytes, size: int) -> bytes:
    """The bytes after an entry's own header; fewer at the end."""
    if len(data) < _BEGINNING.size or not data.startswith(_SIGNATURE):
        return b""
    _, _, n_name, n_extra = _BEGINNING.unpack_from(data)
    start = _BEGINNING.size + n_name
    if data[_BEGINNING.size : start] != key.encode():
        return b""
    return data[start + n_extra : start + n_extra + size]


class _Ranges(io.RawIOBase):
    """An object as a file for reading."""

    def __init__(self, store: Store, size: int) -> None:
        self._store, self._size, self._at = store, size, 0

    def readable(self) -> bool:
        """True: bytes can be read."""
        return True

    def seekable(self) -> bool:
        """True: any position can be read."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Seek to a position."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("an offset before the beginning")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        """Position of the next byte."""
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read some bytes."""
        stop = min(self._at + len(buffer), self._size)
        data = self._store.read_range("", self._at, stop) if stop > self._at else b""
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
