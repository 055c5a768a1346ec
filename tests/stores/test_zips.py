"""Stores in one file on real stores: the bytes of a local one, whole or not there, whatever fails."""

from __future__ import annotations

import secrets
import urllib.request
from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from karospace_stream.errors import TargetError
from karospace_stream.storage import Headers, Store, location_of, retry
from karospace_stream.storage import headers as headers_module
from karospace_stream.storage import store as store_module
from karospace_stream.storage.headers import ASK
from karospace_stream.targets.zips.archive import open_archive
from karospace_stream.testing.synth import write_synthetic
from tests.stores.faults import sometimes
from tests.stores.kinds import SERVERS
from tests.stores.proxy import PASSING, Asked, Fault, Proxies
from tests.stores.servers import Server
from tests.targets.zips import begin, put_files, store_files

OPTIONS: dict[str, Any] = {"format": "anndata", "name": "small", "dataset_id": "d"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("synth") / "small.h5ad"
    write_synthetic(path, n_cells=500, n_genes=10)
    return path


@pytest.fixture(scope="module")
def wanted(source: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    target = tmp_path_factory.mktemp("wanted") / "x.zarr.zip"
    karospace_stream.export(source, target, **OPTIONS)
    return target.read_bytes()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    made = store_files(tmp_path_factory.mktemp("stores") / "2.zarr", 2)
    return made | {"X/data/12": bytes(13 << 20)}  # one that does not fit a part


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Server:
    return request.getfixturevalue(request.param)


@pytest.fixture
def folder(server: Server) -> str:
    return f"{server.url}/z-{secrets.token_hex(6)}"


def keys(folder: str, server: Server) -> list[str]:
    return list(Store(location_of(folder, server.options)).find())


def content(store: Store) -> dict[str, bytes | None]:
    archive = open_archive(store)
    names = [entry.key for entry in archive.entries]
    return dict(zip(names, archive.read_whole(names), strict=True))


@pytest.mark.few(2)
def test_an_export_to_a_store(server: Server, folder: str, source: Path, wanted: bytes) -> None:
    url = f"{folder}/x yé.zarr.zip"
    more = OPTIONS | {"storage_options": server.options}
    report = karospace_stream.export(source, url, **more)
    store = Store(location_of(url, server.options))
    assert store.read("") == wanted
    assert keys(folder, server) == ["x yé.zarr.zip"]
    assert (report.n_objects, report.targets) == (1, (url,))
    assert karospace_stream.verify(url, source=source, storage_options=server.options)
    with pytest.raises(TargetError, match="a bundle already exists; add overwrite=True"):
        karospace_stream.export(source, url, **more)
    before = store.info("")
    karospace_stream.export(source, url, overwrite=True, **more | {"name": "other"})
    assert store.info("") != before
    assert keys(folder, server) == ["x yé.zarr.zip"]


@pytest.mark.few(2)
def test_a_run_that_is_cut_off(server: Server, folder: str, source: Path, wanted: bytes) -> None:
    url = f"{folder}/x.zarr.zip"
    more = OPTIONS | {"storage_options": server.options}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("karospace_stream.targets.zips.remote.zip_pieces", _cut)
        with pytest.raises(KeyboardInterrupt):
            karospace_stream.export(source, url, resume=True, **more)
    assert Store(location_of(url, server.options)).info("") is None
    assert all(key.startswith("x.zarr.zip.karospace-partial/") for key in keys(folder, server))
    karospace_stream.export(source, url, resume=True, **more)
    assert Store(location_of(url, server.options)).read("") == wanted
    assert keys(folder, server) == ["x.zarr.zip"]


def _cut(*given: Any) -> Any:
    raise KeyboardInterrupt


def test_headers(request: pytest.FixtureRequest, source: Path) -> None:
    server: Server = request.getfixturevalue("moto_store")
    folder = f"z-{secrets.token_hex(6)}"
    karospace_stream.export(
        source,
        f"{server.url}/{folder}/x.zarr.zip",
        storage_options=server.options,
        public_read=True,
        headers=["x-amz-meta-of: us"],
        **OPTIONS,
    )
    with urllib.request.urlopen(f"{server.http}/{folder}/x.zarr.zip", timeout=10) as answer:
        assert answer.headers["Content-Type"] == "application/zip"
        assert answer.headers["Cache-Control"] == ASK
        assert answer.headers["x-amz-meta-of"] == "us"
    # By plain HTTP, ranges and all.
    assert karospace_stream.verify(f"{server.http}/{folder}/x.zarr.zip")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_WAIT_S", 0.005)
    monkeypatch.setattr(retry, "LONGEST_WAIT_S", 0.05)
    monkeypatch.setattr(store_module, "HELD_NBYTES", 1 << 20)
    monkeypatch.setattr(headers_module, "PIECE_NBYTES", 5 << 20)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.few(1)
def test_a_store_that_fails_at_random(
    server: Server, folder: str, proxies: Proxies, files: dict[str, bytes], seed: int
) -> None:
    proxy = proxies.before(server)
    store = Store(location_of(f"{folder}/x.zarr.zip", server.through(proxy.address).options))
    target = begin(store)
    proxy.choose = sometimes(seed, 0.15, PASSING)
    put_files(target, files)
    target.seal()
    assert content(store) == files
    assert any(asked.fault for asked in proxy.asked)
    assert keys(folder, server) == ["x.zarr.zip"]


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("fault", [Fault.FORBIDDEN, Fault.DROP])
@pytest.mark.few(1)
def test_a_store_that_fails_for_good_while_it_is_packed(
    server: Server,
    folder: str,
    proxies: Proxies,
    files: dict[str, bytes],
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("BUSY_S", "LOST_S", "REFUSED_S"):
        monkeypatch.setattr(f"karospace_stream.storage.answers.{name}", 0.2)
    put_files(
        target := begin(Store(location_of(f"{folder}/x.zarr.zip", server.options))),
        files | {"X/data/13": b"old"},
    )
    target.seal()
    older = Store(location_of(f"{folder}/x.zarr.zip", server.options)).read("")
    proxy = proxies.before(server)
    store = Store(location_of(f"{folder}/x.zarr.zip", server.through(proxy.address).options))
    put_files(target := begin(store, overwrite=True), files)
    seen = 0

    def choose(asked: Asked) -> Fault | None:
        nonlocal seen
        # Google's names are no part of the path.
        seen += asked.method in ("PUT", "POST") and ("x.zarr.zip" in asked.path or "/upload/" in asked.path)
        return fault if seen > 2 else None

    proxy.choose = choose
    with pytest.raises(TargetError) as caught:
        target.seal()
    assert "\n" not in str(caught.value)
    assert server.secret not in str(caught.value)
    assert Store(location_of(f"{folder}/x.zarr.zip", server.options)).read("") == older
    proxy.choose = lambda asked: None
    begin(store, overwrite=True, resume=True).seal()
    assert content(store) == files
    assert keys(folder, server) == ["x.zarr.zip"]


def test_what_is_no_zarr_store_is_not_replaced(server: Server, folder: str) -> None:
    store = Store(location_of(f"{folder}/x.zarr.zip", server.options))
    store.put("", b"years", Headers())
    with pytest.raises(TargetError, match="not a Zarr store in a zip and will not be replaced"):
        begin(store, overwrite=True)
    store.delete([""])
    store.put("thesis.txt", b"years", Headers())
    with pytest.raises(TargetError, match="the target must be a file, but is a folder"):
        begin(store, overwrite=True)
    assert keys(folder, server) == ["x.zarr.zip/thesis.txt"]
