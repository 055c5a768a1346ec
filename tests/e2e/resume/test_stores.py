"""Exports to a store that goes wrong, that others read meanwhile, and that counts what is asked of it."""

from __future__ import annotations

import itertools
import json
import random
import secrets
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from isal.isal_zlib import crc32

import karospace_stream
from karospace_stream.errors import TargetError
from karospace_stream.model.blob import Receipt
from karospace_stream.storage import Store, location_of
from karospace_stream.storage.errors import StorageError
from karospace_stream.targets import LocalTarget
from tests.e2e.resume.cutting import SMALL
from tests.e2e.resume.stored import faults_of, files, objects
from tests.e2e.test_same_bytes import differing
from tests.stores.faults import sometimes
from tests.stores.proxy import PASSING, Asked, Fault, before
from tests.stores.servers import Server

Synth = Callable[..., Path]
OLDER = SMALL | {"genes": "hvgs:3", "name": "older"}
BOTH = SMALL | {"format": ["karospace", "cellucid"]}


@pytest.fixture
def source(synth: Synth) -> Path:
    return synth(1_500, 30, chunk_values=1_000, n_neighbors=6)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many attempts as ever, quickly one after another."""
    monkeypatch.setattr("karospace_stream.storage.retry.FIRST_WAIT_S", 0.005)


@pytest.fixture
def url(rclone_store: Server) -> str:
    return f"{rclone_store.url}/{secrets.token_hex(4)}"


def options_of(server: Server, **more: Any) -> dict[str, Any]:
    return {"storage_options": server.options, **more}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.few(1)
def test_faults_that_pass(seed: int, source: Path, rclone_store: Server, url: str, tmp_path: Path) -> None:
    karospace_stream.export(source, tmp_path / "wanted", **BOTH)
    rule = sometimes(seed, 0.1, PASSING)
    with before(rclone_store.address, rule) as proxy:
        karospace_stream.export(source, url, **BOTH, **options_of(rclone_store.through(proxy.address)))
        assert sum(each.fault is not None for each in proxy.asked) > 10
    assert differing(objects(url, rclone_store.options), files(tmp_path / "wanted")) == []


@pytest.mark.parametrize("fault", [Fault.SLOW_DOWN, Fault.CUT, Fault.DROP])
def test_every_nth_request(
    fault: Fault, source: Path, rclone_store: Server, url: str, tmp_path: Path
) -> None:
    karospace_stream.export(source, tmp_path / "wanted", **SMALL)
    asked = itertools.count(1)
    with before(rclone_store.address, lambda _: None if next(asked) % 5 else fault) as proxy:
        karospace_stream.export(source, url, **SMALL, **options_of(rclone_store.through(proxy.address)))
    assert differing(objects(url, rclone_store.options), files(tmp_path / "wanted")) == []


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.few(2)
def test_a_store_that_dies(
    seed: int, source: Path, rclone_store: Server, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a random request of an overwrite: one clear error and the older bundle; then it goes on."""
    monkeypatch.setattr("karospace_stream.storage.retry.patience_with", lambda error: 0.1)
    direct = options_of(rclone_store, overwrite=True)
    karospace_stream.export(source, url, **OLDER, **direct)
    older = objects(url, rclone_store.options)
    dies_at, dead = random.Random(seed).randint(8, 60), threading.Event()

    def choose(asked: Asked) -> Fault | None:
        if len(proxy.asked) >= dies_at:
            dead.set()
        return Fault.DROP if dead.is_set() else None

    with before(rclone_store.address, choose) as proxy:
        through = options_of(rclone_store.through(proxy.address), overwrite=True)
        with pytest.raises(TargetError) as caught:
            karospace_stream.export(source, url, resume=seed % 2 == 0, **SMALL, **through)
    assert dead.is_set()
    assert "\n" not in str(caught.value)
    assert rclone_store.secret not in str(caught.value)
    found = objects(url, rclone_store.options)
    assert older.items() <= found.items()
    assert faults_of({key: data for key, data in found.items() if key in older}) == []
    karospace_stream.export(source, url, resume=True, **SMALL, **direct)
    assert karospace_stream.verify(url, storage_options=rclone_store.options)
    assert not [key for key in objects(url, rclone_store.options) if key.startswith(".")]


def test_readers_never_see_a_mixture(source: Path, rclone_store: Server, url: str) -> None:
    """What a manifest lists is there, with its checksums, as long as that manifest is.

    Two documents cannot be replaced at once: for a moment the list of checksums is newer than the manifest.
    It lists the manifest too, so that a reader knows.
    """
    direct = options_of(rclone_store, overwrite=True)
    karospace_stream.export(source, url, **OLDER, **direct)
    store = Store(location_of(url, rclone_store.options))
    seen: Counter[str] = Counter()
    faults: list[str] = []
    ended = threading.Event()

    def read_once() -> None:
        manifest = store.read("manifest.json")
        content = json.loads(manifest)
        keys = [asset["path"] for asset in content["asset_files"]]
        found = {"manifest.json": manifest, "index.html": store.read("index.html")}
        listing = store.read("checksums.json")
        try:
            whole = store.read_whole(keys)
        except StorageError:
            if store.read("manifest.json") == manifest:
                raise
            whole = []
        listed = json.loads(listing)["files"]["manifest.json"]
        if store.read("manifest.json") != manifest or listed != [len(manifest), f"{crc32(manifest):08x}"]:
            seen["replaced meanwhile"] += 1  # a reader begins anew
            return
        found |= {key: data for key, data in zip(keys, whole, strict=True) if data is not None}
        found["checksums.json"] = listing
        faults.extend(faults_of(found))
        seen[content["dataset_name"]] += 1

    def read() -> None:
        while not ended.is_set():
            read_once()

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            for number in range(2):
                options = (SMALL, OLDER)[number % 2] | {"name": ("newer", "older")[number % 2]}
                karospace_stream.export(source, url, **options, **direct)
        finally:
            ended.set()
    for reader in readers:
        reader.result()
    assert faults == []
    assert min(seen["older"], seen["newer"]) > 0, seen


def test_how_often_a_store_is_asked(source: Path, rclone_store: Server, url: str) -> None:
    with before(rclone_store.address) as proxy:
        karospace_stream.export(source, url, **SMALL, **options_of(rclone_store.through(proxy.address)))
    # A busy server may refuse one, which is then sent again.
    puts = Counter(each.path for each in proxy.asked if each.method == "PUT" and each.status == 200)
    objects_put = {path: n for path, n in puts.items() if ".karospace-partial" not in path}
    assert set(objects_put.values()) == {1}
    assert len(objects_put) == len(Store(location_of(url, rclone_store.options)).find())
    notes = [path for path in puts if "/ledger/task-" in path]
    assert len(notes) > 9
    assert proxy.count() <= len(objects_put) + len(notes) + 40


def test_one_put_an_object_into_a_folder(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    puts: Counter[str] = Counter()
    inner = LocalTarget._put

    def put(self: LocalTarget, key: str, pieces: Any) -> Receipt:
        puts[key] += 1
        return inner(self, key, pieces)

    monkeypatch.setattr(LocalTarget, "_put", put)
    report = karospace_stream.export(source, tmp_path / "bundle", **SMALL)
    assert set(puts.values()) == {1}
    assert puts.keys() == {*files(tmp_path / "bundle"), "report.json"}
    assert len(puts) == report.n_objects
