"""Many threads and processes at once read what one reads alone; importing costs little."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import anndata as ad
import h5py
import hdf5plugin
import numpy as np
import pytest
from scipy import sparse

from karospace_stream.source import open_source
from karospace_stream.source.hdf5.chunks import chunk_table

FILTERS = {
    "gzip": {"compression": "gzip", "shuffle": True},
    "lzf": {"compression": "lzf"},
    "blosc": dict(hdf5plugin.Blosc()),
    "zstd": dict(hdf5plugin.Zstd()),
}


def read(message: bytes, start: int) -> list[bytes]:
    source = pickle.loads(message)
    block = source.matrix("X").read_rows(start, start + 100)
    names = source.obs_names(start, start + 100)
    return [part.tobytes() for part in (block.indptr, block.indices, block.data)] + [
        "".join(names).encode(),
        source.obs_column("kind", start, start + 100).values.tobytes(),
    ]


@pytest.fixture(scope="module", params=[*FILTERS, "zarr"])
def message(request, tmp_path_factory, quietly):
    path = tmp_path_factory.mktemp("many") / "x.h5ad"
    x = sparse.random(2000, 50, 0.4, "csr", dtype="f4", rng=1)
    adata = ad.AnnData(x)
    adata.obs["kind"] = list("abcd") * 500
    if request.param == "zarr":
        path = path.with_suffix(".zarr")
        quietly(adata.write_zarr, path)
    else:
        quietly(adata.write_h5ad, path)
        with h5py.File(path, "a") as root:
            del root["X"]
            ad.io.write_elem(root, "X", x, dataset_kwargs={"chunks": (500,), **FILTERS[request.param]})
    return pickle.dumps(open_source(path))


@pytest.mark.few(2)
def test_threads(message):
    starts = list(range(0, 2000, 100))
    wanted = [read(message, start) for start in starts]
    chunk_table.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, [message] * 60, starts * 3)) == wanted * 3


@pytest.mark.parametrize("message", ["gzip", "zarr"], indirect=True)
@pytest.mark.few(1)
def test_another_process(message):
    wanted = [read(message, start) for start in (0, 1900)]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(read, [message] * 2, (0, 1900))) == wanted


def test_importing_the_room_loads_no_heavy_library():
    code = "import sys, karospace_stream.source; print([m for m in sys.argv[1:] if m in sys.modules])"
    heavy = ["anndata", "zarr", "pandas", "h5py", "scipy", "dask", "numcodecs", "xarray", "hdf5plugin"]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reading_h5ad_loads_no_other_container(tmp_path):
    ad.AnnData(np.ones((3, 2), "f4")).write_h5ad(tmp_path / "x.h5ad", compression="gzip")
    code = (
        "import sys; from karospace_stream.source import open_source\n"
        "open_source(sys.argv[1]).matrix('X').read_rows(0, 3)\n"
        "print([m for m in sys.argv[2:] if m in sys.modules])"
    )
    heavy = ["anndata", "zarr", "pandas", "scipy", "dask", "numcodecs", "xarray", "hdf5plugin"]
    command = [sys.executable, "-c", code, str(tmp_path / "x.h5ad"), *heavy]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"
