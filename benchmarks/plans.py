"""What ``karospace-stream plan`` says of an atlas that is too large to make here."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import machine
from benchmarks.data import console_script
from benchmarks.hollow import write_hollow
from benchmarks.records import Record

CASE = "plans"
_ROW_NNZ = 1_400  # 7 % of 20,000 genes, as in the other cases
_KEPT = ("strategy", "row_blocks", "gene_bands", "workers", "peak_nbytes", "scratch_nbytes", "n_objects")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Machines with two cores each, and what the plan is asked for."""

    label: str
    machines: int
    memory: str

    @property
    def workers(self) -> int:
        """Tasks at once."""
        return 2 * self.machines

    @property
    def words(self) -> tuple[str, ...]:
        """Options of ``plan``."""
        scheduler = "threads" if self.machines == 1 else "processes"
        return ("--memory", self.memory, "--workers", str(self.workers), "--scheduler", scheduler)


CLUSTERS = (
    Cluster("1 machine, 2 cores, 8 GB", 1, "8GB"),
    Cluster("50 workers, each 2 cores, 8 GB", 50, "400GB"),
)


def plan_atlas(folder: Path, n_cells: int = 100_000_000, n_genes: int = 20_000) -> list[Record]:
    """Plan the export of all genes, once for each of `CLUSTERS`; one record each."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hollow-", dir=folder) as inside:
        source = Path(inside) / "atlas.h5ad"
        write_hollow(source, n_cells, n_genes, _ROW_NNZ if n_genes > _ROW_NNZ else n_genes // 10)
        return [_plan(source, cluster) for cluster in CLUSTERS]


def _plan(source: Path, cluster: Cluster) -> Record:
    words = [str(console_script()), "plan", str(source), "--json", *cluster.words]
    planned = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    return {
        "case": CASE,
        "cluster": asdict(cluster),
        "n_cells": planned["n_cells"],
        "n_genes": planned["n_genes"],
        "n_values": planned["read_values"],
        "commit": machine.commit(),
        **{key: planned[key] for key in _KEPT},
    }
