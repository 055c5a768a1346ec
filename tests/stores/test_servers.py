"""The servers that other tests rely on: readers of any origin, and a proxy that tells what was asked."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request

import pytest

from karospace_stream.storage import Headers, Store, location_of
from tests.stores.proxy import Asked, Fault, before
from tests.stores.servers import Server

KINDS = ("moto_store", "rclone_store", "azurite_store", "gcs_store")


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Server:
    return request.getfixturevalue(request.param)


def test_anybody_may_read_what_is_public(server: Server) -> None:
    store = Store(location_of(f"{server.url}/plain", server.options))
    store.put("a.json", b"[1]", Headers("application/json", "no-cache", public=server.url.startswith("s3")))
    asked = urllib.request.Request(f"{server.http}/plain/a.json", headers={"Origin": "https://example.org"})
    with urllib.request.urlopen(asked) as response:
        assert response.read() == b"[1]"
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.headers["Access-Control-Allow-Origin"] in ("*", "https://example.org")
    asked.add_header("Range", "bytes=1-1")
    with urllib.request.urlopen(asked) as response:
        assert response.read() == b"1"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{server.http}/plain/none.json")
    caught.value.close()
    assert caught.value.code in (403, 404)


def test_the_proxy_passes_on_and_counts(moto_store: Server) -> None:
    with before(moto_store.address) as proxy:
        server = moto_store.through(proxy.address)
        store = Store(location_of(f"{server.url}/counted", server.options))
        store.put("a.bin", bytes(1000), Headers(public=True))
        assert proxy.asked == [Asked("PUT", "/shelf/counted/a.bin", "", None, 1000, None, 200, 0)]
        proxy.forget()
        with urllib.request.urlopen(f"{server.http}/counted/a.bin") as response:
            assert response.read() == bytes(1000)
        assert (proxy.count("GET"), proxy.count("PUT"), proxy.received("GET", "a.bin")) == (1, 0, 1000)


@pytest.mark.parametrize(("fault", "status"), [(Fault.SLOW_DOWN, 503), (Fault.TOO_MANY, 429)])
def test_a_fault_that_is_an_answer(moto_store: Server, fault: Fault, status: int) -> None:
    with before(moto_store.address, lambda asked: fault) as proxy:
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{proxy.address}/shelf")
        assert (caught.value.code, b"<Code>" in caught.value.read()) == (status, True)
        caught.value.close()


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.LOSE_ANSWER, Fault.CUT])
def test_a_fault_that_breaks_the_line(moto_store: Server, fault: Fault) -> None:
    with (
        before(moto_store.address, lambda asked: fault) as proxy,
        pytest.raises((http.client.HTTPException, ConnectionError)),
    ):
        urllib.request.urlopen(f"{proxy.address}/shelf?list-type=2").read()


def test_a_dead_proxy_refuses(moto_store: Server) -> None:
    with before(moto_store.address) as proxy:
        proxy.stop()
        with pytest.raises(urllib.error.URLError) as caught:
            urllib.request.urlopen(proxy.address)
    assert isinstance(caught.value.reason, ConnectionRefusedError)
