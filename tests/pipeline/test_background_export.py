"""An export that is viewed while it runs."""

from __future__ import annotations

import gzip
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import KaroSpaceError, TargetError
from karospace_stream.runtime.events import Event, TaskDone
from karospace_stream.targets.local.cache import FOLDER_VARIABLE, open_cache


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return tmp_path / "cache"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rng = np.random.default_rng(2)
    obs = pd.DataFrame({"kind": pd.Categorical(["a", "b"] * 30), "score": rng.random(60)})
    obs.index = [f"c{i}" for i in range(60)]
    adata = anndata.AnnData(rng.random((60, 9)).astype(np.float32), obs=obs)
    adata.obsm["X_umap"] = rng.normal(size=(60, 2))
    adata.write_h5ad(tmp_path / "some.h5ad")
    return tmp_path / "some.h5ad"


class Gate:
    """A listener that stops the export where its genes begin, until told to go on."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, event: Event) -> None:
        if isinstance(event, TaskDone) and event.stage in {"scatter", "gather"}:
            self.reached.set()
            self.open.wait(60)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open.set()


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=20) as response:
        return bytes(response.read())


def fetch_json(url: str) -> Any:
    data = fetch(url)
    return json.loads(gzip.decompress(data) if url.endswith(".gz") else data)


def status(url: str) -> int:
    try:
        fetch(url)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    return 200


OPTIONS: dict[str, Any] = {"anno": "all", "scheduler": "sync", "strategy": "spill"}


def test_the_page_opens_while_the_genes_follow(source: Path, gate: Gate, tmp_path: Path) -> None:
    with karospace_stream.serve(source, port=0, listener=gate, **OPTIONS) as server:
        # Asked at once: the answer comes when there is something to show, and is no 404 before.
        early = fetch_json(server.url + "atlas.json")
        assert gate.reached.wait(30)
        assert early["progress"] == "progress.json"
        told = fetch_json(server.url + "progress.json")
        assert set(told) == {"done", "total", "stage"}
        assert 0 < told["done"] < told["total"]
        assert status(server.url + "manifest.json") == 404
        assert b"KaroSpace" in fetch(server.url)

        assert early["n_genes"] == 9
        assert fetch_json(server.url + early["genes"]["table"]["path"])["name"] == [str(i) for i in range(9)]
        parts = [
            *early["cell_ids"]["parts"],
            *(part for column in early["columns"] for part in column["parts"]),
            *(part for embedding in early["embeddings"] for part in embedding["parts"]),
        ]
        assert len(parts) == 4
        for part in parts:
            assert len(fetch(server.url + part["path"])) == part["size_bytes"]

        gate.open.set()
        server.complete()
        assert status(server.url + "progress.json") == 404
        final = fetch_json(server.url + "atlas.json")
        assert "progress" not in final
        same = early.keys() - {"progress", "genes"}
        assert {key: final[key] for key in same} == {key: early[key] for key in same}
        assert status(server.url + "manifest.json") == 200

    karospace_stream.export(source, tmp_path / "plain", **OPTIONS)
    [entry] = open_cache().entries()
    kept = open_cache().folder(entry.key)
    assert files(kept) == files(tmp_path / "plain")


def files(folder: Path) -> dict[str, bytes]:
    """All but the report, which tells times and memory."""
    found = {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
    assert found.pop("report.json")
    return found


def test_the_second_time_nothing_runs(source: Path) -> None:
    with karospace_stream.serve(source, port=0, **OPTIONS) as server:
        server.complete()
    with karospace_stream.serve(source, port=0, listener=pytest.fail, **OPTIONS) as server:
        assert status(server.url + "progress.json") == 404
        assert status(server.url + "manifest.json") == 200


def test_a_second_server_waits_for_the_first_and_shows_the_same(source: Path, gate: Gate) -> None:
    with karospace_stream.serve(source, port=0, listener=gate, **OPTIONS) as first:
        assert gate.reached.wait(30)
        with karospace_stream.serve(source, port=0, listener=pytest.fail, **OPTIONS) as second:
            assert fetch_json(second.url + "progress.json") == {"done": 0, "total": 0, "stage": "waiting"}
            gate.open.set()
            second.complete()
            assert fetch(second.url + "atlas.json") == fetch(first.url + "atlas.json")
    assert len(open_cache().entries()) == 1


def test_stopping_early_leaves_nothing(source: Path, gate: Gate, cache: Path) -> None:
    server = karospace_stream.serve(source, port=0, listener=gate, **OPTIONS)
    assert gate.reached.wait(30)
    threading.Timer(0.3, gate.open.set).start()
    server.stop()
    assert open_cache().entries() == []
    assert not list(cache.glob("*/.export*"))
    assert open_cache().clear() == []


def test_stopping_ends_those_who_wait(source: Path, gate: Gate) -> None:
    with karospace_stream.serve(source, port=0, listener=gate, **OPTIONS):
        assert gate.reached.wait(30)
        second = karospace_stream.serve(source, port=0, **OPTIONS)
        waiting = threading.Thread(target=status, args=[second.url + "atlas.json"])
        waiting.start()
        time.sleep(0.2)
        second.stop()
        waiting.join(20)
        assert not waiting.is_alive()
        gate.open.set()


def test_what_fails_on_the_way_is_told(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    def full(*_: object, **__: object) -> None:
        raise TargetError("the disk is full")

    monkeypatch.setattr("karospace_stream.formats.karospace.genes.files._write_gene", full)
    with karospace_stream.serve(source, port=0, **OPTIONS) as server:
        with pytest.raises(KaroSpaceError, match="the disk is full"):
            server.complete()
        assert status(server.url + "progress.json") == 404
        assert status(server.url + "atlas.json") == 404
    assert not list(cache.glob("*/.export*"))


def test_the_other_format_opens_when_it_is_whole(source: Path) -> None:
    with karospace_stream.serve(source, port=0, format="cellucid", scheduler="sync") as server:
        assert fetch_json(server.url + "dataset_identity.json")["stats"]["n_cells"] == 60
        server.complete()
        assert b"KaroSpace" in fetch(server.url)
