"""MuData files and stores of mudata are read as mudata reads them."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.inputs.open import open_input
from karospace_stream.model.matrix import DenseBlock
from karospace_stream.options.general.inputs import InputOptions
from tests.oracle.others import made_once

HERE = Path(__file__).with_name("mudata")
CASES = ["same_csr", "same_csc", "same_dense", "mixed_csr", "mixed_cite", "mixed_csc"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "mudata", "mudata", HERE / "write_mudata.py", lambda folder: [])


def whole(reader: Any) -> Any:
    """All values of a matrix, in whatever way it can be read."""
    n_cells, n_genes = reader.info.shape
    if reader.info.gene_major:
        band = reader.read_genes(0, n_genes)
        return sparse.csc_matrix((band.data, band.rows, band.indptr), reader.info.shape).toarray()
    block = reader.read_rows(0, n_cells)
    if isinstance(block, DenseBlock):
        return block.data
    return sparse.csr_matrix((block.data, block.indices, block.indptr), reader.info.shape).toarray()


def column(found: Any) -> Any:
    """Values of a column as the oracle has them."""
    if found.categories is not None:
        return np.array([*found.categories, ""], object)[found.values]
    return found.values


def read(source: Any, key: str) -> Any:
    """The values of a part by its path."""
    group, _, name = key.partition("/")
    n_cells = source.catalog.n_cells
    match group:
        case "X" | "layers":
            return whole(source.matrix(key))
        case "obs_names":
            return source.obs_names(0, n_cells)
        case "var_names":
            return source.var_names()
        case "obs":
            return column(source.obs_column(name, 0, n_cells))
        case "var":
            return column(source.var_column(name))
        case _:
            return source.obsm(name, 0, n_cells, 9)


@pytest.mark.big
@pytest.mark.parametrize("suffix", ["h5mu", "zarr"])
@pytest.mark.parametrize("case", CASES)
def test_every_value(case: str, suffix: str, folder: Path) -> None:
    truth = dict(np.load(folder / f"{case}.npz"))
    assert len(truth) > 30
    for name in dict.fromkeys(key.partition("/")[0] for key in truth):
        source = open_input(folder / f"{case}.{suffix}", InputOptions(modality=(name,)))
        source = pickle.loads(pickle.dumps(source))
        for key, wanted in truth.items():
            if key.startswith(f"{name}/"):
                found = read(source, key.removeprefix(f"{name}/"))
                assert np.shape(found) == wanted.shape, key
                assert np.asarray(found).tolist() == wanted.tolist(), key


@pytest.mark.big
@pytest.mark.parametrize("modality", ["rna", "all"])
@pytest.mark.parametrize("case", CASES)
def test_an_export_is_verified(case: str, modality: str, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    karospace_stream.export(folder / f"{case}.h5mu", out, modality=modality)
    assert karospace_stream.verify(out)
