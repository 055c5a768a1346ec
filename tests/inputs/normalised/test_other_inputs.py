"""Normalised values of inputs that are no single AnnData, some of which must be prepared themselves."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream
from tests.inputs.normalised.made import LAYOUTS, N_CELLS, N_GENES, counts, expected, exported, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Counts as text, as Cell Ranger writes them, in no order."""
    made = tmp_path_factory.mktemp("filtered_feature_bc_matrix")
    values = counts()
    cells, genes = np.nonzero(values)
    order = np.random.default_rng(0).permutation(len(cells))
    lines = ["%%MatrixMarket matrix coordinate integer general", f"{N_GENES} {N_CELLS} {len(cells)}"]
    lines += [f"{genes[at] + 1} {cells[at] + 1} {values[cells[at], genes[at]]:.0f}" for at in order]
    features = [f"ENSG{gene}\tg{gene}\tGene Expression" for gene in range(N_GENES)]
    for name, several in (
        ("matrix.mtx.gz", lines),
        ("features.tsv.gz", features),
        ("barcodes.tsv.gz", [f"c{cell}" for cell in range(N_CELLS)]),
    ):
        (made / name).write_bytes(gzip.compress(("\n".join(several) + "\n").encode()))
    return made


@pytest.mark.parametrize("target", [1e4, "median"])
def test_text_that_is_sorted_first(target: Any, folder: Path, tmp_path: Path, scratch: Path) -> None:
    out = tmp_path / "out.zarr"
    found = exported(folder, out, normalize=target, log1p=True, scratch=scratch)
    np.testing.assert_allclose(found, expected(counts(), target, log=True), rtol=5e-7)
    assert not list(scratch.iterdir())
    assert karospace_stream.verify(out, source=folder, progress=False)


@pytest.mark.parametrize("target", [1e4, "median"])
def test_several_files_and_some_cells(target: Any, tmp_path: Path) -> None:
    paths, parts = [], []
    for number, layout in enumerate(LAYOUTS[:3]):
        parts.append(counts(seed=number + 1))
        paths.append(write(tmp_path / f"{layout}.h5ad", parts[-1], layout))
    out = tmp_path / "out.zarr"
    found = exported(paths, out, normalize=target, log1p=True, where="group != 'a'", batch_column="file")
    values = np.concatenate(parts)
    cells = np.flatnonzero(np.arange(len(values)) % N_CELLS % 3 != 0)
    assert len(anndata.read_zarr(out)) == len(cells)
    np.testing.assert_allclose(found, expected(values, target, log=True, cells=cells), rtol=5e-7)
    assert karospace_stream.verify(out, source=paths, progress=False)
