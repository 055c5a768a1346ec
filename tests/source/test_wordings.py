"""What h5py and zarr raise is said in words of our own: they are caught as they are raised today."""

from __future__ import annotations

import anndata as ad
import h5py
import numpy as np
import pytest
import zarr
from scipy import sparse

from karospace_stream.source import open_source
from karospace_stream.source.problems.unreadable import reason


@pytest.fixture
def hdf5(tmp_path):
    with h5py.File(tmp_path / "x.h5", "w") as root:
        root["a"], root["g/x"], root["type"] = np.arange(3), 1, np.dtype("f4")
        root["outside"], root["itself"] = h5py.ExternalLink("no.h5", "/"), h5py.SoftLink("/itself")
        root["nowhere"], root["empty"] = h5py.SoftLink("/gone"), h5py.Empty("f4")
        packed = root.create_dataset("packed", data=np.arange(100), chunks=(100,), compression="gzip")
        packed.id.write_direct_chunk((0,), b"nothing that gzip wrote")
        yield root


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (lambda root: root["gone"], "its part 'gone' is missing"),
        (lambda root: root["g/gone/x"], "a part of it is missing"),
        (lambda root: root["nowhere"], "a part of it is missing"),
        (lambda root: root["a/x"], "a part of it is missing or damaged"),
        (lambda root: root["outside"], "it is a link to another file, which cannot be opened"),
        (lambda root: root["itself"], "it is a link that leads back to itself"),
        (lambda root: root.attrs["gone"], "its attribute 'gone' is missing"),
        (lambda root: root["type"].shape, "it is not the kind of element that belongs there"),
        (lambda root: root["g"].shape, "it is not the kind of element that belongs there"),
        (lambda root: root["empty"][0], "it is not the kind of element that belongs there"),
        (
            lambda root: root["packed"][:],
            "its compressed values are damaged, or need a filter that is not installed",
        ),
    ],
)
def test_of_hdf5(hdf5, use, said):
    with pytest.raises(Exception) as raised:  # noqa: PT011  h5py has its own for each
        use(hdf5)
    assert reason(raised.value) == said


def test_other_failures_of_hdf5():
    broken = KeyError("Unable to synchronously open object (wrong version number in local heap)")
    assert reason(broken) == "HDF5 could not open a part of it: wrong version number in local heap"
    broken = RuntimeError("Link iteration failed (incorrect metadata checksum after all read attempts)")
    assert (
        reason(broken) == "HDF5 could not list its parts: incorrect metadata checksum after all read attempts"
    )
    broken = OSError("Can't synchronously read data (bad coordinate offset)")
    assert reason(broken) == "HDF5 could not read its values: bad coordinate offset"


def test_of_zarr(tmp_path):
    root = zarr.open_group(tmp_path / "x.zarr", mode="w", zarr_format=2)
    root["a"] = np.arange(3)
    for path in ("gone", "a/x", "g/x"):
        with pytest.raises(KeyError) as raised:
            root[path]
        assert reason(raised.value) == f"its part {path!r} is missing"
    zarr.consolidate_metadata(tmp_path / "x.zarr")
    with pytest.raises(KeyError) as raised:
        zarr.open_consolidated(tmp_path / "x.zarr")["b/x"]
    assert reason(raised.value) == "its part 'b/x' is missing"


@pytest.mark.filterwarnings("ignore")  # of anndata, about Zarr
@pytest.mark.parametrize("suffix", ["h5ad", "zarr"])
def test_what_a_file_lacks(tmp_path, suffix):
    """A column that is listed and not there, a category without its codes, a matrix without its pointers."""
    adata = ad.AnnData(sparse.csr_matrix(np.ones((3, 2), "f4")))
    adata.obs["kind"], adata.obs["gone"] = ["a", "b", "a"], [1, 2, 3]
    adata.strings_to_categoricals()
    path = tmp_path / f"x.{suffix}"
    (adata.write_h5ad if suffix == "h5ad" else adata.write_zarr)(path)
    root = h5py.File(path, "a") if suffix == "h5ad" else zarr.open_group(path, use_consolidated=False)
    del root["obs/gone"], root["obs/kind/codes"], root["X/indptr"]
    if suffix == "h5ad":
        root.close()
    else:
        zarr.consolidate_metadata(root.store)
    why = dict(open_source(path).catalog.unreadable)
    assert why.pop("X") == "X is a sparse matrix without its part 'indptr'"
    assert why == {
        "obs/gone": "column-order names it, but the file does not contain it",
        "obs/kind": "its part 'codes' is missing",
    }
