"""Explain in one sentence what a file is if it is no AnnData, and what to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Protocol

from karospace_stream.errors import BadInputError
from karospace_stream.source.problems.other_files import describe_file
from karospace_stream.source.problems.other_folders import describe_folder
from karospace_stream.source.problems.other_kinds import listed
from karospace_stream.source.problems.packed_files import HDF5_MAGIC


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
        if raw.read(8) == HDF5_MAGIC:
            return
    raise BadInputError(f"{path} {describe_file(path, head)}")


def refuse_no_zarr(path: str, documents: Mapping[str, bytes], inner: Iterable[str]) -> None:
    """Reject a folder that does not look like a Zarr group.

    Parameters
    ----------
    documents
        Metadata directly in it, by name.
    inner
        Names directly in it.

    Raises
    ------
    BadInputError
        The message says what was expected.
    """
    if ".zarray" in documents or _is_array(documents.get("zarr.json", b"")):
        raise BadInputError(f"{path} is a single Zarr array; give the folder of the whole AnnData above it")
    if not {"zarr.json", ".zgroup", ".zmetadata"} & set(documents):
        names = sorted(inner)
        if other := describe_folder(names):
            raise BadInputError(f"{path} {other}")
        names = [name for name in names if name.endswith((".h5ad", ".zarr"))]
        hint = f"; it contains {listed(names)}" if names else ""
        raise BadInputError(
            f"{path} is a folder but not a Zarr store (it has no zarr.json and no .zgroup){hint}"
        )


def _is_array(metadata: bytes) -> bool:
    try:
        return bool(json.loads(metadata)["node_type"] == "array")
    except (ValueError, KeyError, TypeError):
        return False


def open_failure(path: str, error: OSError) -> BadInputError:
    """The sentence for a file that begins as HDF5 but does not open."""
    found = re.search(r"truncated file: eof = (\d+).*stored_eof = (\d+)", str(error))
    if found:
        got, wanted = int(found[1]), int(found[2])
        return BadInputError(
            f"{path} is truncated: it should have {wanted:,} bytes and has {got:,}; "
            "the download or copy did not finish, fetch it again"
        )
    return BadInputError(f"{path} cannot be opened as HDF5, it is damaged: {error}")
