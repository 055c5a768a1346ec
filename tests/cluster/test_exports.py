"""Exports on a cluster whose workers share nothing but stores: the same bytes, whatever happens to them."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask.array
import pytest
from distributed import Client, LocalCluster
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.pipeline.shared_paths import required_paths
from karospace_stream.runtime.events import Event, Note, StageTotals, TaskDone
from karospace_stream.storage import Headers, Store, location_of
from karospace_stream.testing.synth import write_synthetic
from karospace_stream.transpose import plan as planning
from tests.cluster.conftest import Cluster
from tests.e2e.support import contents
from tests.e2e.test_same_bytes import differing
from tests.stores.servers import Server

OPTIONS: dict[str, Any] = {
    "format": ["karospace", "cellucid", "anndata"],
    "genes": "all",
    "anno": "all",
    "name": "same",
    "group_by": ["cell_type"],
    "markers": "wilcoxon",
    "neighbourhoods": "connectivities",
    "permutations": 20,
}


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@pytest.fixture(autouse=True)
def many_small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans are made here, wherever they are run."""
    monkeypatch.setattr(planning, "_FEWEST_VALUES", 1_000)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "small.h5ad"
    write_synthetic(path, n_cells=6_000, n_genes=40, n_neighbors=8, chunk_values=1_000)
    return path


