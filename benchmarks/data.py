"""The data sets: made by ``karospace-stream synth``, each once, where both sides of a ratio read it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from benchmarks.beside import ENDINGS, add

_SYNTH_COLUMNS = 8
#: The column of 40 groups.
HALVED = "half_type"
_CELL_NBYTES = 300  # names, obs, obsm of one cell, in the file
_VALUE_NBYTES = {"gzip": 3.3, "none": 8.0}  # of one stored float32 with its index, in the file
_LATENT = 20  # columns of X_pca, where nothing else is asked for
_BESIDE_NBYTES = {"slide": 800_000_000, "transcripts": 600_000_000}
_NEIGHBOUR_NBYTES = 8  # of one neighbour of a cell, in the file; edges go both ways
#: Per stored value of float32 at gzip level 1, and of scratch; to find a place, not to report.
OUTPUT_VALUE_NBYTES, SCRATCH_VALUE_NBYTES = 5.5, 6.2


@dataclass(frozen=True, slots=True)
class DataSet:
    """One synthetic ``.h5ad``. The same seed gives the same values in every layout.

    Attributes
    ----------
    n_columns
        Columns of obs: 8 are made by ``synth``, more are copies of them under other names.
    n_neighbors
        Neighbours of a cell in the graph; 0 for no graph.
    n_latent
        Columns of ``X_pca``.
    halved
        Whether there is a column ``half_type``: each cell type in two halves, 40 groups.
    vectors
        Whether there are a UMAP in 3-D, and velocities in 2-D and 3-D.
    n_parts
        Files into which the cells are cut, in a folder; 0 for one file.
    tissue
        What there is besides: ``slide``, ``transcripts`` or ``sections``; see `benchmarks.beside`.
    """

    n_cells: int
    n_genes: int
    layout: str = "csr"
    compression: str = "gzip"
    dtype: str = "float32"
    counts: bool = False
    density: float = 0.07
    n_columns: int = _SYNTH_COLUMNS
    n_neighbors: int = 0
    n_latent: int = _LATENT
    vectors: bool = False
    halved: bool = False
    n_parts: int = 0
    tissue: str = ""

    @property
    def name(self) -> str:
        """File name, without its ending."""
        kind = "counts" if self.counts else "log"
        density = f"{self.density:g}".replace(".", "p")
        words = (self.layout, self.compression, self.dtype, kind, density, self.n_columns)
        beside = [f"{self.n_neighbors}nn"] * bool(self.n_neighbors)
        beside += [f"{self.n_latent}pc"] * (self.n_latent != _LATENT) + ["vectors"] * self.vectors
        beside += ["halved"] * self.halved + [f"{self.n_parts}parts"] * bool(self.n_parts)
        beside += [self.tissue] * bool(self.tissue)
        return f"{self.n_cells}x{self.n_genes}-" + "-".join(map(str, (*words, *beside)))

    @property
    def n_values(self) -> int:
        """Stored values that are not 0, on average."""
        return int(self.n_cells * self.n_genes * self.density)

    def input_nbytes(self) -> int:
        """About the size of the file, bytes."""
        itemsize = np.dtype(self.dtype).itemsize
        cell_nbytes = _CELL_NBYTES + _NEIGHBOUR_NBYTES * self.n_neighbors
        cell_nbytes += 4 * (self.n_latent - _LATENT + 8 * self.vectors)
        cell_nbytes += _BESIDE_NBYTES.get(self.tissue, 0) // self.n_cells
        if self.layout == "dense" and self.compression == "none":
            return self.n_cells * (self.n_genes * itemsize + cell_nbytes)
        return int(
            self.n_values * _VALUE_NBYTES[self.compression] * itemsize / 4 + self.n_cells * cell_nbytes
        )

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def build(data: DataSet, folder: Path) -> Path:
    """Write the file unless it is there already, in a process of its own; give its path."""
    path = folder / (data.name if data.n_parts else f"{data.name}.h5ad")
    if path.exists():
        return path
    if data.n_parts:
        return _build_parts(data, path)
    folder.mkdir(parents=True, exist_ok=True)
    # A folder of its own: two benchmarks that build the same file do not write into each other's.
    with tempfile.TemporaryDirectory(prefix="build-", dir=folder) as inside:
        partial = Path(inside) / "data.h5ad"
        _synth(data, partial)
        _add_columns(partial, data.n_columns - _SYNTH_COLUMNS)
        if data.halved:
            _add_halves(partial)
        if data.tissue:
            add(data.tissue, partial)
        for ending in ENDINGS.values():
            if (beside := partial.with_suffix(ending)).exists():
                beside.rename(path.with_suffix(ending))
        partial.rename(path)
    return path


def _build_parts(data: DataSet, path: Path) -> Path:
    from benchmarks.parts import cut

    whole = build(replace(data, n_parts=0), path.parent)
    with tempfile.TemporaryDirectory(prefix="build-", dir=path.parent) as inside:
        partial = Path(inside) / "parts"
        cut(whole, partial, data.n_parts)
        partial.rename(path)
    return path


def _synth(data: DataSet, path: Path) -> None:
    words = [
        str(console_script()), "synth", str(path),
        "--cells", str(data.n_cells), "--genes", str(data.n_genes), "--density", str(data.density),
        "--layout", data.layout, "--dtype", data.dtype, "--compression", data.compression,
        "--neighbors", str(data.n_neighbors), "--latent", str(data.n_latent),
    ]  # fmt: skip
    words += ["--counts"] * data.counts + ["--vectors"] * data.vectors
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def forget(folder: Path, needed: set[DataSet]) -> None:
    """Delete the data sets in ``folder`` but those that are still needed: they may lie in RAM."""
    kept = {f"{data.name}.h5ad" for data in needed}
    for path in folder.glob("*parts"):
        if path.name not in {data.name for data in needed}:
            shutil.rmtree(path)
    for ending in (".h5ad", *ENDINGS.values()):
        for path in folder.glob(f"*{ending}"):
            if path.with_suffix(".h5ad").name not in kept:
                path.unlink()


def console_script() -> Path:
    """``karospace-stream`` as it was installed for this interpreter.

    Raises
    ------
    FileNotFoundError
        If the package is not installed.
    """
    script = Path(sys.executable).with_name("karospace-stream")
    if not script.exists():
        raise FileNotFoundError(f"{script} is not there: install the package for {sys.executable} first")
    return script


def gene_names(path: Path) -> list[str]:
    """Names of all genes of a synthetic file, in its order."""
    with h5py.File(path) as file:
        var = file["var"]
        return [name.decode() for name in var[var.attrs["_index"]][:]]


def column_names(path: Path) -> list[str]:
    """Names of all columns of obs."""
    with h5py.File(path) as file:
        return [str(name) for name in file["obs"].attrs["column-order"]]


def _add_columns(path: Path, n_more: int) -> None:
    """Copy columns of obs under other names, numbers and categories in turn; HDF5 copies by blocks."""
    if n_more <= 0:
        return
    with h5py.File(path, "r+") as file:
        obs = file["obs"]
        order = [str(name) for name in obs.attrs["column-order"]]
        for number in range(n_more):
            name = f"more_{number}"
            obs.copy(order[number % _SYNTH_COLUMNS], name)
            order.append(name)
        obs.attrs["column-order"] = np.array(order, dtype=h5py.string_dtype())


def _add_halves(path: Path) -> None:
    """Add a column with twice as many groups as ``cell_type``: those of even and of odd cells."""
    with h5py.File(path, "r+") as file:
        obs = file["obs"]
        types = obs["cell_type"]
        names = [name.decode() for name in types["categories"][:]]
        codes = types["codes"][:].astype(np.int8) * 2 + np.arange(len(types["codes"])) % 2
        half = obs.create_group(HALVED)
        half.attrs.update(dict(types.attrs))
        half["codes"] = codes.astype(np.int8)
        half["codes"].attrs.update(dict(types["codes"].attrs))
        halves = [f"{name}, {half}" for name in names for half in ("even", "odd")]
        half["categories"] = np.array(halves, dtype=h5py.string_dtype())
        half["categories"].attrs.update(dict(types["categories"].attrs))
        order = [str(name) for name in obs.attrs["column-order"]] + [HALVED]
        obs.attrs["column-order"] = np.array(order, dtype=h5py.string_dtype())
