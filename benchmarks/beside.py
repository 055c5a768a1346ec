"""What lies beside the cells of a tissue: a slide, transcripts, or sections whose cells are mixed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import numpy.typing as npt

#: Pixels on a side of a slide, and of its tiles.
SLIDE_SIDE = 40_000
_TILE = 512
N_TRANSCRIPTS = 50_000_000
_BATCH, _N_GENES = 1_000_000, 500
N_SECTIONS = 60
#: The column of the sections.
SECTION = "section"
#: Name of the file beside ``data.h5ad``, by what there is; sections are in the file itself.
ENDINGS = {"slide": ".tiff", "transcripts": ".parquet"}
#: In options, stands for that file.
BESIDE = "BESIDE"


def add(what: str, path: Path) -> None:
    """Write what lies beside the cells of a file."""
    if what == "slide":
        _write_slide(path.with_suffix(ENDINGS[what]))
    elif what == "transcripts":
        _write_transcripts(path.with_suffix(ENDINGS[what]), _bounds(path))
    else:
        _add_mixed_sections(path)


def _write_slide(path: Path) -> None:
    import tifffile

    about = {"photometric": "rgb", "compression": "jpeg", "tile": (_TILE, _TILE)}
    tifffile.imwrite(path, _tiles(), shape=(SLIDE_SIDE, SLIDE_SIDE, 3), dtype="uint8", **about)


def _tiles() -> Iterator[npt.NDArray[np.uint8]]:
    """Tiles that compress about as those of a stained tissue."""
    values = np.random.default_rng(1).integers(120, 240, (_TILE // 4, _TILE // 4, 3), np.uint8)
    tile = values.repeat(4, axis=0).repeat(4, axis=1)
    n_tiles = -(-SLIDE_SIDE // _TILE)
    for number in range(n_tiles * n_tiles):
        yield np.roll(tile, number * 37 % _TILE, axis=number % 2)


def _bounds(path: Path) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    with h5py.File(path) as file:
        points = file["obsm/spatial"][:]
    return points.min(axis=0), points.max(axis=0)


def _write_transcripts(path: Path, bounds: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]) -> None:
    """A table as that of Xenium: few genes have many transcripts, and they are in no order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(2)
    shares = 1 / np.arange(1, _N_GENES + 1)
    genes = [f"Gene{number}" for number in range(_N_GENES)]
    low, high = bounds
    writer = None
    for _ in range(N_TRANSCRIPTS // _BATCH):
        places = (low + (high - low) * rng.random((_BATCH, 2))).astype(np.float32)
        codes = rng.choice(_N_GENES, _BATCH, p=shares / shares.sum()).astype(np.int32)
        columns = {
            "x_location": places[:, 0],
            "y_location": places[:, 1],
            "feature_name": pa.DictionaryArray.from_arrays(codes, genes),
            "qv": np.full(_BATCH, 40, np.float32),
        }
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _add_mixed_sections(path: Path) -> None:
    """A column of sections: neighbouring rows are of different ones."""
    with h5py.File(path, "r+") as file:
        obs = file["obs"]
        like, n_cells = obs["cell_type"], len(obs["cell_type/codes"])
        made = obs.create_group(SECTION)
        made.attrs.update(dict(like.attrs))
        made["codes"] = (np.arange(n_cells) % N_SECTIONS).astype(np.int8)
        made["codes"].attrs.update(dict(like["codes"].attrs))
        names = [f"section {number}" for number in range(N_SECTIONS)]
        made["categories"] = np.array(names, dtype=h5py.string_dtype())
        made["categories"].attrs.update(dict(like["categories"].attrs))
        order = [str(name) for name in obs.attrs["column-order"]] + [SECTION]
        obs.attrs["column-order"] = np.array(order, dtype=h5py.string_dtype())
