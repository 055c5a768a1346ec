"""Lines of Python that make an AnnData of something else."""

from __future__ import annotations

import re

_SUFFIX = re.compile(
    r"\.(h5ad|h5seurat|h5mu|h5|hdf5|loom|rds|rdata|rda|qs|csv|tsv|txt|mtx|mat|gef)?(\.gz|\.bz2|\.xz)?$", re.I
)


def convert(reader: str, path: str, more: str = "") -> str:
    """``convert it with: READER('PATH').write_h5ad('NAME.h5ad')``."""
    here = _here(path)
    return f"convert it with: {reader}({here!r}{more}).write_h5ad({converted(path)!r})"


def converted(path: str) -> str:
    """Name for the AnnData: never that of the file itself."""
    stem = _SUFFIX.sub("", _here(path).rstrip("/"))
    stem = "data" if stem in ("", ".") else stem
    name = f"{stem}.h5ad"
    return name if name != path else f"{stem}.anndata.h5ad"


def _here(path: str) -> str:
    """A URL has to be downloaded first, so only its name counts."""
    return path.rstrip("/").rpartition("/")[2] if "://" in path else path
