"""AnnData, wherever it lies: its catalogue, its matrices by rows or genes, its columns by range."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from karospace_stream.errors import BadInputError

if TYPE_CHECKING:
    from anndata import AnnData

    from karospace_stream.source.protocol import Source

__all__ = ["open_source"]


def open_source(x: str | os.PathLike[str] | AnnData) -> Source:
    """Open an AnnData on disk or in memory; reads its metadata only.

    Parameters
    ----------
    x
        Path of a ``.h5ad`` file or of a ``.zarr`` folder, or an ``AnnData`` (in memory, backed,
        or lazy).

    Returns
    -------
    A picklable `Source` that holds no file open.

    Raises
    ------
    BadInputError
        If there is nothing at the path, or something other than an AnnData; says what it is.
    """
    if not isinstance(x, (str, os.PathLike)):
        return _open_object(x)
    try:
        return _open_path(_existing(os.fspath(x)))
    except PermissionError as error:
        raise BadInputError(f"{error.filename or x} may not be read: permission denied") from error


def _open_path(path: Path) -> Source:
    if path.is_dir():
        from karospace_stream.source.zarr_source import open_zarr

        return open_zarr(path)
    from karospace_stream.source.h5ad_source import open_h5ad
    from karospace_stream.source.refuse import refuse_no_hdf5

    refuse_no_hdf5(path)
    return open_h5ad(path)


def _open_object(x: object) -> Source:
    loaded = sys.modules.get("anndata")  # whoever has an AnnData has imported it
    if loaded is None or not isinstance(x, loaded.AnnData):
        hint = "; give one of its modalities, mdata.mod[...]" if type(x).__name__ == "MuData" else ""
        raise BadInputError(f"a path or an AnnData was wanted, got a {type(x).__qualname__}{hint}")
    from karospace_stream.source.memory_source import open_anndata

    return open_anndata(x)


def _existing(text: str) -> Path:
    if "://" in text:
        raise BadInputError(f"{text} is a URL; only local paths can be read so far, download it first")
    path = Path(text).expanduser()
    if not path.exists():
        raise BadInputError(f"{path} does not exist (looked from {Path.cwd()})")
    return path
