"""Scratch on an object store: the same bytes, nothing left there, and no more memory than planned."""

from __future__ import annotations

import gc
import secrets
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError, TargetError
from karospace_stream.pipeline.gather import gather
from karospace_stream.pipeline.scatter import scatter_stored
from karospace_stream.pipeline.scratch import make_scratch
from karospace_stream.pipeline.stages import begin, matrix_job
from karospace_stream.runtime.clock import timestamp
from karospace_stream.storage import Store, location_of
from karospace_stream.targets import begin_local
from karospace_stream.transpose import plan as planning
from karospace_stream.transpose.edges.tasks import gather_edges, scatter_edges
from tests.e2e.support import contents
from tests.e2e.test_same_bytes import differing
from tests.stores.proxy import Asked, Fault, before
from tests.stores.servers import Server

Synth = Callable[..., Path]

SPILL: dict[str, Any] = {"genes": "all", "anno": ["all"], "strategy": "spill", "memory": "1GB", "name": "s"}


@pytest.fixture
def source(synth: Synth) -> Path:
    return synth(6_000, 120, chunk_values=10_000, n_neighbors=10)


def scratch_location(server: Server | None) -> tuple[str, dict[str, Any]]:
    token = secrets.token_hex(4)
    return (f"memory://{token}", {}) if server is None else (f"{server.url}/{token}", server.options)


@pytest.mark.parametrize(
    ("server", "way"),
    [
        (None, {"scheduler": "threads"}),
        ("moto_store", {"scheduler": "processes", "workers": 2}),
        ("moto_store", {"scheduler": "threads", "workers": 2}),
    ],
    ids=str,
)
@pytest.mark.few(2)
def test_same_bytes_and_nothing_left(
    server: str | None,
    way: dict[str, Any],
    source: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("karospace_stream.plan.planning._HELD_SHARE", 1 << 40)  # the graph spills too
    url, options = scratch_location(request.getfixturevalue(server) if server else None)
    stored = {"scratch": url, "storage_options": options, "overwrite": True}
    formats = [f"karospace={tmp_path / 'k'}", f"cellucid={tmp_path / 'c'}", f"anndata={tmp_path / 'a'}"]
    wanted = karospace_stream.export(source, tmp_path / "t", format=formats, scheduler="sync", **SPILL)
    assert wanted.strategy == "spill"
    reference = contents(tmp_path / "k") | contents(tmp_path / "c")
    assert any("connectivity" in path for path in reference)
    karospace_stream.export(source, tmp_path / "t", format=formats, **stored, **way, **SPILL)
    assert differing(contents(tmp_path / "k") | contents(tmp_path / "c"), reference) == []
    assert Store(location_of(url, options)).find() == {}


def test_the_memory_of_one_process_is_no_place_for_several(source: Path, tmp_path: Path) -> None:
    with pytest.raises(BadOptionError, match="memory of one process"):
        karospace_stream.export(
            source, tmp_path / "bundle", scratch="memory://scratch", scheduler="processes", **SPILL
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("n_puts", [0, 1])
def test_a_store_that_lets_us_no_more(moto_store: Server, n_puts: int, source: Path, tmp_path: Path) -> None:
    seen = 0

    def choose(asked: Asked) -> Fault | None:
        nonlocal seen
        seen += asked.method == "PUT"
        return Fault.FORBIDDEN if asked.method == "PUT" and seen > n_puts else None

    with before(moto_store.address, choose) as proxy:
        url, options = scratch_location(moto_store.through(proxy.address))
        with pytest.raises(TargetError, match=r'scratch="s3://.*(AccessDenied|Access Denied|403|Forbidden)'):
            karospace_stream.export(
                source, tmp_path / "bundle", scratch=url, storage_options=options, **SPILL
            )
    assert list(tmp_path.iterdir()) == []
    assert Store(location_of(url, moto_store.options)).find() == {}


@pytest.mark.parametrize("unread", ["block_", "edges_"])
def test_an_export_that_was_cut_off_goes_on_with_its_fragments(
    unread: str, moto_store: Server, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("karospace_stream.plan.planning._HELD_SHARE", 1 << 40)
    keywords = {**SPILL, "resume": True, "format": "cellucid"}
    karospace_stream.export(source, tmp_path / "wanted", **keywords)
    with before(moto_store.address) as proxy:
        url, keywords["storage_options"] = scratch_location(moto_store.through(proxy.address))
        keywords["scratch"] = url
        # All fragments are written, and nothing can be read.
        proxy.choose = lambda asked: (
            Fault.FORBIDDEN if asked.method == "GET" and unread in asked.path else None
        )
        with pytest.raises(TargetError, match="could not be read"):
            karospace_stream.export(source, tmp_path / "bundle", **keywords)
        proxy.choose = lambda asked: None
        proxy.forget()
        karospace_stream.export(source, tmp_path / "bundle", **keywords)
        assert [proxy.count("PUT", name) for name in ("begun", unread)] == [0, 0]
        assert proxy.count("GET", unread) > 0
    assert differing(contents(tmp_path / "bundle"), contents(tmp_path / "wanted")) == []
    assert Store(location_of(url, moto_store.options)).find() == {}


def peak_of(task: Callable[[], Any]) -> int:
    gc.collect()
    tracemalloc.start(1)
    try:
        task()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_no_task_takes_more_than_planned(
    moto_store: Server, synth: Synth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "_FEWEST_VALUES", 1 << 24)  # one block, of many stripes
    url, options = scratch_location(moto_store)
    monkeypatch.setattr("karospace_stream.plan.planning._HELD_SHARE", 1 << 40)
    path = synth(20_000, 400, density=0.5, n_neighbors=10)
    plan = karospace_stream.plan_export(
        path,
        genes="all",
        strategy="spill",
        memory="2GB",
        scheduler="sync",
        scratch=url,
        storage_options=options,
    )
    begun = begin_local(tmp_path / "bundle", sealed_by="manifest.json", overwrite=False)
    scratch = make_scratch(plan)
    job = matrix_job(plan, begin(plan, [begun], timestamp()), scratch)
    receipts: list[Any] = []
    assert peak_of(lambda: receipts.append(scatter_stored(job, 0))) <= plan.transpose.scatter_nbytes
    assert receipts[0].size > 12_000_000
    assert peak_of(lambda: gather(job, receipts, None, 0, 1)) <= plan.transpose.gather_nbytes
    assert scratch.edges is not None
    edges, reader = plan.graph.edges, plan.source.matrix(f"obsp/{plan.graph.key}")
    found: list[Any] = []
    assert (
        peak_of(lambda: found.append(scatter_edges(reader, edges, 0, scratch.edges))) <= edges.scatter_nbytes
    )
    assert peak_of(lambda: gather_edges(scratch.edges, found, edges, 0)) <= edges.gather_nbytes
    scratch.remove()
