"""The client of a cluster: how little it needs, and the command line as one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from karospace_stream.testing.synth import write_synthetic
from tests.cluster.conftest import Cluster
from tests.e2e.support import run

#: Prints by how much the resident memory grows, MiB, once all is imported and connected.
SCRIPT = """
import sys, threading, psutil, scipy.sparse, numcodecs.blosc
import karospace_stream, karospace_stream.pipeline.run, karospace_stream.formats.karospace.plan
from distributed import Client

def rss():
    return psutil.Process().memory_info().rss

if __name__ == "__main__":
    source, target, address = sys.argv[1:]
    ended, most = threading.Event(), [0]
    def watch():
        while not ended.wait(0.005):
            most[0] = max(most[0], rss())
    with Client(address, set_as_default=False) as client:
        karospace_stream.plan_export(source, genes="hvgs:1", memory="1GB", scheduler="sync")
        start = rss()
        watcher = threading.Thread(target=watch)
        watcher.start()
        report = karospace_stream.export(source, target, genes="all", graph="none", scheduler=client)
        ended.set()
        watcher.join()
    print(report.n_objects, (most[0] - start) / 2**20)
"""


def test_memory_of_the_client_however_many_genes(cluster: Cluster, tmp_path: Path) -> None:
    source = tmp_path / "wide.h5ad"
    write_synthetic(source, n_cells=300, n_genes=12_000)
    words = [sys.executable, "-c", SCRIPT, source, tmp_path / "bundle", cluster.address]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    n_objects, grown_mib = done.stdout.split()
    assert int(n_objects) > 12_000
    assert float(grown_mib) < 64


@pytest.mark.big
def test_the_command_line(cluster: Cluster, tmp_path: Path) -> None:
    source = tmp_path / "small.h5ad"
    write_synthetic(source, n_cells=500, n_genes=40)
    planned = run("plan", source, "--scheduler", cluster.address)
    assert f"2 in each of 3 worker processes of {cluster.address} now" in planned.stdout
    words = ("--genes", "hvgs:9", "--scheduler", cluster.address, "--memory", "1GB", "--json")
    done = run("export", source, tmp_path / "bundle", *words)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["n_genes"], report["workers"]) == (9, 2)