@pytest.fixture(scope="module")
def wanted(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The export that threads of this process make."""
    folder = tmp_path_factory.mktemp("wanted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        karospace_stream.export(source, folder / "bundle", **OPTIONS)
    return contents(folder / "bundle")


def stored(url: str, options: dict[str, Any]) -> dict[str, bytes]:
    """Every object below a URL, by its key; not the reports, which tell of one run."""
    store = Store(location_of(url, options))
    keys = [key for key in store.find() if not key.endswith("report.json")]
    found = store.read_whole(keys)
    return {key: data for key, data in zip(keys, found, strict=True) if data is not None}


def plain(bundle: dict[str, bytes]) -> dict[str, bytes]:
    """Without what is told of one run."""
    return {key: data for key, data in bundle.items() if not key.endswith("report.json")}


@pytest.fixture(scope="module")
def stored_source(source: Path, rclone_store: Server) -> str:
    """The same file on a store: the workers need see no folder of this machine."""
    url = f"{rclone_store.url}/{source.parent.name}"
    Store(location_of(url, rclone_store.options)).put("small.h5ad", source.read_bytes(), Headers())
    return f"{url}/small.h5ad"


@pytest.fixture
def target(rclone_store: Server, tmp_path: Path) -> str:
    return f"{rclone_store.url}/{tmp_path.name}"


def test_the_same_bytes_and_nothing_on_the_workers_disks(
    cluster: Cluster, stored_source: str, target: str, rclone_store: Server, wanted: dict[str, bytes]
) -> None:
    before = {folder: files_below(folder) for folder in cluster.folders}
    report = karospace_stream.export(
        stored_source, target, scheduler=cluster.address, storage_options=rclone_store.options, **OPTIONS
    )
    assert report.strategy == "spill"
    assert 100_000_000 < report.peak_nbytes < report.projected_nbytes <= report.budget_nbytes
    assert differing(plain(stored(target, rclone_store.options)), plain(wanted)) == []
    assert {folder: files_below(folder) for folder in cluster.folders} == before


def files_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and "dask-scratch-space" not in path.parts}


@pytest.mark.parametrize("stage", ["scatter", "gather"])
def test_a_worker_that_is_killed(
    stage: str,
    cluster: Cluster,
    stored_source: str,
    target: str,
    rclone_store: Server,
    wanted: dict[str, bytes],
) -> None:
    killed: list[int] = []
    totals: list[StageTotals] = []

    def kill(event: Event) -> None:
        if isinstance(event, StageTotals):
            totals.append(event)
        if event == TaskDone(stage) and not killed:
            with Client(cluster.address, set_as_default=False) as client:
                killed.extend(client.run(os.getpid).values())
            os.kill(killed[0], signal.SIGKILL)

    stored_there = {"scheduler": cluster.address, "storage_options": rclone_store.options}
    karospace_stream.export(stored_source, target, listener=kill, **stored_there, **OPTIONS)
    assert killed
    assert totals[0].totals[stage] >= 10
    assert differing(plain(stored(target, rclone_store.options)), plain(wanted)) == []
    with Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(3, timeout=60)


def test_tasks_that_run_twice(
    near: str, source: Path, tmp_path: Path, wanted: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a worker is taken for dead and is not."""
    from karospace_stream.runtime.worker_limit import WorkerLimit

    real = WorkerLimit.call

    def twice(self: WorkerLimit, function: Callable[..., Any], *args: Any) -> Any:
        real(self, function, *args)
        return real(self, function, *args)

    monkeypatch.setattr(WorkerLimit, "call", twice)
    monkeypatch.setattr("karospace_stream.pipeline.resume.ledger.Ledger.find", lambda self, name: None)
    with Client(near, set_as_default=False) as client:
        karospace_stream.export(source, tmp_path / "bundle", scheduler=client, **OPTIONS)
    assert differing(plain(contents(tmp_path / "bundle")), plain(wanted)) == []
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_cluster_that_grows_from_nothing(source: Path, tmp_path: Path, wanted: dict[str, bytes]) -> None:
    with LocalCluster(
        n_workers=0, threads_per_worker=1, processes=False, dashboard_address=":0", memory_limit="2 GiB"
    ) as grows:
        grows.adapt(minimum=0, maximum=2, interval="100 ms")
        karospace_stream.export(source, tmp_path / "bundle", scheduler=grows.scheduler_address, **OPTIONS)
    assert differing(plain(contents(tmp_path / "bundle")), plain(wanted)) == []


def test_an_older_bundle_stays_when_the_workers_fail(
    cluster: Cluster, source: Path, target: str, rclone_store: Server
) -> None:
    keywords = {"scheduler": cluster.address, "storage_options": rclone_store.options, "genes": "hvgs:5"}
    karospace_stream.export(source, target, **keywords)
    before = stored(target, rclone_store.options)

    def fail(event: Event) -> None:
        if event == TaskDone("gather"):
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        karospace_stream.export(source, target, overwrite=True, listener=fail, **keywords)
    assert stored(target, rclone_store.options) == before


def test_a_plan_tells_of_the_workers(cluster: Cluster, source: Path) -> None:
    plan = karospace_stream.plan_export(source, scheduler=cluster.address)
    told = plan.to_json()
    assert (told["workers"], told["worker_processes"], told["scheduler"]) == (2, 3, cluster.address)
    assert told["budget_nbytes"] == int(0.7 * (2 << 30))
    large = karospace_stream.plan_export(source, scheduler=cluster.address, memory="1900MB", workers=1)
    assert large.workers == 1
    assert any("pauses workers that use 1.72 GB" in note for note in large.notes)


def test_a_dask_array_joins_the_graph(
    near: str, source: Path, tmp_path: Path, wanted: dict[str, bytes]
) -> None:
    import anndata

    adata = anndata.read_h5ad(source)
    adata.X = dask.array.from_array(adata.X.toarray(), chunks=(1_000, 40)).map_blocks(sparse.csr_matrix)
    events: list[Event] = []
    keywords = {"scheduler": near, "listener": events.append, **OPTIONS}
    karospace_stream.export(adata, tmp_path / "bundle", workers=2, **keywords)
    assert differing(plain(contents(tmp_path / "bundle")), plain(wanted)) == []
    notes = [event.text for event in events if isinstance(event, Note)]
    assert any(
        "on all 3 threads of a worker, but the budget is for 2: start workers with 2" in n for n in notes
    )
    (totals,) = [event.totals for event in events if isinstance(event, StageTotals)]
    assert Counter(e.stage for e in events if isinstance(e, TaskDone)) == totals


def test_what_cannot_be_done_is_said(near: str, source: Path, tmp_path: Path) -> None:
    with pytest.raises(BadOptionError, match="memory of one process"):
        karospace_stream.export(source, tmp_path / "bundle", scheduler=near, scratch="memory://x")
    with pytest.raises(
        BadOptionError, match="must be one of threads, processes, sync, tcp://HOST:PORT; got 'dask'"
    ):
        karospace_stream.plan_export(source, scheduler="dask")
    with pytest.raises(BadOptionError, match="the memory strategy needs workers that share memory"):
        karospace_stream.plan_export(source, scheduler=near, strategy="memory")
    assert list(tmp_path.iterdir()) == []


def test_an_anndata_travels_if_it_is_small(
    near: str, source: Path, tmp_path: Path, wanted: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    import anndata

    adata = anndata.read_h5ad(source)
    karospace_stream.export(adata, tmp_path / "bundle", scheduler=near, **OPTIONS)
    assert differing(plain(contents(tmp_path / "bundle")), plain(wanted)) == []
    monkeypatch.setattr("karospace_stream.pipeline.shared_paths._MOST_SENT_NBYTES", 1_000_000)
    with pytest.raises(
        BadInputError, match=r"must have at most 1 MB to be sent to every worker, got [\d.]+ MB"
    ):
        karospace_stream.export(adata, tmp_path / "other", scheduler=near, **OPTIONS)


def test_a_backed_anndata_travels_as_its_path(
    near: str, source: Path, tmp_path: Path, wanted: dict[str, bytes]
) -> None:
    import anndata

    backed = anndata.read_h5ad(source, backed="r")
    karospace_stream.export(backed, tmp_path / "bundle", scheduler=near, **OPTIONS)
    assert differing(plain(contents(tmp_path / "bundle")), plain(wanted)) == []
    assert required_paths(karospace_stream.open_source(backed).source) == (str(source),)
    backed.file.close()


def test_an_export_that_was_cut_off_goes_on(
    cluster: Cluster, stored_source: str, target: str, rclone_store: Server, wanted: dict[str, bytes]
) -> None:
    keywords = {
        "scheduler": cluster.address,
        "storage_options": rclone_store.options,
        "resume": True,
        **OPTIONS,
    }
    done: Counter[str] = Counter()
    notes: list[str] = []

    def fail(event: Event) -> None:
        if isinstance(event, TaskDone):
            done[event.stage] += 1
        if done["gather"] == 10:
            raise RuntimeError("on purpose")

    def listen(event: Event) -> None:
        if isinstance(event, Note):
            notes.append(event.text)

    with pytest.raises(RuntimeError, match="on purpose"):
        karospace_stream.export(stored_source, target, listener=fail, **keywords)
    # Scratch is where it was, with the claim and the ledger.
    assert any("/karospace-scratch-" in key for key in stored(target, rclone_store.options))
    karospace_stream.export(stored_source, target, listener=listen, **keywords)
    (resumed,) = [int(n[0]) for note in notes if (n := re.findall(r"resumed: (\d+) tasks", note))]
    assert resumed >= done["scatter"] + 10
    assert differing(plain(stored(target, rclone_store.options)), plain(wanted)) == []
