"""Threads that read one file through HDF5: text in compound data once took the process along."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import h5py
import numpy as np
import pytest

N = 2_000
TEXT = h5py.string_dtype()

# Each reader opens the file for a moment: two of them at once shared the dataset whose type pointed at the
# handle of the first, and that closed while the second one read.
READ = """
import os, sys, threading
import h5py
from karospace_stream.source import open_source

source = open_source(sys.argv[1])

def read():
    for start in range(150):
        source.obs_column("v1", start, start + 100)
        if not start % 20:
            open_source(sys.argv[1])

def use():
    for _ in range(150):
        with h5py.File(sys.argv[1]) as file:
            file["obs"].fields("v1")[:100]

def fork():
    for _ in range(5):
        child = os.fork()
        if not child:
            read_well = source.obs_column("v1", 7, 8).values.tolist() == [7.0]
            os._exit(0 if read_well else 1)
        assert os.waitpid(child, 0)[1] == 0

beside = {"ours": read, "users": use, "forks": fork}[sys.argv[2]]
threads = [threading.Thread(target=each) for each in (read, beside)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(source.obs_names(0, 2).tolist(), source.obs_column("v1", 3, 5).values.tolist())
"""


@pytest.fixture(scope="module")
def old_file(tmp_path_factory):
    """As anndata up to 0.6 wrote it: obs is one compound dataset whose index is text of any length."""
    obs = np.zeros(N, [("index", TEXT), *((f"v{i}", "f4") for i in range(8))])
    obs["index"] = [f"c{i}" for i in range(N)]
    obs["v1"] = np.arange(N)
    var = np.zeros(3, [("index", TEXT)])
    var["index"] = ["g0", "g1", "g2"]
    path = tmp_path_factory.mktemp("old") / "old.h5ad"
    with h5py.File(path, "w") as root:
        root["X"] = np.ones((N, 3), "f4")
        root.create_dataset("obs", data=obs, chunks=(500,), compression="gzip")
        root["var"] = var
    return path


@pytest.mark.parametrize("beside", ["ours", "users", "forks"])
def test_threads_that_read_text(old_file, beside):
    if beside == "forks" and not hasattr(os, "fork"):
        pytest.skip("this system does not fork")
    command = [sys.executable, "-W", "ignore", "-c", READ, str(old_file), beside]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode >= 0, f"died of {signal.Signals(-done.returncode).name}"
    assert (done.returncode, done.stdout) == (0, "['c0', 'c1'] [3.0, 4.0]\n"), done.stderr
