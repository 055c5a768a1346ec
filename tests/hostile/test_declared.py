"""Sizes that are declared and not there, and very long texts: refused before memory is taken."""

from __future__ import annotations

import json
from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import BadInputError, BudgetError, KaroSpaceError
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.source.elements.images import read_color
from karospace_stream.source.zarr.documents import check_document
from tests.e2e.support import run_measured
from tests.hostile.bombs import small_data, write_zarr


@pytest.mark.parametrize("n", [10**9, 10**12])
@pytest.mark.parametrize(
    "key", ["var/_index", "obs/_index", "obs/kind/categories", "obs/score", "obsm/X_umap"]
)
@pytest.mark.few(2)
def test_arrays_that_were_never_written(key: str, n: int, tmp_path: Path) -> None:
    path = tmp_path / "data.h5ad"
    small_data().write_h5ad(path)
    with h5py.File(path, "r+") as file:
        dtype, rest = file[key].dtype, file[key].shape[1:]
        attributes = dict(file[key].attrs)
        del file[key]
        new = file.create_dataset(key, (n, *rest), h5py.string_dtype() if dtype.kind == "O" else dtype,
                                  chunks=(1000, *rest))  # fmt: skip
        new.attrs.update(attributes)
    with pytest.raises(KaroSpaceError) as caught:
        karospace_stream.plan_export(path, genes="all", anno=["kind", "score"], coords="obsm:X_umap")
    assert caught.value.exit_code in (2, 3)


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.few(1)
def test_a_zarr_array_that_was_never_written(version: int, tmp_path: Path) -> None:
    path = tmp_path / "data.zarr"
    write_zarr(path, version)
    document = path / "var" / "_index" / ("zarr.json" if version == 3 else ".zarray")
    metadata = json.loads(document.read_bytes())
    document.write_text(json.dumps({**metadata, "shape": [10**12]}))
    with pytest.raises(BadInputError, match="_index"):
        karospace_stream.open_source(path)


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("key", ["X/indices", "obsm/X_umap", "obs/score"])
def test_chunks_that_hold_nothing(version: int, key: str, tmp_path: Path) -> None:
    path = tmp_path / "data.zarr"
    write_zarr(path, version)
    document = path / key / ("zarr.json" if version == 3 else ".zarray")
    metadata = json.loads(document.read_bytes())
    grid = metadata["chunk_grid"]["configuration"] if version == 3 else metadata
    name = "chunk_shape" if version == 3 else "chunks"
    grid[name] = [0, *grid[name][1:]]
    document.write_text(json.dumps(metadata))
    unreadable = karospace_stream.open_source(path).catalog.unreadable
    (told,) = [each for each in unreadable if key in str(each)]
    assert "hold nothing" in str(told)


def test_names_that_the_budget_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "data.h5ad"
    small_data().write_h5ad(path)
    with h5py.File(path, "r+") as file:
        for name in list(file["var"]):
            del file["var"][name]
        file["var"].create_dataset("_index", (50_000_000,), "i1", chunks=(1 << 20,), compression="gzip")
    with pytest.raises(BudgetError, match="50,000,000 genes"):
        karospace_stream.plan_export(path, genes="all", memory="1GB")


@pytest.mark.parametrize("shape", [(10**6,), (1_000, 1_000), (100, 100, 100)])
def test_a_colour_that_holds_a_million_numbers(shape: tuple[int, ...]) -> None:
    values = np.broadcast_to(np.float64(0), shape)
    assert len(read_color(NumpyArray("uns/kind_colors/a", values))) <= 25


def test_documents(tmp_path: Path) -> None:
    check_document("deep", b"[" * 100 + b"]" * 100)
    check_document("text", b'["' + b"[" * 10_000 + b'\\""]')
    check_document("wide", b"[" + b"[]," * 10_000 + b"[]]")
    with pytest.raises(BadInputError, match="nested"):
        check_document("deep", b'{"a":' * 10_000 + b"1" + b"}" * 10_000)
    with pytest.raises(BadInputError, match="4,000,000 values"):
        check_document("wide", b"[" + b"0," * 4_000_000 + b"0]")
    for name in (".zattrs", ".zgroup"):
        path = tmp_path / f"of{name}.zarr"
        write_zarr(path, 2)
        (path / name).write_bytes(b"[" * 10_000 + b"]" * 10_000)
        with pytest.raises(BadInputError, match="nested"):
            karospace_stream.open_source(path)
        with (path / name).open("wb") as file:
            file.truncate(1 << 30)
        with pytest.raises(BadInputError, match="bytes"):
            karospace_stream.open_source(path)


def with_long_names(path: Path, n_names: int) -> Path:
    codes = np.arange(2 * n_names) % n_names
    names = [f"{number:05}{'x' * 100_000}" for number in range(n_names)]
    kinds = pd.Categorical.from_codes(codes, names)
    obs = pd.DataFrame({"long": kinds}, index=[f"cell{number}" for number in range(len(codes))])
    coords = {"X_umap": np.zeros((len(codes), 2), np.float32)}
    anndata.AnnData(np.ones((len(codes), 3), np.float32), obs, obsm=coords).write_h5ad(path)
    return path


#: By format and number of names. Where 10 MB of text do not fit into the pages of a table, the budget is
#: too small; 100 MB of names are refused.
ENDS = {
    ("karospace", 100): BudgetError.exit_code,
    ("karospace", 1_000): BadInputError.exit_code,
    ("cellucid", 100): 0,
    ("cellucid", 1_000): BadInputError.exit_code,
    ("anndata", 100): 0,
    ("anndata", 1_000): BadInputError.exit_code,
}


@pytest.mark.parametrize(
    ("format", "n_names"),
    [pytest.param(*each, marks=[] if each == ("karospace", 1_000) else pytest.mark.big) for each in ENDS],
)
def test_names_of_a_hundred_thousand_letters(format: str, n_names: int, tmp_path: Path) -> None:
    source = with_long_names(tmp_path / "data.h5ad", n_names)
    target = tmp_path / ("out.zarr" if format == "anndata" else "out")
    options = ("--genes", "all", "--anno", "long", "--memory", "400MB", "--format", format)
    done = run_measured("export", source, target, *options)
    assert done.exit_code == ENDS[format, n_names], done.stderr
    assert 50e6 < done.peak_nbytes < 400e6
    lines = done.stderr.strip().splitlines()
    if done.exit_code:
        assert lines[-1].startswith("error: ")
        assert sum(line.startswith("error: ") for line in lines) == 1
        assert not list(tmp_path.glob("*out*"))
    if n_names == 1_000:
        assert "obs/long/categories" in lines[-1]
        assert "--leave-out" in lines[-1]
