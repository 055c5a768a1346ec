"""Stores that fail: the same bytes in the end, or one clear error."""

from __future__ import annotations

import random
import secrets

import pytest

from karospace_stream.storage import Headers, Store, location_of, retry
from karospace_stream.storage import headers as headers_module
from karospace_stream.storage import store as store_module
from tests.stores.faults import only, sometimes
from tests.stores.kinds import SERVERS
from tests.stores.proxy import PASSING, Fault, Proxies, Proxy
from tests.stores.servers import Server

PLAIN = Headers()


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Come back soon, but for as long as always."""
    monkeypatch.setattr(retry, "FIRST_WAIT_S", 0.005)
    monkeypatch.setattr(retry, "LONGEST_WAIT_S", 0.05)


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Server:
    return request.getfixturevalue(request.param)


@pytest.fixture
def proxy(server: Server, proxies: Proxies) -> Proxy:
    return proxies.before(server)


def behind(proxy: Proxy, server: Server) -> Store:
    seen = server.through(proxy.address)
    return Store(location_of(f"{seen.url}/f-{secrets.token_hex(6)}", seen.options))


def work_through(store: Store, rng: random.Random) -> None:
    """All that the program does with stores, and that it is done right."""
    objects = {f"x/{i:02d}.bin": rng.randbytes(rng.randrange(2000)) for i in range(25)}
    store.put_many([(key, data, PLAIN) for key, data in objects.items()])
    assert store.create("head.json", b"me", PLAIN)
    assert not store.create("head.json", b"you", PLAIN)
    assert {key: about.size for key, about in store.find("x").items()} == {
        key: len(data) for key, data in objects.items()
    }
    assert store.read_ranges([(key, 0, len(data)) for key, data in objects.items()]) == list(objects.values())
    assert store.read("head.json") == b"me"
    assert store.info("x/99.bin") is None
    assert store.info("x/07.bin").size == len(objects["x/07.bin"])
    store.delete([*objects, "x/99.bin"])
    assert store.names() == ["head.json"]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.few(4)
def test_a_store_that_fails_at_random(server: Server, proxy: Proxy, seed: int) -> None:
    proxy.choose = sometimes(seed, 0.25, PASSING)
    work_through(behind(proxy, server), random.Random(seed))
    assert len({asked.fault for asked in proxy.asked}) > 3


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.few(8)
def test_each_fault_by_itself(server: Server, proxy: Proxy, fault: Fault) -> None:
    proxy.choose = sometimes(fault.value, 0.35, [fault])
    work_through(behind(proxy, server), random.Random(fault.value))
    assert sum(asked.fault is fault for asked in proxy.asked) > 15


def test_a_large_object_in_parts(server: Server, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each attempt sends all of it anew, under the same key."""
    monkeypatch.setattr(store_module, "HELD_NBYTES", 1 << 20)
    monkeypatch.setattr(headers_module, "PIECE_NBYTES", 5 << 20)
    data = random.Random(1).randbytes(11 << 20)
    proxy.choose = sometimes(1, 0.3, PASSING)
    store = behind(proxy, server)
    store.put_pieces("large.bin", [data], PLAIN)
    ranges = [("large.bin", at, min(at + (1 << 20), len(data))) for at in range(0, len(data), 1 << 20)]
    assert b"".join(store.read_ranges(ranges)) == data
    assert store.read("large.bin") == data
    assert list(store.find()) == ["large.bin"]
    assert any(asked.fault for asked in proxy.asked)


def test_an_upload_whose_end_was_not_heard_of(
    server: Server, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last request of an upload in parts does its work, but its answer is lost."""
    monkeypatch.setattr(store_module, "HELD_NBYTES", 1 << 20)
    monkeypatch.setattr(headers_module, "PIECE_NBYTES", 5 << 20)
    store = behind(proxy, server)
    store.put_pieces("first.bin", [bytes(11 << 20)], PLAIN)
    last = max(i for i, asked in enumerate(proxy.asked) if asked.method in ("PUT", "POST"))
    proxy.choose = only(last, Fault.LOSE_ANSWER)
    proxy.forget()
    store.put_pieces("second.bin", [b"x" * (11 << 20)], PLAIN)
    assert Fault.LOSE_ANSWER in {asked.fault for asked in proxy.asked}
    assert store.read("second.bin") == b"x" * (11 << 20)
