"""A data set cut into files of as many cells each: what ``anndata.concat`` would put together again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import h5py


def cut(whole: Path, folder: Path, n_parts: int) -> None:
    """Write the cells of a ``.h5ad`` as several, stored as it is."""
    folder.mkdir(parents=True)
    opened = anndata.read_h5ad(whole, backed="r")
    n_cells = opened.n_obs
    for number in range(n_parts):
        first, last = number * n_cells // n_parts, (number + 1) * n_cells // n_parts
        path = folder / f"part_{number:03d}.h5ad"
        opened[first:last].to_memory().write_h5ad(path)
        with h5py.File(whole) as stored, h5py.File(path, "r+") as part:
            for name in ("X/data", "X/indices"):
                _store_like(stored[name], part, name)


def _store_like(stored: Any, part: h5py.File, name: str) -> None:
    """Store an array again, in the chunks of another and with its filters."""
    values, attributes = part[name][:], dict(part[name].attrs)
    del part[name]
    made = part.create_dataset(
        name,
        data=values,
        dtype=stored.dtype,
        chunks=tuple(min(chunk, length) for chunk, length in zip(stored.chunks, values.shape, strict=True)),
        compression=stored.compression,
        compression_opts=stored.compression_opts,
        shuffle=stored.shuffle,
    )
    made.attrs.update(attributes)
