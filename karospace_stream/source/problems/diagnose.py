"""Explain in one sentence what a file is if it is no AnnData, and what to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Protocol

from karospace_stream.errors import BadInputError
from karospace_stream.source.problems.other_kinds import listed

_HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
_MAGIC = (
    (b"\x1f\x8b", "is compressed with gzip; unpack it first (gunzip)"),
    (b"version https://git-lfs", "is a Git LFS pointer, not the file itself; fetch it with: git lfs pull"),
    (
        b"%%MatrixMarket",
        "is a Matrix Market text file; convert it with: scanpy.read_mtx(...).write_h5ad(...)",
    ),
)


class Bytes(Protocol):
    """An open file, wherever it is stored."""

    def seek(self, offset: int, /) -> int:
        """Seek to a position."""
        ...

    def read(self, size: int, /) -> bytes:
        """Some bytes; fewer at the end."""
        ...


def refuse_no_hdf5(path: str, raw: Bytes) -> None:
    """Reject a file that does not begin like HDF5.

    Parameters
    ----------
    raw
        The file, at its beginning.

    Raises
    ------
    BadInputError
        The message says what the file is instead.
    """
    head = raw.read(512)
    offsets = [0, *(512 << power for power in range(12))]  # a user block may precede it
    for offset in offsets:
        raw.seek(offset)
        if raw.read(8) == _HDF5_MAGIC:
            return
    raise BadInputError(f"{path} {_what_is(head)}")


def refuse_no_zarr(path: str, documents: Mapping[str, bytes], inner: Iterable[str]) -> None:
    """Reject a folder that does not look like a Zarr group.

    Parameters
    ----------
    documents
        Metadata directly in it, by name.
    inner
        Names directly in it that the user may have meant.

    Raises
    ------
    BadInputError
        The message says what was expected.
    """
    if ".zarray" in documents or _is_array(documents.get("zarr.json", b"")):
        raise BadInputError(f"{path} is a single Zarr array; give the folder of the whole AnnData above it")
    if not {"zarr.json", ".zgroup", ".zmetadata"} & set(documents):
        names = sorted(inner)
        hint = f"; in it there are {listed(names)}" if names else ""
        raise BadInputError(f"{path} is a folder but no Zarr store (no zarr.json, no .zgroup in it){hint}")


def _is_array(metadata: bytes) -> bool:
    try:
        return bool(json.loads(metadata)["node_type"] == "array")
    except (ValueError, KeyError, TypeError):
        return False


def _what_is(head: bytes) -> str:
    if not head:
        return "is empty (0 bytes); the download or copy was not finished"
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return what
    if re.match(rb"\s*<(!doctype|html|\?xml)", head, re.IGNORECASE):
        return "is a web page, not an AnnData file; the download went wrong, or needs a login"
    if b"\0" not in head:
        return "is a text file, not an AnnData file (.h5ad is HDF5); read the table and write it with anndata"
    return "is not an HDF5 file, so it is no .h5ad; it is damaged or of another kind"


def open_failure(path: str, error: OSError) -> BadInputError:
    """The sentence for a file that begins as HDF5 but does not open."""
    found = re.search(r"truncated file: eof = (\d+).*stored_eof = (\d+)", str(error))
    if found:
        got, wanted = int(found[1]), int(found[2])
        return BadInputError(
            f"{path} is truncated: it should have {wanted:,} bytes and has {got:,}; "
            "the download or copy was not finished, fetch it again"
        )
    return BadInputError(f"{path} does not open as HDF5, it is damaged: {error}")
