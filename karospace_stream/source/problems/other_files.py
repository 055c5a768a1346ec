"""Recognise files that are neither HDF5 nor zip by their first bytes."""

from __future__ import annotations

import re

from karospace_stream.source.problems.convert import convert
from karospace_stream.source.problems.packed_files import describe_packed

_TABLE = "table, not an AnnData; read it, and write it with anndata.AnnData(...).write_h5ad(...)"
_PICKLE = "is a Python pickle, not an AnnData; load it where it was made, and write it with write_h5ad(...)"
_PICTURE = "is an image, not an AnnData; give the AnnData, and the image with --image"
_KINDS = (
    (b"version https://git-lfs", "is a Git LFS pointer, not the file itself; fetch it with: git lfs pull"),
    (b"PAR1", f"is a Parquet {_TABLE}"),
    (b"ARROW1", f"is a Feather {_TABLE}"),
    (b"\x93NUMPY", f"is a NumPy {_TABLE}"),
    (b"\x80\x04", _PICKLE),
    (b"\x80\x05", _PICKLE),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"%PDF", "is a PDF, not an AnnData"),
)


def describe_file(path: str, head: bytes) -> str:
    """The rest of a sentence about a file that is not HDF5: what it is, and how to make an AnnData of it.

    Parameters
    ----------
    head
        The first 512 bytes, or all if there are fewer.
    """
    if not head:
        return "is empty (0 bytes); the download or copy did not finish"
    if packed := describe_packed(path, head):
        return packed
    for magic, what in _KINDS:
        if head.startswith(magic):
            return what
    if re.match(rb"\s*<(!doctype|html|\?xml)", head, re.IGNORECASE):
        return "is a web page, not an AnnData file; the download failed, or needs a login"
    if b"\0" not in head:
        command = convert("scanpy.read_csv", path)
        return f"is a text file, not an AnnData; if it is a table of cells x genes, {command}"
    return "is not an HDF5 file, so it is not a .h5ad; it is damaged or another kind of file"
