"""Names of columns are folders in a Zarr store: whatever they hold, every store keeps them apart."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest

import karospace_stream
from karospace_stream.errors import TargetError
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.storage import Headers, Store, location_of
from karospace_stream.targets import BundleLayout, RemoteTarget, begin_remote
from tests.stores.kinds import KINDS, SERVERS, fresh_store
from tests.stores.servers import Server
from tests.targets.names import HOSTILE, ODD

SEAL = "zarr.json"
SHAPE = BundleLayout((SEAL,), ("obs/", ".z"))
TOKEN = "abc123"


def begin(store: Store, *, resume: bool = False, public: bool = False) -> RemoteTarget:
    return begin_remote(
        store,
        SHAPE,
        token=TOKEN,
        overwrite=False,
        old_keys=lambda store: (),
        resume=resume,
        public=public,
    )


def put_all(target: RemoteTarget) -> list[Receipt]:
    blobs = [Blob(key, key.encode() * 3, "application/octet-stream") for key in ODD]
    with target.batch() as sink:
        receipts = [sink.put(blob) for blob in blobs[::2]]
    return receipts + [target.put_pieces(blob.key, [blob.data], blob.media_type) for blob in blobs[1::2]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_store_takes_them(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    store = fresh_store(kind, request, tmp_path)
    target = begin(store)
    receipts = put_all(target)
    again = begin(store, resume=True)
    assert all(again.holds()(receipt) for receipt in receipts if receipt.key != SEAL)
    again.seal()
    assert set(store.find()) == set(ODD)
    whole = store.read_whole(ODD)
    assert whole == [key.encode() * 3 for key in ODD]
    assert store.read_range("obs/a%20b/0", 1, 5) == b"bs/a"
    store.delete(ODD)
    assert store.find() == {}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_put_is_taken_back(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    store = fresh_store(kind, request, tmp_path)
    target = begin(store)
    put_all(target)
    target.abort()
    assert store.find() == {}


def test_none_leads_elsewhere() -> None:
    store = Store(location_of("memory://keys/run"))
    target = begin(store)
    for key in (*HOSTILE, ".karospace-partial/claim.json"):
        with pytest.raises(TargetError, match="not a name inside a bundle"):
            target.put(Blob(key, b"x", ""))
        with pytest.raises(TargetError, match="not a name inside a bundle"), target.batch() as sink:
            sink.put(Blob(key, b"x", ""))
    target.abort()
    assert store.find() == {}


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.few(2)
def test_they_are_read_by_http(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """As browsers ask, by our own reader, and through our own server."""
    store = fresh_store(kind, request, tmp_path)
    put_all(target := begin(store, public=kind == "moto_store"))
    target.seal()
    store.put("atlas.json", b"{}", Headers())
    server: Server = request.getfixturevalue(kind)
    address = f"{server.http}{store.location.url.removeprefix(server.url)}"
    by_http = Store(location_of(address))
    with karospace_stream.serve(store.location.url, storage_options=server.options, port=0) as served:
        for key in ODD:
            for base in (address, served.url.rstrip("/")):
                with urllib.request.urlopen(f"{base}/{quote(key)}", timeout=10) as answer:
                    assert answer.read() == key.encode() * 3
            assert by_http.read(key) == key.encode() * 3
            if kind != "rclone_store":  # which sends parts as if they were all
                assert by_http.read_range(key, 2, 7) == (key.encode() * 3)[2:7]
            assert by_http.info(key).size == len(key.encode()) * 3


def test_a_folder_is_served(tmp_path: Path) -> None:
    for key in ODD:
        path = tmp_path / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(key.encode())
    (tmp_path / "atlas.json").write_text("{}")
    with karospace_stream.serve(tmp_path, port=0) as served:
        for key in ODD:
            with urllib.request.urlopen(f"{served.url.rstrip('/')}/{quote(key)}", timeout=10) as answer:
                assert answer.read() == key.encode()
