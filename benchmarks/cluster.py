"""The same export with threads and on a cluster, with input and output on a store.

Workers, store and export share the cores of this machine. So the case does not show how fast a cluster is,
but the overhead of a scheduler, of stores for input, output and scratch, and of separate processes.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine
from benchmarks.data import DataSet, build, console_script
from benchmarks.measure import folder_nbytes, measure
from benchmarks.records import Record
from benchmarks.same import compare_bytes
from benchmarks.tables import NOT_RUN, markdown
from karospace_stream.units import format_nbytes, format_seconds

CASE = "cluster"
TITLE = "threads and a cluster of processes on this machine, from and to a store"
DATA = DataSet(100_000, 5_000)
QUICK = DataSet(600, 30)

_ROUNDS = 3
_BUCKET_FOLDER = "rclone"
_HELD = "2GB"  # memory limit of a worker process
_TOLD = ("strategy", "workers", "peak_nbytes", "projected_nbytes", "seconds")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to run the export: where it reads and writes, and what runs the tasks."""

    label: str
    stored: bool
    on_cluster: bool


WAYS = (
    Way("threads, folders", stored=False, on_cluster=False),
    Way("threads, store", stored=True, on_cluster=False),
    Way("cluster, store", stored=True, on_cluster=True),
)


def measure_cluster(
    place: Path, tell: Callable[[str], None], data: DataSet = DATA, rounds: int = _ROUNDS
) -> list[Record]:
    """Export in every way, in turn; return one record per export.

    Raises
    ------
    DisagreementError
        If the outputs of two ways differ.
    """
    tell(f"{CASE}: {data.n_cells:,} x {data.n_genes:,}, {TITLE}")
    source = build(data, place / "data")
    records: list[Record] = []
    with tempfile.TemporaryDirectory(prefix="cluster-", dir=place) as name, _store(Path(name)) as store:
        folder, documents = Path(name), Path(name) / _BUCKET_FOLDER / store.bucket
        shutil.copy(source, documents / "source.h5ad")
        with _workers() as address:
            for number in range(rounds):
                outputs = []
                for way in WAYS:
                    out = documents / "out" / way.label.partition(",")[0] if way.stored else folder / "out"
                    words = _words(way, source, folder, store, out, address)
                    records.append(_run(way, words, out, number, data))
                    tell(_line(records[-1]))
                    outputs.append(out)
                n_files = [compare_bytes(outputs[0], other) for other in outputs[1:]]
                tell(f"  {n_files[0]:,} files of each are the same")
                for out in outputs:
                    shutil.rmtree(out)
    return records


def section(records: Sequence[Record]) -> str:
    """A table of the ways, with medians over the rounds."""
    rows = []
    for way in WAYS:
        runs = [each for each in records if each["case"] == CASE and each["side"] == way.label]
        if runs:
            walls = sorted(run["wall_s"] for run in runs)
            peak = max(run["told"]["peak_nbytes"] for run in runs)
            rows.append(
                (way.label, str(len(runs)), format_seconds(walls[len(walls) // 2]), format_nbytes(peak))
            )
    return markdown(("way", "rounds", "wall", "peak memory of a process"), rows) if rows else NOT_RUN


@dataclass(frozen=True, slots=True)
class _Store:
    address: str
    bucket: str

    def words(self) -> list[str]:
        """Options with the address and the credentials."""
        given = {"endpoint_url": self.address, "key": "somebody", "secret": "anything"}
        return [word for name, value in given.items() for word in ("--storage-option", f"s3.{name}={value}")]


@contextmanager
def _store(folder: Path) -> Iterator[_Store]:
    """An S3 server that keeps its objects as files, so that they can be compared."""
    from tests.stores import servers

    with servers.rclone(folder) as server:
        yield _Store(server.address, servers.BUCKET)


@contextmanager
def _workers() -> Iterator[str]:
    """A worker process for each core, with one thread."""
    from distributed import LocalCluster

    # Tasks take their time stamp from where the export is started; workers inherit ours.
    with LocalCluster(
        n_workers=os.cpu_count(), threads_per_worker=1, memory_limit=_HELD, dashboard_address=":0"
    ) as cluster:
        yield cluster.scheduler_address


def _words(way: Way, source: Path, folder: Path, store: _Store, out: Path, address: str) -> list[str]:
    below = out.relative_to(folder / _BUCKET_FOLDER).as_posix() if way.stored else ""
    places = (
        ["s3://" + store.bucket + "/source.h5ad", f"s3://{below}"] if way.stored else [str(source), str(out)]
    )
    words = [str(console_script()), "export", *places, "--name", CASE, "--json"]
    words += store.words() if way.stored else ["--scratch", str(folder / "scratch")]
    return words + (["--scheduler", address] if way.on_cluster else [])


def _run(way: Way, words: list[str], out: Path, number: int, data: DataSet) -> Record:
    done = measure(words, cwd=machine.ROOT)
    if done.exit_code:
        raise RuntimeError(f"{CASE}: {way.label} ended with {done.exit_code}: {done.stderr[-2000:]}")
    said = json.loads(done.stdout)
    nbytes, count = folder_nbytes(out)
    return {
        "case": CASE,
        "side": way.label,
        "round": number,
        "dataset": data.to_json(),
        "wall_s": done.wall_s,
        "client_nbytes": done.peak_nbytes,
        "output_nbytes": nbytes,
        "n_objects": count,
        "told": {key: said[key] for key in _TOLD},
        "commit": machine.commit(),
    }


def _line(record: Record) -> str:
    return (
        f"  {record['side']:<16} {record['wall_s']:.2f} s, client {record['client_nbytes'] / 1e6:.0f} MB, "
        f"output {record['output_nbytes'] / 1e6:.1f} MB in {record['n_objects']:,} objects"
    )
