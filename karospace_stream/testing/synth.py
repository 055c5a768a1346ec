"""Synthetic AnnData files of any size, written in constant memory."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import TargetError
from karospace_stream.testing.asked import check_extras, check_storage
from karospace_stream.testing.cells import CELL_TYPES, PCA_WIDTH, Cells
from karospace_stream.testing.elements import ARRAY, CHUNK_ROWS, TEXT, Frame, start_anndata
from karospace_stream.testing.embeddings import Extras
from karospace_stream.testing.matrix import CsrBlock, Layout, graph_writer, matrix_writer
from karospace_stream.testing.moments import GeneMoments
from karospace_stream.testing.neighbours import NeighbourGraph
from karospace_stream.testing.recipe import Recipe
from karospace_stream.testing.storage import Compression, Store, open_store

_OBSM_CHUNK_ROWS = 16_384
_COLORS = tuple(f"#{(k * 2654435761) % 0xFFFFFF:06x}" for k in range(3, 3 + len(CELL_TYPES)))
_OBS_ORDER = (
    "cell_type", "sample", "leiden", "n_counts", "pct_mito", "age", "is_doublet", "pseudotime",
)  # fmt: skip


def write_synthetic(
    path: str | Path,
    *,
    n_cells: int,
    n_genes: int,
    density: float = 0.07,
    seed: int = 0,
    layout: Layout = "csr",
    dtype: str = "float32",
    counts: bool = False,
    compression: Compression = "gzip",
    chunk_values: int = 262_144,
    overwrite: bool = False,
    n_neighbors: int = 0,
    latent: int = PCA_WIDTH,
    vectors: bool = False,
) -> None:
    """Write a realistic synthetic data set, block by block.

    There are cell types with marker genes, library sizes vary, and some genes are expressed in orders of
    magnitude more cells than others. ``obs`` has categories, numbers, a nullable integer, a boolean and a
    column with NaN; ``obsm`` has ``X_pca`` (``latent`` columns), ``X_umap`` and ``spatial`` (microns, far
    from zero). The same seed gives the same bytes, and the same values in every layout.

    Parameters
    ----------
    path
        File to write: ``.h5ad``, or ``.zarr`` for a Zarr v3 store.
    n_cells, n_genes
        Shape of the matrix, each at least 1.
    density
        Mean share of values that are not 0: above 0, at most 0.9.
    seed
        Seed of the random numbers.
    layout
        How the matrix is stored: ``"csr"``, ``"csc"`` or ``"dense"``. ``"csc"`` needs a temporary file of 12
        bytes per stored value beside the output.
    dtype
        NumPy name of the type of the values; a floating-point type unless ``counts``.
    counts
        Whether to write raw counts instead of ``log1p(count * 10,000 / library size)``.
    compression
        ``"gzip"``, ``"lzf"`` (not for Zarr) or None.
    chunk_values
        Number of values in one storage chunk of the matrix.
    overwrite
        Whether to replace an existing file or store at ``path``.
    n_neighbors
        Number of nearest neighbours of each cell in ``obsp['connectivities']``, which is CSR and made
        symmetric, so that its rows are longer; 0 for no graph.
    latent
        Number of columns of ``X_pca``.
    vectors
        Whether to add ``X_umap_3d``, ``velocity_umap`` and ``velocity_umap_3d`` to ``obsm``.

    Raises
    ------
    BadOptionError
        If an option is out of range.
    TargetError
        If ``path`` exists and ``overwrite`` is False, or it cannot be written.
    """
    path = Path(path)
    check_storage(path, n_cells, n_genes, dtype, counts, layout, compression, chunk_values)
    check_extras(n_neighbors, latent)
    _refuse_taken(path, overwrite)
    recipe = Recipe(n_cells, n_genes, density, seed, np.dtype(dtype), counts)
    extras = Extras(latent, vectors, seed)
    # A unique name: this run must not delete existing files.
    partial = path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}.partial")
    _make_folder(path)
    try:
        store = open_store(partial, compression, as_zarr=path.suffix == ".zarr")
        try:
            _write(store, recipe, extras, layout, chunk_values, scratch=path.parent)
            if n_neighbors:
                _write_graph(store, NeighbourGraph(recipe, n_neighbors), n_cells, chunk_values)
        finally:
            store.close()
        _refuse_taken(path, overwrite)
        _remove(path)
        partial.rename(path)
    finally:
        _remove(partial)


def _write(
    store: Store, recipe: Recipe, extras: Extras, layout: Layout, chunk_values: int, scratch: Path
) -> None:
    start_anndata(store)
    shape = (recipe.n_cells, recipe.n_genes)
    matrix = matrix_writer(
        store, "X", layout, shape, recipe.dtype.name, chunk_values=chunk_values, scratch=scratch
    )
    obs = Frame(
        store,
        "obs",
        _OBS_ORDER,
        categories={
            "cell_type": CELL_TYPES,
            "sample": recipe.tissue.sample_names,
            "leiden": [str(k) for k in range(len(CELL_TYPES))],
        },
        plain={"n_counts": "float32", "pct_mito": "float32", "is_doublet": "bool", "pseudotime": "float64"},
        nullable=["age"],
    )
    obsm = {
        key: store.growing(f"obsm/{key}", dtype, (_OBSM_CHUNK_ROWS, width), ARRAY)
        for key, dtype, width in (
            ("X_umap", "float32", 2),
            ("spatial", "float64", 2),
            *((key, "float32", width) for key, width in extras.widths().items()),
        )
    }
    moments = GeneMoments(recipe.n_genes)
    for cells, block, quality in recipe.blocks():
        matrix.append(block)
        moments.add(block.genes, block.values)
        _append_obs(obs, recipe, cells, block.start, quality)
        embeddings = {**cells.obsm, **extras.draw(cells, block.start)}
        for key, growing in obsm.items():
            growing.append(embeddings[key])
    matrix.close()
    obs.close()
    for growing in obsm.values():
        growing.close()
    _write_var(store, recipe, moments)
    store.text("uns/cell_type_colors", _COLORS, TEXT)


def _write_graph(store: Store, graph: NeighbourGraph, n_cells: int, chunk_values: int) -> None:
    most = graph.most_values
    matrix = graph_writer(store, "obsp/connectivities", n_cells, most, chunk_values=chunk_values)
    start = 0
    for rows in graph.rows():
        matrix.append(CsrBlock(start, np.diff(rows.indptr).astype(np.int64), rows.indices, rows.data))
        start += rows.shape[0]
    matrix.close()


def _append_obs(
    obs: Frame, recipe: Recipe, cells: Cells, start: int, quality: dict[str, npt.NDArray[np.float32]]
) -> None:
    labels = recipe.tissue.sample_names
    names = [f"{labels[code]}_{k:08d}" for k, code in enumerate(cells.samples.tolist(), start)]
    columns: dict[str, npt.NDArray[np.generic]] = {
        "cell_type": cells.types,
        "sample": cells.samples,
        "leiden": cells.leiden,
        "age": cells.age,
        **quality,
        **cells.numbers,
    }
    obs.append(names, columns, {"age": cells.age_missing})


def _write_var(store: Store, recipe: Recipe, moments: GeneMoments) -> None:
    columns = moments.var_columns(recipe.n_cells)
    types = {name: values.dtype for name, values in columns.items()}
    var = Frame(store, "var", list(columns), categories={}, plain=types)
    names = recipe.gene_names()
    for start in range(0, len(names), CHUNK_ROWS):
        part = slice(start, start + CHUNK_ROWS)
        var.append(names[part], {name: values[part] for name, values in columns.items()})
    var.close()


def _refuse_taken(path: Path, overwrite: bool) -> None:
    if os.path.lexists(path) and not overwrite:
        raise TargetError(f"{path} already exists; add --overwrite to replace it, or choose another name")


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TargetError(
            f"{path}: its folder could not be made: {error.strerror or error}; choose another"
        ) from error


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
