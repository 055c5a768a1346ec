"""Loom files of loompy are read as loompy and anndata read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import karospace_stream
from karospace_stream.inputs.open import open_input
from karospace_stream.options.general.inputs import InputOptions
from tests.oracle.others import made_once

HERE = Path(__file__).with_name("mudata")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "loom", "mudata", HERE / "write_loom.py", lambda folder: [])


def read(source: Any, key: str) -> Any:
    """The values of a part by its path, as the oracle names them."""
    group, _, name = key.partition("/")
    n_cells, n_genes = source.catalog.n_cells, source.catalog.n_genes
    match group:
        case "X" | "layers":
            return source.matrix(key).read_rows(0, n_cells).data
        case "obs_names":
            return source.obs_names(0, n_cells)
        case "var_names":
            return source.var_names()
        case "obs":
            return source.obs_column(name, 0, n_cells).values
        case "var":
            return source.var_column(name).values
        case "obsm":
            return source.obsm(name, 0, n_cells, 99)
        case _:
            return source.varm(name, 0, n_genes, 99)


@pytest.mark.big
@pytest.mark.parametrize("name", ["new", "unnamed", "old"])
def test_every_value(name: str, folder: Path) -> None:
    source = open_input(folder / f"{name}.loom", InputOptions())
    truth = dict(np.load(folder / f"{name}.npz"))
    assert len(truth) > 5
    for key, wanted in truth.items():
        found = read(source, key)
        if wanted.dtype.kind == "U":
            # loompy 3 writes UTF-8, and drops what is not ASCII when it reads
            texts = (
                [each.encode("ascii", "ignore").decode() for each in found]
                if name != "old"
                else found.tolist()
            )
            assert texts == wanted.tolist(), key
        else:
            np.testing.assert_array_equal(found, wanted, key)
    catalog = source.catalog
    assert {f"obs/{each.name}" for each in catalog.obs} == {key for key in truth if key.startswith("obs/")}
    assert {f"var/{each.name}" for each in catalog.var} == {key for key in truth if key.startswith("var/")}
    assert [key for key, _ in catalog.unreadable] == (["obsp/KNN"] if name == "new" else [])


@pytest.mark.big
def test_an_export_is_verified(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    karospace_stream.export(folder / "new.loom", out)
    assert karospace_stream.verify(out)
    assert karospace_stream.verify(out, source=folder / "new.loom")
