"""Every value of an export is what anndata reads of the same file, in all formats.

`verify` exports its source once more and compares each byte. Here the source is the object that anndata has
read, so that no reader of ours stands on both sides.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from tests.oracle.truth import read

FORMATS = ["karospace", "cellucid", "anndata"]
FILES = [
    "cellrank50_velocity_umap",
    "cellrank_adata_50",
    "mti_imc_sn",
    "soma_pbmc_small",
    "soma_visium",
    "squidpy_visium_test_data",
]
RNG = np.random.default_rng(0)
N = 50
TEXT = h5py.string_dtype()


def assert_as_anndata_reads(path: Path, target: Path, format: str) -> None:
    target = target.with_suffix(".zarr") if format == "anndata" else target
    karospace_stream.export(path, target, format=format, anno=["all"])
    verified = karospace_stream.verify(target, source=read(path))
    assert verified.n_compared > 3
    assert verified.faults == ()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", FILES)
@pytest.mark.few(2)
def test_real_files(name: str, format: str, shared: Path, tmp_path: Path) -> None:
    assert_as_anndata_reads(shared / "data" / f"{name}.h5ad", tmp_path / "out", format)


def small() -> anndata.AnnData:
    adata = anndata.AnnData(sparse.csr_matrix(RNG.poisson(1, (N, 4)).astype("f4")))
    adata.obs["cell_type"] = pd.Categorical(["B", "T"] * 25)
    adata.obs["grade"] = pd.Categorical.from_codes(
        [0, 1, -1, 2, 0] * 10, ["low", "mid", "high"], ordered=True
    )
    adata.obs["lot"] = pd.array([1, None] * 25, dtype="Int64")
    adata.obs["name"] = [f"n{number}" for number in range(N)]
    adata.obsm["X_umap"] = RNG.normal(size=(N, 2))
    adata.obsm["spatial"] = pd.DataFrame({"x": np.arange(50.0), "y": np.arange(50.0)}, index=adata.obs_names)
    adata.uns["cell_type_colors"] = np.array(["#ff0000", "#0000ff"], object)
    return adata


def with_fixed_attributes(path: Path) -> None:
    """As HDF5.jl and hdf5r write them (scverse/anndata#569)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        small().write_h5ad(path)
    with h5py.File(path, "r+") as root:

        def change(name: str, node: h5py.HLObject) -> None:
            for key, value in dict(node.attrs).items():
                if isinstance(value, str):
                    node.attrs[key] = np.bytes_(value)
                elif getattr(value, "dtype", np.dtype("i4")).kind == "O":
                    node.attrs[key] = np.array(value, "S")

        root.visititems(change)
        change("", root)


def of_mudataseurat(path: Path) -> None:
    """A user block with text in it, and `__categories` that are referenced (PMBio/MuDataSeurat#6)."""
    matrix = small().X
    with h5py.File(path, "w", userblock_size=512) as root:
        group = root.create_group("X")
        for part in ("data", "indices", "indptr"):
            group[part] = getattr(matrix, part)
        group.attrs["shape"] = np.array(matrix.shape, "i4")
        _encode(group, "csr_matrix")
        for key, length in (("obs", N), ("var", 4)):
            frame = root.create_group(key)
            frame["_index"] = np.array([f"{key}{number}" for number in range(length)], "S")
            frame.attrs["_index"] = np.bytes_("_index")
            _encode(frame, "dataframe")
        root["var"].attrs.create("column-order", np.zeros(0))
        obs = root["obs"]
        obs["cell_type"] = np.array([0, 1] * 25, "i4")
        obs["__categories/cell_type"] = np.array([b"B", b"T"])
        obs["__categories/cell_type"].attrs["ordered"] = False
        obs["cell_type"].attrs["categories"] = obs["__categories/cell_type"].ref
        obs.attrs["column-order"] = np.array([b"cell_type"])
        root["obsm/X_umap"] = RNG.normal(size=(N, 2))
    with path.open("r+b") as raw:
        raw.write(b"AnnData (format-version=0.1.0;creator=own)")


def _encode(group: h5py.Group, encoding: str) -> None:
    group.attrs["encoding-type"] = np.bytes_(encoding)
    group.attrs["encoding-version"] = np.bytes_("0.1.0")


def of_anndata_06(path: Path) -> None:
    """obs and var are compound datasets whose index is text of any length."""
    obs = np.zeros(N, [("index", TEXT), ("kind", "i1"), ("score", "f4"), ("name", TEXT)])
    obs["index"] = [f"c{number}" for number in range(N)]
    obs["kind"], obs["score"] = [0, 1, -1, 1, 0] * 10, RNG.normal(size=N)
    obs["name"] = [f"n{number % 7}" for number in range(N)]
    var = np.zeros(4, [("index", TEXT)])
    var["index"] = [f"g{number}" for number in range(4)]
    umap = np.zeros(N, [("X_umap", "f8", (2,))])
    umap["X_umap"] = RNG.normal(size=(N, 2))
    with h5py.File(path, "w") as root:
        root["X"] = RNG.poisson(1, (N, 4)).astype("f4")
        root.create_dataset("obs", data=obs, chunks=(20,), compression="gzip")
        root["var"], root["obsm"] = var, umap
        root["uns/kind_categories"] = np.array([b"A", b"B"])


MADE = [with_fixed_attributes, of_mudataseurat, of_anndata_06]


@pytest.mark.parametrize("write", MADE)
def test_made_by_other_programs(write: Callable[[Path], None], tmp_path: Path) -> None:
    write(tmp_path / "made.h5ad")
    assert_as_anndata_reads(tmp_path / "made.h5ad", tmp_path / "out", "anndata")


@pytest.mark.big
@pytest.mark.parametrize("format", FORMATS[:2])
@pytest.mark.parametrize("write", MADE)
def test_made_by_other_programs_in_other_formats(
    write: Callable[[Path], None], format: str, tmp_path: Path
) -> None:
    write(tmp_path / "made.h5ad")
    assert_as_anndata_reads(tmp_path / "made.h5ad", tmp_path / "out", format)
