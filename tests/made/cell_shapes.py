"""Cells with boundaries: a grid of irregular polygons, as files of several kinds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from scipy import sparse

PITCH = 20.0


def centers(n: int) -> npt.NDArray[np.float64]:
    """Places of cells, row by row of a square grid."""
    side = int(np.ceil(np.sqrt(n)))
    rows, columns = np.divmod(np.arange(n), side)
    return np.column_stack([columns, rows]).astype(float) * PITCH + 100


def polygons(n: int, *, corners: int = 12, seed: int = 0) -> list[shapely.Polygon]:
    """A polygon around each place; neighbours do not touch."""
    generator = np.random.default_rng(seed)
    turns = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    radii = PITCH * generator.uniform(0.3, 0.48, (n, corners))
    places = centers(n)
    xs = places[:, :1] + radii * np.cos(turns)
    ys = places[:, 1:] + radii * np.sin(turns)
    return [shapely.Polygon(np.column_stack(each)) for each in zip(xs, ys, strict=True)]


def names(n: int) -> list[str]:
    """Names of cells, in an order that is not that of the alphabet."""
    return [f"c{(7 * number) % n}-{number}" for number in range(n)]


def table(n: int, n_genes: int = 5, *, sections: int = 1) -> anndata.AnnData:
    """The cells, with a column of three types in stripes."""
    generator = np.random.default_rng(2)
    adata = anndata.AnnData(
        sparse.csr_matrix(generator.poisson(1.5, (n, n_genes)).astype(np.float32)),
        obs=pd.DataFrame(index=names(n)),
    )
    adata.var_names = [f"gene{number}" for number in range(n_genes)]
    adata.obsm["spatial"] = centers(n)
    kinds = np.array(["astrocyte", "neuron", "microglia"])[(centers(n)[:, 0] // PITCH).astype(int) % 3]
    adata.obs["kind"] = pd.Categorical(kinds, categories=["astrocyte", "neuron", "microglia"])
    adata.uns["kind_colors"] = np.array(["#ff0000", "#00aa00", "#0000ff"], object)
    if sections > 1:
        adata.obs["library_id"] = pd.Categorical([f"s{number % sections}" for number in range(n)])
    return adata


def write_long(
    path: Path, shapes: Sequence[shapely.Polygon], ids: Sequence[str], row_group_size: int = 1 << 20
) -> None:
    """A table with a row for each vertex, as Xenium writes it: rings are closed."""
    rings = [shapely.get_coordinates(shapely.get_exterior_ring(each)) for each in shapes]
    lengths = [len(each) for each in rings]
    vertices = np.concatenate(rings)
    columns = {
        "cell_id": pa.array(np.repeat(np.array(ids, object), lengths).tolist()),
        "vertex_x": pa.array(vertices[:, 0].astype(np.float32)),
        "vertex_y": pa.array(vertices[:, 1].astype(np.float32)),
    }
    pq.write_table(pa.table(columns), path, row_group_size=row_group_size)
