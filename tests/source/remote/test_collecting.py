"""HDF5 waits for a store while it holds its lock, and Python collects garbage with HDF5 objects in it.

Without `not_collecting` the program below stands still each time.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import threading

import anndata as ad
import numpy as np

from karospace_stream.source.hdf5.gc_pause import not_collecting

PROGRAM = """
import gc, sys
import h5py
from karospace_stream.source import open_source

url, path = sys.argv[1:]

class Holder:
    pass

def litter():
    for _ in range(40):
        holder = Holder()
        holder.file, holder.own = h5py.File(path, "r"), holder

gc.set_threshold(150)
for number in range(20):
    litter()
    source = open_source(url)
    source.obs_names(0, source.catalog.n_cells)
    url += "#"  # another name of the same file, of which nothing is kept
print("done", gc.isenabled())
"""


def test_no_thread_waits_for_another_for_ever(web, tmp_path):
    adata = ad.AnnData(obs={"n": np.arange(3000)})
    adata.obs_names = [f"cell-{number}" for number in range(3000)]
    path = tmp_path / "a.h5ad"
    adata.write_h5ad(path)
    url = web.put(path)
    words = [sys.executable, "-c", PROGRAM, url, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert done.stdout == "done True\n", done.stderr


def test_collecting_is_as_before_afterwards():
    entered, leave = threading.Event(), threading.Event()

    def other() -> None:
        with not_collecting(lambda: None):
            entered.set()
            leave.wait()

    thread = threading.Thread(target=other)
    with not_collecting(lambda: None):
        thread.start()
        entered.wait()
        assert not gc.isenabled()
    assert not gc.isenabled()  # the other is still at it
    leave.set()
    thread.join()
    assert gc.isenabled()
    gc.disable()
    try:
        with not_collecting(lambda: None):
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
