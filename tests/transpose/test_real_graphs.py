"""The graphs of real files, through their readers, as SciPy adds them up."""

from __future__ import annotations

import secrets
import warnings
from pathlib import Path

import anndata as ad
import numpy as np
import pytest

from karospace_stream.derive.edges import longest_row
from karospace_stream.model.source import MatrixReader
from karospace_stream.source import open_source
from karospace_stream.transpose.edges.plan import EdgePlan, EdgeRequest, plan_edges
from karospace_stream.transpose.edges.scratch import FileEdgeScratch, MemoryEdgeScratch
from karospace_stream.transpose.edges.tasks import edge_pieces, gather_edges, scatter_edges
from tests.transpose.test_edges import scipy_edges

DATA = (Path(__file__).parents[3] / "shared" / "data").resolve()
FILES = [
    "anndata_v050_pbmc68k",
    "cellrank50_velocity_umap",
    "cellrank_adata_50",
    "mti_imc_sn",
    "soma_pbmc_small",
    "squidpy_visium_test_data",
]


def plan_of(reader: MatrixReader, cells: np.ndarray | None, hold_nbytes: int) -> EdgePlan:
    info = reader.info
    lines = np.arange(info.shape[0] + 1)
    return plan_edges(
        EdgeRequest(
            shape=info.shape,
            layout=info.layout,
            value_itemsize=np.dtype(info.dtype).itemsize,
            index_itemsize=info.index_itemsize,
            lines=lines,
            values_before=reader.count_before(lines),
            read_nbytes=0,
            chunk_values=info.chunk_values,
            cells=cells,
            task_nbytes=40_000_000,
            hold_nbytes=hold_nbytes,
        )
    )


@pytest.mark.parametrize("some", [False, True])
@pytest.mark.parametrize("name", FILES)
def test_every_graph(name: str, some: bool, tmp_path: Path) -> None:
    path = DATA / f"{name}.h5ad"
    if not path.exists():
        pytest.skip(f"the shared data are not at {DATA}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about old files
        adata = ad.read_h5ad(path)
    source = open_source(path)
    assert source.catalog.obsp
    cells = np.arange(0, adata.n_obs, 3) if some else None
    for number, key in enumerate(source.catalog.obsp):
        reader = source.matrix(f"obsp/{key}")
        plan = plan_of(reader, cells, hold_nbytes=0 if some else 10**9)
        assert plan.in_memory != some
        folder = tmp_path / str(number)
        folder.mkdir()
        scratch = MemoryEdgeScratch(secrets.token_hex(4)) if plan.in_memory else FileEdgeScratch(str(folder))
        receipts = [scatter_edges(reader, plan, block, scratch, cells) for block in range(plan.n_blocks)]
        bands = [gather_edges(scratch, receipts, plan, band) for band in range(plan.n_bands)]
        columns = [
            np.concatenate([*edge_pieces(scratch, bands, plan, column), np.empty(0, plan.index_dtype)])
            for column in ("sources", "targets", "loops")
        ]
        *wanted, longest = scipy_edges(adata.obsp[key], cells)
        for column, expected in zip(columns, wanted, strict=True):
            np.testing.assert_array_equal(column, expected)
        assert longest_row(plan.n_cells, columns) == longest > 0
        scratch.remove()
