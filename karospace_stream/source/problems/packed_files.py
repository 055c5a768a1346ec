"""Recognise compressed files, by their first unpacked bytes or by their names."""

from __future__ import annotations

import zlib

from karospace_stream.source.problems.convert import converted
from karospace_stream.source.problems.other_folders import describe_mtx

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
# Of readRDS, of load, and of the package qs.
_R_MAGIC = (b"X\n", b"A\n2\n", b"A\n3\n", b"RDX", b"RDA", b"\x0b\x0e\x0a\x0c")
_R_NAMES = (".rds", ".rdata", ".rda", ".qs")
_PACKERS = (  # how it begins, its name, and the command that unpacks it
    (b"\x1f\x8b", "gzip", "gunzip"),
    (b"BZh", "bzip2", "bunzip2"),
    (b"\xfd7zXZ\0", "xz", "unxz"),
    (b"\x28\xb5\x2f\xfd", "zstd", "unzstd"),
)
_SIZE = 512


def describe_packed(path: str, head: bytes) -> str:
    """The rest of a sentence about a compressed file or an R object; empty if it is neither."""
    name, command = next(
        ((name, unpack) for magic, name, unpack in _PACKERS if head.startswith(magic)), ("", "")
    )
    inner = _unpacked(head) if name == "gzip" else b"" if name else head
    lower = path.lower()
    if inner.startswith(_R_MAGIC) or (name and lower.endswith(_R_NAMES)):
        return _r_object(path)
    if inner.startswith(b"%%MatrixMarket"):
        return describe_mtx(path)
    if inner[257:262] == b"ustar" or (name and (".tar." in lower or lower.endswith(".tgz"))):
        return "is a tar archive; unpack it with tar -xf, and give the AnnData in it"
    if not name:
        return ""
    what = "a .h5ad compressed" if inner.startswith(HDF5_MAGIC) else "compressed"
    return f"is {what} with {name}, and cannot be read in parts; unpack it first: {command} -k {path}"


def _unpacked(head: bytes) -> bytes:
    """The first bytes of the unpacked file."""
    try:
        return zlib.decompressobj(31).decompress(head, _SIZE)
    except zlib.error:
        return b""


def _r_object(path: str) -> str:
    read, target = f"readRDS({path!r})", converted(path)
    return (
        "is an R object, not an AnnData; write it as .h5ad in R. A Seurat object: "
        f"anndataR::write_h5ad({read}, {target!r}); a SingleCellExperiment: "
        f"zellkonverter::writeH5AD({read}, {target!r})"
    )
